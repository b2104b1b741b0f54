import Foundation
import Query
import QueryExecution
import Testing

/// What an analyst is told of the sample register.
@Suite struct `Small cells of the sample register` {
    private static let question = """
        { households {
            aggregate { count suppressed sum { memberCount } }
            byVillage: groups(by: [{village: {field: id}}], first: 1000) { key { village { code } } aggregate { count suppressed } }
            byCause: groups(by: [{field: mainCause}], first: 1000) { key { mainCause } aggregate { count suppressed } }
            byBoth: groups(by: [{village: {field: id}}, {field: mainCause}], first: 1000) {
              key { village { code } mainCause } aggregate { count suppressed sum { memberCount } max { memberCount } } } } }
        """

    private func analyst(_ desk: Desk) throws -> Desk {
        desk.seeingAggregates(
            try SmallCellPolicy(
                dimensions: [(type: "Household", levels: [["village.area: TOWNSHIP", "village"], ["mainCause"], ["category"]])],
                raised: [.init(type: "Household", field: "mainCause", minimumCell: 11)], in: desk.service.model))
    }

    @Test func `groups by village and cause tell what is large enough, and nothing from which the rest follows`() throws {
        let desk = try Sample.desk(asOf: "2017-06-30")
        let (all, told) = (try desk.data(Self.question).households, try analyst(desk).data(Self.question).households)
        #expect(told.aggregate["count"].int == 1097 && told.aggregate.sum.memberCount.int == 2469)
        func counts(_ list: JSON) -> [String: Int?] {
            Dictionary(
                list.items.map { group in
                    let key = "\(group.key.village.code.string ?? "*") \(group.key.mainCause.string ?? "*")"
                    #expect(group.aggregate.suppressed.bool == group.aggregate["count"].isNull)
                    return (key, group.aggregate["count"].int)
                }
            ) { first, _ in first }
        }
        var shown = 0
        for name in ["byVillage", "byCause", "byBoth"] {
            let (truth, answer) = (counts(all[name]), counts(told[name]))
            let least = name == "byVillage" ? 5 : 11
            #expect(Set(truth.keys).isSubset(of: answer.keys), "\(name)")
            for (key, count) in answer {
                guard let count else { continue }
                #expect(truth[key] == .some(count) && count >= least, "\(name) \(key)")
                shown += 1
            }
            for (key, count) in truth where (count ?? 0) < least { #expect(answer[key] == .some(nil), "\(name) \(key)") }
            let hidden = answer.values.filter { $0 == nil }.count
            print(
                "analyst: \(name): \(answer.count) groups, \(truth.values.filter { ($0 ?? 0) < least }.count) too small, \(hidden) not told"
            )
        }
        #expect(shown > 30)
        // In no line is one number alone not told, or few.
        let (both, whole) = (counts(told.byBoth), counts(all.byBoth))
        for part in [0, 1] {
            let margins = counts(part == 0 ? told.byVillage : told.byCause)
            for (margin, count) in margins {
                guard count != nil, let value = margin.split(separator: " ")[part] as Substring? else { continue }
                let hidden = both.filter { $0.value == nil && $0.key.split(separator: " ")[part] == value }
                let sum = hidden.keys.reduce(0) { $0 + ((whole[$1] ?? 0) ?? 0) }
                #expect(hidden.isEmpty || hidden.count > 1 && sum >= 11 || count == sum, "\(margin): \(hidden.keys.sorted())")
            }
        }
    }

    @Test func `what an analyst is told does not depend on how it is asked`() throws {
        let desk = try analyst(Sample.desk(asOf: "2017-06-30"))
        var known: [String: Int?] = [:]
        for group in try desk.data(Self.question).households.byBoth.items {
            known["\(group.key.village.code.string ?? "") \(group.key.mainCause.string ?? "")"] = .some(
                group.aggregate["count"].int)
        }
        let causes = Set(known.keys.map { String($0.split(separator: " ")[1]) }).sorted()
        for cause in causes {
            let data = try desk.data(
                "{ households(where: {mainCause: {eq: \(cause)}}) { groups(by: [{field: village}], first: 1000) { key { village { code } } aggregate { count } } } }"
            )
            for group in data.households.groups.items {
                let key = "\(group.key.village.code.string ?? "") \(cause)"
                #expect(known[key] == .some(group.aggregate["count"].int), "\(key)")
            }
        }
    }
}
