import Foundation
import Model
import Query
import StoreColumns
import Testing

/// Figures and groups against the plainest code there is, on registers and questions made at random.
@Suite struct `Random figures` {
    static let figures: [String: [(name: String, kind: String)]] = [
        "Player": [
            ("height", "int"), ("weight", "float"), ("fee", "decimal"), ("born", "date"), ("seenAt", "instant"),
            ("songCount", "int"), ("share", "ratio"), ("name", "string"), ("nickname", "string"), ("rank", "rank"),
            ("retired", "boolean"), ("role", "skill"),
        ],
        "Band": [("founded", "date"), ("name", "string")],
        "Stint": [("since", "date"), ("until", "date"), ("role", "skill")],
        "Song": [("seconds", "int"), ("price", "decimal"), ("title", "string")],
    ]
    static let distinct: [String: [String]] = [
        "Player": ["name", "rank", "retired", "teacher", "band", "role", "height", "share"], "Band": ["name"],
        "Stint": ["role", "band", "player"], "Song": ["title", "band", "seconds"],
    ]
    static let lists = ["Player": "players", "Band": "bands", "Stint": "stints", "Song": "songs"]

    @Test(arguments: `Random filters`.seeds) func `figures are those that are made by hand`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<12 {
            let type = maker.chance.pick(["Player", "Player", "Band", "Stint", "Song"])
            let (filter, rows) = maker.set(of: type)
            var figures: [(text: String, expected: String)] = []
            for _ in 0..<4 { figures.append(maker.figure(of: type, rows, graph)) }
            let fields = figures.enumerated().map { "f\($0): \($1.text)" }.joined(separator: " ")
            let query = "{ \(Self.lists[type]!)(where: \(filter)) { aggregate { count \(fields) } } }"
            let found = desk.ask(query)
            let expected = figures.enumerated().map { ",\"f\($0)\":\($1.expected)" }.joined()
            let start = "{\"data\":{\"\(Self.lists[type]!)\":{\"aggregate\":{\"count\":\(rows.count)\(expected)}}}"
            #expect(found.hasPrefix(start), "seed \(seed): \(query)\n\(found)\n\(start)")
        }
    }

    @Test(arguments: `Random filters`.seeds) func `groups are those that are made by hand`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 1_000)
        let graph = NaiveGraph.random(&chance, players: chance.below(60))
        let desk = try Desk(graph)
        var maker = FilterMaker(chance: chance, graph: graph)
        for _ in 0..<12 {
            let type = maker.chance.pick(["Player", "Player", "Stint", "Song"])
            let (filter, rows) = maker.set(of: type)
            var keys: [NaiveKey] = []
            for _ in 0...maker.chance.below(3) {
                let key = maker.key(of: type)
                if !keys.contains(where: { $0.name == key.name }) { keys.append(key) }
            }
            // Group by group, in the order of keys.
            var groups: [(keys: [(text: String, order: NaiveGraph.Value?)], rows: [Int])] = []
            for row in rows {
                let values = keys.map { graph.groupKey($0, of: row, type) }
                if let place = groups.firstIndex(where: { $0.keys.map(\.text) == values.map(\.text) }) {
                    groups[place].rows.append(row)
                } else {
                    groups.append((values, [row]))
                }
            }
            let asked = maker.figure(on: type, depth: 2)
            let (comparison, operand) = maker.comparison(of: asked)
            let sort = maker.chance.oneIn(3) ? nil : maker.figure(on: type, depth: 1)
            let direction = maker.chance.pick(SortDirection.allCases)
            groups = groups.filter { asked.truth(comparison, operand, of: $0.rows, type, in: graph) == .yes }.sorted {
                left, right in
                if let sort {
                    let (a, b) = (sort.value(of: left.rows, type, in: graph), sort.value(of: right.rows, type, in: graph))
                    if a.isNone != b.isNone { return a.isNone == direction.putsNullsFirst }
                    if !a.isNone, NaiveFigure.Value.order(a, b) != .equal {
                        return (NaiveFigure.Value.order(a, b) == .less) == direction.isAscending
                    }
                }
                for (a, b) in zip(left.keys, right.keys) where a.text != b.text {
                    guard let first = a.order, let second = b.order else { return a.order != nil }
                    return NaiveGraph.order(first, second) == .less
                }
                return false
            }
            let figureField = maker.chance.pick(Self.figures[type]!)
            let offset = maker.chance.oneIn(4) ? maker.chance.below(3) : 0
            groups = Array(groups.dropFirst(offset).prefix(1_000))
            let isNumber: (String) -> Bool = { ["height", "fee", "songCount", "seconds", "price"].contains($0) }
            let order = sort.map { "orderBy: [{aggregate: \($0.orderText(direction.rawValue))}]" } ?? ""
            let query = """
                { \(Self.lists[type]!)(where: \(filter)) { groups(by: [\(keys.map(\.text).joined(separator: " "))] \
                having: {\(asked.conditionText(comparison, operand))} \(order) first: 1000 offset: \(offset)) { \
                key { \(keys.map { $0.selection(isNumber: isNumber) }.joined(separator: " ")) } \
                aggregate { count max { \(figureField.name) } } nodes(first: 2) { __typename } } } }
                """
            let expected = groups.map { group in
                let members = zip(keys, group.keys).map { "\"\($0.name)\":\($1.text)" }.joined(separator: ",")
                let figure = graph.figure("max", figureField.name, figureField.kind, of: group.rows, type)
                let nodes = Array(repeating: "{\"__typename\":\"\(type)\"}", count: min(2, group.rows.count)).joined(
                    separator: ",")
                return
                    "{\"key\":{\(members)},\"aggregate\":{\"count\":\(group.rows.count),\"max\":{\"\(figureField.name)\":\(figure)}},"
                    + "\"nodes\":[\(nodes)]}"
            }.joined(separator: ",")
            let found = desk.ask(query)
            let start = "{\"data\":{\"\(Self.lists[type]!)\":{\"groups\":[\(expected)]}}"
            // A related row without a row, and one without a value, read the same here but are two groups for nobody: both null.
            #expect(found.hasPrefix(start), "seed \(seed): \(query)\n\(found)\n\(start)")
        }
    }
}

