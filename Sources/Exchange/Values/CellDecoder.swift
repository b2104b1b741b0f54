import Model
import StoreColumns

/// Text of a cell → value of one field. It remembers the enum texts it has met.
final class CellDecoder {
    private let kind: ColumnKind
    private let model: Model
    private let isIdentityNumber: Bool
    private let profile: CellProfile
    /// What a cell without text stands for: no value; for a list that is always there, the empty one.
    let empty: Cell
    /// For references.
    private let key: KeyShape?
    private var codes = ByteMap<UInt16>()
    /// Rows of a file name few rows of another: their keys are made once and shared.
    private var keys = ByteMap<Key>()
    private static let keptKeyCount = 1 << 16

    init(_ field: ModelField, _ column: ColumnDefinition, in model: Model, _ profile: CellProfile) {
        self.profile = profile
        self.model = model
        kind = column.kind
        isIdentityNumber = field.personal?.mask == .idNumber
        switch column.kind {
        case .enumerationList where !column.isNullable: empty = .enumerationList([])
        case .referenceList where !column.isNullable: empty = .referenceList([])
        default: empty = .null
        }
        switch column.kind {
        case .reference(let target), .referenceList(let target): key = KeyShape(of: target, in: model.catalog)
        default: key = nil
        }
    }

    /// The value of a text that is not empty.
    func decode(_ text: Span<UInt8>) throws(ValueProblem) -> Cell {
        if case .string = kind {
            if profile == .exact { return .string(String(checked: text)) }
            return .string(try StringText.value(text, isIdentityNumber: isIdentityNumber))
        }
        // Keys are never changed.
        if case .reference = kind { return try value(text) }
        let range = TextForm.trimmed(text, 0..<text.count)
        guard !range.isEmpty else { return empty }
        let trimmed = text.extracting(range)
        guard TextForm.mayHoldFullWidth(trimmed), !isKeyed else { return try value(trimmed) }
        var half: [UInt8] = []
        for index in trimmed.indices { half.append(trimmed[index]) }
        TextForm.makeHalfWidth(&half)
        return try value(half.span)
    }

    /// Enums and keys are compared as they are: the model knows the forms of an enum's names, and keys are never changed.
    private var isKeyed: Bool {
        switch kind {
        case .reference, .referenceList, .enumeration, .enumerationList, .string: true
        case .boolean, .int, .decimal, .float, .date, .dateTime: false
        }
    }

    private func value(_ text: Span<UInt8>) throws(ValueProblem) -> Cell {
        switch kind {
        case .boolean: return .boolean(try BooleanText.value(text))
        case .int: return .int(try NumberText.int(text))
        case .decimal(let digits): return .decimal(try NumberText.decimal(text, fractionDigits: digits))
        case .float: return .float(try NumberText.float(text))
        case .date: return .date(try DateText.days(text))
        case .dateTime: return .dateTime(try DateTimeText.microseconds(text))
        case .enumeration(let id): return .enumeration(try code(text, id))
        case .string: return .string(String(checked: text))
        case .reference: return .reference(try reference(text))
        case .enumerationList(let id):
            var list: [UInt16] = []
            for element in ListText.elements(text) { list.append(try code(ListText.unescaped(element).span, id)) }
            return .enumerationList(list)
        case .referenceList:
            var list: [Key] = []
            for element in ListText.elements(text) {
                // A key of one text has no escapes of its own; in a longer key they part the values.
                let text = key?.isOneString == true ? ListText.unescaped(element) : element
                list.append(try reference(text.span))
            }
            return .referenceList(list)
        }
    }

    private func code(_ text: Span<UInt8>, _ id: EnumerationID) throws(ValueProblem) -> UInt16 {
        if let code = codes.find(text) { return code }
        let code = try EnumerationText.code(text, model[id])
        _ = codes.insert(text, code)
        return code
    }

    private func reference(_ text: Span<UInt8>) throws(ValueProblem) -> Key {
        guard let key else { preconditionFailure("a reference column has the shape of its target's key") }
        if let known = keys.find(text) { return known }
        if key.isOneString, profile == .lenient { try StringText.check(text) }
        let made = try key.key(text, model)
        if keys.count >= Self.keptKeyCount { keys = ByteMap<Key>() }
        _ = keys.insert(text, made)
        return made
    }
}
