import StoreColumns

extension CELChecker {
    // MARK: Methods: macros over sets, tests of strings

    mutating func call(
        _ method: String, on receiver: CELSyntax, _ arguments: [CELSyntax], at place: CELPlace
    ) throws(CELError) -> Expression {
        if case .name("math") = receiver.kind, rowTypes[type].field(named: "math") == nil {
            guard method == "greatest" || method == "least" else {
                throw CELError("'math.\(method)' is not here; 'math.greatest' and 'math.least' are.", at: place)
            }
            return try call(method, arguments, expecting: nil, at: place)
        }
        let subject = try check(receiver)
        switch subject.type {
        case .rows(let type): return try macro(method, over: subject, of: type, arguments, at: place)
        case .string: return try stringMethod(method, of: subject, arguments, at: place)
        default:
            throw CELError("\(name(subject.type).capitalisedFirst) has no '\(method)(…)'.", at: place)
        }
    }

    private mutating func macro(
        _ macro: String, over set: Expression, of type: NodeTypeID, _ arguments: [CELSyntax], at place: CELPlace
    ) throws(CELError) -> Expression {
        switch macro {
        case "exists", "all", "exists_one", "filter":
            try require(2, arguments, of: macro, at: place)
            return try withRow(named: arguments[0], of: type, of: macro) { (checker, variable) throws(CELError) in
                let condition = try checker.truth(arguments[1], of: "'\(macro)'")
                switch macro {
                case "exists": return .quantified(.some, over: set, variable: variable, condition)
                case "all": return .quantified(.every, over: set, variable: variable, condition)
                case "exists_one": return .quantified(.exactlyOne, over: set, variable: variable, condition)
                default: return .filter(set, variable: variable, where: condition)
                }
            }
        case "size":
            try require(0, arguments, of: macro, at: place)
            return .aggregate(.count, over: set, variable: nextVariable, of: nil)
        case "map":
            throw CELError("'map' stands only inside sum, min, max or avg: sum(rows.map(r, r.value)).", at: place)
        default:
            let hint = Suggestion.text(for: macro, among: ["exists", "all", "exists_one", "filter", "size", "map"])
            throw CELError("\(name(.rows(type)).capitalisedFirst) has no '\(macro)(…)'.\(hint)", at: place)
        }
    }

    private mutating func stringMethod(
        _ method: String, of subject: Expression, _ arguments: [CELSyntax], at place: CELPlace
    ) throws(CELError) -> Expression {
        let kind: TextMatch.Kind
        switch method {
        case "startsWith": kind = .startsWith
        case "endsWith": kind = .endsWith
        case "contains": kind = .contains
        case "matches": kind = .regex
        case "size":
            try require(0, arguments, of: method, at: place)
            return .function(.size, [subject])
        default:
            let hint = Suggestion.text(for: method, among: ["startsWith", "endsWith", "contains", "matches", "size"])
            throw CELError("A String has no '\(method)(…)'.\(hint)", at: place)
        }
        try require(1, arguments, of: method, at: place)
        guard case .string(let pattern) = arguments[0].kind else {
            throw CELError("'\(method)' takes a string literal.", at: arguments[0].place)
        }
        return .text(TextMatch(kind: kind, pattern: pattern, caseInsensitive: false), subject)
    }

    // MARK: Functions

    mutating func call(
        _ function: String, _ arguments: [CELSyntax], expecting: ExpressionType?, at place: CELPlace
    ) throws(CELError) -> Expression {
        switch function {
        case "has":
            try require(1, arguments, of: function, at: place)
            return .not(.isNull(try present(arguments[0], of: "'has'")))
        case "size":
            try require(1, arguments, of: function, at: place)
            return try size(of: arguments[0])
        case "ratio":
            try require(2, arguments, of: function, at: place)
            return .ratio(try exact(arguments[0], of: function), try exact(arguments[1], of: function))
        case "coalesce":
            return .coalesce(try alike(arguments, of: function, expecting: expecting, at: place))
        case "greatest", "least":
            return try extreme(function == "greatest" ? .greatest : .least, function, arguments, expecting: expecting, at: place)
        case "max" where arguments.count > 1, "min" where arguments.count > 1:
            return try extreme(function == "max" ? .greatest : .least, function, arguments, expecting: expecting, at: place)
        case "sum", "min", "max", "avg":
            try require(1, arguments, of: function, at: place)
            return try aggregate(function, arguments[0], at: place)
        case "latest", "earliest":
            try require(3, arguments, of: function, at: place)
            return try extremeRow(function, arguments)
        case "param": return try parameter(arguments, at: place)
        case "within":
            try require(2, arguments, of: function, at: place)
            return try within(arguments)
        default: return try dateCall(function, arguments, at: place)
        }
    }

