import Expressions
import Synchronization

/// Tables that small cells were looked for in, on one version and as-of date, for the next request. For any number of threads.
package final class KeptGrids: Sendable {
    /// What a table is of.
    struct Asked: Hashable {
        var shape: CellGrid.Shape
        var elements: [Expression]
    }

    /// Tables by pairs of a few dimensions.
    static let capacity = 16
    /// Larger ones are made again: they would hold more memory than the columns they are made from.
    static let cellLimit = 1 << 16

    /// Those asked for last come last.
    private let grids = Mutex<[(asked: Asked, grid: CellGrid)]>([])

    package init() {}

    /// How many are kept.
    package var count: Int { grids.withLock { $0.count } }

    func grid(_ asked: Asked) -> CellGrid? {
        grids.withLock { grids in
            guard let place = grids.lastIndex(where: { $0.asked == asked }) else { return nil }
            let known = grids.remove(at: place)
            grids.append(known)
            return known.grid
        }
    }

    func keep(_ grid: CellGrid, _ asked: Asked) {
        guard grid.table.weights.count <= Self.cellLimit else { return }
        // What is forgotten is released outside the lock.
        let forgotten: CellGrid? = grids.withLock { grids in
            guard !grids.contains(where: { $0.asked == asked }) else { return nil }
            let oldest = grids.count == Self.capacity ? grids.removeFirst().grid : nil
            grids.append((asked, grid))
            return oldest
        }
        _ = forgotten
    }
}
