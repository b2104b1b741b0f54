import Foundation
import Query
import Testing

/// Lists of nothing but leaves are written column by column; whatever else is selected, row by row. Both are the same answer.
@Suite struct `Lists of leaves` {
    private static let leaves = """
        number name nickname born height weight fee seenAt retired rank skills songCount share role again: name
        """

    @Test(arguments: [(1, 3), (2, 64), (3, 65), (4, 200)]) func `column by column and row by row are the same answer`(
        seed: UInt64, players: Int
    ) throws {
        var chance = Chance(seed: seed)
        let desk = try Desk(NaiveGraph.random(&chance, players: players))
        for arguments in ["(first: 1000)", "(first: 70, orderBy: [{name: DESC}])", "(first: 5, offset: 3)"] {
            let columns = desk.ask("{ players\(arguments) { nodes { \(Self.leaves) } } }")
            // A field that is no leaf of a row, and whose text is known, in every place.
            for place in ["{ __typename \(Self.leaves) }", "{ \(Self.leaves) __typename }"] {
                let rows = desk.ask("{ players\(arguments) { nodes \(place) } }")
                #expect(rows.contains("__typename") == columns.contains("number"))
                let without = rows.replacing("\"__typename\":\"Player\",", with: "")
                    .replacing(",\"__typename\":\"Player\"", with: "")
                #expect(without == columns, "seed \(seed)")
            }
        }
    }

    @Test func `the limits are met at the same row`() throws {
        var chance = Chance(seed: 9)
        var limits = QueryLimits()
        limits.rowsReturned = 100
        let desk = try Desk(NaiveGraph.random(&chance, players: 150), limits: limits)
        for selection in ["number", "number __typename"] {
            let errors = try desk.errors("{ players(first: 150) { nodes { \(selection) } } }")
            #expect(errors.map { $0.path.description } == ["[\"players\",\"nodes\",100]"], "\(selection)")
        }
        #expect(try desk.data("{ players(first: 100) { nodes { number } } }").players.nodes.items.count == 100)
        limits.rowsReturned = 50_000
        limits.answerBytes = 500
        let short = try Desk(NaiveGraph.random(&chance, players: 150), limits: limits)
        for selection in ["number", "number __typename"] {
            let errors = try short.errors("{ players(first: 150) { nodes { \(selection) } } }")
            #expect(errors.map { $0.extensions.limit.string } == ["max-answer-bytes"], "\(selection)")
        }
    }
}
