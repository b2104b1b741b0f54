import Model
import StoreColumns

/// Reads the rows that one type mapping of one file makes, in one thread. A value, which its owner holds in its hands while it reads.
struct TypeReader {
    /// Among the types that are loaded.
    let type: Int
    /// Position among the file's mappings.
    let plan: Int
    let isDistinct: Bool
    /// Whether a row may be left out for want of a value.
    let hasNeeded: Bool
    private let conditions: [RowCondition]
    private var fields: [FieldReader]
    /// Which fields are the key's, in its order.
    private let keyFields: [Int]
    private let hasOneStringKey: Bool
    /// Columns that this mapping gives no value for.
    private let emptyPositions: [Int]
    /// Where the row's first and last date are.
    private let period: (from: Int, to: Int)?
    private var values: [FieldValue]

    enum Outcome {
        case row
        case leftOut
        /// The files are wrong.
        case wrong
    }

    /// - Parameters:
    ///   - load: The type's load, at position `type` of all.
    ///   - keys: Where the rows of types stand; nil while that is not known.
    init(_ plan: TypePlan, at position: Int, _ load: TypeLoad, _ type: Int, _ model: Model, keys: [NodeTypeID: KeyRows]?) {
        let modelType = load.type
        let definition = model.catalog[plan.type]
        self.type = type
        self.plan = position
        isDistinct = plan.isDistinct
        conditions = plan.conditions.map(\.copied)
        var fields: [FieldReader] = []
        var emptyPositions: [Int] = []
        for (position, slot) in plan.slots.enumerated() {
            guard let slot else {
                emptyPositions.append(position)
                continue
            }
            let target = definition.columns[slot.column].kind.referredType
            fields.append(
                FieldReader(
                    slot, at: position, modelType, model, plan.profile,
                    keys: keys.flatMap { keys in target.map { keys[$0] ?? KeyRows() } }))
        }
        self.fields = fields
        self.emptyPositions = emptyPositions
        hasNeeded = fields.contains(where: \.isNeeded)
        keyFields = definition.key.compactMap { column in
            load.columns.firstIndex(of: column).flatMap { position in fields.firstIndex { $0.position == position } }
        }
        hasOneStringKey = KeyText.isOneString(plan.type, in: model.catalog)
        // What was accepted once is not judged again.
        period =
            plan.profile == .exact
            ? nil
            : modelType.period.flatMap { dates in
                guard let from = load.columns.firstIndex(of: dates.fromColumn),
                    let to = load.columns.firstIndex(of: dates.toColumn)
                else { return nil }
                return (from, to)
            }
        values = Array(repeating: .nothing, count: load.columns.count)
    }

    // What is asked of each row is asked in place, as a change: else the reader, which is large, would be copied for it.

    mutating func holds(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> Bool {
        conditions.isEmpty || text.holds(conditions, row, bytes)
    }

    /// Behind the last of the file's columns that say whether there is a row, and with which key.
    var keyColumnEnd: Int {
        let read = isDistinct || hasNeeded ? Array(fields.indices) : keyFields
        return (conditions.map(\.column) + read.flatMap { fields[$0].columns }).max().map { $0 + 1 } ?? 1
    }

    /// Reads the values of a row.
    mutating func read(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> Outcome {
        var isLeftOut = false
        for field in fields.indices {
            guard let value = fields[field].read(row, &text, bytes) else { return .wrong }
            if hasNeeded, fields[field].isNeeded, case .nothing = value { isLeftOut = true }
            values[fields[field].position] = value
        }
        if isLeftOut { return .leftOut }
        for field in keyFields {
            if case .nothing = values[fields[field].position] { return .wrong }
        }
        if let period, case .number(let start) = values[period.from], case .number(let end) = values[period.to], end < start {
            return .wrong
        }
        return .row
    }

    /// Reads the values of a row's key only.
    mutating func readKey(_ row: CSVRow, _ text: inout RowText, _ bytes: Span<UInt8>) -> Bool {
        for field in keyFields {
            guard let value = fields[field].read(row, &text, bytes) else { return false }
            values[fields[field].position] = value
        }
        return true
    }

    /// Appends the key of the row that was read, as `KeyEncoding` writes it; false where it has none.
    mutating func appendKey(_ text: inout RowText, _ bytes: Span<UInt8>, _ model: Model, to key: inout [UInt8]) -> Bool {
        for (place, field) in keyFields.enumerated() {
            if place > 0 { KeyEncoding.appendSeparator(to: &key) }
            switch values[fields[field].position] {
            case .number(let number): KeyEncoding.append(number: number, to: &key)
            case .text(.inFile(let range)):
                guard append(bytes.extracting(range), fields[field].shape, model, to: &key) else { return false }
            case .text(.inBuffer(let range)):
                guard append(text.buffer.span.extracting(range), fields[field].shape, model, to: &key) else { return false }
            case .nothing, .list, .text(.nothing): return false
            }
        }
        return !keyFields.isEmpty
    }

    private func append(_ text: Span<UInt8>, _ shape: KeyShape?, _ model: Model, to key: inout [UInt8]) -> Bool {
        if hasOneStringKey {
            for index in text.indices { key.append(text[index]) }
        } else if let shape, !shape.isOneString {
            guard let other = try? shape.key(text, model) else { return false }
            KeyEncoding.append(other, isOneString: false, to: &key)
        } else {
            KeyEncoding.append(escaped: text, to: &key)
        }
        return true
    }

    /// Appends the row that was read to the pieces of its columns.
    mutating func append(to pieces: inout [ColumnPiece], _ text: inout RowText, _ bytes: Span<UInt8>) {
        for field in fields.indices {
            let position = fields[field].position
            switch values[position] {
            case .number(let number): pieces[position].append(number: number)
            case .nothing, .text(.nothing): pieces[position].appendNull()
            case .list: pieces[position].append(list: fields[field].list)
            case .text(.inFile(let range)): pieces[position].append(text: bytes.extracting(range))
            case .text(.inBuffer(let range)): pieces[position].append(text: text.buffer.span.extracting(range))
            }
        }
        for position in emptyPositions { pieces[position].appendNull() }
    }
}
