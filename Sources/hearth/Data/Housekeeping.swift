import Dispatch
import Store
import StoreColumns
import Synchronization

/// What a server does for its data folder besides commits, once a second on a thread of its own; readers and writers go on.
///
/// - Snapshots, whenever so many versions have come since the last one, so that a start has little to read from the journal.
///   At the start one is due already after `startVersionCount`: a server that is often ended would otherwise read an ever
///   longer journal.
/// - What other processes ask for (`hearth snapshot`).
/// - Every ten seconds after the disk was full, a look whether there is room again.
final class Housekeeping: Sendable {
    private static let period = DispatchTimeInterval.seconds(1)
    private static let spacePeriod = 10
    /// How many versions read from the journal at a start are worth a snapshot at once: some tenths of a second.
    private static let startVersionCount: UInt64 = 1_000

    private struct State {
        /// The version at which the next snapshot is due.
        var due: UInt64
        var ticks = 0
        var isStopped = false
        /// What was told last, so that it is told once.
        var lastTold: String?
    }

    private let store: Store
    private let versionCount: UInt64
    private let tell: @Sendable (String) -> Void
    private let queue = DispatchQueue(label: "housekeeping")
    private let state: Mutex<State>

    /// - Parameters:
    ///   - versionCount: Versions between two snapshots.
    ///   - tell: What whoever runs the server should know. What failed is tried again.
    init(_ store: Store, snapshotEvery versionCount: UInt64, tell: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.versionCount = versionCount
        self.tell = tell
        let newest = store.snapshots.first?.version ?? store.current.number
        let isLong = store.current.number - min(newest, store.current.number) >= Self.startVersionCount
        state = Mutex(State(due: isLong ? store.current.number : newest + versionCount))
        lookLater()
    }

    /// Waits for what is being done, and does no more.
    func stop() {
        state.withLock { $0.isStopped = true }
        queue.sync {}
    }

    private func lookLater() {
        queue.asyncAfter(deadline: .now() + Self.period) { [weak self] in self?.look() }
    }

    private func look() {
        let (isStopped, due, ticks) = state.withLock { state in
            state.ticks += 1
            return (state.isStopped, state.due, state.ticks)
        }
        guard !isStopped else { return }
        trying("what another process asked for could not be answered") { () throws(StoreError) in try store.answerRequests() }
        if store.readOnlyReason != nil, ticks.isMultiple(of: Self.spacePeriod) { resume() }
        if store.current.number >= due, store.readOnlyReason == nil {
            let next = store.current.number + versionCount
            trying("no snapshot could be written") { () throws(StoreError) in _ = try store.snapshot() }
            state.withLock { $0.due = next }
        }
        lookLater()
    }

    private func resume() {
        do throws(StoreError) {
            if try store.resumeWriting() { tell("there is room on the disk again: changes are taken") }
        } catch {
            tellOnce("no changes are taken: \(error)")
        }
    }

    private func trying(_ failure: String, _ body: () throws(StoreError) -> Void) {
        do throws(StoreError) {
            try body()
        } catch {
            tellOnce("\(failure): \(error)")
        }
    }

    private func tellOnce(_ text: String) {
        let isNew = state.withLock { state in
            defer { state.lastTold = text }
            return state.lastTold != text
        }
        if isNew { tell(text) }
    }
}
