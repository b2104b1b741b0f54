import Model
import StoreColumns
import Synchronization

/// One type on its way into columns.
// Sendable: nothing of it changes but what its lanes take.
final class TypeLoad: @unchecked Sendable {
    let type: ModelType
    /// The type's columns that any file gives.
    let columns: [Int]
    /// One a column.
    let sinks: [ColumnSink]
    let lanes: [Lane<ColumnPiece>]
    /// Whether where its rows stand must be known before they are read: others refer to them, or some stand twice.
    let isKeyed: Bool
    /// How many blocks come before those of each file of the plan; nil for files that bring nothing.
    let firstPlaces: [Int?]
    /// How many rows each block brings, by its place among all that bring some.
    private let rowCounts = Mutex<[Int: Int]>([:])

    init(
        _ type: ModelType, columns: [Int], _ table: TableBuilder, isKeyed: Bool, firstPlaces: [Int?],
        repetition: (Int) -> TextAppender.Repetition?
    ) {
        self.type = type
        self.columns = columns
        self.isKeyed = isKeyed
        self.firstPlaces = firstPlaces
        sinks = columns.map { ColumnSink(table, $0, repetition($0)) }
        lanes = sinks.map { sink in Lane { sink.take($0) } }
    }

    /// Takes the rows of a block, column by column.
    func bring(_ pieces: [ColumnPiece], of block: TextBlock) -> Bool {
        guard let first = firstPlaces[block.file] else { return false }
        rowCounts.withLock { $0[first + block.place] = pieces.first?.count ?? 0 }
        for (lane, piece) in zip(lanes, pieces) where !lane.bring(piece, at: first + block.place) { return false }
        return true
    }

    /// Which block brings a row, as its place among all that bring some, and which of its rows it is.
    func origins(ofRows rows: [Int]) -> [(place: Int, row: Int)] {
        let counts = rowCounts.withLock { $0 }.sorted { $0.key < $1.key }
        var found: [(place: Int, row: Int)] = []
        var next = 0
        var start = 0
        for row in rows.sorted() {
            while next < counts.count, row >= start + counts[next].value {
                start += counts[next].value
                next += 1
            }
            if next < counts.count { found.append((counts[next].key, row - start)) }
        }
        return found
    }
}
