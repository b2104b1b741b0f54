extension NaiveGraph {
    /// Names that share beginnings, differ in case, and hold what patterns and JSON treat specially.
    static let words = [
        "Ada", "ada", "Adam", "Bela", "BELA", "100%", "a_b", "a\\b", "say \"hi\"", "李明", "李", "明明", "Zoë", "", "tab\tx",
    ]

    /// A register of so many players and what belongs to them. Every nullable field is null now and then.
    static func random(_ chance: inout Chance, players: Int) -> NaiveGraph {
        let graph = NaiveGraph()
        graph.asOf = days(2019, 1, 1) + chance.below(700)
        let bands = 1 + chance.below(6)
        let regions = 1 + chance.below(9)
        for index in 0..<regions {
            // Above a region stands one that was made before it, of a higher level: levels may be left out.
            let level = chance.below(levels.count)
            let above = (0..<index).filter { row in
                levels[..<level].contains { graph.value("level", of: row, "Region") == .enumeration($0) }
            }
            graph.rows["Region"]!.append([
                "code": .string("R\((index * 3) % 10)-\(index)"), "level": .enumeration(levels[level]),
                "parent": above.isEmpty || chance.oneIn(4) ? .null : .row(chance.pick(above)),
            ])
        }
        for index in 0..<bands {
            graph.rows["Band"]!.append([
                "code": .string("B\((index * 7) % 10)-\(index)"), "name": .string(chance.pick(words)),
                "founded": .date(days(1990, 1, 1) + chance.below(10_000)),
                "home": chance.oneIn(4) ? .null : .row(chance.below(regions)),
            ])
        }
        for index in 0..<players { graph.rows["Player"]!.append(player(index, of: players, &chance)) }
        for player in 0..<players {
            var since = days(2018, 1, 1) + chance.below(400)
            for _ in 0..<chance.below(4) {
                let length = 1 + chance.below(300)
                let isOpen = chance.oneIn(4)
                graph.rows["Stint"]!.append([
                    "player": .row(player), "band": .row(chance.below(bands)), "since": .date(since),
                    "until": isOpen ? .null : .date(since + length),
                    "role": chance.oneIn(3) ? .null : .enumeration(chance.pick(skills)),
                    "stage": chance.oneIn(3) ? .null : .string(chance.pick(words)),
                    "wage": chance.oneIn(3) ? .null : .decimal(chance.below(600) * 10),
                ])
                // Overlaps where the last one is open: the later start counts.
                since += length + (chance.oneIn(2) ? 0 : chance.below(60))
            }
        }
        for index in 0..<chance.below(players + 3) {
            graph.rows["Song"]!.append([
                "band": .row(chance.below(bands)), "title": .string(chance.pick(words) + " \(index)"),
                "writers": .rows((0..<(players == 0 ? 0 : chance.below(4))).map { _ in chance.below(players) }.uniqued),
                "seconds": chance.oneIn(4) ? .null : .int(chance.below(5) * 60),
                "price": chance.oneIn(4) ? .null : .decimal(chance.below(4_000) - 500),
            ])
        }
        return graph
    }

    private static func player(_ index: Int, of players: Int, _ chance: inout Chance) -> Row {
        func maybe(_ value: Value, _ chance: inout Chance) -> Value { chance.oneIn(4) ? .null : value }
        return [
            "number": .string("P\((index * 13) % 100)-\(index)"),
            "name": .string(chance.pick(words)),
            "nickname": maybe(.string(chance.pick(words)), &chance),
            "born": maybe(.date(days(1975, 1, 1) + chance.below(9_000)), &chance),
            "height": maybe(.int(chance.below(7) * 30), &chance),
            "weight": maybe(.float(Double(chance.below(8)) * 12.5), &chance),
            "fee": maybe(.decimal((chance.below(600) - 100) * 10), &chance),
            "seenAt": maybe(
                .instant((days(2018, 1, 1) + chance.below(900)) * 86_400_000_000 + chance.below(86_400) * 1_000_000), &chance),
            "retired": maybe(.boolean(chance.oneIn(2)), &chance),
            "rank": maybe(.enumeration(chance.pick(ranks)), &chance),
            "skills": maybe(.enumerations((0..<chance.below(3)).map { _ in chance.pick(skills) }.uniqued), &chance),
            "teacher": maybe(.row(chance.below(players)), &chance),
            "passport": maybe(.string(chance.pick(words)), &chance),
        ]
    }
}

extension Array where Element: Hashable {
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

/// Filters at random, over the fields of the music register.
struct FilterMaker {
    var chance: Chance
    let graph: NaiveGraph
    /// Global ids by type and row; without them no filter asks for one.
    var ids: [String: [String]] = [:]

