import Settings

extension RecipeCompiler {
    /// Adds the nodes of a value.
    mutating func value(_ value: RecipeValue) -> (node: Int, kind: ValueKind) {
        line = value.line
        switch value.content {
        case .constant(let text):
            let (word, kind) = constant(text)
            return (add(Node(operation: .constant, word: word)), kind)
        case .template(let parts): return template(parts)
        case .formula(let formula): return self.formula(formula)
        case .choice(let options):
            let (choice, kind) = choice(options)
            return (add(Node(operation: .choose, a: Int32(choice), word: site())), kind)
        case .match(let selector, let cases, let otherwise): return match(selector, cases, otherwise)
        case .below(let selector, let bands, let otherwise): return below(selector, bands, otherwise)
        case .quantiles(let numbers):
            quantiles.append(numbers)
            return (add(Node(operation: .quantile, a: Int32(quantiles.count - 1), word: site())), .real)
        case .row(let name, let scopeName, let at):
            var position: Int?
            if let at { position = node(at, as: .integer) }
            guard let (kind, scope) = store(name, within: scopeName) else { return nothing() }
            let node = Node(
                operation: .row, a: Int32(kind), b: Int32(scope), c: position.map(Int32.init) ?? -1, word: site())
            return (add(node), .row(kind))
        }
    }

    mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func nothing() -> (node: Int, kind: ValueKind) {
        (add(Node(operation: .constant, word: absentWord)), .nothing)
    }

    /// What tells this draw from the others of the row.
    mutating func site() -> Int64 {
        siteCount += 1
        return Int64(bitPattern: CounterRandom.key(of: "\(siteName)/\(siteCount)"))
    }

    /// A text as what it looks like: a whole number that is written the only way, true or false, or a text.
    private mutating func constant(_ text: String) -> (word: Int64, kind: ValueKind) {
        if let number = Int64(text), String(number) == text, number != absentWord { return (number, .integer) }
        switch text {
        case "true": return (1, .boolean)
        case "false": return (0, .boolean)
        default: return (self.text(text), .text)
        }
    }

    /// A table of options: whole numbers where all are, else texts.
    ///
    /// - Parameter areWords: Whether they are texts whatever they look like.
    mutating func choice(_ options: [RecipeOption], areWords: Bool = false) -> (choice: Int, kind: ValueKind) {
        var kinds: Set<ValueKind> = []
        for option in options {
            if let text = option.text { kinds.insert(constant(text).kind) }
        }
        let kind = kinds.count == 1 && !areWords ? kinds.first ?? .text : .text
        let total = options.reduce(0) { $0 + $1.weight }
        var bounds: [UInt64] = []
        var words: [Int64] = []
        var sum = 0.0
        for option in options {
            sum += option.weight
            bounds.append(UInt64(min(1, sum / max(total, .leastNormalMagnitude)) * 0x1p53))
            words.append(option.text.map { kind == .text ? text($0) : constant($0).word } ?? absentWord)
        }
        if let last = options.lastIndex(where: { $0.weight > 0 }) {
            for index in last..<bounds.count { bounds[index] = 1 << 53 }
        }
        choices.append(.init(bounds: bounds, words: words))
        return (choices.count - 1, kind)
    }

    private mutating func template(_ parts: [RecipeTemplatePart]) -> (node: Int, kind: ValueKind) {
        var found: [GenerationProgram.Piece] = []
        for part in parts {
            switch part {
            case .text(let text): found.append(.text(self.text(text)))
            case .value(let path, let width):
                let (node, kind) = name(path)
                switch kind {
                case .real, .row: report("'\(path.joined(separator: "."))' is \(kind.description), which cannot stand in a text")
                case .date where width != 0 && width != 8: report("a day is written with no width, or with 8")
                case .text where width != 0: report("'\(path.joined(separator: "."))' is a text, which has no width")
                default: break
                }
                found.append(.value(node: node, kind: kind, width: width))
            }
        }
        let first = pieces.count
        pieces += found
        return (add(Node(operation: .template, a: Int32(first), b: Int32(found.count))), .text)
    }

