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
        for (type, list, _) in Self.lists { maker.ids[type] = try Self.ids(of: type, list, graph, desk) }
        for _ in 0..<40 {
            let type = maker.chance.pick(Self.lists).type
            try check(maker.filter(on: type, depth: 3), type, graph, desk, seed)
        }
        for (type, filter) in maker.filters(turn: Int(seed)) { try check(filter, type, graph, desk, seed) }
    }

    func check(_ filter: NaiveFilter, _ type: String, _ graph: NaiveGraph, _ desk: Desk, _ seed: UInt64) throws {
        let (_, list, key) = try #require(Self.lists.first { $0.type == type })
        let rows = graph.rows[type]!.indices.filter { filter.truth(of: $0, type, in: graph) == .yes }
            .sorted { graph.keysAscend($0, $1, type) }
        let query = "{ \(list)(where: \(filter.text) first: 1000) { totalCount nodes { \(key) } } }"
        let data = try desk.data(query)
        #expect(data[list].totalCount.int == rows.count, "seed \(seed): \(query)")
        let expected = rows.map { graph.value(key, of: $0, type) }
        let found = data[list].nodes.items.map { $0[key].string }
        #expect(found == expected.map { shown($0) }, "seed \(seed): \(query)")
    }

    static let lists: [(type: String, list: String, key: String)] = [
        ("Player", "players", "number"), ("Player", "players", "number"), ("Band", "bands", "code"), ("Stint", "stints", "since"),
        ("Song", "songs", "title"), ("Region", "regions", "code"),
    ]

    /// Global ids by the places of rows.
    static func ids(of type: String, _ list: String, _ graph: NaiveGraph, _ desk: Desk) throws -> [String] {
        let found = try desk.data("{ \(list)(first: 1000) { nodes { id } } }")[list].nodes.items.compactMap(\.id.string)
        var ids = [String](repeating: "", count: found.count)
        for (id, row) in zip(found, graph.rows[type]!.indices.sorted { graph.keysAscend($0, $1, type) }) { ids[row] = id }
        return ids
    }

    private func shown(_ value: NaiveGraph.Value) -> String? {
        switch value {
        case .string(let text): text
        case .date(let days): dateText(days)
        default: nil
        }
    }
}
