import NIOCore
import NIOPosix
import Settings
import Synchronization

/// The few threads on which questions are answered, and the queue before them.
///
/// Execution never waits, so a long question would hold a thread of Swift's cooperative pool, of which there is one a core; two
/// such questions and nothing else would run. Here it holds one of our own, and the machine shares its time between them.
final class QueryThreads: Sendable {
    private struct Load {
        var waiting = 0
        var running = 0
        var isStopped = false
    }

    private let pool: NIOThreadPool
    private let clock: any EventLoopGroup
    /// Questions that run at one time.
    private let threadCount: Int
    /// Questions that wait for a thread.
    private let queueLength: Int
    /// How long one waits before it is refused.
    private let queueMilliseconds: Int64
    private let load = Mutex(Load())

    /// - Parameter clock: Whose event loops tell when a question has waited too long.
    init(limits: LimitValues, clock: any EventLoopGroup) {
        threadCount = limits["query-threads"]
        queueLength = limits["queue-length"]
        queueMilliseconds = Int64(limits["queue-time"])
        self.clock = clock
        pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
    }

    /// Questions that run, and questions that wait.
    var counts: (running: Int, waiting: Int) { load.withLock { ($0.running, $0.waiting) } }

    /// Runs the body on a thread of its own and waits for it.
    ///
    /// - Throws: `overloaded` at once if the queue is full, and after `queueMilliseconds` if no thread came free.
    func run<Answer: Sendable>(_ body: @escaping @Sendable () -> Answer) async throws(Refusal) -> Answer {
        let mustWait = try enter()
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Answer, Refusal>, Never>) in
            let ticket = Ticket(continuation)
            let expiry =
                mustWait
                ? clock.next().scheduleTask(in: .milliseconds(queueMilliseconds)) {
                    guard let continuation = ticket.take() else { return }
                    self.leave(wasRunning: false)
                    continuation.resume(returning: .failure(.overloaded(retryAfterSeconds: 1)))
                } : nil
            pool.submit { state in
                guard let continuation = ticket.take() else { return }
                expiry?.cancel()
                guard case .active = state else {
                    self.leave(wasRunning: false)
                    continuation.resume(returning: .failure(.stopping))
                    return
                }
                self.begin()
                let answer = body()
                self.leave(wasRunning: true)
                continuation.resume(returning: .success(answer))
            }
        }
        return try result.get()
    }

    /// Ends the threads once what runs has run. What waits is refused.
    func stop() async {
        load.withLock { $0.isStopped = true }
        try? await pool.shutdownGracefully()
    }

    /// - Returns: Whether every thread has something to do already.
    private func enter() throws(Refusal) -> Bool {
        let entry: Result<Bool, Refusal> = load.withLock { load in
            if load.isStopped { return .failure(.stopping) }
            if load.waiting >= queueLength { return .failure(.overloaded(retryAfterSeconds: 1)) }
            load.waiting += 1
            return .success(load.running + load.waiting > threadCount)
        }
        return try entry.get()
    }

    private func begin() {
        load.withLock { load in
            load.waiting -= 1
            load.running += 1
        }
    }

    private func leave(wasRunning: Bool) {
        load.withLock { load in
            if wasRunning { load.running -= 1 } else { load.waiting -= 1 }
        }
    }

    /// The right to answer one question: taken by the thread that comes free, or by the timer, whichever is first.
    private final class Ticket<Answer: Sendable>: Sendable {
        private let continuation: Mutex<CheckedContinuation<Result<Answer, Refusal>, Never>?>

        init(_ continuation: CheckedContinuation<Result<Answer, Refusal>, Never>) {
            self.continuation = Mutex(continuation)
        }

        func take() -> CheckedContinuation<Result<Answer, Refusal>, Never>? { continuation.withLock { $0.take() } }
    }
}
