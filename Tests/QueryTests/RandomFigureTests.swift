import Foundation
import Model
import Query
import StoreColumns
import Testing

/// Figures and groups against the plainest code there is, on registers and questions made at random.
@Suite struct `Random figures` {
    /// Every field that has figures, by type.
    static let figures: [String: [(name: String, kind: String)]] = FilterMaker.fields.mapValues { fields in
        fields.filter { !$0.kind.hasPrefix("[") && $0.kind != "skills" }
    }
    static let lists = ["Player": "players", "Band": "bands", "Stint": "stints", "Song": "songs", "Region": "regions"]

    @Test(arguments: `Random filters`.seeds) func `figures are those that are made by hand`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let graph = NaiveGraph.random(&chance, players: chance.below(60))
        Self.checkFigures(FilterMaker(chance: chance, graph: graph), try Desk(graph), seed, count: 12)
    }

    static func checkFigures(_ maker: FilterMaker, _ desk: Desk, _ seed: UInt64, count: Int) {
        var maker = maker
        let graph = maker.graph
        for _ in 0..<count {
            let type = maker.chance.pick(["Player", "Player", "Player", "Band", "Stint", "Song", "Region"])
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
        Self.checkGroups(FilterMaker(chance: chance, graph: graph), try Desk(graph), seed, count: 12)
    }

    static func checkGroups(_ maker: FilterMaker, _ desk: Desk, _ seed: UInt64, count: Int) {
        var maker = maker
        let graph = maker.graph
        for step in 0..<count {
            let question = maker.groupQuestion(turn: Int(seed) * count + step)
            let (type, rows, keys) = (question.type, question.rows, question.keys)
            let (asked, comparison, operand) = (question.having, question.comparison, question.operand)
            let (sort, direction) = (question.sort, question.direction)
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
            let figureField = question.figure
            groups = Array(groups.dropFirst(question.offset).prefix(1_000))
            let query = question.text
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
    mutating func set(of type: String) -> (filter: String, rows: [Int]) {
        guard chance.oneIn(2) else { return ("{}", Array(graph.rows[type]!.indices)) }
        let filter = filter(on: type, depth: 2)
        return (filter.text, graph.rows[type]!.indices.filter { filter.truth(of: $0, type, in: graph) == .yes })
    }

    mutating func figure(of type: String, _ rows: [Int], _ graph: NaiveGraph) -> (text: String, expected: String) {
        let field = chance.pick(`Random figures`.figures[type]!)
        let isRow = field.kind.first?.isUppercase == true
        if isRow || chance.oneIn(4) {
            let figure = graph.figure("countDistinct", field.name, "", of: rows, type)
            return ("countDistinct { \(field.name) }", "{\"\(field.name)\":\(figure)}")
        }
        let isNumber = ["int", "decimal", "float"].contains(field.kind)
        let operation = chance.pick(isNumber ? ["sum", "avg", "min", "max", "median"] : ["min", "max", "median"])
        let scale = chance.below(7)
        let figure = graph.figure(operation, field.name, field.kind, of: rows, type, scale: scale)
        return (
            operation + (operation == "avg" ? "(scale: \(scale))" : "") + " { \(field.name) }", "{\"\(field.name)\":\(figure)}"
        )
    }

    mutating func key(of type: String) -> NaiveKey {
        let unit = chance.pick(["YEAR", "HALF", "QUARTER", "MONTH", "WEEK", "DAY"])
        // Exact ends: whole numbers.
        func intervals(_ field: String, _ chance: inout Chance) -> NaiveKey {
            chance.oneIn(2)
                ? .bounds(field, chance.pick([[0], [-5, 0, 90], [1, 2, 3], [60, 61]]))
                : .width(field, 1 + chance.below(90), origin: chance.oneIn(2) ? 0 : chance.below(20) - 10)
        }
        switch type {
        case "Player":
            if chance.oneIn(3) {
                return intervals(
                    chance.pick(["height", "fee", "weight", "share", "songCount", "load", "earnings", "wage"]), &chance)
            }
            return chance.pick([
                .field("name"), .field("nickname"), .field("rank"), .field("retired"), .field("height"), .field("fee"),
                .field("role"), .field("songCount"), .field("passport"), .field("title"), .field("isTall"), .field("earnings"),
                .field("debut"), .field("born"), .field("bestPupil"), .field("stage"), .field("wage"), .period("born", unit),
                .period("seenAt", unit), .period("seenAt", unit), .period("lastSeen", unit), .period("debut", unit),
                .row("number"),
                .edge("teacher", target: "Player", "number"), .edge("band", target: "Band", "code"),
                .toOne("teacher", target: "Player", .field("rank")), .toOne("band", target: "Band", .field("name")),
                .toOne("band", target: "Band", .period("founded", unit)),
                .toOne("band", target: "Band", .toOne("home", target: "Region", .level(chance.pick(NaiveGraph.levels)))),
                .toOne("teacher", target: "Player", .toOne("band", target: "Band", .field("code"))),
            ])
        case "Stint":
            return chance.pick([
                .field("role"), .field("stage"), .period("since", unit), .period("until", unit),
                .toOne("band", target: "Band", .field("code")), .toOne("player", target: "Player", intervals("height", &chance)),
            ])
        case "Region": return chance.pick([.level(chance.pick(NaiveGraph.levels)), .field("level"), .row("code")])
        default:
            if chance.oneIn(3) { return intervals(chance.pick(["price", "seconds"]), &chance) }
            return chance.pick([
                .field("title"), .field("seconds"), .field("price"), .toOne("band", target: "Band", .field("name")),
            ])
        }
    }

    private static let groupFigures: [(type: String, figure: Int)] = ["Player", "Stint", "Song", "Region"].flatMap { type in
        figureChoices(on: type).indices.map { (type, $0) }
    }

    /// Groups with all that can be asked of them.
    /// - Parameter turn: Says by which figure they are chosen and by which they are sorted, where not by their number.
    mutating func groupQuestion(turn: Int) -> NaiveGroupQuestion {
        let (type, choice) = Self.groupFigures[turn % Self.groupFigures.count]
        let cycle = turn / Self.groupFigures.count
        let (filter, rows) = set(of: type)
        var keys: [NaiveKey] = []
        for _ in 0...chance.below(3) {
            let key = key(of: type)
            if !keys.contains(where: { $0.name == key.name || key.name == "code" }) { keys.append(key) }
        }
        let having = figure(on: type, depth: 2, turn: chance.oneIn(6) ? nil : choice)
        let (comparison, operand) = comparison(of: having)
        return NaiveGroupQuestion(
            type: type, filter: filter, rows: rows, keys: keys, having: having, comparison: comparison, operand: operand,
            sort: chance.oneIn(4) ? nil : figure(on: type, depth: 1, turn: chance.oneIn(6) ? nil : choice + 7 * cycle + 3),
            direction: chance.pick(SortDirection.allCases),
            sortsByKey: chance.oneIn(2), offset: chance.oneIn(4) ? chance.below(3) : 0,
            figure: chance.pick(`Random figures`.figures[type]!.filter { $0.kind.first?.isUppercase != true }))
    }
}

/// Groups, as they are asked for and as they are made by hand.
struct NaiveGroupQuestion {
    var type: String
    var filter: String
    var rows: [Int]
    var keys: [NaiveKey]
    var having: NaiveFigure
    var comparison: String
    var operand: NaiveGraph.Value
    /// Nil: by keys alone.
    var sort: NaiveFigure?
    var direction: SortDirection
    /// Whether the first key is also named as what to sort by, which is where it would stand anyway.
    var sortsByKey: Bool
    var offset: Int
    /// What is shown of each group.
    var figure: (name: String, kind: String)

    var text: String {
        let isNumber: (String) -> Bool = { ["height", "fee", "songCount", "seconds", "price", "earnings", "wage"].contains($0) }
        var order = sort.map { ["{aggregate: \($0.orderText(direction.rawValue))}"] } ?? []
        if sortsByKey { order.append("{key: {order: ASC}}") }
        return """
            { \(`Random figures`.lists[type]!)(where: \(filter)) { groups(by: [\(keys.map(\.text).joined(separator: " "))] \
            having: {\(having.conditionText(comparison, operand))} orderBy: [\(order.joined(separator: " "))] first: 1000 offset: \(offset)) { \
            key { \(keys.map { $0.selection(isNumber: isNumber) }.joined(separator: " ")) } \
            aggregate { count max { \(figure.name) } } nodes(first: 2) { __typename } } } }
            """
    }
}
