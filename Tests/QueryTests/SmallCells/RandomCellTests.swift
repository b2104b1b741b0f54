import Foundation
import Query
import QueryExecution
import Testing

/// Random questions to random registers: what is told is true, large enough, and leaves nothing small when it is taken from its total.
@Suite struct `Random questions for cells` {
    /// `SMALL_CELL_QUERIES=5000` asks as many.
    static let queryCount = Int(ProcessInfo.processInfo.environment["SMALL_CELL_QUERIES"] ?? "") ?? 400
    private static let queriesPerRegister = 100
    private static let least = 5

    private func company(_ chance: inout Chance) -> Company {
        var company = Company(counts: [:])
        for city in 0..<(1 + chance.below(4)) {
            for band in 0..<(1 + chance.below(4)) {
                company.counts["C\(city)", default: [:]]["B\(city)\(band)"] = (0..<4).map { _ in
                    [0, 0, 1, 2, 3, 4, 5, 6, 9, 14, 30][chance.below(11)]
                }
            }
        }
        return company
    }

    /// A dimension as keys and filters write it.
    private struct Asked {
        var by: String
        var key: String
        var filter: String
    }

    private func asked(_ dimension: Int, _ company: Company, _ chance: inout Chance) -> Asked {
        func some(_ names: [String], _ chance: inout Chance) -> String {
            names.filter { _ in chance.oneIn(2) }.joined(separator: ", ")
        }
        switch dimension {
        case 0:
            let cities = company.counts.keys.sorted()
            let bands = company.counts.values.flatMap(\.keys).sorted().map { "\"\($0)\"" }
            let filter =
                chance.oneIn(2)
                ? "band: {home: {within: \"\(cities[chance.below(cities.count)])\"}}"
                : "band: {code: {in: [\(some(bands, &chance))]}}"
            return chance.oneIn(2)
                ? Asked(by: "{band: {home: {level: CITY}}}", key: "band { home { code } }", filter: filter)
                : Asked(by: "{field: band}", key: "band { code }", filter: filter)
        case 1:
            let filter =
                chance.oneIn(3)
                ? "rank: {isNull: \(chance.oneIn(2))}" : "rank: {in: [\(some(["NOVICE", "SKILLED", "MASTER"], &chance))]}"
            return Asked(by: "{field: rank}", key: "rank", filter: filter)
        default: return Asked(by: "{field: retired}", key: "retired", filter: "retired: {eq: \(chance.oneIn(2))}")
        }
    }

    private static let figures = "aggregate { count suppressed sum { fee } avg { fee } min { fee } max { fee } median { fee } }"

    @Test func `no cell of few is told, nor by its total without the rest`() throws {
        var (told, hidden, small, rests) = (0, 0, 0, 0)
        var (whole, desk, register): (Desk?, Desk?, Company) = (nil, nil, Company(counts: [:]))
        for number in 0..<Self.queryCount {
            var chance = Chance(seed: 0xCE11_0000 + UInt64(number))
            if number % Self.queriesPerRegister == 0 {
                register = company(&chance)
                let made = try Desk(register.graph { .decimal($0 % 4 == 0 ? 0 : 100 + $0 % 90 * 10) })
                whole = made
                desk = made.seeingAggregates(try Company.policy([["band.home: CITY", "band"], ["rank"], ["retired"]]))
            }
            guard let whole, let desk else { continue }
            var dimensions = [0, 1, 2]
            dimensions.remove(at: chance.below(3))
            if chance.oneIn(2) { dimensions.swapAt(0, 1) }
            let parts = dimensions.map { asked($0, register, &chance) }
            let keys = parts.prefix(1 + chance.below(2))
            let filters = parts.filter { _ in chance.oneIn(3) }.map(\.filter)
            let order = chance.oneIn(3) ? ", orderBy: [{key: {order: DESC}}]" : ""
            let query = """
                { players(where: {\(filters.joined(separator: ", "))}) { \(Self.figures)
                  all: groups(by: [\(keys.map(\.by).joined(separator: ", "))]\(order), first: 1000) {
                    key { \(keys.map(\.key).joined(separator: " ")) } \(Self.figures) }
                  first: groups(by: [\(keys[0].by)], first: 1000) { key { \(keys[0].key) } \(Self.figures) } } }
                """
            let (truth, answer) = (try whole.data(query).players, try desk.data(query).players)
            let what = "query \(number): \(query)"

            func counts(_ groups: JSON) -> [[String]: Int?] {
                var counts: [[String]: Int?] = [:]
                for group in groups.items {
                    counts.updateValue(group.aggregate["count"].int, forKey: `Small cells in answers`.texts(group.key))
                }
                return counts
            }
            func check(_ aggregate: JSON, _ count: Int) {
                let shown = aggregate["count"].int
                #expect(shown == nil || shown == count, "\(what)")
                #expect(!(1..<Self.least).contains(shown ?? 0), "\(what)")
                if (1..<Self.least).contains(count) {
                    small += 1
                    #expect(shown == nil && aggregate.suppressed.bool == true, "\(what)")
                }
                if shown == nil {
                    #expect(aggregate.sum.fee.isNull && aggregate.max.fee.isNull && aggregate.avg.fee.isNull, "\(what)")
                }
                // Of values that some of them lack, fewer contribute.
                if shown == nil { hidden += 1 } else { told += 1 }
            }
            check(answer.aggregate, truth.aggregate["count"].int ?? 0)
            let (allTruth, firstTruth) = (counts(truth.all), counts(truth.first))
            let (all, first) = (counts(answer.all), counts(answer.first))
            for (list, known) in [(answer.all, allTruth), (answer.first, firstTruth)] {
                for group in list.items { check(group.aggregate, (known[`Small cells in answers`.texts(group.key)] ?? 0) ?? 0) }
            }
            for (known, list) in [(allTruth, all), (firstTruth, first)] {
                for (key, count) in known where (1..<Self.least).contains(count ?? 0) {
                    #expect((list[key] ?? nil) == nil, "\(what)")
                }
            }
            /// What is left of a total when all that is told of its parts is taken away.
            func checkRest(_ total: Int?, _ parts: [Int?]) {
                guard let total, parts.contains(nil) else { return }
                rests += 1
                let rest = total - parts.reduce(0) { $0 + ($1 ?? 0) }
                #expect(!(1..<Self.least).contains(rest), "\(what): \(total) of which \(rest) is left")
            }
            checkRest(answer.aggregate["count"].int, Array(all.values))
            checkRest(answer.aggregate["count"].int, Array(first.values))
            if keys.count > 1 {
                for (key, count) in first { checkRest(count, all.filter { Set($0.key).isSuperset(of: key) }.map(\.value)) }
            }
        }
        print(
            "random cells: \(Self.queryCount) queries, seeds 0xCE110000...: \(told) told, \(hidden) not, \(small) small, \(rests) rests"
        )
        #expect(small > Self.queryCount / 4 && rests > Self.queryCount / 4 && told > Self.queryCount)
    }
}
