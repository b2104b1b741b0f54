import Expressions
import Query
import Testing

/// A plan that was bound to its data answers other values as if it had never been bound before.
@Suite struct `Kept runs` {
    /// A filter with some of its operands made variables.
    private struct Opened {
        var filter: NaiveFilter
        var kinds: [String] = []

        init(_ filter: NaiveFilter, _ maker: inout FilterMaker) {
            self.filter = filter
            self.filter = opened(filter, &maker)
        }

        private mutating func opened(_ filter: NaiveFilter, _ maker: inout FilterMaker) -> NaiveFilter {
            switch filter {
            case .and(let parts): return .and(parts.map { opened($0, &maker) })
            case .or(let parts): return .or(parts.map { opened($0, &maker) })
            case .all(let parts): return .all(parts.map { opened($0, &maker) })
            case .not(let part): return .not(opened(part, &maker))
            case .toOne(let field, let target, let part): return .toOne(field: field, target: target, opened(part, &maker))
            case .list(let field, let target, let quantifier, let part):
                return .list(field: field, target: target, quantifier: quantifier, opened(part, &maker))
            case .figure(let field, let target, var figure, let comparison, let operand):
                figure.condition = figure.condition.map { opened($0, &maker) }
                return .figure(field: field, target: target, figure, comparison: comparison, operand: operand)
            case .value(let field, let operation, .one(let value), let folds):
                // The twin knows patterns that begin with `^` only.
                guard operation != "regex", let kind = kind(of: value, field), !maker.chance.oneIn(4) else { return filter }
                kinds.append(kind)
                return .value(
                    field: field, operation: operation, operand: .variable("v\(kinds.count - 1)", value), foldsCase: folds)
            case .value, .validOn, .within, .identity, .cel: return filter
            }
        }

        private func kind(of value: NaiveGraph.Value, _ field: String) -> String? {
            switch value {
            case .string: field == "passport" ? nil : "string"
            case .date: "date"
            case .int: "int"
            case .float: "float"
            case .decimal: "decimal"
            case .instant: "instant"
            case .enumeration: ["rank": "rank", "bestPupil": "rank", "level": "level"][field] ?? "skill"
            default: nil
            }
        }

        var definitions: String {
            let types = [
                "string": "String", "date": "Date", "int": "Int", "float": "Float", "decimal": "Decimal", "instant": "DateTime",
                "rank": "Rank", "skill": "Skill", "level": "RegionLevel",
            ]
            return kinds.indices.map { "$v\($0): \(types[kinds[$0]]!)" }.joined(separator: " ")
        }

        /// The filter with other values, by variable.
        func filter(with values: [NaiveGraph.Value]) -> NaiveFilter { Self.filter(filter, values) }

        private static func filter(_ filter: NaiveFilter, _ values: [NaiveGraph.Value]) -> NaiveFilter {
            switch filter {
            case .and(let parts): return .and(parts.map { Self.filter($0, values) })
            case .or(let parts): return .or(parts.map { Self.filter($0, values) })
            case .all(let parts): return .all(parts.map { Self.filter($0, values) })
            case .not(let part): return .not(Self.filter(part, values))
            case .toOne(let field, let target, let part):
                return .toOne(field: field, target: target, Self.filter(part, values))
            case .list(let field, let target, let quantifier, let part):
                return .list(field: field, target: target, quantifier: quantifier, Self.filter(part, values))
            case .figure(let field, let target, var figure, let comparison, let operand):
                figure.condition = figure.condition.map { Self.filter($0, values) }
                return .figure(field: field, target: target, figure, comparison: comparison, operand: operand)
            case .value(let field, let operation, .variable(let name, _), let folds):
                let place = Int(name.dropFirst())!
                return .value(field: field, operation: operation, operand: .variable(name, values[place]), foldsCase: folds)
            case .value, .validOn, .within, .identity, .cel: return filter
            }
        }
    }

    private static let lists = [
        ("Player", "players", "number"), ("Band", "bands", "code"), ("Stint", "stints", "since"), ("Song", "songs", "title"),
    ]

