import Model
import StoreColumns

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

    init(
        _ type: ModelType, columns: [Int], _ table: TableBuilder, _ model: Model, isKeyed: Bool, firstPlaces: [Int?]
    ) {
        self.type = type
        self.columns = columns
        self.isKeyed = isKeyed
        self.firstPlaces = firstPlaces
        let definition = model.catalog[type.nodeType]
        sinks = columns.map { ColumnSink(table, $0, definition.columns[$0].kind) }
        lanes = sinks.map { sink in Lane { sink.take($0) } }
    }

    /// Takes the rows of a block, column by column.
    func bring(_ pieces: [ColumnPiece], of block: TextBlock) -> Bool {
        guard let first = firstPlaces[block.file] else { return false }
        for (lane, piece) in zip(lanes, pieces) where !lane.bring(piece, at: first + block.place) { return false }
        return true
    }
}
