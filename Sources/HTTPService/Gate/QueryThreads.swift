import Dispatch
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// The few threads on which questions are answered, and the queue before them.
///
/// Execution never waits, so a long question would hold a thread of Swift's cooperative pool, of which there is one a core; two
/// such questions and nothing else would run. Here it holds one of our own.
///
/// As many threads run as there are cores: a thread that comes free takes the next question without being woken, which is most
/// of what a short question costs. Only when one has waited for `patience` is a further thread woken, so that short questions
/// get past long ones.
final class QueryThreads: Sendable {
    /// Why a question is stopped while it runs.
    enum StopReason: Sendable { case overdue, serverStops }

    private struct Job {
        var entered: NIODeadline
        var deadline: NIODeadline
        var stop: @Sendable (StopReason) -> Void
        var work: @Sendable () -> Void
        var refuse: @Sendable (Refusal) -> Void
    }

    private struct State {
        var queue: [Job] = []
        /// The place in `queue` of the next job; those before it are gone.
        var next = 0
        /// By worker: what it is at.
        var running: [Job?]
        /// Workers that wait to be woken, the last to go to sleep last.
        var parked: [Int] = []
        var awakeCount = 0
        var isWatched = false
        var isStopped = false

        var waitingCount: Int { queue.count - next }

        mutating func takeNext() -> Job? {
            guard next < queue.count else { return nil }
            let job = queue[next]
            next += 1
            if next == queue.count {
                queue.removeAll(keepingCapacity: true)
                next = 0
            } else if next >= 64, next * 2 >= queue.count {
                queue.removeFirst(next)
                next = 0
            }
            return job
        }
    }

    private let pool: NIOThreadPool
    private let clock: any EventLoopGroup
    /// Questions that run at once before a further thread is woken.
    let coreCount: Int
    private let queueLength: Int
    private let queueTime: TimeAmount
    private let state: Mutex<State>
    private let alarms: [DispatchSemaphore]
    /// What a question waits for a thread of those that are awake, before another is woken.
    private static let patience = TimeAmount.milliseconds(5)

    /// - Parameter clock: Whose event loops tell when a question has waited too long.
    init(limits: LimitValues, clock: any EventLoopGroup) {
        let threadCount = limits["query-threads"]
        queueLength = limits["max-queue-length"]
        queueTime = .milliseconds(Int64(limits["queue-time"]))
        coreCount = min(threadCount, System.coreCount)
        self.clock = clock
        alarms = (0..<threadCount).map { _ in DispatchSemaphore(value: 0) }
        state = Mutex(State(running: Array(repeating: nil, count: threadCount)))
        pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
        for worker in 0..<threadCount {
            state.withLock { $0.awakeCount += 1 }
            pool.submit { _ in self.work(as: worker) }
        }
    }

    /// Questions that run, and questions that wait.
    var counts: (running: Int, waiting: Int) {
        state.withLock { state in (state.running.count { $0 != nil }, state.waitingCount) }
    }

    /// Runs the body on a thread and waits for it.
    ///
    /// - Parameter milliseconds: After which, waiting included, `stop` is called, once or more, from any thread.
    /// - Throws: `overloaded` at once if the queue is full, and later if no thread came free in time.
    func run<Answer: Sendable>(
        within milliseconds: Int64, stop: @escaping @Sendable (StopReason) -> Void, _ body: @escaping @Sendable () -> Answer
    ) async throws(Refusal) -> Answer {
        let entered = NIODeadline.now()
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Answer, Refusal>, Never>) in
            enter(
                Job(
                    entered: entered, deadline: entered + .milliseconds(milliseconds), stop: stop,
                    work: { continuation.resume(returning: .success(body())) },
                    refuse: { continuation.resume(returning: .failure($0)) }))
        }
        return try result.get()
    }

    /// Stops what has run beyond its deadline. Execution has no clock; whoever has one calls this now and then.
    func stopOverdue(now: NIODeadline) {
        for job in runningJobs() where job.deadline <= now { job.stop(.overdue) }
    }

    /// Stops what runs.
    func stopAll() {
        for job in runningJobs() { job.stop(.serverStops) }
    }

    /// Ends the threads once what runs has run. What waits is refused.
    func end() async {
        let (jobs, parked) = state.withLock { state in
            state.isStopped = true
            var jobs: [Job] = []
            while let job = state.takeNext() { jobs.append(job) }
            defer { state.parked.removeAll() }
            return (jobs, state.parked)
        }
        for job in jobs { job.refuse(.stopping) }
        for worker in parked { alarms[worker].signal() }
        try? await pool.shutdownGracefully()
    }

    private func runningJobs() -> [Job] { state.withLock { state in state.running.compactMap { $0 } } }

    // MARK: Entering

    private enum Entry { case refused(Refusal), queued(wakes: Int?, watches: Bool) }

    private func enter(_ job: Job) {
        let entry: Entry = state.withLock { state in
            if state.isStopped { return .refused(.stopping) }
            let isFree = state.awakeCount < coreCount
            if !isFree, state.waitingCount >= queueLength {
                return .refused(.overloaded(name: "max-queue-length", limit: queueLength, retryAfterSeconds: 1))
            }
            state.queue.append(job)
            let woken = isFree ? state.parked.popLast() : nil
            if woken != nil {
                state.awakeCount += 1
                return .queued(wakes: woken, watches: false)
            }
            defer { state.isWatched = true }
            return .queued(wakes: nil, watches: !state.isWatched)
        }
        switch entry {
        case .refused(let refusal): job.refuse(refusal)
        case .queued(let woken, let watches):
            if let woken { alarms[woken].signal() }
            if watches { watch() }
        }
    }

    // MARK: Waiting

    /// Looks at the queue as long as something waits in it.
    private func watch() {
        clock.next().scheduleTask(in: Self.patience) { self.look(now: .now()) }
    }

    /// Refuses what has waited too long, and wakes a thread for what has waited long.
    private func look(now: NIODeadline) {
        let (late, woken, goesOn) = state.withLock { state in
            var late: [Job] = []
            while state.next < state.queue.count, now - state.queue[state.next].entered >= queueTime {
                if let job = state.takeNext() { late.append(job) }
            }
            var woken: Int?
            if state.next < state.queue.count, now - state.queue[state.next].entered >= Self.patience {
                woken = state.parked.popLast()
                if woken != nil { state.awakeCount += 1 }
            }
            state.isWatched = state.waitingCount > 0
            return (late, woken, state.isWatched)
        }
        let milliseconds = Int(queueTime.nanoseconds / 1_000_000)
        for job in late { job.refuse(.overloaded(name: "queue-time", limit: milliseconds, retryAfterSeconds: 1)) }
        if let woken { alarms[woken].signal() }
        if goesOn { watch() }
    }

    // MARK: Working

    private enum Next { case job(Job), sleep, end }

    private func work(as worker: Int) {
        while true {
            let next: Next = state.withLock { state in
                let job = state.takeNext()
                state.running[worker] = job
                if let job { return .job(job) }
                state.awakeCount -= 1
                if state.isStopped { return .end }
                state.parked.append(worker)
                return .sleep
            }
            switch next {
            case .job(let job): job.work()
            case .sleep: alarms[worker].wait()
            case .end: return
            }
        }
    }
}
