import StoreColumns
import Synchronization

/// How many figures' sets of rows the holder of a key may be told of in a day who sees aggregates only: whoever puts enough tables together
/// narrows down what each leaves out.
///
/// What an answer holds is known when it is made, so it is counted then, and asked about before the next begins. Nothing is kept beyond the
/// process.
package final class CellAllowances: Sendable {
    private let cellsPerDay: Int
    private let spent = Mutex<(day: CivilDate?, cells: [String: Int])>((nil, [:]))

    package init(cellsPerDay: Int) { self.cellsPerDay = cellsPerDay }

    /// Whether a key has spent what it may on a day.
    package func isSpent(_ keyID: String, on day: CivilDate) -> Bool {
        spent.withLock { spent in spent.day == day && spent.cells[keyID, default: 0] >= cellsPerDay }
    }

    package func spend(_ cellCount: Int, _ keyID: String, on day: CivilDate) {
        guard cellCount > 0 else { return }
        spent.withLock { spent in
            // A new day begins for all. Days before it are over, also where a clock is set back.
            if let known = spent.day, known > day { return }
            if spent.day != day { spent = (day, [:]) }
            let sum = spent.cells[keyID, default: 0].addingReportingOverflow(cellCount)
            spent.cells[keyID] = sum.overflow ? .max : sum.partialValue
        }
    }
}
