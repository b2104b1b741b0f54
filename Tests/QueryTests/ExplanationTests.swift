import Foundation
import Query
import StoreColumns
import Testing

/// Why a rule holds, or does not. `api.md` §7
@Suite struct `Explained verdicts` {
    private static func desk(
        _ graph: NaiveGraph, _ questions: [(String, String)], _ change: (inout QueryLimits) -> Void = { _ in }
    )
        throws -> Desk
    {
        var limits = QueryLimits()
        change(&limits)
        var desk = try Desk(graph, limits: limits)
        let saved = SavedQuestions(
            files: questions.map { .init(name: $0.0, bytes: Array($0.1.utf8)) }, model: music, limits: limits)
        desk.service = QueryService(model: music, limits: limits, cursorKey: cursorKey, questions: { saved })
        return desk
    }

    private static let document = """
        query Explain($rule: String!, $id: ID, $key: String, $variables: [RuleVariable!]) {
          explain(rule: $rule, id: $id, key: $key, variables: $variables) {
            verdict key text
            conditions {
              number parent depth verdict form expression operator
              subject { field value madeOf { field expression value } }
              threshold { value source variable argument computed { field value } }
              evidence { type field count holding unknown more rows { key verdict conditions { verdict expression } } }
            }
            missing { reason type key field }
            ways { changes { condition holds field actual operator threshold difference } }
          }
        }
        """

    // MARK: - The law

    static var seeds: [UInt64] {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return Array(1...(ProcessInfo.processInfo.environment["HEARTH_SEEDS"].flatMap { UInt64($0) } ?? 25))
    }

