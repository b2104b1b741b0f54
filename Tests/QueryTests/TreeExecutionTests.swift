import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning
import Testing

/// Null propagation and error paths, on trees that can be wrong in every place. GraphQL §6.4.4
@Suite struct `Nulls and errors` {
    private static let schema = """
        type Query { may: Item must: Item! list: [Item] full: [Item!] strict: [Item!]! grid: [[Int!]] text: String count: Int
          kind: Kind any: Any anys: [Named] }
        type Item { name: String must: String! inner: Item innerMust: Item! }
        interface Named { name: String }
        type A implements Named { name: String a: Int }
        type B implements Named { name: String b: Int! }
        union Any = A | B
        enum Kind { GOOD BAD }
        """

    private func run(_ query: String, _ root: [String: TreeValue]) throws -> (data: String, errors: [String]) {
        let schema = try buildSchema([try parse(Source(Self.schema))])
        let document = try parse(Source(query))
        guard case .operation(let operation)? = document.definitions.first, let type = schema.queryType else {
            throw NoOperation()
        }
        let plan = Plan(unvalidated: document, operation: operation, rootType: type, schema: schema, variables: [:])
        let tree = TreeSource(
            root: .members(root), resolve: { parent, node, _ in parent[node.fieldName] ?? .null },
            typeName: { if case .string(let name)? = $0["__typename"] { name } else { nil } })
        let result = execute(plan, variables: [:], on: tree, writer: JSONWriter())
        let errors = result.errors.map { error in
            error.path.map { segment in
                switch segment {
                case .key(let key): key
                case .index(let index): "\(index)"
                }
            }.joined(separator: ".") + ": " + error.message
        }
        return (String(decoding: result.finishedBytes(), as: UTF8.self), errors)
    }
    private struct NoOperation: Error {}

    private func item(_ members: [String: TreeValue]) -> TreeValue { .object(.members(members)) }

    @Test func `a null where none may be empties the nearest place where one may`() throws {
        let (data, errors) = try run(
            "{ before: text may { name inner { name must } innerMust { must } } after: count }",
            [
                "text": .string("t"),
                "may": item([
                    "name": .string("n"), "inner": item(["name": .string("i")]), "innerMust": item(["must": .string("m")]),
                ]), "count": .number("3"),
            ])
        #expect(data == "{\"before\":\"t\",\"may\":{\"name\":\"n\",\"inner\":null,\"innerMust\":{\"must\":\"m\"}},\"after\":3}")
        #expect(errors == ["may.inner.must: Cannot return null for the non-null field 'Item.must'."])
    }

    @Test func `it goes up through every non-null place, to the root if it must`() throws {
        let (data, errors) = try run(
            "{ text must { innerMust { innerMust { must } } } }", ["must": item(["innerMust": item(["innerMust": item([:])])])])
        #expect(data == "null")
        #expect(errors == ["must.innerMust.innerMust.must: Cannot return null for the non-null field 'Item.must'."])
    }

    @Test func `lists lose an element, or themselves, as their type says`() throws {
        let bad = item(["name": .string("n")])
        let good = item(["must": .string("m")])
        let (data, errors) = try run(
            "{ list { must } full { must } grid }",
            [
                "list": .list([good, bad, .null]), "full": .list([good, bad, bad]),
                "grid": .list([.list([.number("1"), .null]), .null, .list([])]),
            ])
        #expect(data == "{\"list\":[{\"must\":\"m\"},null,null],\"full\":null,\"grid\":[null,null,[]]}")
        #expect(errors.map { $0.prefix { $0 != ":" } } == ["list.1.must", "full.1.must", "grid.0.1"])
    }

    @Test func `an error has the path of response keys and one entry a position`() throws {
        let failing = TreeValue.failure(message: "no", extensions: [])
        let (data, errors) = try run(
            "{ a: may { b: name } c: text text strict { name } }",
            ["may": item(["name": failing]), "text": failing, "strict": .list([item([:])])])
        #expect(data == "{\"a\":{\"b\":null},\"c\":null,\"text\":null,\"strict\":[{\"name\":null}]}")
        #expect(errors == ["a.b: no", "c: no", "text: no"])
    }

    @Test func `values that do not fit their type are errors of their position`() throws {
        let (data, errors) = try run(
            "{ text count kind list { name } may { name } }",
            [
                "text": .list([]), "count": .number("2147483648"), "kind": .string("UGLY"), "list": .string("x"),
                "may": .number("1"),
            ])
        #expect(data == "{\"text\":null,\"count\":null,\"kind\":null,\"list\":null,\"may\":null}")
        #expect(errors.count == 5)
    }

    @Test func `an interface's or union's object says which type it is`() throws {
        func named(_ type: String?) -> TreeValue {
            item(["__typename": type.map { .string($0) } ?? .null, "name": .string("n"), "a": .number("1"), "b": .number("2")])
        }
        let (data, errors) = try run(
            "{ anys { __typename name ... on A { a } ... on B { b } ... on Named { name } } any { ... on B { b } } }",
            ["anys": .list([named("A"), named("B"), named("Item"), named("Nothing"), named(nil)]), "any": named("B")])
        #expect(
            data
                == "{\"anys\":[{\"__typename\":\"A\",\"name\":\"n\",\"a\":1},{\"__typename\":\"B\",\"name\":\"n\",\"b\":2},null,null,null],\"any\":{\"b\":2}}"
        )
        #expect(errors.map { $0.prefix { $0 != ":" } } == ["anys.2", "anys.3", "anys.4"])
    }
}
