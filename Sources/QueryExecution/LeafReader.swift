import Bytes
import Expressions
import JSONText
import QueryPlanning
import StoreColumns

/// Writes one leaf field of row after row: bound to a column or an expression once, then one call a row. Used on one thread.
class LeafReader {
    /// False, with nothing written, where the row has no value.
    func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        preconditionFailure("a reader that reads nothing")
    }

    /// Asks of memory what `write` reads of a few rows before it comes to their values.
    func readSoon(_ rows: borrowing Span<RowNumber>) {}

    /// What its column of a batch holds.
    var batchValue: ObjectProgram.Value { .written }

    /// Makes the field's column of a batch, which has begun: one value a row. Texts are put there as they are, and those that are missing
    /// are left for whoever escapes them to find.
    /// - Returns: false where a row has no value but must; the batch is then worth nothing.
    func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        for index in rows.indices {
            if try !write(rows[index], to: &batch.values) {
                if isNonNull { return false }
                batch.values.null()
            }
            batch.endValue()
        }
        return true
    }
}

// MARK: - Columns

final class BooleanReader: LeafReader {
    private let column: BooleanColumn
    init(_ column: BooleanColumn) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let value = column[Int(row)] else { return false }
        writer.boolean(value)
        return true
    }
}

final class IntReader: LeafReader {
    private let column: FixedWidthColumn<Int32>
    init(_ column: FixedWidthColumn<Int32>) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let value = column[Int(row)] else { return false }
        writer.int(value)
        return true
    }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        let column = column
        return column.read(rows) { value in
            if let value {
                batch.values.int(value)
            } else {
                if isNonNull { return false }
                batch.values.null()
            }
            batch.endValue()
            return true
        }
    }
}

final class FloatReader: LeafReader {
    private let column: FixedWidthColumn<Double>
    init(_ column: FixedWidthColumn<Double>) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let value = column[Int(row)] else { return false }
        writer.float(value)
        return true
    }
}

final class DecimalReader: LeafReader {
    private let column: FixedWidthColumn<Int64>
    private let fractionDigits: Int
    private let isQuoted: Bool

    init(_ column: FixedWidthColumn<Int64>, fractionDigits: Int, isQuoted: Bool) {
        self.column = column
        self.fractionDigits = fractionDigits
        self.isQuoted = isQuoted
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let value = column[Int(row)] else { return false }
        writer.decimal(unscaled: value, fractionDigits: fractionDigits, isQuoted: isQuoted)
        return true
    }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        let column = column
        return column.read(rows) { value in
            if let value {
                batch.values.decimal(unscaled: value, fractionDigits: fractionDigits, isQuoted: isQuoted)
            } else {
                if isNonNull { return false }
                batch.values.null()
            }
            batch.endValue()
            return true
        }
    }
}

final class DateReader: LeafReader {
    private let column: FixedWidthColumn<Int32>
    init(_ column: FixedWidthColumn<Int32>) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let days = column[Int(row)] else { return false }
        writer.date(days: days)
        return true
    }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        let column = column
        return column.read(rows) { value in
            if let value {
                batch.values.date(days: value)
            } else {
                if isNonNull { return false }
                batch.values.null()
            }
            batch.endValue()
            return true
        }
    }
}

final class DateTimeReader: LeafReader {
    private let column: FixedWidthColumn<Int64>
    init(_ column: FixedWidthColumn<Int64>) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let microseconds = column[Int(row)] else { return false }
        writer.string(Instant(microseconds: microseconds).description)
        return true
    }
}

final class EnumerationReader: LeafReader {
    private let column: FixedWidthColumn<UInt16>
    private let names: NameList

    init(_ column: FixedWidthColumn<UInt16>, names: [[UInt8]]) {
        self.column = column
        self.names = NameList(names)
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let code = column[Int(row)] else { return false }
        let names = names
        writer.raw(names[Int(code)])
        return true
    }

    override var batchValue: ObjectProgram.Value { .json }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        let (column, names) = (column, names)
        names.begin(rows.count, &batch.pieces)
        return column.read(rows) { code in
            guard let code else {
                if isNonNull { return false }
                batch.pieces.appendNone()
                return true
            }
            names.append(Int(code), to: &batch.pieces)
            return true
        }
    }
}

/// The names of an enumeration's values, quoted, by code.
private struct NameList {
    /// One behind the other, and a stride of room.
    private let bytes: Elements<UInt8>
    private let ends: [Int]

    init(_ names: [[UInt8]]) {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for name in names {
            bytes += name
            ends.append(bytes.count)
        }
        self.bytes = Elements(copying: bytes + repeatElement(0, count: ByteRoom.stride))
        self.ends = ends
    }

    private func start(of code: Int) -> Int { code == 0 ? 0 : ends[code - 1] }

    subscript(code: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span(heldBy: self).extracting(start(of: code)..<ends[code]) }
    }

    func begin(_ count: Int, _ pieces: inout BytePieces) {
        pieces.hold(bytes)
        pieces.reserve(count)
    }

    func append(_ code: Int, to pieces: inout BytePieces) {
        pieces.append(bytes.span(heldBy: self), from: start(of: code), to: ends[code])
    }
}

