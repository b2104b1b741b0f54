import Foundation
import Query
import StoreColumns
import Testing

/// The published figures of the sample register, counted by groups, and its files counted by hand.
@Suite struct `Figures of the sample register` {
    private func groups(_ query: String, asOf: String = "2017-06-30") throws -> [JSON] {
        let data = try Sample.desk(asOf: asOf).data(query)
        for name in ["households", "villages", "workTeams", "persons"] where !data[name].isNull { return data[name].groups.items }
        return []
    }

    private func average(_ set: JSON) -> Double {
        (set.aggregate.avg.memberCount.value as? NSNumber)?.doubleValue ?? .nan
    }

    @Test func `households and persons by category`() throws {
        let found = try groups(
            "{ households { groups(by: [{field: category}]) { key { category } aggregate { count sum { memberCount } avg { memberCount } } } } }"
        )
        let lines = found.map { group in
            "\(group.key.category.string ?? "") \(group.aggregate["count"]) \(group.aggregate.sum.memberCount) \(average(group))"
        }
        #expect(
            Set(lines) == ["GENERAL 515 1531 2.9728", "MINIMUM_ALLOWANCE 536 892 1.6642", "FIVE_GUARANTEES 46 46 1.0"])
        let all = try Sample.desk(asOf: "2017-06-30").data(
            "{ households { aggregate { count sum { memberCount } avg { memberCount } } } villages { aggregate { count } } }")
        #expect(all.households.aggregate["count"].int == 1097 && all.households.aggregate.sum.memberCount.int == 2469)
        #expect(average(all.households) == 2.2507)
        #expect(all.villages.aggregate["count"].int == 21)
    }

    @Test func `the exit plan by year, of households, persons and villages`() throws {
        let households = try groups(
            "{ households { groups(by: [{field: plannedExitYear}]) { key { plannedExitYear { value } } aggregate { count sum { memberCount } } } } }"
        )
        #expect(households.map { $0.key.plannedExitYear["value"].int } == [2016, 2017, 2018])
        #expect(households.map { $0.aggregate["count"].int } == [329, 549, 219])
        #expect(households.map { $0.aggregate.sum.memberCount.int } == [741, 1234, 494])
        let villages = try groups("{ villages { groups(by: [{field: plannedExitYear}]) { aggregate { count } } } }")
        #expect(villages.map { $0.aggregate["count"].int } == [6, 9, 6])
    }

    @Test func `households of each village, with its row, its poorest first`() throws {
        let found = try groups(
            """
            { households { groups(by: [{village: {field: id}}], orderBy: [{aggregate: {count: {where: {isPoor: {eq: true}}, order: DESC}}}],
              first: 3) { key { village { code node { name incidence } } } aggregate { count } nodes(first: 2) { number } } } }
            """)
        var counts: [String: Int] = [:]
        for row in try Sample.rows("Household") { counts[row["village"] ?? "", default: 0] += 1 }
        #expect(found.count == 3)
        for group in found {
            #expect(group.aggregate["count"].int == counts[group.key.village.code.string ?? ""])
            #expect(group.key.village.node.name.string != nil && group.nodes.items.count == 2)
        }
    }

    @Test func `households by levels of areas`() throws {
        var expected: [String: Int] = [:]
        let areas = Dictionary(uniqueKeysWithValues: try Sample.rows("AdministrativeArea").map { ($0["code"] ?? "", $0) })
        let villages = Dictionary(uniqueKeysWithValues: try Sample.rows("Village").map { ($0["code"] ?? "", $0["area"] ?? "") })
        for level in ["PROVINCE", "PREFECTURE", "COUNTY", "TOWNSHIP", "VILLAGE"] {
            expected = [:]
            for household in try Sample.rows("Household") {
                var code = villages[household["village"] ?? ""] ?? ""
                while let area = areas[code], area["level"] != level { code = area["parent"] ?? "" }
                expected[areas[code]?["name"] ?? "", default: 0] += 1
            }
            let found = try groups(
                "{ households { groups(by: [{village: {area: {level: \(level)}}}]) { key { village { area { name level } } } aggregate { count } } } }"
            )
            let names = found.map { ($0.key.village.area.name.string ?? "", $0.aggregate["count"].int ?? 0) }
            #expect(Dictionary(names) { $0 + $1 } == expected, "\(level)")
            #expect(found.allSatisfy { $0.key.village.area.level.string == level })
        }
    }

    @Test func `main causes, of households and of persons`() throws {
        var expected: [String: Int] = [:]
        for row in try Sample.rows("CauseAssignment") where row["rank"] == "MAIN" {
            expected[row["cause"] ?? "", default: 0] += 1
        }
        let found = try groups(
            "{ households { groups(by: [{field: mainCause}], first: 100) { key { mainCause } aggregate { count sum { memberCount } } } } }"
        )
        let counts = found.filter { !$0.key.mainCause.isNull }.map {
            ($0.key.mainCause.string ?? "", $0.aggregate["count"].int ?? 0)
        }
        #expect(Dictionary(counts) { $0 + $1 } == expected)
        #expect(found.compactMap { $0.aggregate.sum.memberCount.int }.reduce(0, +) == 2469)
    }
}
