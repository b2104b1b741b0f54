import Expressions
import JSONText
import Model
import StoreColumns

/// A field of which the reader sees what a mask leaves.
final class MaskedReader: LeafReader {
    private var evaluator: ValueEvaluator
    private let mask: FieldMask
    private let day: CivilDate

    init(_ evaluator: ValueEvaluator, _ mask: FieldMask, on day: CivilDate) {
        self.evaluator = evaluator
        self.mask = mask
        self.day = day
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        guard let text = mask.text(try evaluator.value(of: row), on: day) else { return false }
        writer.string(text)
        return true
    }
}

/// A list of enum values of which the reader sees coarser ones.
final class MaskedListReader: LeafReader {
    private let column: ListColumn<UInt16>
    private let mask: FieldMask

    init(_ column: ListColumn<UInt16>, _ mask: FieldMask) {
        self.column = column
        self.mask = mask
    }

    override func write(_ row: RowNumber, to writer: inout JSONWriter) throws(EvaluationError) -> Bool {
        let column = column
        guard !column.isNull(at: Int(row)) else { return false }
        let list = column.list(at: Int(row))
        var codes: [UInt16] = []
        for index in list.indices { codes.append(list[index]) }
        writer.beginArray()
        for text in mask.texts(codes) {
            writer.separate()
            writer.string(text)
        }
        writer.endArray()
        return true
    }
}
