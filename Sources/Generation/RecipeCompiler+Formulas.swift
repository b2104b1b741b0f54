import Settings

extension RecipeCompiler {
    /// Adds the nodes of a formula.
    mutating func formula(_ formula: RecipeFormula) -> (node: Int, kind: ValueKind) {
        switch formula {
        case .nothing: return nothing()
        case .boolean(let value): return (add(Node(operation: .constant, word: value ? 1 : 0)), .boolean)
        case .integer(let value): return (add(Node(operation: .constant, word: value)), .integer)
        case .real(let value): return (add(Node(operation: .constant, word: realWord(value))), .real)
        case .text(let value): return (add(Node(operation: .constant, word: text(value))), .text)
        case .name(let path): return name(path)
        case .call(let name, let arguments): return call(name, arguments)
        case .not(let operand):
            guard let node = node(operand, as: .boolean) else { return nothing() }
            return (add(Node(operation: .not, a: Int32(node))), .boolean)
        case .negative(let operand):
            let (node, kind) = self.formula(operand)
            guard kind == .integer || kind == .real else {
                report("'-' stands before \(kind.description)")
                return nothing()
            }
            return (add(Node(operation: kind == .real ? .negateReal : .negate, a: Int32(node))), kind)
        case .binary(let operation, let left, let right): return binary(operation, left, right)
        case .conditional(let condition, let first, let second):
            guard let test = node(condition, as: .boolean) else { return nothing() }
            var branches = [self.formula(first), self.formula(second)]
            let kind = unify(&branches)
            let node = Node(
                operation: .conditional, a: Int32(test), b: Int32(branches[0].node), c: Int32(branches[1].node))
            return (add(node), kind)
        }
    }

    /// A formula that must have a kind; a whole number serves as a real one.
    mutating func node(_ formula: RecipeFormula, as expected: ValueKind) -> Int? {
        let (node, kind) = self.formula(formula)
        if kind == expected || kind == .nothing { return node }
        if kind == .integer, expected == .real { return add(Node(operation: .toReal, a: Int32(node))) }
        report("\(expected.description) is expected; found \(kind.description)")
        return nil
    }

    private mutating func binary(
        _ operation: RecipeFormula.Operator, _ left: RecipeFormula, _ right: RecipeFormula
    ) -> (node: Int, kind: ValueKind) {
        if operation == .and || operation == .or {
            guard let first = node(left, as: .boolean), let second = node(right, as: .boolean) else { return nothing() }
            return (add(Node(operation: operation == .and ? .and : .or, a: Int32(first), b: Int32(second))), .boolean)
        }
        var sides = [formula(left), formula(right)]
        func pair(_ operation: Node.Operation) -> Node {
            Node(operation: operation, a: Int32(sides[0].node), b: Int32(sides[1].node))
        }
        switch (operation, sides[0].kind, sides[1].kind) {
        case (.add, .date, .integer), (.add, .integer, .date): return (add(pair(.add)), .date)
        case (.subtract, .date, .integer): return (add(pair(.subtract)), .date)
        case (.subtract, .date, .date): return (add(pair(.subtract)), .integer)
        case (.add, _, _), (.subtract, _, _), (.multiply, _, _), (.divide, _, _), (.remainder, _, _):
            return arithmetic(operation, &sides)
        default: return comparison(operation, &sides)
        }
    }

    private mutating func arithmetic(
        _ operation: RecipeFormula.Operator, _ sides: inout [(node: Int, kind: ValueKind)]
    ) -> (node: Int, kind: ValueKind) {
        for side in sides where ![.integer, .real, .nothing].contains(side.kind) {
            report("'\(operation.rawValue)' takes numbers; found \(side.kind.description)")
            return nothing()
        }
        var kind = unify(&sides)
        if operation == .divide, kind == .integer {
            for index in sides.indices { sides[index] = (add(Node(operation: .toReal, a: Int32(sides[index].node))), .real) }
            kind = .real
        }
        let isReal = kind == .real
        let code: Node.Operation
        switch operation {
        case .add: code = isReal ? .addReal : .add
        case .subtract: code = isReal ? .subtractReal : .subtract
        case .multiply: code = isReal ? .multiplyReal : .multiply
        case .divide: code = .divideReal
        default:
            if isReal { report("'%' takes whole numbers") }
            code = .remainder
        }
        return (add(Node(operation: code, a: Int32(sides[0].node), b: Int32(sides[1].node))), kind)
    }

