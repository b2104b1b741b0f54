import Expressions
import JSONText
import StoreColumns

// The members of a level of an `ObjectShape`, one behind the other: what an object that never changes holds is lent, where a loop over an
// array would count each of them.

/// A leaf of a level, and those behind it.
final class ShapeLeaf {
    private let reader: LeafReader
    private let isNonNull: Bool
    private let isText: Bool
    private let column: Int
    private let next: ShapeLeaf?

    init(_ reader: LeafReader, isNonNull: Bool, column: Int, before next: ShapeLeaf?) {
        self.reader = reader
        self.isNonNull = isNonNull
        if case .text = reader.batchValue { isText = true } else { isText = false }
        self.column = column
        self.next = next
    }

    func readSoon(_ rows: borrowing Span<RowNumber>) {
        reader.readSoon(rows)
        next?.readSoon(rows)
    }

    func fill(
        _ rows: borrowing Span<RowNumber>, _ batch: inout ObjectBatch, _ program: borrowing ObjectProgram
    ) throws(EvaluationError) -> Bool {
        batch.begin(column: column, rowCount: rows.count, program)
        guard try reader.write(rows, isNonNull: isNonNull, toColumn: column, of: &batch) else { return false }
        return try next?.fill(rows, &batch, program) ?? true
    }

    func escape(_ rowCount: Int, _ batch: inout ObjectBatch) -> Bool {
        if isText, !batch.escapeTexts(ofColumn: column, rowCount: rowCount), isNonNull { return false }
        return next?.escape(rowCount, &batch) ?? true
    }
}

/// A level inside another, and those behind it.
final class ShapeInside {
    private let level: ShapeRows
    private let column: Int
    private let next: ShapeInside?

    init(_ level: ShapeRows, column: Int, before next: ShapeInside?) {
        self.level = level
        self.column = column
        self.next = next
    }

    func gather(from owners: borrowing Span<RowNumber>) throws(EvaluationError) -> Int? {
        guard let count = try level.find(from: owners) else { return nil }
        guard count <= ObjectShape.countLimit, let next else { return count }
        return try next.gather(from: owners).map { count + $0 }
    }

    var leafCount: Int { level.leafCount(of: level.rowCount) + (next?.leafCount ?? 0) }

    func readSoon() {
        level.readSoon()
        next?.readSoon()
    }

    func fill(
        _ rowCount: Int, _ batch: inout ObjectBatch, _ program: borrowing ObjectProgram
    ) throws(EvaluationError) -> Bool {
        batch.begin(column: column, rowCount: rowCount, program)
        guard try level.fill(&batch, program) else { return false }
        return try next?.fill(rowCount, &batch, program) ?? true
    }

    func escape(_ batch: inout ObjectBatch) -> Bool {
        level.escape(level.rowCount, &batch) && next?.escape(&batch) ?? true
    }

    func release() {
        level.release()
        next?.release()
    }
}