    @Test(arguments: seeds) func `the verdict on a row is whether the question lists it`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(20))
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<6 {
            let (type, list) = maker.chance.pick([
                ("Player", "players"), ("Band", "bands"), ("Stint", "stints"), ("Song", "songs"),
            ])
            let filter = maker.filter(on: type, depth: 3)
            let question = "query Q { \(list)(where: \(filter.text) first: 1000) { nodes { id } } }"
            let desk = try Self.desk(graph, [("random", question)])
            let listed = Set(try desk.data(question)[list].nodes.items.compactMap { $0["id"].string })
            let all = try desk.data("{ \(list)(first: 1000) { nodes { id } } }")[list].nodes.items.compactMap { $0["id"].string }
            let rows = graph.rows[type]!.indices.sorted { graph.keysAscend($0, $1, type) }
            #expect(all.count == rows.count)
            for (id, row) in zip(all, rows).prefix(8) {
                let data = try desk.data(Self.document, variables: #"{"rule": "random", "id": "\#(id)"}"#)
                let verdict = data.explain.verdict.string
                #expect(
                    (verdict == "TRUE") == listed.contains(id), "seed \(seed): \(question)\n\(data.explain.text.string ?? "")")
                let naive = filter.truth(of: row, type, in: graph)
                #expect(verdict == (naive == .yes ? "TRUE" : naive == .no ? "FALSE" : "UNKNOWN"), "seed \(seed): \(question)")
                checkTree(data.explain, "seed \(seed): \(question)")
            }
        }
    }

    /// A part says what its own parts say: Kleene's tables, written down once more.
    private func checkTree(_ explanation: JSON, _ comment: String) {
        let conditions = explanation.conditions.items
        let rank = ["FALSE": 0, "UNKNOWN": 1, "TRUE": 2]
        for (index, condition) in conditions.enumerated() {
            #expect(condition.number.int == index, "\(comment)")
            let parts = conditions.filter { $0.parent.int == index }.compactMap { $0.verdict.string.flatMap { rank[$0] } }
            let own = condition.verdict.string.flatMap { rank[$0] }
            switch condition.form.string {
            case "ALL": #expect(own == parts.min() ?? 2, "\(comment)")
            case "ANY": #expect(own == parts.max() ?? 0, "\(comment)")
            case "NOT": #expect(own == parts.first.map { 2 - $0 }, "\(comment)")
            case "SOME" where !condition.evidence.isNull:
                if condition.evidence.holding.int ?? 0 > 0 { #expect(own == 2, "\(comment)") }
            default: break
            }
        }
        let verdict = conditions.first?.verdict.string
        #expect(explanation.verdict.string == verdict, "\(comment)")
        #expect(verdict == "UNKNOWN" || explanation.missing.items.isEmpty, "\(comment)")
        #expect(verdict != "TRUE" || explanation.ways.items.isEmpty, "\(comment)")
    }

    @Test(arguments: seeds) func `a way that is offered is one when it is taken`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 1_000)
        for _ in 0..<6 {
            let graph = NaiveGraph.random(&chance, players: 3)
            func leaf() -> String {
                let (operation, value) = (chance.pick(["lt", "lte", "gt", "gte", "eq"]), 150 + chance.below(6))
                return chance.below(3) == 0 ? "{not: {height: {\(operation): \(value)}}}" : "{height: {\(operation): \(value)}}"
            }
            let filter = "{or: [{and: [\(leaf()), \(leaf())]}, \(leaf())]}"
            let question = "query Q { players(where: \(filter)) { nodes { number } } }"
            let desk = try Self.desk(graph, [("random", question)])
            for player in try desk.data("{ players(first: 3) { nodes { number } } }").players.nodes.items {
                let number = try #require(player.number.string)
                let explained = try desk.data(Self.document, variables: #"{"rule": "random", "key": "\#(number)"}"#).explain
                for way in explained.ways.items {
                    // The one value that the changes ask for, found by trying.
                    let wanted = way.changes.items
                    let height = (140...170).first { height in
                        wanted.allSatisfy { Self.holds(height, $0.operator.string, $0.threshold.string.flatMap { Int($0) }) }
                    }
                    let heightWanted = try #require(height, "seed \(seed): \(question)")
                    let row = try #require(graph.rows["Player"]?.firstIndex { $0["number"] == .string(number) })
                    graph.rows["Player"]?[row]["height"] = .int(heightWanted)
                    let again = try Self.desk(graph, [("random", question)])
                        .data(Self.document, variables: #"{"rule": "random", "key": "\#(number)"}"#).explain
                    #expect(again.verdict.string == "TRUE", "seed \(seed): \(question) height \(heightWanted)")
                }
            }
        }
    }

    private static func holds(_ value: Int, _ operation: String?, _ limit: Int?) -> Bool {
        guard let limit else { return false }
        return switch operation {
        case "lt": value < limit
        case "lte": value <= limit
        case "gt": value > limit
        case "gte": value >= limit
        case "eq": value == limit
        case "neq": value != limit
        default: false
        }
    }

    @Test(arguments: seeds) func `failures are counted as they are one by one`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 2_000)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<6 {
            let filter = maker.filter(on: "Player", depth: 2)
            let desk = try Self.desk(graph, [("random", "query Q { players(where: \(filter.text)) { totalCount } }")])
            let failures = try desk.data(
                """
                { explainFailures(rule: "random", by: "rank") { groupCount total { rows holding failing unknown conditions { alone } }
                  groups { key counts { rows holding failing unknown } } } }
                """
            ).explainFailures
            let truths = graph.rows["Player"]!.indices.map { row in
                (filter.truth(of: row, "Player", in: graph), graph.value("rank", of: row, "Player"))
            }
            func check(_ counts: JSON, _ rows: [NaiveFilter.Truth]) {
                #expect(counts.rows.int == rows.count, "seed \(seed): \(filter.text)")
                #expect(counts.holding.int == rows.count { $0 == .yes }, "seed \(seed): \(filter.text)")
                #expect(counts.failing.int == rows.count { $0 == .no }, "seed \(seed): \(filter.text)")
                #expect(counts.unknown.int == rows.count { $0 == .unknown }, "seed \(seed): \(filter.text)")
            }
            check(failures.total, truths.map(\.0))
            #expect(failures.groupCount.int == Set(truths.map { "\($0.1)" }).count)
            for group in failures.groups.items {
                check(
                    group.counts,
                    truths.filter { truth in
                        if case .enumeration(let name) = truth.1 { name == group.key.string } else { group.key.isNull }
                    }.map(\.0))
            }
        }
    }

    // MARK: - Cases

    private static let tall = """
        # title-en: Tall players
        # rules: R1
        query Tall($height: Int! = 500, $must: String) {
          players(where: {height: {gte: $height} name: {neq: $must} songs: {some: {seconds: {gt: 0}}}}) { nodes { number } }
        }
        """

    private func small(_ change: (inout QueryLimits) -> Void = { _ in }) throws -> Desk {
        try Self.desk(
            SmallRegister.make(),
            [
                ("tall", Self.tall), ("nested", "{ bands { nodes { players(where: {height: {gt: 1}}) { totalCount } } } }"),
                ("two", "{ a: players(where: {height: {gt: 1}}) { totalCount } b: bands(where: {}) { totalCount } }"),
                (
                    "named",
                    "# table: b\n{ a: players(where: {height: {gt: 1}}) { totalCount } b: bands(where: {code: {neq: \"\"}}) { totalCount } }"
                ),
                ("none", "{ meta { version } }"),
                ("must", "query M($name: String!) { players(where: {name: {eq: $name}}) { totalCount } }"),
            ], change)
    }

    private func firstNumber(_ desk: Desk) throws -> String {
        try #require(try desk.data("{ players(first: 1) { nodes { number } } }").players.nodes[0].number.string)
    }

    @Test func `a threshold says which variable it came from, and a set which rows`() throws {
        let desk = try small()
        let number = try firstNumber(desk)
        let explained = try desk.data(Self.document, variables: #"{"rule": "tall", "key": "\#(number)"}"#).explain
        let height = try #require(explained.conditions.items.first { $0.subject.field.string == "height" })
        #expect(height.threshold["value"].string == "500" && height.operator.string == "gte")
        #expect(height.threshold.source.string == "VARIABLE" && height.threshold.variable.string == "height")
        #expect(height.threshold.argument.string == "where.height.gte")
        let songs = try #require(explained.conditions.items.first { $0.form.string == "SOME" })
        #expect(songs.evidence.type.string == "Song" && songs.evidence.field.string == "songs")
        #expect(explained.verdict.string != "TRUE")
        let given = try desk.data(
            Self.document, variables: #"{"rule": "tall", "key": "\#(number)", "variables": [{"name": "height", "value": "1"}]}"#)
        #expect(given.explain.conditions.items.contains { $0.threshold["value"].string == "1" })
    }

    @Test func `rules are the questions of one list, the checks and the derived Booleans`() throws {
        let rules = try small().data("{ explainRules { name kind type } }").explainRules.items
        #expect(rules.map { $0.name.string } == ["must", "named", "tall", "Player.isTall"])
        #expect(rules[1].type.string == "Band")
    }

    @Test func `what cannot be explained says why`() throws {
        let desk = try small { $0.evidenceRows = 10 }
        let number = try firstNumber(desk)
        func refuses(_ arguments: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
            let errors = try desk.errors("{ explain(\(arguments)) { verdict } }")
            let text = errors.first?.message.string ?? "no error"
            #expect(text.contains(message), "\(text)", sourceLocation: sourceLocation)
        }
        try refuses(#"rule: "tal", key: "1""#, "There is no rule 'tal'")
        try refuses(#"rule: "tal", key: "1""#, "Did you mean 'tall'")
        try refuses(#"rule: "none", key: "1""#, "it lists no rows at its root")
        try refuses(#"rule: "nested", key: "1""#, "has no 'where'")
        try refuses(#"rule: "two", key: "1""#, "it has 2 lists ('a', 'b')")
        try refuses(#"rule: "must", key: "\#(number)""#, "name")
        try refuses(#"rule: "tall", key: "no one""#, "There is no Player 'no one'")
        try refuses(#"rule: "tall", id: "???""#, "no global id")
        try refuses(#"rule: "tall""#, "by 'id' or by 'key'")
        try refuses(#"rule: "tall", id: "x", key: "y""#, "by 'id' or by 'key'")
        try refuses(#"rule: "tall", key: "\#(number)", variables: [{name: "hight", value: "1"}]"#, "no parameter 'hight'")
        try refuses(#"rule: "tall", key: "\#(number)", evidence: 11"#, "max-evidence-rows")
        try refuses(#"rule: "Player.height", key: "1""#, "only Boolean fields with @derived(cel:)")
        try refuses(#"rule: "Player.hight", key: "1""#, "Player has no field 'hight'")
        let narrow = try small { $0.explainedConditions = 2 }
        let errors = try narrow.errors(#"{ explain(rule: "tall", key: "\#(number)") { verdict } }"#)
        #expect(errors.first?.message.string?.contains("max-explained-conditions") == true)
    }
}
