import Dispatch
import Expressions
import NIOPosix
import Synchronization

/// The threads that help with large scans: one less than there are cores, asleep until a scan has parts to give.
///
/// The caller does all of the work that nobody takes from it, and waits only for parts that were begun. A helper leaves a scan
/// after the part it is at as soon as other questions want its core, so that a long question never holds a short one up.
package final class ScanThreads: ForkJoin {
    /// The parts of one scan.
    private final class Scan: Sendable {
        private let count: Int
        private let body: @Sendable (Int) -> Void
        private let next = Atomic<Int>(0)

        init(count: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }

        /// Does parts until none is left, or no more are to be taken.
        func work(while goesOn: () -> Bool) {
            while goesOn() {
                let part = next.add(1, ordering: .relaxed).oldValue
                guard part < count else { return }
                body(part)
            }
        }
    }

    private final class Helper: Sendable {
        /// The scan that it was called to and has not begun.
        let called = Mutex<Scan?>(nil)
        let alarm = DispatchSemaphore(value: 0)
        /// Signalled for every scan that it began.
        let done = DispatchSemaphore(value: 0)
    }

    private let helpers: [Helper]
    private let idle: Mutex<[Int]>
    private let isStopped = Atomic<Bool>(false)
    private let mayHelp: @Sendable () -> Bool
    private let pool: NIOThreadPool

    /// - Parameters:
    ///   - count: None where there is one core: then all is done by who asks.
    ///   - mayHelp: Whether a core is free now. Asked before each part.
    package init(count: Int, mayHelp: @escaping @Sendable () -> Bool = { true }) {
        helpers = (0..<max(0, count)).map { _ in Helper() }
        idle = Mutex(Array(helpers.indices))
        self.mayHelp = mayHelp
        pool = NIOThreadPool(numberOfThreads: max(1, count))
        guard !helpers.isEmpty else { return }
        pool.start()
        for helper in helpers { pool.submit { _ in self.help(as: helper) } }
    }

    /// Ends the threads. Scans after it are done by who asks.
    package func end() {
        guard !isStopped.exchange(true, ordering: .relaxed), !helpers.isEmpty else { return }
        for helper in helpers { helper.alarm.signal() }
        pool.shutdownGracefully { _ in }
    }

    package func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let scan = Scan(count: count, body)
        let called = count > 1 && !isStopped.load(ordering: .relaxed) && mayHelp() ? takeIdle(atMost: count - 1) : []
        for index in called {
            helpers[index].called.withLock { $0 = scan }
            helpers[index].alarm.signal()
        }
        scan.work { true }
        for index in called {
            // Who was called and has not come need not come any more.
            let hasBegun = helpers[index].called.withLock { $0.take() } == nil
            if hasBegun { helpers[index].done.wait() }
        }
        if !called.isEmpty { idle.withLock { $0 += called } }
    }

    private func takeIdle(atMost count: Int) -> [Int] {
        idle.withLock { idle in
            let taken = Array(idle.suffix(count))
            idle.removeLast(taken.count)
            return taken
        }
    }

    private func help(as helper: Helper) {
        while true {
            helper.alarm.wait()
            if isStopped.load(ordering: .relaxed) {
                if helper.called.withLock({ $0.take() }) != nil { helper.done.signal() }
                return
            }
            // Nil where the scan ended before this thread woke.
            guard let scan = helper.called.withLock({ $0.take() }) else { continue }
            scan.work(while: mayHelp)
            helper.done.signal()
        }
    }
}
