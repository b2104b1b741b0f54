import Expressions
import Foundation
import Query
import StoreColumns
import Synchronization
import Testing

/// How an answer says how it was found.
@Suite struct `An answer explains itself where it is asked to` {
    private func answer(_ document: String, explains: Bool) throws -> [String: Any] {
        let desk = try Desk(SmallRegister.make())
        var request = try QueryRequest.parse(
            query: document, variables: nil, extensions: nil, operationName: nil, limits: QueryLimits())
        let ticks = Ticks()
        if explains { request.explainClock = { ticks.next() } }
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: QueryService.localViewer, budget: desk.service.makeBudget())
        let value = try JSONSerialization.jsonObject(with: Data(answer.body))
        return try #require(value as? [String: Any])
    }

    @Test func `with its steps as data and as text, and the same data as without`() throws {
        let document = "{ bands(where: {songs: {some: {seconds: {gt: 1}}}}) { totalCount nodes { name } } }"
        let plain = try answer(document, explains: false)
        let explained = try answer(document, explains: true)
        #expect(plain["data"] as? NSDictionary == explained["data"] as? NSDictionary)
        let extensions = try #require(explained["extensions"] as? [String: Any])
        #expect((plain["extensions"] as? [String: Any])?["explain"] == nil)
        #expect(extensions["data"] as? NSDictionary == (plain["extensions"] as? [String: Any])?["data"] as? NSDictionary)
        let explain = try #require(extensions["explain"] as? [String: Any])
        let steps = try #require(explain["steps"] as? [[String: Any]])
        #expect(steps.first?["name"] as? String == "read and validate the document")
        #expect(steps.contains { $0["name"] as? String == "bands" && $0["depth"] as? Int == 1 })
        #expect(steps.contains { $0["mode"] as? String == "set" && ($0["name"] as? String)?.contains("Band") == true })
        for step in steps {
            #expect(Set(step.keys) == ["depth", "mode", "name", "estimatedRows", "actualRows", "visitedRows", "microseconds"])
            #expect(try #require(step["microseconds"] as? Int) > 0)
        }
        let text = try #require(explain["text"] as? String)
        #expect(text.split(separator: "\n").count == steps.count + 1)
    }
}

/// A clock that goes on by a millisecond whenever it is looked at.
private final class Ticks: Sendable {
    private let count = Atomic<Int64>(0)
    func next() -> Int64 { count.add(1_000_000, ordering: .relaxed).newValue }
}
