import Expressions
import Foundation
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// Lists that are asked for again and again come to keep what they stand on: the order of all rows, what a filter found, how the answer is
/// written. What is answered then is what a server answers that was never asked.
@Suite struct `Polled lists` {
    private static let seeds: [UInt64] = {
        if let text = ProcessInfo.processInfo.environment["HEARTH_SEED"], let seed = UInt64(text) { return [seed] }
        return ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == nil ? Array(1...4) : Array(1...100)
    }()

    /// So often that the order of a type is kept, whatever share of its rows a list has.
    private static let pollCount = 40

    private func documents(_ filter: String, _ order: String) -> [String] {
        [
            "query($n: Int) { players(where: \(filter) orderBy: [\(order)] first: $n) { totalCount nodes { number name share } } }",
            "query($n: Int!) { players(where: \(filter) orderBy: [\(order)] last: $n) { nodes { number band { name } } totalCount } }",
            "query($n: Int = 3) { a: players(orderBy: [\(order)] first: $n offset: 2) { nodes { number songCount } } "
                + "b: players(where: \(filter)) { totalCount } c: players(where: \(filter) orderBy: [\(order)] first: 2) { nodes { id } } }",
            "query($n: Int, $o: Int) { players(where: \(filter) orderBy: [\(order)] first: $n offset: $o) "
                + "{ nodes { number } pageInfo { hasNextPage hasPreviousPage } } }",
            "query($n: Int, $c: String) { players(where: \(filter) orderBy: [\(order)] first: $n after: $c) "
                + "{ nodes { number } pageInfo { endCursor hasNextPage } } }",
            "query($n: Int, $c: String) { players(where: \(filter) orderBy: [\(order)] last: $n before: $c) "
                + "{ nodes { number } pageInfo { startCursor hasPreviousPage } } }",
        ]
    }

    @Test(arguments: seeds) func `are answered as by a server that was never asked`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 7_000)
        let graph = NaiveGraph.random(&chance, players: 1 + chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        let filter = maker.chance.oneIn(2) ? "{born: {isNull: false}}" : maker.filter(on: "Player", depth: 1).text
        let order = (0...maker.chance.below(2)).map { _ in maker.chance.pick(`Pages and cursors`.orders).text }
        for document in documents(filter, order.joined(separator: " ")) {
            var cursor = "null"
            for turn in 0..<Self.pollCount {
                let size = maker.chance.pick(["0", "1", "2", "3", "7", "1000", "null", "-1", "5000", "\(1 + turn % 9)"])
                let members = ["\"n\": \(size)", "\"c\": \(cursor)", "\"o\": \(maker.chance.below(5))"]
                let variables = "{\(members.filter { _ in !maker.chance.oneIn(9) }.joined(separator: ", "))}"
                let found = desk.ask(document, variables: variables)
                let expected = try Desk(graph).ask(document, variables: variables)
                #expect(found == expected, "seed \(seed), turn \(turn): \(document) \(variables)")
                let page = try JSON(Array(found.utf8))["data"].players.pageInfo
                cursor = (page.endCursor.string ?? page.startCursor.string).map { "\"\($0)\"" } ?? "null"
            }
        }
    }

    /// What has to be told of is told at its place, however the answer was begun.
    @Test(arguments: seeds) func `that are too long are refused at the same place`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 9_000)
        let graph = NaiveGraph.random(&chance, players: 10 + chance.below(40))
        var limits = QueryLimits()
        limits.rowsReturned = 1 + chance.below(60)
        limits.answerBytes = 200 + chance.below(3_000)
        let desk = try Desk(graph, limits: limits)
        let document = """
            query($n: Int!) { a: players(orderBy: [{name: ASC}] first: $n) { totalCount nodes { number name } }
              b: players(where: {born: {isNull: false}} orderBy: [{born: DESC}] first: $n) { nodes { number born pupils { nodes { number } } } } }
            """
        for turn in 0..<Self.pollCount {
            let variables = "{\"n\": \(chance.below(30))}"
            let found = desk.ask(document, variables: variables)
            let expected = try Desk(graph, limits: limits).ask(document, variables: variables)
            #expect(found == expected, "seed \(seed), turn \(turn): \(variables)")
        }
    }
}
