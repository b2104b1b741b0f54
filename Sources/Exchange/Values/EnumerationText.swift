import Model
import Settings

/// Text of files → values of an enum, by name, label or alias.
enum EnumerationText {
    static func code(_ text: Span<UInt8>, _ enumeration: ModelEnumeration) throws(ValueProblem) -> UInt16 {
        let text = String(checked: text)
        switch enumeration.value(forText: text) {
        case .one(let position):
            guard let code = UInt16(exactly: position) else { throw .unknownValue(hint: "") }
            return code
        case .several(let positions):
            // Whoever writes the name itself means it, whatever else is called so.
            if let named = positions.first(where: { enumeration.values[$0].name == text }), let code = UInt16(exactly: named) {
                return code
            }
            throw .ambiguousValue(positions.map { enumeration.values[$0].name })
        case .none:
            let known = enumeration.values.flatMap { value in [value.name] + (value.label.chinese.map { [$0] } ?? []) }
            let near = didYouMean(text, among: known)
            let list = enumeration.values.prefix(12).map(\.name).joined(separator: ", ")
            throw .unknownValue(hint: near.isEmpty ? " It may be \(list)\(enumeration.values.count > 12 ? ", …" : "")." : near)
        }
    }
}
