import Bytes
import Expressions
import JSONText
import QueryPlanning
import StoreColumns

/// A selection of which nothing is asked but leaves of rows, rows behind to-one edges and plain lists behind edges, of which the same is
/// asked: so that many rows, with all that is inside them, can be written column by column. Used on one thread.
final class ObjectShape {
    private let rows: ShapeRows
    private let program: ObjectProgram
    private var batch = ObjectBatch()

    /// Members in the whole of a shape, at most: fragments inside fragments multiply. More are written row by row.
    private static let memberLimit = 64
    /// So few are asked of memory all at once; of more, those of one column after the other.
    private static let fewLeaves = 64
    /// Rows of a batch with all that is inside, roughly: what stays in the nearer caches.
    static let rowLimit = 1_024
    /// Where more are found inside, the rest of them is not looked for: as many at once are not made.
    static let countLimit = 16 * rowLimit

    /// - Returns: nil where something else is selected.
    init?(_ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode]) {
        var room = Self.memberLimit
        var program = ObjectProgram()
        guard let rows = ShapeRows(selection, plan, nodes, &room, &program) else { return nil }
        program.close()
        self.rows = rows
        self.program = program
    }

    // MARK: - Batches

    /// Rows written at once, so that the budget is polled between them as it is elsewhere.
    private static let batchRowCount = 256
    /// The same to begin with, where each may have many inside.
    private static let firstRowCount = 4

    /// How many rows to begin with. Never what an earlier answer came to: where a limit is met must not depend on that.
    var firstCount: Int { rows.hasLists ? Self.firstRowCount : Self.batchRowCount }

    /// How many rows come next: as many as will have a batch's rows inside, if they have as many as those before. What is too much is found
    /// in vain.
    func count(after made: Made) -> Int { max(1, min(made.count * Self.rowLimit / made.rowCount, Self.batchRowCount)) }

    /// Bytes of each row of the last batch with all that is inside, at most.
    private var roomPerRow = 0.0

    /// Asks for room once for all of a list that takes more than one batch, if so many rows are as those of the last batch.
    func expect(_ rowCount: Int, in writer: inout JSONWriter, _ limits: AnswerLimits) {
        writer.expect(Int(min(roomPerRow * Double(rowCount) * 1.125, Double(limits.bytes))))
    }

    /// What of some rows is written now.
    struct Made {
        /// Of the rows that were asked for, the first ones.
        var count: Int
        /// With those inside.
        var rowCount: Int
    }

    /// Makes the objects of the first of some rows, to be written with `write`.
    ///
    /// - Returns: nil where something has to be told of that a batch has no place for: an error, a null where none may be, a list that
    ///   is none of the plain ones. Whoever goes on row by row meets it at its place.
    func make(_ wanted: borrowing Span<RowNumber>, _ budget: Budget) -> Made? {
        do throws(EvaluationError) {
            return try made(wanted, budget)
        } catch {
            return nil
        }
    }

    private func made(_ wanted: borrowing Span<RowNumber>, _ budget: Budget) throws(EvaluationError) -> Made? {
        var count = wanted.count
        while true {
            let some = wanted.extracting(0..<count)
            guard let inside = try rows.gather(some) else { return nil }
            // Of so much inside one row not all was found: whoever goes on row by row writes it level by level.
            guard count > 1 || inside <= Self.countLimit else { return nil }
            if inside <= Self.rowLimit || count == 1 {
                try budget.charge(rows: inside)
                let leafCount = rows.leafCount(of: count)
                if leafCount <= Self.fewLeaves { rows.readSoon(some) }
                batch.begin(program)
                batch.pieces.reserve(leafCount)
                guard try rows.fill(some, &batch, program), rows.escape(count, &batch) else { return nil }
                roomPerRow = Double(batch.byteCount(of: count)) / Double(count)
                return Made(count: count, rowCount: count + inside)
            }
            count = max(1, min(count / 2, count * Self.rowLimit / inside))
        }
    }

    /// The objects of the rows that were made, with commas between them.
    func write(_ made: Made, to writer: inout JSONWriter) { writer.objects(rows.object, made.count, of: batch, program) }

    /// Lets go of memory that grew.
    func release() {
        batch = ObjectBatch()
        rows.release()
    }
}
