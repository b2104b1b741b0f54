import GraphQLTypes
import JSONText

extension InputValue {
    /// Reads a JSON text. Numbers keep their text, so that nothing goes through a double; entries keep their order.
    ///
    /// - Parameter refusesLists: Whether a list at the top is refused as a batch, before it is read.
    init(json bytes: [UInt8], limits: QueryLimits, refusesLists: Bool) throws(RequestError) {
        if limits.variableDepth > 0, let plain = Self.plainObject(bytes, limits) {
            self = plain
            return
        }
        var reader = JSONReader(bytes, limits: .init(depth: limits.variableDepth, members: limits.variableMembers))
        do throws(JSONError) {
            let first = try reader.next() ?? .null
            guard !refusesLists || first != .beginArray else {
                self = .list([])
                return
            }
            self = try Self.value(first, &reader)
            // What follows the value is for the reader to refuse.
            _ = try reader.next()
        } catch {
            throw RequestError(error)
        }
    }

    /// Members that are compared with each other to find a name given twice; more are left to the reader.
    private static let plainMemberLimit = 8

    /// An object of a few texts, Booleans and nulls; nil for everything else.
    private static func plainObject(_ bytes: [UInt8], _ limits: QueryLimits) -> InputValue? {
        var entries: [InputObject.Entry] = []
        let isPlain = PlainMembers.read(bytes.span) { name, token in
            guard entries.count < min(plainMemberLimit, limits.variableMembers),
                !entries.contains(where: { $0.name.utf8.elementsEqual(name.utf8) })
            else { return false }
            let value: InputValue =
                switch token {
                case .string(let text): .string(text)
                case .boolean(let flag): .boolean(flag)
                default: .null
                }
            entries.append(.init(name: name, value: value))
            return true
        }
        return isPlain ? .object(InputObject(entries)) : nil
    }

    /// The value that begins with a token. The reader bounds the depth.
    private static func value(_ token: JSONToken, _ reader: inout JSONReader) throws(JSONError) -> InputValue {
        switch token {
        case .beginObject:
            var entries: [InputObject.Entry] = []
            while case .key(let name)? = try reader.next() {
                guard let first = try reader.next() else { break }
                entries.append(.init(name: name, value: try value(first, &reader)))
            }
            return .object(InputObject(entries))
        case .beginArray:
            var items: [InputValue] = []
            while let first = try reader.next(), first != .endArray { items.append(try value(first, &reader)) }
            return .list(items)
        case .string(let text): return .string(text)
        case .number(let text): return .number(text)
        case .boolean(let flag): return .boolean(flag)
        case .null, .key, .endObject, .endArray: return .null
        }
    }
}
