import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Introspection")
struct IntrospectionTests {
    private static let sdl = """
        "All of it" schema { query: Q mutation: M }
        interface Node { id: ID! }
        type Q implements Node { id: ID! old: Int @deprecated(reason: "x") f(a: I = { n: 1 } b: Int @deprecated): [U!]! }
        type M { id(by: E = A): ID }
        union U = Q | M
        enum E { A B @deprecated }
        input I @oneOf { n: Int o: [E!] @deprecated }
        input J { i: I! = { n: 1 } s: String = "é\\n" }
        scalar S @specifiedBy(url: "https://example.org")
        directive @d(a: J) repeatable on FIELD | QUERY
        directive @gone @deprecated on FIELD
        """

    /// Walks everything that can be reached, each node once, asking for every field that the introspection schema defines.
    @Test(arguments: [true, false])
    func `every node answers every field of its type with a value of the field's type`(includesDeprecated: Bool) throws {
        let built = try schema(Self.sdl)
        let arguments = InputObject([.init(name: "includeDeprecated", value: .boolean(includesDeprecated))])
        var open: [IntrospectionNode] = [.schema]
        var seen: Set<IntrospectionNode> = [.schema]
        var answered: Set<String> = []
        while let node = open.popLast() {
            let type = built[try #require(built.type(named: node.typeName))]
            for field in type.fields {
                let value = built.introspect(node, field: field.name, arguments: arguments)
                let coordinate = "\(type.name).\(field.name)"
                #expect(fits(value, field.type, built), "\(coordinate) of \(node) gives \(value)")
                if value != .null { answered.insert(coordinate) }
                let nodes: [IntrospectionNode] =
                    switch value {
                    case .node(let node): [node]
                    case .nodes(let nodes): nodes
                    default: []
                    }
                for next in nodes where seen.insert(next).inserted { open.append(next) }
            }
            #expect(built.introspect(node, field: "noSuchField", arguments: arguments) == .null)
        }
        // The sample has something of everything, so every field had a value somewhere.
        let all = built.types.filter { $0.name.hasPrefix("__") }.flatMap { type in type.fields.map { "\(type.name).\($0.name)" } }
        let never = Set(all).subtracting(answered)
        #expect(
            never.sorted()
                == (includesDeprecated
                    ? ["__Schema.subscriptionType"]
                    : [
                        "__Directive.deprecationReason", "__EnumValue.deprecationReason", "__Field.deprecationReason",
                        "__InputValue.deprecationReason", "__Schema.subscriptionType",
                    ]))
    }

    private func fits(_ value: IntrospectionValue, _ type: TypeReference, _ schema: Schema) -> Bool {
        if type.isNonNull { return value != .null && fits(value, type.nullable, schema) }
        if value == .null { return true }
        if let element = type.element {
            return switch value {
            case .nodes(let nodes): nodes.allSatisfy { fits(.node($0), element, schema) }
            case .enumerations(let names): names.allSatisfy { fits(.enumeration($0), element, schema) }
            default: false
            }
        }
        let named = schema[type.named]
        return switch value {
        case .boolean: named.name == "Boolean"
        case .string: named.name == "String"
        case .enumeration(let name): named.enumValueIndex(named: name) != nil
        case .node(let node): node.typeName == named.name
        case .null, .nodes, .enumerations: false
        }
    }

    @Test func `what is deprecated shows only when asked for`() throws {
        let built = try schema(Self.sdl)
        func names(_ node: IntrospectionNode, _ field: String, all: Bool) -> [IntrospectionValue] {
            let arguments = InputObject([.init(name: "includeDeprecated", value: .boolean(all))])
            guard case .nodes(let nodes) = built.introspect(node, field: field, arguments: arguments) else { return [] }
            return nodes.map { built.introspect($0, field: "name", arguments: InputObject([])) }
        }
        func type(_ name: String) throws -> IntrospectionNode { try #require(built.introspectedType(named: name)) }
        let field = IntrospectionNode.field(try #require(built.type(named: "Q")), 2)
        for (node, list, hidden) in [
            (try type("Q"), "fields", "old"), (try type("E"), "enumValues", "B"), (try type("I"), "inputFields", "o"),
            (field, "args", "b"), (.schema, "directives", "gone"),
        ] {
            #expect(names(node, list, all: true).filter { $0 != .string(hidden) } == names(node, list, all: false))
            #expect(names(node, list, all: true).contains(.string(hidden)))
        }
    }

    @Test func `a wrapped type unwraps one layer at a time`() throws {
        let built = try schema(Self.sdl)
        let query = try #require(built.queryType)
        var kinds: [IntrospectionValue] = []
        var node: IntrospectionValue = .node(.type(built[query].fields[2].type))
        while case .node(let inner) = node {
            kinds.append(built.introspect(inner, field: "kind", arguments: InputObject([])))
            node = built.introspect(inner, field: "ofType", arguments: InputObject([]))
        }
        #expect(kinds == ["NON_NULL", "LIST", "NON_NULL", "UNION"].map { .enumeration($0) })
    }

    @Test func `a default shows as it was written`() throws {
        let built = try schema(Self.sdl)
        let type = try #require(built.type(named: "J"))
        let shown = (0..<2).map { built.introspect(.inputField(type, $0), field: "defaultValue", arguments: InputObject([])) }
        #expect(shown == [.string("{ n: 1 }"), .string("\"é\\n\"")])
    }

    @Test func `meta fields stand where the specification puts them`() throws {
        let built = try schema(Self.sdl)
        func type(_ name: String) throws -> TypeID { try #require(built.type(named: name)) }
        for name in ["Q", "M", "U", "Node", "__Type"] {
            #expect(built.field(named: "__typename", on: try type(name))?.type.text(in: built) == "String!")
        }
        for name in ["E", "I", "S"] { #expect(built.field(named: "__typename", on: try type(name)) == nil) }
        #expect(built.field(named: "__schema", on: try type("Q"))?.type.text(in: built) == "__Schema!")
        #expect(built.field(named: "__type", on: try type("Q"))?.arguments.map { $0.type.text(in: built) } == ["String!"])
        #expect(built.field(named: "__schema", on: try type("M")) == nil)
        #expect(built.field(named: "id", on: try type("Q"))?.name == "id")
    }
}