    private mutating func comparison(
        _ operation: RecipeFormula.Operator, _ sides: inout [(node: Int, kind: ValueKind)]
    ) -> (node: Int, kind: ValueKind) {
        let kind = unify(&sides)
        let isOrdered = kind == .integer || kind == .real || kind == .date || kind == .nothing
        let isEquality = operation == .equal || operation == .unequal
        guard isOrdered || isEquality && (kind == .text || kind == .boolean) else {
            report("'\(operation.rawValue)' does not compare \(kind.description)")
            return nothing()
        }
        let isReal = kind == .real
        let code: Node.Operation
        switch operation {
        case .equal, .unequal: code = kind == .text ? .equalText : isReal ? .equalReal : .equal
        case .less, .greater: code = isReal ? .lessReal : .less
        default: code = isReal ? .lessOrEqualReal : .lessOrEqual
        }
        let isTurned = operation == .greater || operation == .greaterOrEqual
        let node = add(
            Node(operation: code, a: Int32(sides[isTurned ? 1 : 0].node), b: Int32(sides[isTurned ? 0 : 1].node)))
        return (operation == .unequal ? add(Node(operation: .not, a: Int32(node))) : node, .boolean)
    }

    func realWord(_ value: Double) -> Int64 { value == 0 ? 0 : Int64(bitPattern: value.bitPattern) }

    // MARK: Functions

    private static let functions: [String: (parameters: [ValueKind], operation: Node.Operation, result: ValueKind, draws: Bool)] =
        [
            "floor": ([.real], .floor, .integer, false),
            "round": ([.real], .round, .integer, false),
            "uniformReal": ([.real, .real], .uniformReal, .real, true),
            "normal": ([.real, .real], .normal, .real, true),
            "lognormal": ([.real, .real], .logNormal, .real, true),
            "poisson": ([.real], .poisson, .integer, true),
            "chance": ([.real], .chance, .boolean, true),
            "date": ([.integer, .integer, .integer], .date, .date, false),
            "year": ([.date], .year, .integer, false),
            "month": ([.date], .month, .integer, false),
            "day": ([.date], .day, .integer, false),
            "addMonths": ([.date, .integer], .addMonths, .date, false),
            "quarterStart": ([.date], .quarterStart, .date, false),
            "checkCharacter": ([.text], .checkCharacter, .text, false),
        ]