    private mutating func match(
        _ selector: RecipeFormula, _ cases: [RecipeCase], _ otherwise: RecipeValue?
    ) -> (node: Int, kind: ValueKind) {
        let (selectorNode, selectorKind) = formula(selector)
        var branches: [(node: Int, kind: ValueKind)] = []
        for branch in cases { branches.append(value(branch.value)) }
        if let otherwise { branches.append(value(otherwise)) }
        let kind = unify(&branches)
        var table: [(word: Int64, node: Int)] = []
        for (branch, (node, _)) in zip(cases, branches) {
            let (word, kind) = constant(branch.text)
            if selectorKind == .text {
                table.append((text(branch.text), node))
            } else {
                if kind != selectorKind { report("the case '\(branch.text)' is not \(selectorKind.description)") }
                table.append((word, node))
            }
        }
        matches.append(table)
        let other = otherwise == nil ? nothing().node : branches[cases.count].node
        return (
            add(
                Node(
                    operation: .match, a: Int32(selectorNode), b: Int32(matches.count - 1), c: Int32(other),
                    word: selectorKind == .text ? 1 : 0)), kind
        )
    }

    private mutating func below(
        _ selector: RecipeFormula, _ list: [RecipeBand], _ otherwise: RecipeValue?
    ) -> (node: Int, kind: ValueKind) {
        guard let selectorNode = node(selector, as: .real) else { return nothing() }
        var branches: [(node: Int, kind: ValueKind)] = []
        for band in list { branches.append(value(band.value)) }
        if let otherwise { branches.append(value(otherwise)) }
        let kind = unify(&branches)
        bands.append(zip(list, branches).map { ($0.bound, $1.node) })
        let other = otherwise == nil ? nothing().node : branches[list.count].node
        return (add(Node(operation: .below, a: Int32(selectorNode), b: Int32(bands.count - 1), c: Int32(other))), kind)
    }

    /// One kind for all branches: numbers become real where one is, and nothing goes with anything.
    mutating func unify(_ branches: inout [(node: Int, kind: ValueKind)]) -> ValueKind {
        var kind = ValueKind.nothing
        for branch in branches where branch.kind != .nothing && branch.kind != kind {
            switch (kind, branch.kind) {
            case (.nothing, _): kind = branch.kind
            case (.integer, .real), (.real, .integer): kind = .real
            default: report("one branch is \(kind.description), another \(branch.kind.description)")
            }
        }
        for index in branches.indices where kind == .real && branches[index].kind == .integer {
            branches[index] = (add(Node(operation: .toReal, a: Int32(branches[index].node))), .real)
        }
        return kind
    }

    /// A name: of the row at hand, or of a row it is below or has taken.
    mutating func name(_ path: [String]) -> (node: Int, kind: ValueKind) {
        if path == ["asOf"] { return (add(Node(operation: .slot, a: 0)), .date) }
        if path.count == 1, let own = self.path.last, let found = names[own][path[0]] {
            return (add(Node(operation: .slot, a: Int32(found.slot))), found.kind)
        }
        if path.count == 1, let own = self.path.last {
            report("the row has no '\(path[0])' before this.\(didYouMean(path[0], among: names[own].keys.sorted()))")
            return nothing()
        }
        guard path.count == 2 else {
            report("'\(path.joined(separator: "."))' is no name that can stand here")
            return nothing()
        }
        for kind in self.path.reversed() {
            if kinds[kind].name == path[0] {
                guard let found = names[kind][path[1]] else {
                    report(
                        "the rows '\(path[0])' have no '\(path[1])'.\(didYouMean(path[1], among: names[kind].keys.sorted()))")
                    return nothing()
                }
                return (add(Node(operation: .slot, a: Int32(found.slot))), found.kind)
            }
            guard let taken = names[kind][path[0]], case .row(let stored) = taken.kind else { continue }
            guard let found = names[stored][path[1]] else {
                report("the rows '\(kinds[stored].name)' have no '\(path[1])'")
                return nothing()
            }
            let node = Node(
                operation: .stored, a: Int32(taken.slot), b: Int32(stored), c: Int32(found.slot - kinds[stored].slots.lowerBound))
            return (add(node), found.kind)
        }
        report("no row above is called '\(path[0])'")
        return nothing()
    }
}