    /// `param('a.name')`, `param('a.name', 'A_VARIANT')`
    private func parameter(_ arguments: [CELSyntax], at place: CELPlace) throws(CELError) -> Expression {
        let table = rowTypes.parameters
        guard let first = arguments.first, case .string(let name) = first.kind, arguments.count <= 2 else {
            throw CELError("'param' takes the name of a parameter, and perhaps one of a variant, as literals.", at: place)
        }
        guard let index = table.index(named: name) else {
            let hint = Suggestion.text(for: name, among: table.definitions.map(\.name))
            throw CELError("The model has no parameter '\(name)'.\(hint)", at: first.place)
        }
        var variant: Int?
        if arguments.count == 2 {
            guard case .string(let text) = arguments[1].kind, let found = table.variants.firstIndex(of: text) else {
                let known = table.variants.isEmpty ? "there are none" : table.variants.joined(separator: ", ")
                throw CELError("'param' takes a variant's name second (\(known)).", at: arguments[1].place)
            }
            variant = found
        }
        return .parameter(table.id(ofDefinition: index, variant: variant), table.definitions[index].type)
    }

    private mutating func dateCall(
        _ function: String, _ arguments: [CELSyntax], at place: CELPlace
    ) throws(CELError) -> Expression {
        switch function {
        case Self.asOfName:
            try require(0, arguments, of: function, at: place)
            return .asOf
        case "date":
            if arguments.count == 1 {
                guard case .string(let text) = arguments[0].kind, let date = CivilDate(isoText: text) else {
                    throw CELError("'date' takes year, month and day, or a literal such as '2016-01-31'.", at: arguments[0].place)
                }
                return .constant(.date(date), .date)
            }
            try require(3, arguments, of: function, at: place)
            return .function(.makeDate, try typed(arguments, [.int, .int, .int], of: function))
        case "timestamp":
            try require(1, arguments, of: function, at: place)
            guard case .string(let text) = arguments[0].kind, let instant = Instant(isoText: text) else {
                throw CELError("'timestamp' takes a literal such as '2016-01-31T08:00:00Z'.", at: arguments[0].place)
            }
            return .constant(.dateTime(instant), .dateTime)
        case "addDays":
            try require(2, arguments, of: function, at: place)
            return .function(.addDays, try typed(arguments, [.date, .int], of: function))
        case "daysBetween":
            try require(2, arguments, of: function, at: place)
            return .function(.daysBetween, try typed(arguments, [.date, .date], of: function))
        default:
            guard let found = Self.dateFunctions[function] else {
                let hint = Suggestion.text(for: function, among: Self.functionNames)
                throw CELError("There is no function '\(function)'.\(hint)", at: place)
            }
            try require(1, arguments, of: function, at: place)
            return .function(found, try typed(arguments, [.date], of: function))
        }
    }

    private static let dateFunctions: [String: ExpressionFunction] = [
        "yearOf": .year, "monthOf": .month, "dayOf": .day,
        "yearStart": .periodStart(.year), "yearEnd": .periodEnd(.year),
        "halfStart": .periodStart(.half), "halfEnd": .periodEnd(.half),
        "quarterStart": .periodStart(.quarter), "quarterEnd": .periodEnd(.quarter),
        "monthStart": .periodStart(.month), "monthEnd": .periodEnd(.month),
        "weekStart": .periodStart(.week), "weekEnd": .periodEnd(.week),
    ]

    /// Sorted, so that of two names equally near the same one is suggested each time.
    private static let functionNames: [String] =
        ([
            "has", "size", "ratio", "coalesce", "greatest", "least", "sum", "min", "max", "avg", "latest", "earliest", "asOf",
            "param", "date", "timestamp", "addDays", "daysBetween",
        ] + dateFunctions.keys).sorted()

    // MARK: Their arguments

    private func require(_ count: Int, _ arguments: [CELSyntax], of function: String, at place: CELPlace) throws(CELError) {
        guard arguments.count == count else {
            let noun = count == 1 ? "argument" : "arguments"
            throw CELError("'\(function)' takes \(count == 0 ? "no" : "\(count)") \(noun), found \(arguments.count).", at: place)
        }
    }

    /// A field or value that may be null, not a set.
    mutating func present(_ syntax: CELSyntax, of user: String) throws(CELError) -> Expression {
        let expression = try check(syntax)
        if case .rows(let type) = expression.type {
            throw CELError("\(user) asks for one value, found \(name(.rows(type))); ask 'size(…) > 0'.", at: syntax.place)
        }
        return expression
    }

    private mutating func size(of syntax: CELSyntax) throws(CELError) -> Expression {
        let subject = try check(syntax)
        switch subject.type {
        case .rows: return .aggregate(.count, over: subject, variable: nextVariable, of: nil)
        case .string: return .function(.size, [subject])
        default: throw CELError("'size' takes a set of rows or a String, found \(name(subject.type)).", at: syntax.place)
        }
    }

