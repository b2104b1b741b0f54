import Model
import QueryExecution
import Settings
import Testing

/// By what rows are told apart, and whom they are about, where only aggregates are seen.
@Suite struct `Dimensions of cells` {
    private static let company = `Small cells in answers`.company

    private func lines(_ desk: Desk, _ arguments: String, key: String) throws -> [String] {
        try `Small cells in answers`().lines(desk, arguments, key: key)
    }

    @Test func `dimensions are read from their texts, and what is none is refused with the reason`() throws {
        func problem(_ dimension: String) -> String {
            do throws(SmallCellProblem) {
                _ = try SmallCellPolicy(dimensions: [(type: "Player", levels: [[dimension]])], in: music)
                return ""
            } catch {
                return error.message
            }
        }
        for text in ["rank", "band", "band.home: CITY", "born: YEAR", "height: 160, 180", "seenAt: MONTH", "songCount", "isTall"]
        {
            #expect(problem(text) == "", "\(text)")
        }
        for text in [
            "", "number", "nothing", "rank.name", "songs", "born", "born: DECADE", "height: 180, 160", "fee", "skills", "rank: 3",
        ] {
            #expect(problem(text).hasPrefix("The dimension '\(text)' of Player "), "\(text): \(problem(text))")
        }
    }

    @Test func `what follows from another dimension is a level of it, and none beside it`() throws {
        func problem(_ dimensions: [[String]]) -> String {
            do throws(SmallCellProblem) {
                _ = try SmallCellPolicy(dimensions: [(type: "Player", levels: dimensions)], in: music)
                return ""
            } catch {
                return error.message
            }
        }
        for dimensions in [
            [["band"], ["band.home: CITY"]], [["band.home: CITY"], ["band"]], [["height: 150"], ["isTall"]],
            [["born: YEAR"], ["born: MONTH"]],
            [["band"], ["band.founded: YEAR"]],
        ] { #expect(problem(dimensions).contains("follows from"), "\(dimensions): \(problem(dimensions))") }
        for dimensions in [
            [["band.home: LAND", "band.home: CITY", "band"], ["rank"]], [["isTall", "height: 150"]],
            [["born: YEAR", "born: MONTH"]],
        ] { #expect(problem(dimensions) == "", "\(dimensions)") }
    }

    @Test func `where levels cut across each other, a value is told where each of its parts is`() throws {
        let whole = try Desk(Self.company.graph())
        let desk = whole.seeingAggregates(try Company.policy([["retired", "rank"], ["band"]]))
        func counts(_ desk: Desk, _ arguments: String, _ key: String) throws -> [String: Int?] {
            let data = try desk.data("{ players { groups(\(arguments)) { key { \(key) } aggregate { count } } } }")
            return Dictionary(
                uniqueKeysWithValues: data.players.groups.items.map {
                    (`Small cells in answers`.texts($0.key).joined(separator: " "), $0.aggregate["count"].int)
                })
        }
        var told = 0
        for (prefix, key) in [("", ""), ("{field: band}, ", "band { code } ")] {
            let truth = try counts(whole, "by: [\(prefix){field: rank}]", key + "rank")
            let alone = try counts(desk, "by: [\(prefix){field: rank}]", key + "rank")
            let parts = try counts(desk, "by: [\(prefix){field: rank}, {field: retired}]", key + "rank retired")
            for (name, count) in alone {
                let own = parts.filter { $0.key.hasPrefix(name + " ") }.map(\.value)
                #expect((count == nil) == own.contains(nil), "\(name)")
                if let count {
                    #expect(truth[name] == .some(count))
                    told += 1
                }
            }
            #expect(alone.values.contains(nil))
        }
        #expect(told > 3)
    }

    @Test func `where somebody has many rows, it is people that a cell has few of, and one of whom may make up most`() throws {
        let graph = Company(counts: ["C1": ["B1": [2], "B2": [10], "B3": [30]]]).graph()
        // The two of the first band join it again and again.
        for year in 1..<10 {
            for player in 0..<2 {
                graph.rows["Stint"]?.append(
                    ["player": .row(player), "band": .row(0), "since": .date(days(2000 + year, 1, 1))])
            }
        }
        let whole = try Desk(graph)
        func counts(_ subjects: [String: String]) throws -> [Int?] {
            let policy = try SmallCellPolicy(dimensions: [(type: "Stint", levels: [["band"]])], subjects: subjects, in: music)
            let data = try whole.seeingAggregates(policy).data(
                "{ stints { aggregate { count } groups(by: [{field: band}]) { aggregate { count } } } }")
            return [data.stints.aggregate["count"].int] + data.stints.groups.items.map { $0.aggregate["count"].int }
        }
        #expect(try counts([:]) == [60, 20, 10, 30])
        #expect(try counts(["Stint": "player"]) == [60, nil, nil, 30])
        for wrong in [["Stint": "since"], ["Stint": "players"], ["Stints": "player"]] {
            #expect(throws: SmallCellProblem.self) { try counts(wrong) }
        }
    }

    @Test func `a role's levels are told with their lines where groups cannot be made of them`() throws {
        func problem(_ dimensions: String) throws -> String {
            let text = """
                roles:
                  FEW:
                    rows: false
                    types: [Player, Band, Stint, Region]
                    cells:
                      Player:
                        by:
                """
            let access = try AccessSettings(
                reading: Array((text + "\n" + dimensions.split(separator: "|").map { "          - \($0)\n" }.joined()).utf8),
                file: "access.yaml")
            let view = try #require(try RoleModels(access, in: music).views.first)
            do throws(SmallCellProblem) {
                _ = try SmallCellPolicy(view, in: music)
                return ""
            } catch {
                return "\(error.line ?? 0): \(error.message)"
            }
        }
        #expect(try problem("[rank]|[band]") == "")
        #expect(try problem("[rank]|[born]").hasPrefix("9: The dimension 'born' of Player is of dates"))
        #expect(try problem("[rank]|[band, rank]") == "9: The dimension 'rank' of Player is given twice.")
        #expect(
            try problem("[band]|[band.founded: YEAR]").hasPrefix("6: The dimension 'band.founded: YEAR' of Player follows from"))
    }

    @Test func `to a sum only those count who add to it`() throws {
        let desk = try Company(counts: ["C1": ["B1": [20], "B2": [30], "B3": [40]]]).desk { player in
            player < 18 ? .decimal(0) : .decimal(1_000)
        }
        let data = try desk.data("{ players { groups(by: [{field: band}]) { aggregate { count sum { fee } } } } }")
        let told = data.players.groups.items.map { "\($0.aggregate["count"]) \($0.aggregate.sum.fee.isNull)" }
        #expect(told == ["20 true", "30 true", "40 false"])
    }

    @Test func `of a sum and a mean it does not follow how few have no value`() throws {
        // Of the third band two have no fee, of the second twelve.
        let desk = try Company(counts: ["C1": ["B1": [20], "B2": [30], "B3": [40]]]).desk { player in
            (20..<32).contains(player) || player >= 88 ? .null : .decimal(1_000)
        }
        let data = try desk.data(
            "{ players { groups(by: [{field: band}]) { aggregate { count sum { fee } avg { fee } suppressed } } } }")
        let told = data.players.groups.items.map { "\($0.aggregate["count"]) \($0.aggregate.sum.fee.isNull)" }
        // Those of the second are fourteen together with them.
        #expect(told == ["20 false", "30 true", "40 true"])
    }
}
