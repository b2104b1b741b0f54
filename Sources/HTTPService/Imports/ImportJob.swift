import Model

/// One file that is imported, from the moment when all of it is there to its end. Whoever sent it need not stay.
final class ImportJob: Sendable {
    enum State: Sendable {
        case reading(rowCount: Int)
        /// The rows are held against each other and against the data.
        case checking(rowCount: Int)
        /// Tried, applied or refused, and the audit was told.
        case told(ChangeReport, version: UInt64)
        case ended(Refusal)
    }

    let name: String
    private let progress = JobProgress(State.reading(rowCount: 0)) {
        switch $0 {
        case .reading, .checking: false
        case .told, .ended: true
        }
    }

    init(_ name: String) { self.name = name }

    var state: State { progress.state }

    func isNow(_ state: State) { progress.isNow(state) }

    /// Waits until it has ended, but no longer than so many milliseconds.
    func wait(milliseconds: Int) async -> State { await progress.wait(milliseconds: milliseconds) }
}