    private mutating func exact(_ syntax: CELSyntax, of function: String) throws(CELError) -> Expression {
        let expression = try check(syntax)
        guard expression.type.scale != nil else {
            throw CELError("'\(function)' takes Ints or Decimals, found \(name(expression.type)).", at: syntax.place)
        }
        return expression
    }

    private mutating func typed(
        _ arguments: [CELSyntax], _ types: [ExpressionType], of function: String
    ) throws(CELError) -> [Expression] {
        var expressions: [Expression] = []
        for (argument, type) in zip(arguments, types) {
            let expression = try check(argument, expecting: type)
            guard expression.type == type else {
                throw CELError("'\(function)' takes \(name(type)) here, found \(name(expression.type)).", at: argument.place)
            }
            expressions.append(expression)
        }
        return expressions
    }

    /// Two or more values of one type.
    private mutating func alike(
        _ arguments: [CELSyntax], of function: String, expecting: ExpressionType?, at place: CELPlace
    ) throws(CELError) -> [Expression] {
        guard arguments.count >= 2 else {
            throw CELError("'\(function)' takes two or more arguments, found \(arguments.count).", at: place)
        }
        // One that has a type of its own lends it to the literals. It is checked once: twice a level would double each level.
        let leader = expecting == nil ? arguments.firstIndex { !$0.isUntyped } : nil
        var leading: Expression?
        if let leader { leading = try check(arguments[leader]) }
        var expressions: [Expression] = []
        for (index, argument) in arguments.enumerated() {
            let expression: Expression
            if index == leader, let leading {
                expression = leading
            } else {
                expression = try check(argument, expecting: expecting ?? leading?.type)
            }
            if case .rows = expression.type {
                throw CELError("'\(function)' takes values, found \(name(expression.type)).", at: argument.place)
            }
            if let first = expressions.first, ExpressionType.common(of: expressions + [expression]) == nil {
                throw CELError(
                    "The arguments of '\(function)' must be of one type, but are \(name(first.type)) and \(name(expression.type)).",
                    at: argument.place)
            }
            expressions.append(expression)
        }
        return expressions
    }

    private mutating func extreme(
        _ extreme: ExpressionFunction, _ function: String, _ arguments: [CELSyntax], expecting: ExpressionType?,
        at place: CELPlace
    ) throws(CELError) -> Expression {
        let operands = try alike(arguments, of: function, expecting: expecting, at: place)
        switch operands[0].type {
        case .boolean, .row, .enumerationList:
            throw CELError("'\(function)' takes values that have an order, found \(name(operands[0].type)).", at: place)
        default: return .function(extreme, operands)
        }
    }

    private mutating func aggregate(
        _ function: String, _ argument: CELSyntax, at place: CELPlace
    ) throws(CELError) -> Expression {
        guard case .call(let receiver?, "map", let parts) = argument.kind else {
            throw CELError("'\(function)' takes values of rows: \(function)(rows.map(r, r.value)).", at: argument.place)
        }
        try require(2, parts, of: "map", at: argument.place)
        let set = try check(receiver)
        guard case .rows(let type) = set.type else {
            throw CELError("'map' goes over a set of rows, found \(name(set.type)).", at: argument.place)
        }
        return try withRow(named: parts[0], of: type, of: "map") { (checker, variable) throws(CELError) in
            let element = try checker.check(parts[1])
            let aggregate: Aggregate
            var isAllowed = element.type.isNumeric
            switch function {
            case "sum": aggregate = .sum
            case "avg": aggregate = .average
            default:
                aggregate = function == "min" ? .minimum : .maximum
                switch element.type {
                case .date, .dateTime, .enumeration, .string: isAllowed = true
                default: break
                }
            }
            guard isAllowed else {
                throw CELError("'\(function)' does not go with \(checker.name(element.type)).", at: parts[1].place)
            }
            return .aggregate(aggregate, over: set, variable: variable, of: element)
        }
    }

    private mutating func extremeRow(_ function: String, _ arguments: [CELSyntax]) throws(CELError) -> Expression {
        let set = try check(arguments[0])
        guard case .rows(let type) = set.type else {
            throw CELError("'\(function)' takes a set of rows, found \(name(set.type)).", at: arguments[0].place)
        }
        return try withRow(named: arguments[1], of: type, of: function) { (checker, variable) throws(CELError) in
            let key = try checker.check(arguments[2])
            switch key.type {
            case .boolean, .row, .rows, .enumerationList:
                throw CELError(
                    "'\(function)' orders by a value that has an order, found \(checker.name(key.type)).", at: arguments[2].place)
            default: break
            }
            return .extreme(function == "latest" ? .greatest : .least, of: set, variable: variable, by: key)
        }
    }
}
