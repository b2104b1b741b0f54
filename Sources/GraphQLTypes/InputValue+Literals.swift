import GraphQLSyntax

extension Document {
    /// A literal as a value, not coerced to any type; variables stay variables.
    package func inputValue(of position: Position<Value>) -> InputValue {
        let value = self[position]
        switch value.kind {
        case .variable(let name): return .variable(self[name])
        case .int, .float: return .number(source.text(value.range))
        case .string(let string): return .string(text(of: string))
        case .boolean(let flag): return .boolean(flag)
        case .null: return .null
        case .enumeration(let name): return .enumeration(self[name])
        case .list(let items): return .list(items.indices.map { inputValue(of: Position($0)) })
        case .object(let fields):
            return .object(InputObject(self[fields].map { .init(name: self[$0.name.id], value: inputValue(of: $0.value)) }))
        }
    }
}
