import Model
import Query
import Testing

/// Sorted lists against the plainest sort there is, on registers and orders made at random.
@Suite struct `Random orders` {
    @Test(arguments: `Random filters`.seeds) func `rows come in the order that is made by hand`(seed: UInt64) throws {
        var chance = Chance(seed: seed &+ 2_000)
        let graph = NaiveGraph.random(&chance, players: chance.below(50))
        try Self.check(FilterMaker(chance: chance, graph: graph), try Desk(graph), seed, count: 16)
    }

    static func check(_ maker: FilterMaker, _ desk: Desk, _ seed: UInt64, count: Int) throws {
        var maker = maker
        let graph = maker.graph
        for step in 0..<count {
            let question = maker.orderQuestion(turn: Int(seed) * count + step)
            let expected = question.rows(of: graph).map { graph.value(question.shown, of: $0, question.type) }
            let found = try desk.data(question.text)[question.list].nodes.items.map { $0[question.shown].string }
            #expect(
                found == expected.map { if case .string(let text) = $0 { text } else { nil } }, "seed \(seed): \(question.text)")
        }
    }
}

/// An order of rows, as it is asked for and as it is made by hand.
struct NaiveOrderQuestion {
    struct Key {
        /// To-one fields that lead to what is sorted by.
        var path: [(field: String, target: String)]
        /// A value of the row, or a figure of one of its sets.
        var field: String
        var figure: (target: String, figure: NaiveFigure)?
        var direction: SortDirection

        var text: String {
            let leaf =
                figure.map { "{\(field): \($0.figure.orderText(direction.rawValue))}" } ?? "{\(field): \(direction.rawValue)}"
            return path.reversed().reduce(leaf) { "{\($1.field): \($0)}" }
        }

        func value(of row: Int, _ type: String, in graph: NaiveGraph) -> NaiveFigure.Value {
            var (row, type) = (row, type)
            for step in path {
                guard case .row(let next) = graph.value(step.field, of: row, type) else { return .none }
                (row, type) = (next, step.target)
            }
            let value = graph.value(field, of: row, type)
            guard let figure else { return value == .null ? .none : NaiveFigure.Value(value) }
            guard case .rows(let rows) = value else { return .none }
            return figure.figure.value(of: rows, figure.target, in: graph)
        }
    }

    var type: String
    var list: String
    /// A field of the key.
    var shown: String
    var keys: [Key]

    var text: String {
        "{ \(list)(orderBy: [\(keys.map(\.text).joined(separator: " "))] first: 1000) { nodes { \(shown) } } }"
    }

    func rows(of graph: NaiveGraph) -> [Int] {
        let all = Array(graph.rows[type]!.indices)
        let values = all.map { row in keys.map { $0.value(of: row, type, in: graph) } }
        return all.sorted { left, right in
            for (index, key) in keys.enumerated() {
                let (a, b) = (values[left][index], values[right][index])
                if a.isNone || b.isNone {
                    if a.isNone == b.isNone { continue }
                    return a.isNone == key.direction.putsNullsFirst
                }
                switch NaiveFigure.Value.order(a, b) {
                case .equal: continue
                case .less: return key.direction.isAscending
                case .greater: return !key.direction.isAscending
                }
            }
            return graph.keysAscend(left, right, type)
        }
    }
}

extension FilterMaker {
    /// - Parameter turn: Says by what the list is sorted first.
    mutating func orderQuestion(turn: Int) -> NaiveOrderQuestion {
        let lists = [
            "Player": ("players", "number"), "Band": ("bands", "code"), "Song": ("songs", "title"), "Region": ("regions", "code"),
        ]
        let choices = Self.orderChoices
        let choice = choices[turn % choices.count]
        var first = NaiveOrderQuestion.Key(path: [], field: choice.field, figure: nil, direction: choice.direction)
        if let (target, place) = choice.figure {
            first.figure = (target, figure(on: target, depth: 1, turn: place))
            first.direction = chance.pick(SortDirection.allCases)
        }
        let others = (0..<chance.below(2)).map { _ in orderKey(of: choice.type) }
        let (list, shown) = lists[choice.type]!
        return NaiveOrderQuestion(
            type: choice.type, list: list, shown: shown, keys: chance.oneIn(4) ? others + [first] : [first] + others)
    }

    private struct OrderChoice {
        var type: String
        var field: String
        var direction = SortDirection.ascending
        /// Of a set: what it holds, and which of its figures.
        var figure: (target: String, place: Int)?
    }

    /// Every field in every direction, and every figure of every set. Stints have a key of two parts, one of which is a date.
    private static let orderChoices: [OrderChoice] =
        leaves.filter { $0.type != "Stint" && $0.kind != "skills" }.flatMap { leaf in
            SortDirection.allCases.map { OrderChoice(type: leaf.type, field: leaf.name, direction: $0) }
        }
        + setFigures.filter { $0.type != "Stint" }.map {
            OrderChoice(type: $0.type, field: $0.field, figure: ($0.target, $0.figure))
        }

    private mutating func orderKey(of start: String) -> NaiveOrderQuestion.Key {
        var type = start
        var path: [(field: String, target: String)] = []
        while path.count < 3 {
            let field = chance.pick(Self.fields[type]!.filter { $0.kind != "skills" })
            let direction = chance.pick(SortDirection.allCases)
            if field.kind.hasPrefix("[") {
                let target = String(field.kind.dropFirst())
                return NaiveOrderQuestion.Key(
                    path: path, field: field.name, figure: (target, figure(on: target, depth: 1)), direction: direction)
            }
            guard field.kind.first?.isUppercase == true else {
                return NaiveOrderQuestion.Key(path: path, field: field.name, figure: nil, direction: direction)
            }
            path.append((field.name, field.kind))
            type = field.kind
        }
        let leaf = chance.pick(
            Self.fields[type]!.filter { !$0.kind.hasPrefix("[") && $0.kind.first?.isUppercase != true && $0.kind != "skills" })
        return NaiveOrderQuestion.Key(path: path, field: leaf.name, figure: nil, direction: chance.pick(SortDirection.allCases))
    }
}
