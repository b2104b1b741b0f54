import Expressions
import HTTPService
import Model
import Query
import StoreColumns

/// The list of friends from the rows of a graph, through the whole pipeline.
struct FriendRows {
    private let documents: Documents
    init(_ documents: Documents) { self.documents = documents }

    func group() throws -> Group {
        let graph = FriendGraph()
        let model = try Model(
            sources: [ModelSource(name: "friends", bytes: Array(documents.text("friends-model.graphql").utf8))], digest: "")
        let version = try graph.version(of: model)
        let service = QueryService(model: model, cursorKey: [UInt8](repeating: 7, count: 32))
        let request = QueryRequest(document: Array(try documents.text("friends-of-rows.graphql").utf8))
        guard let date = CivilDate(isoText: "2020-01-01") else { throw Sample.Unusable(description: "No date.") }
        let ask = {
            service.answer(
                request, version: version, asOf: date, viewer: QueryService.localViewer, budget: service.makeBudget()
            ).body
        }
        let byHand = graph.byHand(
            FriendGraph.Shape(
                beforeMembers: "{\"data\":{\"members\":{\"nodes\":[", beforeFriends: "{\"friends\":{\"nodes\":[",
                behindFriends: "]}}",
                behindMembers:
                    "]}},\"extensions\":{\"data\":{\"version\":\"1\",\"publishedAt\":\"1970-01-01T00:00:00Z\",\"asOf\":\"2020-01-01\"}}}"
            ), lists: graph.inKeyOrder.map { graph.inKeyOrder(graph.friends(of: $0)) })
        guard ask() == byHand() else {
            throw Sample.Unusable(
                description: "Two ways, two answers:\n\(text(ask()))\n\(text(byHand()))")
        }
        return Group(
            name: "rows", title: "1,000 members × 10 friends × 2 fields from rows, \(byHand().count) bytes answered",
            comparison: "beside a loop written by hand that gives the same bytes from arrays of strings",
            bodies: [
                Body("by hand", .things(10_000, "friends")) { byHand().count },
                Body("the whole answer, plan known", .things(10_000, "friends")) { ask().count },
            ])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.prefix(300) + bytes.suffix(150), as: UTF8.self) }
}
