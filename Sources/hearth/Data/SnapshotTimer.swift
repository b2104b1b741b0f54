import Dispatch
import Store
import StoreColumns
import Synchronization

/// Writes a snapshot whenever so many versions have come since the last one, so that a start has little to read from the
/// journal. Readers and writers go on meanwhile.
final class SnapshotTimer: Sendable {
    /// How often it looks.
    private static let period = DispatchTimeInterval.seconds(5)

    private let store: Store
    private let versionCount: UInt64
    private let tell: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "snapshots")
    /// The version at which the next one is due; nil once it is stopped.
    private let due: Mutex<UInt64?>

    /// - Parameters:
    ///   - versionCount: Versions between two snapshots.
    ///   - tell: A failure, for whoever runs the server. It is tried again when as many versions have come once more.
    init(_ store: Store, every versionCount: UInt64, tell: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.versionCount = versionCount
        self.tell = tell
        due = Mutex((store.snapshots.first?.version ?? store.current.number) + versionCount)
        lookLater()
    }

    /// Waits for the snapshot that is being written, and writes no more.
    func stop() {
        due.withLock { $0 = nil }
        queue.sync {}
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + Self.period) { [weak self] in self?.look() }
    }

    private func look() {
        guard let version = due.withLock({ $0 }) else { return }
        if store.current.number >= version, store.readOnlyReason == nil { write() }
        lookLater()
    }

    private func write() {
        let next = store.current.number + versionCount
        do {
            _ = try store.snapshot()
        } catch {
            tell("no snapshot could be written: \(error)")
        }
        due.withLock { due in if due != nil { due = next } }
    }
}
