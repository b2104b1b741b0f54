import Foundation
import Query
import StoreColumns
import Testing

/// The engine against the plainest code there is, on registers and questions made at random.
@Suite struct `Random filters` {
    /// HEARTH_SEED=… runs one seed again.
    static var seeds: [UInt64] {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return Array(1...60)
    }

    @Test(arguments: seeds) func `a filter finds the rows that it finds by hand`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<40 {
            let (type, list, key) = maker.chance.pick([
                ("Player", "players", "number"), ("Band", "bands", "code"), ("Stint", "stints", "since"),
                ("Song", "songs", "title"),
            ])
            let filter = maker.filter(on: type, depth: 3)
            let rows = graph.rows[type]!.indices.filter { filter.truth(of: $0, type, in: graph) == .yes }
                .sorted { graph.keysAscend($0, $1, type) }
            let query = "{ \(list)(where: \(filter.text) first: 1000) { totalCount nodes { \(key) } } }"
            let data = try desk.data(query)
            #expect(data[list].totalCount.int == rows.count, "seed \(seed): \(query)")
            let expected = rows.map { graph.value(key, of: $0, type) }
            let found = data[list].nodes.items.map { $0[key].string }
            #expect(found == expected.map { shown($0) }, "seed \(seed): \(query)")
        }
    }

    private func shown(_ value: NaiveGraph.Value) -> String? {
        switch value {
        case .string(let text): text
        case .date(let days): dateText(days)
        default: nil
        }
    }
}
