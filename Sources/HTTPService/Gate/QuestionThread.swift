import Dispatch
import Foundation
import Glibc
import Synchronization

/// A thread that answers questions, which can be told to yield to all others. It cannot be told to take that back: the system
/// lets nobody raise a priority again, so such a thread ends with the long questions it is for.
final class QuestionThread: Sendable {
    /// What a worker sleeps on.
    let alarm = DispatchSemaphore(value: 0)
    /// Its number in the system; 0 until it runs, or where the system does not tell.
    private let number = Atomic<UInt32>(0)
    private let yields = Atomic<Bool>(false)

    /// A long question's share of a core that a short one wants is a tenth: `nice` of 10.
    private static let niceness: Int32 = 10

    func start(yields: Bool, _ body: @escaping @Sendable () -> Void) {
        if yields { self.yields.store(true, ordering: .sequentiallyConsistent) }
        let thread = Thread {
            self.number.store(Self.currentNumber ?? 0, ordering: .sequentiallyConsistent)
            if self.yields.load(ordering: .sequentiallyConsistent) { self.lower() }
            body()
        }
        thread.name = "question"
        thread.start()
    }

    /// From any thread; from now on it gets a core only where nobody else wants it much.
    func yieldToOthers() {
        yields.store(true, ordering: .sequentiallyConsistent)
        lower()
    }

    private func lower() {
        let number = number.load(ordering: .sequentiallyConsistent)
        // Refused at most where priorities are not to be had; then long questions only have their permits.
        if number != 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), number, Self.niceness) }
    }

    /// `/proc/thread-self` is a link to `<process>/task/<thread>`.
    private static var currentNumber: UInt32? {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        return target.flatMap { $0.split(separator: "/").last }.flatMap { UInt32($0) }
    }
}
