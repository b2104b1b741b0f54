import Foundation
import Testing

/// Lists inside lists against plain loops: rows asked one by one, and, where many are asked, by the verdicts of a whole type.
@Suite struct `Lists inside lists` {
    @Test(arguments: [(1, 20), (2, 60), (3, 150), (4, 320)]) func `every inner list is the one found by hand`(
        seed: UInt64, players: Int
    ) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: players)
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<6 {
            let stints = maker.filter(on: "Stint", depth: 2)
            let songs = maker.filter(on: "Song", depth: 2)
            let query = """
                { players(first: 1000) { nodes { number
                    band { code songs(where: \(songs.text) first: 1000) { totalCount nodes { title } } }
                    stints(where: \(stints.text) first: 1000) { totalCount nodes { since band { name } } }
                    songs(where: \(songs.text) orderBy: [{seconds: DESC}] first: 2) { nodes { title } }
                    pupils { totalCount } } } }
                """
            let found = try desk.data(query).players.nodes.items
            let rows = graph.rows["Player"]!.indices.sorted { graph.keysAscend($0, $1, "Player") }
            #expect(found.count == rows.count)
            for (player, row) in zip(found, rows) {
                #expect(player.description == expected(row, stints, songs, graph), "seed \(seed): \(query)")
            }
        }
    }

    private func expected(_ row: Int, _ stints: NaiveFilter, _ songs: NaiveFilter, _ graph: NaiveGraph) -> String {
        func texts(_ field: String, _ rows: [Int], _ type: String) -> [String] {
            rows.map { row in
                switch graph.value(field, of: row, type) {
                case .string(let text): text
                case .date(let days): dateText(days)
                default: ""
                }
            }
        }
        func matching(_ value: NaiveGraph.Value, _ filter: NaiveFilter, _ type: String) -> [Int] {
            guard case .rows(let rows) = value else { return [] }
            return rows.filter { filter.truth(of: $0, type, in: graph) == .yes }.sorted { graph.keysAscend($0, $1, type) }
        }
        let held = matching(graph.value("stints", of: row, "Player"), stints, "Stint")
        var own = matching(graph.value("songs", of: row, "Player"), songs, "Song")
        own.sort { left, right in
            let (a, b) = (graph.value("seconds", of: left, "Song"), graph.value("seconds", of: right, "Song"))
            if a == b { return graph.keysAscend(left, right, "Song") }
            if a == .null || b == .null { return b == .null }
            return NaiveGraph.order(a, b) == .greater
        }
        var band: Any = NSNull()
        if case .row(let other) = graph.value("band", of: row, "Player") {
            let sung = matching(graph.value("songs", of: other, "Band"), songs, "Song")
            band =
                [
                    "code": texts("code", [other], "Band")[0],
                    "songs": ["totalCount": sung.count, "nodes": texts("title", sung, "Song").map { ["title": $0] }]
                        as [String: Any],
                ] as [String: Any]
        }
        let bands = held.map { stint -> String in
            guard case .row(let band) = graph.value("band", of: stint, "Stint") else { return "" }
            return texts("name", [band], "Band")[0]
        }
        guard case .rows(let pupils) = graph.value("pupils", of: row, "Player") else { return "" }
        let object: [String: Any] = [
            "number": texts("number", [row], "Player")[0], "band": band,
            "stints": [
                "totalCount": held.count,
                "nodes": zip(texts("since", held, "Stint"), bands).map { ["since": $0, "band": ["name": $1]] as [String: Any] },
            ] as [String: Any],
            "songs": ["nodes": texts("title", Array(own.prefix(2)), "Song").map { ["title": $0] }],
            "pupils": ["totalCount": pupils.count],
        ]
        return JSON(value: object).description
    }
}