    static let fields: [String: [(name: String, kind: String)]] = [
        "Player": [
            ("number", "string"), ("name", "string"), ("nickname", "string"), ("born", "date"), ("height", "int"),
            ("weight", "float"), ("fee", "decimal"), ("seenAt", "instant"), ("retired", "boolean"), ("rank", "rank"),
            ("skills", "skills"), ("role", "skill"), ("songCount", "int"), ("share", "ratio"), ("teacher", "Player"),
            ("band", "Band"), ("pupils", "[Player"), ("stints", "[Stint"), ("songs", "[Song"), ("passport", "id"),
            ("title", "string"), ("isTall", "boolean"), ("load", "float"), ("earnings", "decimal"), ("debut", "date"),
            ("lastSeen", "instant"), ("bestPupil", "rank"), ("stage", "string"), ("wage", "decimal"),
        ],
        "Band": [
            ("code", "string"), ("name", "string"), ("founded", "date"), ("stints", "[Stint"), ("players", "[Player"),
            ("songs", "[Song"), ("home", "Region"),
        ],
        "Stint": [
            ("player", "Player"), ("band", "Band"), ("since", "date"), ("until", "date"), ("role", "skill"), ("stage", "string"),
            ("wage", "decimal"),
        ],
        "Region": [("code", "string"), ("parent", "Region"), ("level", "level"), ("bands", "[Band")],
        "Song": [
            ("band", "Band"), ("title", "string"), ("writers", "[Player"), ("seconds", "int"), ("price", "decimal"),
        ],
    ]

    mutating func filter(on type: String, depth: Int) -> NaiveFilter {
        let made = anyFilter(on: type, depth: depth)
        // What an expression can say it says now and then.
        return chance.oneIn(6) && made.expression() != nil ? .cel(made) : made
    }

    private mutating func anyFilter(on type: String, depth: Int) -> NaiveFilter {
        if depth > 0 {
            switch chance.below(8) {
            case 0: return .and((0..<chance.below(3)).map { _ in filter(on: type, depth: depth - 1) })
            case 1: return .or((0..<chance.below(3)).map { _ in filter(on: type, depth: depth - 1) })
            case 2: return .not(filter(on: type, depth: depth - 1))
            default: break
            }
        }
        if !ids.isEmpty, chance.oneIn(20) { return identity(of: type) }
        if type == "Region", chance.oneIn(3) {
            return .within(
                graph.rows["Region"]!.indices.map { graph.value("code", of: $0, "Region") }[
                    chance.below(graph.rows["Region"]!.count)])
        }
        if type == "Stint", chance.oneIn(8) { return .validOn(graph.asOf - 200 + chance.below(400)) }
        let field = chance.pick(Self.fields[type]!)
        if let first = field.kind.first, first == "[" || first.isUppercase {
            guard depth > 0 else { return scalar("height", "int", orElse: type) }
            let target = String(field.kind.drop { $0 == "[" })
            if first == "[", chance.oneIn(3) { return figureCondition(field.name, target, depth: depth - 1) }
            let inner = chance.oneIn(6) ? NaiveFilter.all([]) : filter(on: target, depth: depth - 1)
            return first == "["
                ? .list(field: field.name, target: target, quantifier: chance.pick(["some", "none", "every"]), inner)
                : .toOne(field: field.name, target: target, inner)
        }
        return value(field.name, field.kind)
    }

    /// A condition on a figure of a set.
    private mutating func figureCondition(_ field: String, _ target: String, depth: Int) -> NaiveFilter {
        let figure = figure(on: target, depth: depth + 1)
        let (comparison, operand) = comparison(of: figure)
        return .figure(field: field, target: target, figure, comparison: comparison, operand: operand)
    }

    /// A condition on global ids.
    private mutating func identity(of type: String) -> NaiveFilter {
        let all = ids[type] ?? []
        let rows = (0..<chance.below(4)).compactMap { _ in all.isEmpty ? nil : chance.below(all.count) }
        guard let first = rows.first, chance.oneIn(2) else {
            return .identity(chance.pick(["in", "notIn"]), rows, rows.map { all[$0] })
        }
        return .identity(chance.pick(["eq", "neq", "isNull"]), [first], [all[first]])
    }

    private mutating func scalar(_ name: String, _ kind: String, orElse type: String) -> NaiveFilter {
        switch type {
        case "Player": value(name, kind)
        case "Band": value("name", "string")
        case "Region": value("level", "level")
        case "Stint": value("role", "skill")
        default: value("seconds", "int")
        }
    }

    mutating func operands(_ kind: String) -> [NaiveGraph.Value] {
        (0..<chance.below(4)).map { _ in operand(kind) }
    }

    mutating func operand(_ kind: String) -> NaiveGraph.Value {
        switch kind {
        case "string", "id": return .string(chance.pick(NaiveGraph.words + ["P13-1", "B0-0"]))
        case "level": return .enumeration(chance.pick(NaiveGraph.levels))
        case "date": return .date(days(1975, 1, 1) + chance.below(17_000))
        case "int": return .int(chance.below(8) * 30)
        case "float": return .float(Double(chance.below(8)) * 12.5)
        case "decimal": return .decimal(chance.below(5_000) - 1_000)
        case "instant":
            return .instant((days(2018, 1, 1) + chance.below(900)) * 86_400_000_000 + chance.below(86_400) * 1_000_000)
        case "boolean": return .boolean(chance.oneIn(2))
        case "rank": return .enumeration(chance.pick(NaiveGraph.ranks))
        case "skill": return .enumeration(chance.pick(NaiveGraph.skills))
        default: return .ratio(chance.below(5), 1 + chance.below(60))
        }
    }
}