extension FilterMaker {
    /// A filter, and the rows that it finds, by number.
    fileprivate mutating func set(of type: String) -> (filter: String, rows: [Int]) {
        guard chance.oneIn(2) else { return ("{}", Array(graph.rows[type]!.indices)) }
        let filter = filter(on: type, depth: 2)
        return (filter.text, graph.rows[type]!.indices.filter { filter.truth(of: $0, type, in: graph) == .yes })
    }

    fileprivate mutating func figure(of type: String, _ rows: [Int], _ graph: NaiveGraph) -> (text: String, expected: String) {
        if chance.oneIn(4) {
            let field = chance.pick(`Random figures`.distinct[type]!)
            let figure = graph.figure("countDistinct", field, "", of: rows, type)
            return ("countDistinct { \(field) }", "{\"\(field)\":\(figure)}")
        }
        let field = chance.pick(`Random figures`.figures[type]!)
        let isNumber = ["int", "decimal", "float"].contains(field.kind)
        let operation = chance.pick(isNumber ? ["sum", "avg", "min", "max", "median"] : ["min", "max", "median"])
        let scale = chance.below(7)
        let figure = graph.figure(operation, field.name, field.kind, of: rows, type, scale: scale)
        return (
            operation + (operation == "avg" ? "(scale: \(scale))" : "") + " { \(field.name) }", "{\"\(field.name)\":\(figure)}"
        )
    }

    fileprivate mutating func key(of type: String) -> NaiveKey {
        let unit = chance.pick(["YEAR", "HALF", "QUARTER", "MONTH", "WEEK", "DAY"])
        let width = 1 + chance.below(90)
        switch type {
        case "Player":
            return chance.pick([
                .field("name"), .field("nickname"), .field("rank"), .field("retired"), .field("height"), .field("fee"),
                .field("role"), .field("songCount"), .period("born", unit), .period("seenAt", unit), .width("height", width),
                .width("fee", width), .width("weight", width), .toOne("teacher", target: "Player", .field("rank")),
                .toOne("band", target: "Band", .field("name")), .toOne("band", target: "Band", .period("founded", unit)),
                .toOne("teacher", target: "Player", .toOne("band", target: "Band", .field("code"))),
            ])
        case "Stint":
            return chance.pick([
                .field("role"), .period("since", unit), .period("until", unit), .toOne("band", target: "Band", .field("code")),
                .toOne("player", target: "Player", .width("height", width)),
            ])
        default:
            return chance.pick([
                .field("title"), .field("seconds"), .field("price"), .width("price", width), .width("seconds", width),
                .toOne("band", target: "Band", .field("name")),
            ])
        }
    }
}
