import Expressions
import StoreColumns

extension Personal.Mask {
    /// Whether the mask leaves something of a field's values: each is for values of some types.
    func leavesSomething(of source: FieldSource, in model: Model) -> Bool {
        let type: ExpressionType
        switch source {
        case .column(_, let value), .validColumn(_, _, let value), .derived(_, let value): type = value
        case .toOne, .toMany: return false
        }
        switch (self, type) {
        case (.name, .string), (.idNumber, .string), (.phone, .string), (.account, .string), (.area, .string): return true
        case (.year, .date), (.year, .dateTime): return true
        case (.band, .int), (.band, .decimal): return true
        case (.band, .enumeration(let id)), (.band, .enumerationList(let id)):
            return model[id].values.contains { $0.maskedName != nil }
        default: return false
        }
    }
}
