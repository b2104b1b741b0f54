import Foundation
import GraphQLTypes
import Model
import Query
import Testing

/// Nothing of the query algebra is without a case, and nothing of it is left to chance that never comes. `api.md` §2–§4
@Suite struct `The whole algebra` {
    private static let needed = AlgebraCells.all(of: music)

    private func check(_ covered: Set<String>, by what: String) {
        let missing = Self.needed.subtracting(covered).sorted()
        #expect(missing.isEmpty, "\(missing.count) of \(Self.needed.count) have no \(what):\n\(missing.joined(separator: "\n"))")
    }

    @Test func `is a table of hundreds of cells`() {
        print("\(Self.needed.count) cells")
        #expect(Self.needed.count > 400)
        for cell in [
            "filter regex of derived String, whatever the case", "filter during of stored Date", "filter within",
            "filter every of inverse",
            "set condition on median of DateTime", "having condition on countDistinct of row",
            "rows sorted DESC_NULLS_FIRST by Ratio",
            "rows sorted by max of enum", "groups sorted by avg of Float", "groups by WEEK of DateTime",
            "groups by bounds of Ratio",
            "groups by level", "min of dated enum", "median of derived Boolean",
        ] { #expect(Self.needed.contains(cell), "\(cell)") }
    }

    @Test func `has a case for each cell`() throws {
        var cells = AlgebraCells(music)
        for name in `Execution cases`.names {
            let folder = `Execution cases`.folder.appending(path: name)
            let query = try String(contentsOf: folder.appending(path: "query.graphql"), encoding: .utf8)
            let sent = (try? String(contentsOf: folder.appending(path: "variables.json"), encoding: .utf8)) ?? "{}"
            let request = try? QueryRequest(document: Array(query.utf8), jsonVariables: Array(sent.utf8), limits: QueryLimits())
            cells.add(query, variables: request?.variables ?? InputObject([]))
        }
        check(cells.cells, by: "execution case")
    }

    /// As many questions as the twins ask, without asking them.
    @Test func `is drawn by the twins, cell by cell`() throws {
        var cells = AlgebraCells(music)
        for seed in `Random filters`.seeds where `Random filters`.seeds.count > 1 {
            var chance = Chance(seed: seed)
            let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
            var maker = FilterMaker(chance: chance, graph: graph)
            for (type, _, _) in `Random filters`.lists { maker.ids[type] = graph.rows[type]!.indices.map { "\($0)" } }
            for _ in 0..<40 {
                let (type, list, _) = maker.chance.pick(`Random filters`.lists)
                cells.add("{ \(list)(where: \(maker.filter(on: type, depth: 3).text)) { totalCount } }")
            }
            for (type, filter) in maker.filters(turn: Int(seed)) {
                cells.add("{ \(`Random figures`.lists[type]!)(where: \(filter.text)) { totalCount } }")
            }
            for step in 0..<12 {
                cells.add(maker.groupQuestion(turn: Int(seed) * 12 + step).text)
                let type = maker.chance.pick(["Player", "Player", "Player", "Band", "Stint", "Song", "Region"])
                let figures = (0..<4).map { "f\($0): " + maker.figure(of: type, [], graph).text }
                cells.add("{ \(`Random figures`.lists[type]!) { aggregate { \(figures.joined(separator: " ")) } } }")
            }
            for step in 0..<16 { cells.add(maker.orderQuestion(turn: Int(seed) * 16 + step).text) }
        }
        guard `Random filters`.seeds.count > 1 else { return }
        check(cells.cells, by: "twin")
    }
}
