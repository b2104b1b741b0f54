import Query
import Testing

/// `within` on types whose rows make a tree. `api.md` §2
@Suite struct `Filters within a tree` {
    private func codes(_ desk: Desk, _ filter: String) throws -> [String] {
        try desk.data("{ administrativeAreas(where: \(filter), first: 1000) { nodes { code } } }")
            .administrativeAreas.nodes.items.compactMap { $0.code.string }.sorted()
    }

    /// The keys of a row and of all rows above it, as the sample's file has them.
    private func path(_ code: String, _ parents: [String: String]) -> [String] {
        var path = [code]
        while let parent = parents[path[path.count - 1]], !parent.isEmpty { path.append(parent) }
        return path
    }

    private func parents() throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try Sample.rows("AdministrativeArea").map { ($0["code"]!, $0["parent"]!) })
    }

    @Test func `a row is within itself and within all rows above it`() throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        let parents = try parents()
        let all = parents.keys.sorted()
        #expect(all.count > 10)
        for code in all {
            let within = all.filter { path($0, parents).contains(code) }
            #expect(try codes(desk, "{within: \"\(code)\"}") == within)
            #expect(try codes(desk, "{not: {within: \"\(code)\"}}") == all.filter { !within.contains($0) })
            #expect(try codes(desk, "{within: \"\(code)\" not: {code: {eq: \"\(code)\"}}}") == within.filter { $0 != code })
        }
    }

    @Test func `it is asked through edges, from few rows or of all`() throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        let parents = try parents()
        let areas = Dictionary(uniqueKeysWithValues: try Sample.rows("Village").map { ($0["code"]!, $0["area"]!) })
        let villages = try Sample.rows("Household").map { $0["village"]! }
        for code in parents.keys {
            let expected = villages.filter { path(areas[$0]!, parents).contains(code) }.count
            let data = try desk.data("{ households(where: {village: {area: {within: \"\(code)\"}}}) { totalCount } }")
            #expect(data.households.totalCount.int == expected, "\(code)")
        }
    }

    @Test(arguments: ["\"9999\"", "\"\"", "\"4201%\""]) func `a row that is not there is an error, not an empty answer`(
        code: String
    ) throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        let errors = try desk.errors("{ villages(where: {area: {within: \(code)}}) { totalCount } }")
        #expect(errors.map { $0.extensions.code.string } == ["BAD_USER_INPUT"])
        #expect(errors.first?.extensions.argumentPath.string == "where.area.within")
        #expect(errors.first?.locations[0].column.int == 35)
    }

    @Test func `null is no row, and what was not sent asks nothing`() throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        #expect(
            try desk.errors("{ villages(where: {area: {within: null}}) { totalCount } }").map { $0.extensions.code.string }
                == ["NULL_OPERAND"])
        let all = try desk.data("query($c: String) { villages(where: {area: {within: $c}}) { totalCount } }").villages.totalCount
            .int
        #expect(all == (try Sample.rows("Village").count))
    }
}
