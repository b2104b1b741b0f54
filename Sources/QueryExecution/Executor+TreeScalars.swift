import GraphQLTypes
import JSONText
import QueryPlanning

/// Result coercion of scalars. GraphQL §3.5 "Result Coercion"
extension Executor {
    mutating func completeScalar(_ value: TreeValue, _ type: TypeID) throws(Interruption) {
        guard let builtIn = plan.schema.writtenScalar(type) else { return try writeJSON(value) }
        switch (builtIn, value) {
        case (.int, .boolean(let flag)): writer.int(flag ? 1 : 0)
        case (.int, .number(let text)), (.int, .string(let text)):
            guard let number = Double(text), let integer = Int32(exactly: number) else { throw mismatch(value, type) }
            writer.int(integer)
        case (.float, .boolean(let flag)): writer.int(flag ? 1 : 0)
        case (.float, .number(let text)): try writeNumber(text, value, type)
        case (.float, .string(let text)):
            guard !text.isEmpty else { throw mismatch(value, type) }
            try writeNumber(text, value, type)
        case (.string, .string(let text)), (.id, .string(let text)): writer.string(text)
        case (.string, .boolean(let flag)): writer.string(flag ? "true" : "false")
        case (.string, .number(let text)): writer.string(text)
        case (.id, .number(let text)):
            guard let number = Double(text), let integer = Int64(exactly: number) else { throw mismatch(value, type) }
            writer.string(String(integer))
        case (.boolean, .boolean(let flag)): writer.boolean(flag)
        case (.boolean, .number(let text)):
            guard let number = Double(text) else { throw mismatch(value, type) }
            writer.boolean(number != 0)
        default: throw mismatch(value, type)
        }
    }

    private mutating func writeNumber(_ text: String, _ value: TreeValue, _ type: TypeID) throws(Interruption) {
        guard let number = Double(text), number.isFinite else { throw mismatch(value, type) }
        if let integer = Int64(exactly: number) { writer.int(integer) } else { writer.float(number) }
    }

    private mutating func mismatch(_ value: TreeValue, _ type: TypeID) -> Interruption {
        fail("\(value.phrase) cannot be shown as \(plan.schema[type].name).")
    }

    /// A custom scalar's value is whatever it is.
    private mutating func writeJSON(_ value: TreeValue) throws(Interruption) {
        switch value {
        case .null: writer.null()
        case .boolean(let flag): writer.boolean(flag)
        case .number(let text): writer.raw(Array(text.utf8))
        case .string(let text): writer.string(text)
        case .list(let items):
            writer.beginArray()
            for item in items {
                writer.separate()
                try writeJSON(item)
            }
            writer.endArray()
        case .object(.members(let members)):
            writer.beginObject()
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                writer.name(name)
                try writeJSON(member)
            }
            writer.endObject()
        case .object(.introspection), .object(.lazy): writer.null()
        case .failure(let message, let extensions): throw fail(message, extensions: extensions)
        }
    }
}

extension Schema {
    /// The scalar of the specification that a type is; nil where it is something else, or where a behaviour of its own was given.
    func writtenScalar(_ type: TypeID) -> BuiltInScalar? {
        types[type.index].scalar == nil ? types[type.index].builtInScalar : nil
    }
}
