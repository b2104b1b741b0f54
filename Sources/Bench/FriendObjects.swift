import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning

/// The list of friends from a tree of values: planned once, executed again and again.
struct FriendObjects {
    private let documents: Documents
    init(_ documents: Documents) { self.documents = documents }

    func group() throws -> Group {
        let graph = FriendGraph()
        let schemaText = try documents.text("friends-schema.graphql")
        let query = try documents.text("friends-of-objects.graphql")
        let schema = try buildSchema([try parse(Source(schemaText))])
        let document = try parse(Source(query))
        guard case .operation(let operation)? = document.definitions.first, let type = schema.queryType else {
            throw Sample.Unusable(description: "The list is one query.")
        }
        let plan = Plan(unvalidated: document, operation: operation, rootType: type, schema: schema, variables: [:])
        let tree = tree(of: graph)
        let run = { execute(plan, variables: [:], on: tree, writer: JSONWriter()).finishedBytes() }
        let byHand = graph.byHand(
            FriendGraph.Shape(
                beforeMembers: "{\"members\":[", beforeFriends: "{\"friends\":[", behindFriends: "]}", behindMembers: "]}"),
            lists: (0..<FriendGraph.memberCount).map(graph.friends))
        guard run() == byHand() else {
            throw Sample.Unusable(description: "Two ways, two answers: \(String(decoding: run().prefix(300), as: UTF8.self))")
        }
        return Group(
            name: "objects", title: "1,000 members × 10 friends × 2 fields from a tree, \(byHand().count) bytes answered",
            comparison: "beside a loop written by hand that gives the same bytes from arrays of strings",
            bodies: [
                Body("by hand", .things(10_000, "friends")) { byHand().count },
                Body("executed, plan known", .things(10_000, "friends")) { run().count },
            ], peerTasks: [PeerTask("friends", document: query, schema: schemaText)])
    }

    private func tree(of graph: FriendGraph) -> TreeSource {
        func text(_ member: Int) -> [String: TreeValue] {
            ["number": .string(graph.numbers[member]), "name": .string(graph.names[member])]
        }
        let members = (0..<FriendGraph.memberCount).map { member in
            var object = text(member)
            object["friends"] = .list(graph.friends(of: member).map { .object(.members(text($0))) })
            return TreeValue.object(.members(object))
        }
        return TreeSource(
            root: .members(["members": .list(members)]), resolve: { parent, node, _ in parent[node.fieldName] ?? .null },
            typeName: { _ in nil })
    }
}