    private mutating func call(_ name: String, _ arguments: [RecipeFormula]) -> (node: Int, kind: ValueKind) {
        if let function = Self.functions[name] {
            guard arguments.count == function.parameters.count else {
                report("'\(name)' takes \(function.parameters.count) values; found \(arguments.count)")
                return nothing()
            }
            var found: [Int32] = []
            for (argument, kind) in zip(arguments, function.parameters) {
                guard let node = node(argument, as: kind) else { return nothing() }
                found.append(Int32(node))
            }
            found += [0, 0]
            let node = Node(
                operation: function.operation, a: found[0], b: found[1], c: found[2], word: function.draws ? site() : 0)
            return (add(node), function.result)
        }
        switch (name, arguments.count) {
        case ("has", 1): return (add(Node(operation: .has, a: Int32(formula(arguments[0]).node))), .boolean)
        case ("min", 2...), ("max", 2...):
            return arguments.dropFirst().reduce(formula(arguments[0])) { smaller(name == "min", $0, formula($1)) }
        case ("clip", 3):
            let inner = smaller(true, formula(arguments[0]), formula(arguments[2]))
            return smaller(false, inner, formula(arguments[1]))
        case ("uniform", 2): return uniform(arguments)
        case ("decimal", 2):
            guard let value = node(arguments[0], as: .real), case .integer(let digits) = arguments[1], (0...9).contains(digits)
            else {
                report("'decimal' takes a number and how many digits follow its point")
                return nothing()
            }
            return (add(Node(operation: .decimal, a: Int32(value), b: Int32(digits))), .decimal(digits: Int(digits)))
        case ("scramble", 2):
            guard let value = node(arguments[0], as: .integer), case .integer(let digits) = arguments[1],
                (1...15).contains(digits)
            else {
                report("'scramble' takes a whole number and a number of digits")
                return nothing()
            }
            return (add(Node(operation: .scramble, a: Int32(value), b: Int32(digits))), .integer)
        case ("word", 1), ("word", 2): return word(arguments)
        case ("serial", 1...): return serial(arguments)
        default:
            let known =
                Self.functions.keys.sorted() + ["clip", "decimal", "has", "max", "min", "scramble", "serial", "uniform", "word"]
            report("no function '\(name)' takes \(arguments.count) values.\(didYouMean(name, among: known))")
            return nothing()
        }
    }

    private mutating func smaller(
        _ isMinimum: Bool, _ left: (node: Int, kind: ValueKind), _ right: (node: Int, kind: ValueKind)
    ) -> (node: Int, kind: ValueKind) {
        var sides = [left, right]
        let kind = unify(&sides)
        guard [.integer, .real, .date, .nothing].contains(kind) else {
            report("the smaller and the greater are of numbers or days; found \(kind.description)")
            return nothing()
        }
        let code: Node.Operation
        switch (isMinimum, kind == .real) {
        case (true, false): code = .minimum
        case (true, true): code = .minimumReal
        case (false, false): code = .maximum
        case (false, true): code = .maximumReal
        }
        return (add(Node(operation: code, a: Int32(sides[0].node), b: Int32(sides[1].node))), kind)
    }

    /// A whole number or a day between two, both among them.
    private mutating func uniform(_ arguments: [RecipeFormula]) -> (node: Int, kind: ValueKind) {
        var sides = [formula(arguments[0]), formula(arguments[1])]
        let kind = unify(&sides)
        guard kind == .integer || kind == .date else {
            report("'uniform' takes two whole numbers or two days; found \(kind.description)")
            return nothing()
        }
        return (add(Node(operation: .uniform, a: Int32(sides[0].node), b: Int32(sides[1].node), word: site())), kind)
    }

    /// A word of a list: by weight, or at a position.
    private mutating func word(_ arguments: [RecipeFormula]) -> (node: Int, kind: ValueKind) {
        guard case .text(let name) = arguments[0], let list = lists[name] else {
            report("'word' takes the name of a list: \(lists.keys.sorted().joined(separator: ", "))")
            return nothing()
        }
        guard arguments.count == 2 else { return (add(Node(operation: .choose, a: Int32(list), word: site())), .text) }
        guard let position = node(arguments[1], as: .integer) else { return nothing() }
        return (add(Node(operation: .wordAt, a: Int32(list), b: Int32(position))), .text)
    }

    /// How many rows of the part had the same values before.
    private mutating func serial(_ arguments: [RecipeFormula]) -> (node: Int, kind: ValueKind) {
        guard case .text(let name) = arguments[0] else {
            report("'serial' takes the name of a count, and values to count apart")
            return nothing()
        }
        var found: [Int32] = []
        for argument in arguments.dropFirst() {
            let (node, kind) = formula(argument)
            if kind == .text { report("'serial' counts numbers and days apart, not texts") }
            found.append(Int32(node))
        }
        let first = operands.count
        operands += found
        let node = Node(
            operation: .serial, a: Int32(first), b: Int32(found.count),
            word: Int64(bitPattern: CounterRandom.key(of: "serial/\(name)")))
        return (add(node), .integer)
    }
}
