import Expressions
import Query
import Testing

/// Fields that ask for the same rows have them found once, however they page, sort and are called.
@Suite struct `Rows that fields share` {
    private func visited(_ query: String, _ desk: Desk) -> Int {
        let budget = desk.service.makeBudget()
        let answer = desk.answer(query, budget: budget)
        #expect(answer.outcome == .data, "\(String(decoding: answer.body, as: UTF8.self))")
        return budget.rowsVisited
    }

    private func desk() throws -> (Desk, NaiveGraph) {
        var chance = Chance(seed: 11)
        let graph = NaiveGraph.random(&chance, players: 200)
        // Nothing is kept between requests, so that each costs what it costs by itself.
        var limits = QueryLimits()
        limits.verdictBytes = 1
        return (try Desk(graph, limits: limits), graph)
    }

    @Test(arguments: ["where: {name: {contains: \"da\"}}", "", "where: {songs: {some: {seconds: {gt: 60}}}}"])
    func `a second field costs no second evaluation`(filter: String) throws {
        let (desk, _) = try desk()
        func ask(_ key: String, _ page: String, _ fields: String) -> String {
            let arguments = filter + " " + page
            return "\(key): players\(arguments == " " ? "" : "(\(arguments))") { \(fields) }"
        }
        let first = ask("a", "", "totalCount nodes { number }")
        let one = visited("{ \(first) }", desk)
        let others = ask("b", "first: 2", "nodes { name }") + ask("c", "offset: 1 first: 3", "totalCount edges { cursor }")
        #expect(visited("{ \(first) \(others) }", desk) == one)
        #expect(one > 0)
        let other = visited("{ \(first) other: players(where: {not: {number: {startsWith: \"x\"}}}) { totalCount } }", desk)
        #expect(other > one, "another set is another evaluation")
    }

    @Test(arguments: 1...10) func `what is shared is what each would have found alone`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 20 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        let filter = maker.filter(on: "Song", depth: 2).text
        let fields = [
            "songs(where: \(filter)) { totalCount }", "songs(where: \(filter) first: 2) { nodes { title } totalCount }",
            "songs(where: \(filter) orderBy: {seconds: DESC} first: 3 offset: 1) { nodes { title } pageInfo { hasNextPage } }",
            "songs { totalCount }", "songs(first: 1) { nodes { title } }",
        ]
        func ask(_ fields: [String]) throws -> [JSON] {
            let keyed = fields.map { "k\(self.place($0, fields)): \($0)" }.joined(separator: " ")
            return try desk.data("{ players(first: 1000) { nodes { \(keyed) band { \(keyed) } } } }").players.nodes.items
        }
        let together = try ask(fields)
        for (place, field) in fields.enumerated() {
            for (shared, alone) in zip(together, try ask([field])) {
                #expect(shared["k\(place)"].description == alone["k0"].description, "seed \(seed): \(field)")
                #expect(shared.band["k\(place)"].description == alone.band["k0"].description, "seed \(seed): \(field)")
            }
        }
    }

    private func place(_ field: String, _ fields: [String]) -> Int { fields.firstIndex(of: field) ?? 0 }
}
