import NIOCore

/// Which question runs where, and when: a state machine that says what is to be done; threads, time and locks are its caller's.
///
/// Every question begins in the **short lane**, on one of a fixed number of workers, as many of them awake as there are cores.
/// One that has run for `longTime` is long: it needs one of few permits. While one is free it takes it, and goes on where it is, on
/// a thread that from now on yields to others; a new worker takes its place in the short lane. While none is free it is asked to
/// break off, and is begun anew in the **long lane** once one is. So however many long questions come, the short lane
/// keeps its workers.
package struct QuestionLanes<Question: Sendable>: Sendable {
    package struct Limits: Sendable {
        /// Workers of the short lane, and how many of them are awake unless a question has waited for `patience`.
        package var workerCount, coreCount: Int
        /// Questions that wait, in both lanes together.
        package var queueLength: Int
        /// What a question waits at most for a worker, and a long one for a permit.
        package var queueTime, longQueueTime: TimeAmount
        /// After which a question is long, and how many such run at once.
        package var longTime: TimeAmount
        package var permitCount: Int

        package init(
            workerCount: Int, coreCount: Int, queueLength: Int, queueTime: TimeAmount, longQueueTime: TimeAmount,
            longTime: TimeAmount, permitCount: Int
        ) {
            self.workerCount = workerCount
            self.coreCount = coreCount
            self.queueLength = queueLength
            self.queueTime = queueTime
            self.longQueueTime = longQueueTime
            self.longTime = longTime
            self.permitCount = permitCount
        }
    }

    /// What a question waits for a worker of those that are awake, before another is woken.
    package static var patience: TimeAmount { .milliseconds(5) }

    private struct Waiting {
        var question: Question
        var entered: NIODeadline
        var deadline: NIODeadline
    }

    private struct Running {
        var question: Question
        var began: NIODeadline
        var deadline: NIODeadline
        /// Whether it was asked to break off, for want of a permit.
        var isAsked = false
    }

    private enum Lane { case short, long }

    private let limits: Limits
    private var short: [Waiting] = []
    /// The place in `short` of the next; those before it are gone.
    private var next = 0
    private var long: [Waiting] = []
    private var running: [Int: Running] = [:]
    private var lanes: [Int: Lane] = [:]
    /// Workers of the short lane that wait to be woken, the last to go to sleep last.
    private var parked: [Int] = []
    private var awakeCount = 0
    private var workerNumber: Int
    private var isStopped = false
    private var isWatched = false

    /// The workers that the caller starts at once; each calls `next(for:)`.
    package let firstWorkers: Range<Int>

    package init(_ limits: Limits) {
        self.limits = limits
        firstWorkers = 0..<limits.workerCount
        workerNumber = limits.workerCount
        awakeCount = limits.workerCount
        for worker in firstWorkers { lanes[worker] = .short }
    }

    package var runningCount: Int { running.count }
    package var waitingCount: Int { short.count - next + long.count }
    /// Permits that are taken.
    package var longCount: Int { lanes.values.count { $0 == .long } }
    package var runningQuestions: [Question] { running.values.map(\.question) }
    /// Workers that have not been told to end.
    package var workerCount: Int { lanes.count }

    // MARK: Entering

    package enum Entry: Sendable {
        case refused(Refusal)
        /// It waits, or will be taken at once by the worker that is to be woken or, in the long lane, started.
        case queued(wakes: Int? = nil, starts: Int? = nil, watches: Bool)
    }

    /// - Parameter isLong: It was begun before, and broke off for want of a permit.
    package mutating func enter(_ question: Question, deadline: NIODeadline, isLong: Bool = false, now: NIODeadline) -> Entry {
        if isStopped { return .refused(.stopping) }
        let waiting = Waiting(question: question, entered: now, deadline: deadline)
        let isFree = isLong ? longCount < limits.permitCount : awakeCount < limits.coreCount
        if !isFree, waitingCount >= limits.queueLength {
            return .refused(.overloaded(name: "max-queue-length", limit: limits.queueLength, retryAfterSeconds: 1))
        }
        defer { isWatched = true }
        if isLong {
            long.append(waiting)
            return .queued(starts: isFree ? makeWorker(.long) : nil, watches: !isWatched)
        }
        short.append(waiting)
        let woken = isFree ? parked.popLast() : nil
        if woken != nil { awakeCount += 1 }
        return .queued(wakes: woken, watches: !isWatched)
    }

    private mutating func makeWorker(_ lane: Lane) -> Int {
        defer { workerNumber += 1 }
        lanes[workerNumber] = lane
        return workerNumber
    }

    // MARK: Working

    package enum Next: Sendable {
        case run(Question)
        /// Until it is woken.
        case sleep
        case end
    }

    /// What a worker does that has done what it had to do.
    package mutating func next(for worker: Int, now: NIODeadline) -> Next {
        running[worker] = nil
        if lanes[worker] == .long {
            guard !long.isEmpty else {
                lanes[worker] = nil
                return .end
            }
            return run(long.removeFirst(), on: worker, now)
        }
        if let waiting = takeShort() { return run(waiting, on: worker, now) }
        awakeCount -= 1
        if isStopped {
            lanes[worker] = nil
            return .end
        }
        parked.append(worker)
        return .sleep
    }

    private mutating func run(_ waiting: Waiting, on worker: Int, _ now: NIODeadline) -> Next {
        running[worker] = Running(question: waiting.question, began: now, deadline: waiting.deadline)
        return .run(waiting.question)
    }

    private mutating func takeShort() -> Waiting? {
        guard next < short.count else { return nil }
        let waiting = short[next]
        next += 1
        if next == short.count {
            short.removeAll(keepingCapacity: true)
            next = 0
        } else if next >= 64, next * 2 >= short.count {
            short.removeFirst(next)
            next = 0
        }
        return waiting
    }

    // MARK: Looking

    package enum Order: Sendable {
        case refuse(Question, Refusal)
        case wake(Int)
        /// Its time is over.
        case stop(Question)
        /// It is long, and there is no permit: what it did is lost.
        case breakOff(Question)
        /// The worker's question is long and has a permit: the worker's thread yields to others from now on, and another is
        /// started in its place.
        case promote(Int, starts: Int)
    }

    /// What is due now. Called every few milliseconds while it says that something runs or waits.
    package mutating func look(now: NIODeadline) -> (orders: [Order], goesOn: Bool) {
        var orders: [Order] = []
        while next < short.count, now - short[next].entered >= limits.queueTime {
            guard let late = takeShort() else { break }
            let milliseconds = Int(limits.queueTime.nanoseconds / 1_000_000)
            orders.append(
                .refuse(late.question, .overloaded(name: "queue-time", limit: milliseconds, retryAfterSeconds: 1)))
        }
        while let first = long.first, now - first.entered >= limits.longQueueTime {
            orders.append(.refuse(long.removeFirst().question, noPermit(now)))
        }
        if next < short.count, now - short[next].entered >= Self.patience, let woken = parked.popLast() {
            awakeCount += 1
            orders.append(.wake(woken))
        }
        for (worker, job) in running {
            if job.deadline <= now {
                orders.append(.stop(job.question))
            } else if !job.isAsked, now - job.began >= limits.longTime, lanes[worker] == .short {
                if longCount < limits.permitCount, !isStopped {
                    lanes[worker] = .long
                    // The new worker is awake in place of this one.
                    orders.append(.promote(worker, starts: makeWorker(.short)))
                } else if !isStopped {
                    running[worker]?.isAsked = true
                    orders.append(.breakOff(job.question))
                }
            }
        }
        isWatched = waitingCount > 0 || !running.isEmpty
        return (orders, isWatched)
    }

    /// A permit is free when the first of those that have one ends: at the latest at its deadline.
    private func noPermit(_ now: NIODeadline) -> Refusal {
        let deadlines = running.filter { lanes[$0.key] == .long }.map(\.value.deadline)
        let seconds = deadlines.min().map { ($0 - now).nanoseconds / 1_000_000_000 + 1 } ?? 1
        return .overloaded(
            name: "max-long-queries", limit: limits.permitCount, retryAfterSeconds: Int(clamping: max(1, seconds)))
    }

    /// No question is taken any more; workers end when they have nothing to do.
    ///
    /// - Returns: What waited, to be refused, and who is to be woken so that it can end.
    package mutating func stop() -> (waiting: [Question], woken: [Int]) {
        isStopped = true
        var waiting = long.map(\.question)
        long = []
        while let job = takeShort() { waiting.append(job.question) }
        let woken = parked
        awakeCount += parked.count
        parked = []
        return (waiting, woken)
    }
}
