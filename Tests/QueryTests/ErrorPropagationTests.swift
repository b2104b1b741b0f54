import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning
import Testing

/// The switch that keeps every error at its own position. GraphQL §6.4.4 with and without it.
@Suite struct `Errors that stay where they are` {
    private func run(_ query: String, _ root: [String: TreeValue], _ propagation: ErrorPropagation) throws -> (String, Int) {
        let schema = try buildSchema([
            try parse(Source("type Query { item: Item! list: [Item!]! name: String! } type Item { name: String! other: Int! }"))
        ])
        let document = try parse(Source(query))
        guard case .operation(let operation)? = document.definitions.first, let type = schema.queryType else { return ("", 0) }
        let plan = Plan(unvalidated: document, operation: operation, rootType: type, schema: schema, variables: [:])
        let tree = TreeSource(
            root: .members(root), resolve: { parent, node, _ in parent[node.fieldName] ?? .null }, typeName: { _ in nil })
        let result = execute(plan, variables: [:], on: tree, errorPropagation: propagation, writer: JSONWriter())
        let count = result.errors.count
        return (String(decoding: result.finishedBytes(), as: UTF8.self), count)
    }

    private func item(_ members: [String: TreeValue]) -> TreeValue { .object(.members(members)) }

    @Test func `a position in error is null, and what is around it stays`() throws {
        let root: [String: TreeValue] = [
            "name": .failure(message: "no", extensions: []), "item": item(["other": .number("1")]),
            "list": .list([item(["name": .string("a"), "other": .number("2")]), .null, item(["name": .string("b")])]),
        ]
        let query = "{ name item { name other } list { name other } }"
        let (data, count) = try run(query, root, .none)
        #expect(
            data == """
                {"name":null,"item":{"name":null,"other":1},"list":[{"name":"a","other":2},null,{"name":"b","other":null}]}
                """)
        #expect(count == 4)
        let (strict, first) = try run(query, root, .toNearestNullable)
        #expect(strict == "null")
        #expect(first == 1)
    }
}
