import Expressions
import JSONText
import Model
import StoreColumns

/// The rows of which an answer shows sensitive data in full, noted while it is written. Used on one thread, with one plan.
///
/// Costs nothing where a plan shows none: then there are no readers that note.
// Sendable: whoever answers a request walks its plan on one thread, and nobody else has the notes of that request meanwhile.
package final class RowNotes: @unchecked Sendable {
    /// Nodes at which the row is noted that they are read from.
    let nodes: Set<Int>
    private var lists: [NotedRows] = []
    /// What was found to be told on the way.
    package private(set) var tellings: [(telling: FieldTellings.Telling, view: PlanTellings.View)] = []
    /// Figures and groups of fewer rows tell of each of them.
    static let fewRows = 11

    package init(at tellings: PlanTellings) { nodes = tellings.notedNodes }

    /// The list of a type's rows.
    func list(of type: NodeTypeID) -> NotedRows {
        if let known = lists.first(where: { $0.type == type }) { return known }
        let list = NotedRows(type: type)
        lists.append(list)
        return list
    }

    /// Notes that something was told of a row.
    package func add(_ telling: FieldTellings.Telling, of row: RowNumber, _ type: NodeTypeID) {
        tellings.append((telling, .full))
        if telling.isSensitive { list(of: type).rows.append(row) }
    }

    /// Notes that rows were counted by something.
    package func add(_ telling: FieldTellings.Telling, _ view: PlanTellings.View) { tellings.append((telling, view)) }

    /// What was noted since, each row once, ascending; types in the order in which they were met.
    package func take() -> [ToldRows] {
        lists.compactMap { list in
            guard !list.rows.isEmpty else { return nil }
            var rows = list.rows
            list.rows.removeAll(keepingCapacity: rows.count <= 1_024)
            rows.sort()
            var count = 1
            for index in 1..<max(1, rows.count) where rows[index] != rows[count - 1] {
                rows[count] = rows[index]
                count += 1
            }
            rows.removeLast(rows.count - count)
            return ToldRows(type: list.type, rows: rows)
        }
    }
}

/// Rows of one type of which sensitive data was shown in full.
package struct ToldRows: Sendable, Hashable {
    package var type: NodeTypeID
    /// Ascending.
    package var rows: [RowNumber]

    package init(type: NodeTypeID, rows: [RowNumber]) {
        self.type = type
        self.rows = rows
    }
}

/// Rows of one type while they are noted; a row may stand in it more than once.
final class NotedRows {
    let type: NodeTypeID
    var rows: [RowNumber] = []
    init(type: NodeTypeID) { self.type = type }

    /// Notes the rows that a figure or a group is made of, where they are few.
    func add(figureOf rows: RowSelection) {
        if rows.count < RowNotes.fewRows { self.rows += rows.array() }
    }
}

/// Notes every row that a leaf is read from.
final class NotingReader: LeafReader {
    private let reader: LeafReader
    private let noted: NotedRows

    init(_ reader: LeafReader, _ noted: NotedRows) {
        self.reader = reader
        self.noted = noted
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        noted.rows.append(row)
        return try reader.write(row, to: &writer)
    }

    override var batchValue: ObjectProgram.Value { reader.batchValue }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        for index in rows.indices { noted.rows.append(rows[index]) }
        return try reader.write(rows, isNonNull: isNonNull, toColumn: number, of: &batch)
    }
}

/// Notes every row from which an edge is followed.
final class NotingEdgeReader: EdgeReader {
    private let reader: EdgeReader
    private let noted: NotedRows

    init(_ reader: EdgeReader, _ noted: NotedRows) {
        self.reader = reader
        self.noted = noted
        super.init(target: reader.target)
    }

    override func row(of row: RowNumber) throws(EvaluationError) -> RowNumber? {
        noted.rows.append(row)
        return try reader.row(of: row)
    }
}