    /// - Parameter sent: false for a variable that is left out.
    private func variables(_ values: [NaiveGraph.Value], sent: (Int) -> Bool = { _ in true }) -> String {
        let members = values.indices.filter(sent).map { place in
            let text = values[place].text.replacing("\t", with: "\\t")
            if case .enumeration = values[place] { return "\"v\(place)\": \"\(text)\"" }
            return "\"v\(place)\": \(text)"
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    @Test(arguments: `Random filters`.seeds) func `a plan asked with other values finds what it finds by hand`(seed: UInt64)
        throws
    {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        var askedCount = 0
        for _ in 0..<12 {
            let (type, list, key) = maker.chance.pick(Self.lists)
            let made = maker.filter(on: type, depth: 3)
            let opened = Opened(made, &maker)
            guard !opened.kinds.isEmpty else { continue }
            askedCount += 1
            let query =
                "query(\(opened.definitions)) { \(list)(where: \(opened.filter.text) first: 1000) { totalCount nodes { \(key) } } }"
            for round in 0..<6 {
                let values = opened.kinds.map { maker.operand($0) }
                let filter = opened.filter(with: values)
                let rows = graph.rows[type]!.indices.filter { filter.truth(of: $0, type, in: graph) == .yes }
                    .sorted { graph.keysAscend($0, $1, type) }
                let given = variables(values)
                let data = try desk.data(query, variables: given)
                #expect(data[list].totalCount.int == rows.count, "seed \(seed), round \(round): \(query) \(given)")
                let found = data[list].nodes.items.map { $0[key].string }
                #expect(
                    found == rows.map { shown(graph.value(key, of: $0, type)) }, "seed \(seed), round \(round): \(query) \(given)"
                )
            }
        }
        #expect(
            (desk.service.keptRunCount(desk.version, desk.asOf) > 0) == (askedCount > 0), "seed \(seed): \(askedCount) were asked"
        )
    }

