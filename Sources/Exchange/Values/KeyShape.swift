import Model
import StoreColumns

/// How the business key of a type is written in one text: its values in order, those of referenced keys in their place, joined
/// by `|`. A `|` or `\` inside a value has a `\` before it.
struct KeyShape: Sendable {
    indirect enum Part: Sendable {
        case value(ColumnKind)
        case reference(KeyShape)
    }
    var parts: [Part]
    /// What each value is called from the row that holds the reference: `author.number`.
    var paths: [String]
    /// The key is one text: the common case.
    var isOneString: Bool

    init(of type: NodeTypeID, in catalog: Catalog) {
        var parts: [Part] = []
        var paths: [String] = []
        for column in catalog[type].key {
            let definition = catalog[type].columns[column]
            if case .reference(let target) = definition.kind {
                let shape = KeyShape(of: target, in: catalog)
                parts.append(.reference(shape))
                paths += shape.paths.map { "\(definition.name).\($0)" }
            } else {
                parts.append(.value(definition.kind))
                paths.append(definition.name)
            }
        }
        self.parts = parts
        self.paths = paths
        isOneString = KeyText.isOneString(type, in: catalog)
    }

    /// The key that a text names.
    func key(_ text: Span<UInt8>, _ model: Model) throws(ValueProblem) -> Key {
        if isOneString { return Key([.string(String(checked: text))]) }
        var values = Self.split(text)
        guard values.count == paths.count else { throw .keyParts(expected: paths.count, found: values.count) }
        values.reverse()
        return try key(taking: &values, model)
    }

    /// The key whose values are the last of the list, in reverse.
    private func key(taking values: inout [[UInt8]], _ model: Model) throws(ValueProblem) -> Key {
        var keyParts: [KeyPart] = []
        for part in parts {
            switch part {
            case .reference(let shape): keyParts.append(.reference(try shape.key(taking: &values, model)))
            case .value(let kind):
                let value = values.popLast() ?? []
                keyParts.append(try Self.part(value, kind, model))
            }
        }
        return Key(keyParts)
    }

    private static func part(_ value: [UInt8], _ kind: ColumnKind, _ model: Model) throws(ValueProblem) -> KeyPart {
        let text = value.span
        switch kind {
        case .string: return .string(String(decoding: value, as: UTF8.self))
        case .int: return .int(try NumberText.int(text))
        case .decimal(let digits): return .decimal(try NumberText.decimal(text, fractionDigits: digits))
        case .date: return .date(try DateText.days(text))
        case .boolean: return .boolean(try BooleanText.value(text))
        case .enumeration(let id): return .enumeration(try EnumerationText.code(text, model[id]))
        case .dateTime: return .dateTime(try DateTimeText.microseconds(text))
        case .float, .reference, .enumerationList, .referenceList: throw .keyParts(expected: 1, found: 0)
        }
    }

    /// Between the `|` that have no `\` before them, without the `\`.
    static func split(_ text: Span<UInt8>) -> [[UInt8]] {
        var values: [[UInt8]] = [[]]
        var index = 0
        while index < text.count {
            var byte = text[index]
            if byte == UInt8(ascii: "|") {
                values.append([])
                index += 1
                continue
            }
            if byte == UInt8(ascii: "\\"), index + 1 < text.count {
                index += 1
                byte = text[index]
            }
            values[values.count - 1].append(byte)
            index += 1
        }
        return values
    }
}
