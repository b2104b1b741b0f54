import Expressions
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// What is computed for a whole type is kept from request to request and from version to version.
@Suite struct `Derived columns between requests` {
    private static let question = "{ players(where: {songCount: {gt: 0}}) { totalCount } }"

    private static func graph() -> NaiveGraph {
        var chance = Chance(seed: 21)
        return NaiveGraph.random(&chance, players: 2_000)
    }

    /// The rows looked at to answer, and the answer.
    private func ask(_ desk: Desk, _ version: GraphVersion) throws -> (cost: Int, count: Int?) {
        let budget = desk.service.makeBudget()
        let request = QueryRequest(document: Array(Self.question.utf8))
        let answer = desk.service.answer(request, version: version, asOf: desk.asOf, viewer: .local, budget: budget)
        return (budget.rowsVisited, try JSON(answer.body)["data"].players.totalCount.int)
    }

    /// The next version, with one text of one row changed, or with one row more.
    private func change(
        _ version: GraphVersion, _ type: String, _ column: String, of key: String, to text: String
    ) throws -> GraphVersion {
        let row = try #require(music.type(named: type)?.nodeType)
        let columns = music.catalog[row].columns
        let (keyColumn, place) = (music.catalog[row].key[0], try #require(columns.firstIndex { $0.name == column }))
        return try version.applying(
            ChangeSet(types: [TypeChanges(type: row, columns: [keyColumn, place], cells: [.string(key), .string(text)])]),
            number: version.number + 1, publishedAt: version.publishedAt)
    }
    private struct NoText: Error {}

    @Test func `the next version keeps what nothing has changed under, and only that`() throws {
        let graph = Self.graph()
        let desk = try Desk(graph)
        let first = try ask(desk, desk.version)
        let again = try ask(desk, desk.version)
        #expect(again.cost < first.cost)
        #expect(again.count == first.count)
        guard case .string(let band)? = graph.rows["Band"]?[0]["code"] else { throw NoText() }
        let renamed = try change(desk.version, "Band", "name", of: band, to: "Another name")
        let kept = try ask(desk, renamed)
        #expect(kept.cost == again.cost)
        #expect(kept.count == first.count)
        // A new player needs a value of the column.
        let grown = try change(renamed, "Player", "name", of: "P-new", to: "New")
        let anew = try ask(desk, grown)
        #expect(anew.cost > again.cost)
        #expect(anew.count == first.count)
        // Back in time, another date's or an older version's columns are not taken for this one's.
        #expect(try ask(desk, desk.version).count == first.count)
    }

    @Test func `without room nothing is kept, and every answer is the same`() throws {
        let graph = Self.graph()
        var limits = QueryLimits()
        limits.derivedBytes = 1
        limits.verdictBytes = 1
        let poor = try Desk(graph, limits: limits)
        let rich = try Desk(graph)
        let expected = try ask(rich, rich.version)
        for _ in 0..<3 {
            let found = try ask(poor, poor.version)
            #expect(found.count == expected.count)
            #expect(found.cost >= expected.cost)
        }
    }
}
