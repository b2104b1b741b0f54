import Dispatch
import Glibc
import Synchronization

/// SIGTERM and SIGINT, and SIGHUP, told as they come.
enum Signals {
    /// Acts on them from now on.
    ///
    /// - Parameter action: Called on a queue of its own, with whether this is the first.
    /// - Returns: What must be kept as long as they are to be told.
    static func watch(_ action: @escaping @Sendable (_ isFirst: Bool) -> Void) -> [any DispatchSourceSignal] {
        let queue = DispatchQueue(label: "hearth.signals")
        let counter = Counter()
        return [SIGTERM, SIGINT].map { number in
            // Dispatch only sees what the process does not act upon by itself.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { action(counter.next() == 1) }
            source.resume()
            return source
        }
    }

    /// Acts on SIGHUP from now on, which otherwise ends the process.
    ///
    /// - Returns: What must be kept as long as it is to be told.
    static func watchHangUp(_ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(SIGHUP, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: DispatchQueue(label: "hearth.hangup"))
        source.setEventHandler(handler: action)
        source.resume()
        return source
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        func next() -> Int { count.add(1, ordering: .relaxed).newValue }
    }
}
