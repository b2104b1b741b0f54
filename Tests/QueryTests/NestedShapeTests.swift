import Query
import QueryPlanning
import Testing

/// Objects inside objects are written block by block; where each step is to be told, one by one. Both are the same answer.
@Suite struct `Objects inside objects` {
    private static let leaves: [String: [String]] = [
        "Player": [
            "number", "name", "nickname", "born", "height", "fee", "skills", "songCount", "share", "rank", "reach", "strain",
        ],
        "Band": ["code", "name", "founded"], "Stint": ["since", "until", "role"], "Song": ["title", "seconds", "price"],
    ]
    private static let ones: [String: [(String, String)]] = [
        "Player": [("teacher", "Player"), ("band", "Band")], "Band": [], "Stint": [("player", "Player"), ("band", "Band")],
        "Song": [("band", "Band")],
    ]
    private static let lists: [String: [(String, String)]] = [
        "Player": [("pupils", "Player"), ("stints", "Stint"), ("songs", "Song")],
        "Band": [("stints", "Stint"), ("players", "Player"), ("songs", "Song")], "Stint": [], "Song": [("writers", "Player")],
    ]

    private func selection(of type: String, depth: Int, _ chance: inout Chance) -> String {
        var parts: [String] = []
        for place in 0..<(1 + chance.below(3)) {
            let leaf = chance.pick(Self.leaves[type]!)
            // What breaks stands now and then, or all would be errors.
            if leaf == "reach" || leaf == "strain", !chance.oneIn(4) { continue }
            parts.append("l\(place): \(leaf)")
        }
        guard depth > 0 else { return parts.isEmpty ? Self.leaves[type]![0] : parts.joined(separator: " ") }
        if let (name, target) = chance.oneIn(2) ? Self.ones[type]!.randomElement(&chance) : nil {
            parts.append("o: \(name) { \(selection(of: target, depth: depth - 1, &chance)) }")
        }
        for place in 0..<chance.below(3) {
            guard let (name, target) = Self.lists[type]!.randomElement(&chance) else { continue }
            let first = chance.pick([
                "", "(first: 1000)", "(first: 0)", "(first: 1)", "(first: 3)", "(first: 2, offset: 1)", "(last: 2)",
            ])
            let extra = chance.oneIn(6) ? " totalCount" : ""
            parts.append("n\(place): \(name)\(first) { \(selectionOfNodes(target, depth - 1, &chance))\(extra) }")
        }
        return parts.isEmpty ? Self.leaves[type]![0] : parts.joined(separator: " ")
    }

    private func selectionOfNodes(_ type: String, _ depth: Int, _ chance: inout Chance) -> String {
        "\(chance.oneIn(3) ? "rows: " : "")nodes { \(selection(of: type, depth: depth, &chance)) }"
    }

    /// Data and errors.
    private func answer(_ query: String, _ desk: Desk, oneByOne: Bool) throws -> String {
        var request = try QueryRequest.parse(
            query: query, variables: nil, extensions: nil, operationName: nil, limits: desk.service.limits)
        if oneByOne { request.explainClock = { 0 } }
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        let body = try JSON(answer.body)
        // Bytes of the data, not only what they mean.
        let text = String(decoding: answer.body, as: UTF8.self)
        let data = text.firstRange(of: "},\"extensions\"").map { String(text[..<$0.lowerBound]) } ?? text
        return body["errors"].isNull ? data : body["data"].description + body["errors"].description
    }

    @Test(arguments: `Random filters`.seeds) func `block by block and one by one are the same answer`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 500)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(120))
        let desk = try Desk(graph)
        for _ in 0..<6 {
            let (list, type) = chance.pick([("players", "Player"), ("bands", "Band"), ("songs", "Song"), ("stints", "Stint")])
            let query = "{ \(list)(first: \(chance.pick([1_000, 40, 3]))) { \(selectionOfNodes(type, 3, &chance)) } }"
            let blocks = try answer(query, desk, oneByOne: false)
            #expect(blocks == (try answer(query, desk, oneByOne: true)), "seed \(seed): \(query)")
        }
    }

    /// Far more rows inside one row than are written at once, and lists behind them.
    @Test func `what is too much for one block is written level by level`() throws {
        var chance = Chance(seed: 77)
        var limits = QueryLimits()
        limits.rowsReturned = 1_000_000
        let desk = try Desk(NaiveGraph.random(&chance, players: 95), limits: limits)
        let deepest = "stints(first: 1000) { nodes { since band { code } } }"
        let deep = "stints(first: 1000) { nodes { until band { \(deepest) } player { number } } }"
        let query = "{ bands(first: 1) { nodes { code \(deep) songs(first: 2) { nodes { title } } } } }"
        let blocks = try answer(query, desk, oneByOne: false)
        let count = blocks.split(separator: "\"since\"").count - 1
        try #require(count > 16_384)
        #expect(blocks == (try answer(query, desk, oneByOne: true)))
    }

    @Test(arguments: [1, 20, 65, 150, 151, 400]) func `the limit of rows is met at the same row`(limit: Int) throws {
        var chance = Chance(seed: 9)
        var limits = QueryLimits()
        limits.rowsReturned = limit
        let graph = NaiveGraph.random(&chance, players: 90)
        let desk = try Desk(graph, limits: limits)
        let query =
            "{ bands { nodes { code stints(first: 1000) { nodes { since player { number } } } songs { nodes { title } } } } }"
        #expect(try answer(query, desk, oneByOne: false) == (try answer(query, desk, oneByOne: true)), "\(limit)")
    }

    @Test func `fragments inside fragments do not multiply`() throws {
        var chance = Chance(seed: 2)
        let desk = try Desk(NaiveGraph.random(&chance, players: 20))
        var document = "{ players(first: 2) { nodes { ...F0 } } }"
        for level in 0..<14 {
            document +=
                " fragment F\(level) on Player { a\(level): teacher { ...F\(level + 1) } b\(level): teacher { ...F\(level + 1) } }"
        }
        document += " fragment F14 on Player { number }"
        #expect(desk.answer(document).outcome != .parseFailed)
    }
}

extension Array {
    fileprivate func randomElement(_ chance: inout Chance) -> Element? { isEmpty ? nil : self[chance.below(count)] }
}
