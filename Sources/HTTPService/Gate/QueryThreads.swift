import Dispatch
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// The few threads on which questions are answered, and the queue before them.
///
/// Execution never waits, so a long question would hold a thread of Swift's cooperative pool, of which there is one a core; two
/// such questions and nothing else would run. Here it holds one of our own. Which question runs where is decided by
/// `QuestionLanes`.
///
/// As many threads run as there are cores: a thread that comes free takes the next question without being woken, which is most
/// of what a short question costs. Only when one has waited for a while is a further thread woken.
final class QueryThreads: Sendable {
    /// Why a question is stopped while it runs.
    enum StopReason: Sendable {
        case overdue, serverStops
        /// It is long, and is to be run again with `isLong`.
        case needsPermit
    }

    private struct Job: Sendable {
        var stop: @Sendable (StopReason) -> Void
        var work: @Sendable () -> Void
        var refuse: @Sendable (Refusal) -> Void
    }

    private struct State {
        var lanes: QuestionLanes<Job>
        /// By worker, of those that have not ended.
        var threads: [Int: QuestionThread] = [:]
        /// Called when the last thread has ended.
        var onEnd: (@Sendable () -> Void)?
    }

    private let clock: any EventLoopGroup
    /// Questions that run at once before a further thread is woken.
    let coreCount: Int
    private let state: Mutex<State>

    /// - Parameter clock: Whose event loops tell when a question has waited or run too long.
    init(limits: LimitValues, clock: any EventLoopGroup) {
        coreCount = min(limits["query-threads"], System.coreCount)
        self.clock = clock
        let lanes = QuestionLanes<Job>(
            .init(
                workerCount: limits["query-threads"], coreCount: coreCount, queueLength: limits["max-queue-length"],
                queueTime: .milliseconds(Int64(limits["queue-time"])),
                longQueueTime: .milliseconds(Int64(limits["long-queue-time"])),
                longTime: .milliseconds(Int64(limits["long-query-time"])), permitCount: limits["max-long-queries"]))
        state = Mutex(State(lanes: lanes))
        for worker in lanes.firstWorkers { start(worker, isLong: false) }
    }

    /// Questions that run, those among them that have a permit as long ones, and questions that wait.
    var counts: (running: Int, long: Int, waiting: Int) {
        state.withLock { ($0.lanes.runningCount, $0.lanes.longCount, $0.lanes.waitingCount) }
    }

    /// Runs the body on a thread and waits for what it answers.
    ///
    /// - Parameters:
    ///   - body: Calls `answer` once, before it returns or later; the thread is free once it has returned.
    ///   - deadline: After which, waiting included, `stop` is called, once or more, from any thread.
    ///   - isLong: It was stopped before because it needed a permit, and is begun anew with one.
    /// - Throws: `overloaded` at once if the queue is full, and later if no thread or permit came free in time.
    func run<Answer: Sendable>(
        until deadline: NIODeadline, isLong: Bool, stop: @escaping @Sendable (StopReason) -> Void,
        _ body: @escaping @Sendable (_ answer: @escaping @Sendable (Answer) -> Void) -> Void
    ) async throws(Refusal) -> Answer {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Answer, Refusal>, Never>) in
            enter(
                Job(
                    stop: stop, work: { body { continuation.resume(returning: .success($0)) } },
                    refuse: { continuation.resume(returning: .failure($0)) }),
                deadline, isLong: isLong)
        }
        return try result.get()
    }

    /// Stops what runs.
    func stopAll() {
        for job in state.withLock({ $0.lanes.runningQuestions }) { job.stop(.serverStops) }
    }

    /// Ends the threads once what runs has run. What waits is refused.
    func end() async {
        let (jobs, parked) = state.withLock { state in
            let (jobs, woken) = state.lanes.stop()
            return (jobs, woken.compactMap { state.threads[$0] })
        }
        for job in jobs { job.refuse(.stopping) }
        for thread in parked { thread.alarm.signal() }
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.threads.isEmpty { state.onEnd = { continuation.resume() } }
                return state.threads.isEmpty
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: Entering

    private func enter(_ job: Job, _ deadline: NIODeadline, isLong: Bool) {
        let now = NIODeadline.now()
        let (entry, thread) = state.withLock { state in
            let entry = state.lanes.enter(job, deadline: deadline, isLong: isLong, now: now)
            guard case .queued(let woken?, _, _) = entry else { return (entry, QuestionThread?.none) }
            return (entry, state.threads[woken])
        }
        thread?.alarm.signal()
        switch entry {
        case .refused(let refusal): job.refuse(refusal)
        case .queued(_, let started, let watches):
            if let started { start(started, isLong: true) }
            if watches { watch() }
        }
    }

    // MARK: Looking

    /// Looks at what runs and waits as long as something does.
    private func watch() {
        clock.next().scheduleTask(in: QuestionLanes<Job>.patience) { self.look(now: .now()) }
    }

    private func look(now: NIODeadline) {
        let (orders, goesOn, threads) = state.withLock { state in
            let (orders, goesOn) = state.lanes.look(now: now)
            return (orders, goesOn, orders.isEmpty ? [:] : state.threads)
        }
        for order in orders {
            switch order {
            case .refuse(let job, let refusal): job.refuse(refusal)
            case .wake(let worker): threads[worker]?.alarm.signal()
            case .stop(let job): job.stop(.overdue)
            case .breakOff(let job): job.stop(.needsPermit)
            case .promote(let worker, let started):
                threads[worker]?.yieldToOthers()
                start(started, isLong: false)
            }
        }
        if goesOn { watch() }
    }

    // MARK: Working

    private func start(_ worker: Int, isLong: Bool) {
        let thread = QuestionThread()
        state.withLock { $0.threads[worker] = thread }
        thread.start(yields: isLong) {
            self.work(as: worker, thread)
            let onEnd = self.state.withLock { state in
                state.threads[worker] = nil
                return state.threads.isEmpty ? state.onEnd.take() : nil
            }
            onEnd?()
        }
    }

    private func work(as worker: Int, _ thread: QuestionThread) {
        while true {
            let now = NIODeadline.now()
            switch state.withLock({ $0.lanes.next(for: worker, now: now) }) {
            case .run(let job): job.work()
            case .sleep: thread.alarm.wait()
            case .end: return
            }
        }
    }
}