final class EnumerationListReader: LeafReader {
    private let column: ListColumn<UInt16>
    private let names: [[UInt8]]

    init(_ column: ListColumn<UInt16>, names: [[UInt8]]) {
        self.column = column
        self.names = names
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        let column = column
        guard !column.isNull(at: Int(row)) else { return false }
        let codes = column.list(at: Int(row))
        writer.beginArray()
        for index in codes.indices {
            writer.separate()
            writer.raw(names[Int(codes[index])])
        }
        writer.endArray()
        return true
    }
}

final class StringReader: LeafReader {
    private let column: DictionaryColumn
    init(_ column: DictionaryColumn) { self.column = column }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let code = column.codes[Int(row)] else { return false }
        let dictionary = column.dictionary
        writer.string(dictionary.bytes(of: code))
        return true
    }

    override func readSoon(_ rows: borrowing Span<RowNumber>) { column.placesSoon(of: rows) }

    override var batchValue: ObjectProgram.Value { .text }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        column.append(rows, to: &batch.pieces)
        return true
    }
}

// MARK: - Dated and derived

/// A column of the dated row that is valid.
final class DatedReader: LeafReader {
    private let edge: EdgeReader
    private let column: LeafReader

    init(_ edge: EdgeReader, _ column: LeafReader) {
        self.edge = edge
        self.column = column
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let dated = try edge.row(of: row) else { return false }
        return try column.write(dated, to: &writer)
    }
}

/// A derived field.
final class ExpressionReader: LeafReader {
    private var evaluator: ValueEvaluator
    private let kind: LeafKind
    private let style: NumberStyle

    init(_ evaluator: ValueEvaluator, _ kind: LeafKind, style: NumberStyle) {
        self.evaluator = evaluator
        self.kind = kind
        self.style = style
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        try writer.scalar(try evaluator.value(of: row), kind, style)
    }

    override func write(
        _ rows: borrowing Span<RowNumber>, isNonNull: Bool, toColumn number: Int, of batch: inout ObjectBatch
    ) throws(EvaluationError) -> Bool {
        let (kind, style) = (kind, style)
        return try evaluator.forEachValue(of: rows) { (value) throws(EvaluationError) in
            if try !batch.values.scalar(value, kind, style) {
                if isNonNull { return false }
                batch.values.null()
            }
            batch.endValue()
            return true
        }
    }
}

extension JSONWriter {
    /// A value as a leaf of some kind; false, with nothing written, for null.
    mutating func scalar(_ scalar: Scalar, _ kind: LeafKind, _ style: NumberStyle) throws(EvaluationError) -> Bool {
        switch (scalar, kind) {
        case (.boolean(let value), _): boolean(value)
        case (.int(let value), _):
            // Expressions count in 64 bits. GraphQL §3.5.1 has 32.
            guard let value = Int32(exactly: value) else { throw .overflow("\(value) is no Int of 32 bits") }
            int(value)
        case (.float(let value), _): float(value)
        case (.decimal(let value), _):
            decimal(unscaled: value.unscaled, fractionDigits: value.fractionDigits, isQuoted: style.quotesExact)
        case (.ratio(let value), _) where style.showsFractions: string(value.description)
        case (.ratio(let value), .ratio(let digits)):
            if let rounded = value.rounded(to: digits) {
                decimal(unscaled: rounded.unscaled, fractionDigits: digits, isQuoted: style.quotesExact)
            } else {
                let text = value.text(fractionDigits: digits)
                if style.quotesExact { string(text) } else { raw(Array(text.utf8)) }
            }
        case (.date(let value), _): date(days: value.days)
        case (.dateTime(let value), _): string(value.description)
        case (.string(let value), _): string(value)
        case (.enumeration(let code), .enumeration(let names)): raw(names[Int(code)])
        case (.null, _), (.row, _), (.ratio, _), (.enumeration, _): return false
        }
        return true
    }
}

extension JSONWriter {
    mutating func decimal(unscaled: Int64, fractionDigits: Int, isQuoted: Bool) {
        if isQuoted { byte(UInt8(ascii: "\"")) }
        decimal(unscaled: unscaled, fractionDigits: fractionDigits)
        if isQuoted { byte(UInt8(ascii: "\"")) }
    }

    /// `"2018-12-31"`
    mutating func date(days: Int32) {
        // Columns hold no day that is none.
        guard let date = CivilDate(days: days) else { return null() }
        byte(UInt8(ascii: "\""))
        let (year, month, day) = (date.year, date.month, date.day)
        digits(year / 100)
        digits(year % 100)
        byte(UInt8(ascii: "-"))
        digits(month)
        byte(UInt8(ascii: "-"))
        digits(day)
        byte(UInt8(ascii: "\""))
    }

    /// Two digits.
    private mutating func digits(_ number: Int) {
        byte(UInt8(truncatingIfNeeded: 0x30 &+ number / 10))
        byte(UInt8(truncatingIfNeeded: 0x30 &+ number % 10))
    }
}