    @Test(arguments: 1...12) func `what is not sent changes what is asked, and not what was bound before`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<12 {
            let (type, list, key) = maker.chance.pick(Self.lists)
            let opened = Opened(maker.filter(on: type, depth: 2), &maker)
            let query =
                "query(\(opened.definitions) $n: Int) { \(list)(where: \(opened.filter.text) first: $n) { totalCount nodes { \(key) } } }"
            for round in 0..<6 {
                let values = opened.kinds.map { maker.operand($0) }
                let sent = opened.kinds.map { _ in !maker.chance.oneIn(3) }
                var given = variables(values) { sent[$0] }
                if maker.chance.oneIn(3) { given = given == "{}" ? "{\"n\": 3}" : given.dropLast() + ", \"n\": 3}" }
                if maker.chance.oneIn(5) { given = given == "{}" ? "{\"v0\": null}" : given.dropLast() + ", \"v0\": null}" }
                #expect(
                    desk.ask(query, variables: given) == (try Desk(graph).ask(query, variables: given)),
                    "seed \(seed), round \(round): \(query) \(given)")
            }
        }
    }

    @Test(arguments: 1...8) func `pages, keys and lists behind rows are those of the request`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 10 + chance.below(40))
        let desk = try Desk(graph)
        let queries = [
            "query($n: Int, $o: Int) { players(first: $n offset: $o) { nodes { number } pageInfo { hasNextPage endCursor } } }",
            "query($n: Int, $k: String!) { player(number: $k) { name stints(first: $n) { nodes { since band { code } } } } }",
            """
            query($k: String!, $d: Date, $n: Int) {
              players(where: {name: {neq: $k} born: {gte: $d}} first: $n) {
                edges { cursor node { number } } aggregate { count sum { fee } }
                nodes { stints(where: {since: {lt: $d}}) { totalCount nodes { since } } songs(where: {title: {eq: $k}}) { totalCount } }
              }
            }
            """,
            "query($r: Rank, $n: Int) { a: players(where: {rank: {eq: $r}} first: $n) { totalCount } b: players(where: {rank: {eq: $r}}) { nodes { id } } }",
            "query($on: Date, $n: Int) { players(first: $n) { nodes { number band(on: $on) { code } } } }",
        ]
        for query in queries {
            for _ in 0..<6 {
                let day = "\"\(dateText(days(1975, 1, 1) + chance.below(17_000)))\""
                let given = """
                    {"n": \(chance.below(8)), "o": \(chance.below(8) - (chance.oneIn(6) ? 20 : 0)), "k": "\(chance.pick(["P\(chance.below(40))-1", "da", "Ada"]))",
                     "d": \(day), "on": \(day), "r": "\(chance.pick(NaiveGraph.ranks))"}
                    """
                #expect(
                    desk.ask(query, variables: given) == (try Desk(graph).ask(query, variables: given)),
                    "seed \(seed): \(query) \(given)")
            }
        }
    }

    @Test func `a cursor leads on through a plan that was bound for another page`() throws {
        var chance = Chance(seed: 5)
        let graph = NaiveGraph.random(&chance, players: 40)
        let desk = try Desk(graph)
        let query = """
            query($r: Rank, $c: String) { players(where: {rank: {neq: $r}} first: 5 after: $c) { nodes { number } pageInfo { endCursor } } }
            """
        for rank in NaiveGraph.ranks {
            var found: [String] = []
            var cursor = "null"
            while true {
                let page = try desk.data(query, variables: "{\"r\": \"\(rank)\", \"c\": \(cursor)}").players
                found += page.nodes.items.compactMap { $0.number.string }
                guard let next = page.pageInfo.endCursor.string else { break }
                cursor = "\"\(next)\""
            }
            let rows = graph.rows["Player"]!.indices.filter { graph.value("rank", of: $0, "Player") != .enumeration(rank) }
            #expect(found.count == rows.count && Set(found).count == rows.count, "\(rank)")
            // A cursor of another value's list is none of this one.
            let other = rank == "NOVICE" ? "MASTER" : "NOVICE"
            let first =
                try desk.data(query, variables: "{\"r\": \"\(rank)\", \"c\": null}").players.pageInfo.endCursor.string ?? ""
            #expect(try !desk.errors(query, variables: "{\"r\": \"\(other)\", \"c\": \"\(first)\"}").isEmpty)
        }
    }

    @Test func `each request's values choose its rows, by key and by what is compared beside the key`() throws {
        var chance = Chance(seed: 7)
        let graph = NaiveGraph.random(&chance, players: 40)
        let desk = try Desk(graph)
        let query = "query($k: String, $h: Int) { players(where: {number: {eq: $k} height: {gte: $h}}) { nodes { number } } }"
        var found = 0
        for (height, player) in graph.rows["Player"]!.indices.flatMap({ player in [0, 60, 120, 180].map { ($0, player) } }) {
            guard case .string(let number) = graph.value("number", of: player, "Player") else { continue }
            let isTall = if case .int(let own) = graph.value("height", of: player, "Player") { own >= height } else { false }
            let data = try desk.data(query, variables: "{\"k\": \"\(number)\", \"h\": \(height)}")
            #expect(data.players.nodes.items.map { $0.number.string } == (isTall ? [number] : []), "\(number), \(height)")
            found += isTall ? 1 : 0
        }
        #expect(found > 40 && desk.service.keptRunCount(desk.version, desk.asOf) == 1)
    }

    /// What was asked last is looked at first, and stays where another is asked for.
    @Test func `questions that are asked in turn each keep their run`() throws {
        var chance = Chance(seed: 11)
        let desk = try Desk(NaiveGraph.random(&chance, players: 20))
        let queries = ["number", "name", "height"].map { field in
            "query($k: String) { players(where: {name: {neq: $k}}) { nodes { \(field) } } }"
        }
        for round in 0..<6 {
            for query in round % 2 == 0 ? queries : queries.reversed() {
                #expect(desk.answer(query, variables: "{\"k\": \"x\"}").outcome == .data)
            }
            // The first time a document comes nothing is kept of it.
            if round > 0 { #expect(desk.service.keptRunCount(desk.version, desk.asOf) == queries.count, "round \(round)") }
        }
    }

    @Test func `a request that is stopped stops what was bound for another`() throws {
        var chance = Chance(seed: 3)
        let desk = try Desk(NaiveGraph.random(&chance, players: 60))
        let query = "query($k: String) { players(where: {name: {neq: $k}}) { nodes { number } } }"
        let variables = "{\"k\": \"x\"}"
        for _ in 0..<3 { #expect(desk.answer(query, variables: variables).outcome == .data) }
        #expect(desk.service.keptRunCount(desk.version, desk.asOf) == 1)
        let budget = desk.service.makeBudget()
        budget.stop(.deadline)
        #expect(desk.answer(query, variables: variables, budget: budget).outcome == .stopped)
        #expect(desk.answer(query, variables: variables).outcome == .data, "the next one goes on")
        let counted = desk.service.makeBudget()
        let fresh = desk.service.makeBudget()
        _ = desk.answer(query, variables: variables, budget: counted)
        _ = desk.answer(query + "#", variables: variables, budget: fresh)
        #expect(counted.rowsVisited == fresh.rowsVisited, "rows are counted for whoever asks")
    }

    private func shown(_ value: NaiveGraph.Value) -> String? {
        switch value {
        case .string(let text): text
        case .date(let days): dateText(days)
        default: nil
        }
    }
}
