import StoreColumns

extension Compiler {
    /// A node of the expression's own type, then made to fit the one that is wanted.
    mutating func makeInteger(_ expression: Expression, as target: ExpressionType) throws(EvaluationError) -> IntegerNode {
        let own = expression.type
        switch (own, target) {
        case (.ratio, .decimal(let digits)): return RoundedRatio(try ratio(expression), digits: digits)
        case (.ratio, .float): return FloatOfRatio(try ratio(expression))
        case (.int, .float), (.decimal, .float): return FloatOfInteger(try integer(expression), scale: own.scale ?? 0)
        case (.int, .decimal), (.decimal, .decimal), (.decimal, .int):
            let digits = (target.scale ?? 0) - (own.scale ?? 0)
            guard digits != 0 else { break }
            let node = try integer(expression)
            return digits > 0 ? ScaleUp(node, by: digits) : ScaleDown(node, by: -digits)
        default: guard own == target else { throw .illTyped("a value of one type is used as another") }
        }
        return try makeInteger(expression)
    }

    private mutating func makeInteger(_ expression: Expression) throws(EvaluationError) -> IntegerNode {
        switch expression {
        case .constant(.null, _): return ConstantInteger(nil)
        case .constant(.float(let value), .float): return ConstantInteger(value.lane)
        case .constant(let scalar, _): return ConstantInteger(try scalar.lane(as: expression.type))
        case .asOf: return ConstantInteger(Int64(context.asOf.days))
        case .variable(let index, _): return try variable(index)
        case .follow(let row, let edge): return try follow(row, edge)
        case .extreme(let extreme, let set, let variable, let by): return try extremeRow(extreme, set, variable, by)
        case .column(let row, let index, let type):
            guard let storage = ColumnInteger.Storage(try column(index, of: row)), type != .string else {
                throw .illTyped("a column of another shape")
            }
            return ColumnInteger(storage, of: try integer(row))
        case .derived(let row, let id, _):
            if let column = try knownColumn(id, of: row) { return KnownInteger(column, of: try integer(row)) }
            let reader = try reader(id, of: row)
            guard case .integer(let node) = reader.unit.root else { throw .illTyped("a derived field of another shape") }
            return DerivedInteger(reader, node)
        case .arithmetic(let sign, let left, let right): return try arithmetic(sign, left, right)
        case .conditional(let condition, let then, let other):
            let type = expression.type
            return ConditionalInteger(
                try truth(condition), then: try integer(then, as: type), otherwise: try integer(other, as: type))
        case .coalesce(let operands): return CoalesceInteger(try integers(operands, as: expression.type))
        case .function(let function, let operands): return try call(function, operands, as: expression.type)
        case .aggregate(let aggregate, let set, let variable, let element):
            let alone = try self.aggregate(aggregate, set, variable, element)
            guard let (figures, row) = try setFigures(aggregate, over: set, variable: variable, of: element) else { return alone }
            return SetFigureInteger(figures, of: try integer(row), alone: alone)
        default: throw .illTyped("a value was expected")
        }
    }

    private mutating func integers(
        _ operands: [Expression], as type: ExpressionType
    ) throws(EvaluationError) -> [IntegerNode] {
        var nodes: [IntegerNode] = []
        for operand in operands { nodes.append(try integer(operand, as: type)) }
        return nodes
    }

    // MARK: Rows

    private mutating func follow(_ row: Expression, _ edge: ToOneEdge) throws(EvaluationError) -> IntegerNode {
        switch edge {
        case .reference(let index, _):
            guard case .reference(let column) = try column(index, of: row) else { throw .illTyped("no reference column") }
            return ColumnInteger(.uint32(column), of: try integer(row))
        case .valid(let lookup, let date):
            let periods = try PeriodLookup(lookup, of: try rowType(row), on: date ?? context.asOf, in: version)
            let period = ValidRowNode(periods, of: try integer(row), context.derived, site: makeSite())
            guard let through = try reference(of: lookup) else { return period }
            return ColumnInteger(.uint32(through), of: period)
        }
    }

    /// The column by which a look-up goes on from the dated row.
    func reference(of lookup: ValidLookup) throws(EvaluationError) -> FixedWidthColumn<UInt32>? {
        guard let index = lookup.thenReference else { return nil }
        guard case .reference(let column) = version[lookup.periodType].column(index) else {
            throw .illTyped("a dated look-up goes on through a reference")
        }
        return column
    }

    private mutating func extremeRow(
        _ extreme: Extreme, _ set: Expression, _ variable: Int, _ by: Expression
    ) throws(EvaluationError) -> IntegerNode {
        let type = try setType(set)
        let rows = try rows(set)
        let loop = try loop(variable) { (compiler) throws(EvaluationError) -> ExtremeRow.By in
            switch by.type {
            case .ratio: .ratio(try compiler.ratio(by))
            case .string: .text(try compiler.text(by))
            case .float: .integer(try compiler.integer(by), isFloat: true)
            default: .integer(try compiler.integer(by), isFloat: false)
            }
        }
        return ExtremeRow(
            rows, slot: loop.slot, by: loop.body, isGreatest: extreme == .greatest, KeyOrder(type, in: version),
            hoists: loop.hoists)
    }

    // MARK: Computation

    private mutating func arithmetic(
        _ sign: Arithmetic, _ left: Expression, _ right: Expression
    ) throws(EvaluationError) -> IntegerNode {
        guard let result = ExpressionType.result(of: sign, left.type, right.type) else {
            throw .illTyped("'\(sign.sign)' does not go with its operands")
        }
        if result == .float {
            return FloatArithmetic(sign, try integer(left, as: .float), try integer(right, as: .float))
        }
        switch sign {
        case .add, .subtract:
            return IntegerArithmetic(sign, try integer(left, as: result), try integer(right, as: result))
        // The scales of a product add up by themselves.
        case .multiply, .divide, .remainder: return IntegerArithmetic(sign, try integer(left), try integer(right))
        }
    }

    private mutating func call(
        _ function: ExpressionFunction, _ operands: [Expression], as result: ExpressionType
    ) throws(EvaluationError) -> IntegerNode {
        switch (function, operands.count) {
        case (.periodStart(let unit), 1): return PeriodBound(try integer(operands[0], as: .date), unit, isEnd: false)
        case (.periodEnd(let unit), 1): return PeriodBound(try integer(operands[0], as: .date), unit, isEnd: true)
        case (.addDays, 2): return AddDays(try integer(operands[0], as: .date), try integer(operands[1], as: .int))
        case (.daysBetween, 2):
            return IntegerArithmetic(.subtract, try integer(operands[1], as: .date), try integer(operands[0], as: .date))
        case (.makeDate, 3):
            let parts = try integers(operands, as: .int)
            return MakeDate(year: parts[0], month: parts[1], day: parts[2])
        case (.year, 1): return DatePart(try integer(operands[0], as: .date), .year)
        case (.month, 1): return DatePart(try integer(operands[0], as: .date), .month)
        case (.day, 1): return DatePart(try integer(operands[0], as: .date), .day)
        case (.size, 1): return TextSize(try text(operands[0]))
        case (.greatest, 1...), (.least, 1...):
            return ExtremeInteger(
                try integers(operands, as: result), isGreatest: function == .greatest, isFloat: result == .float)
        default: throw .illTyped("a function with another number of arguments")
        }
    }

    private mutating func aggregate(
        _ aggregate: Aggregate, _ set: Expression, _ variable: Int, _ element: Expression?
    ) throws(EvaluationError) -> IntegerNode {
        let rows = try rows(set)
        guard let element else {
            guard aggregate == .count else { throw .illTyped("an aggregate of no value") }
            return CountNode(rows)
        }
        if aggregate == .countDistinct { return try distinctCount(rows, variable, of: element) }
        if aggregate == .count {
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in
                try compiler.truth(.isNull(element))
            }
            return CountValues(AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists), isNull: loop.body)
        }
        let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.integer(element) }
        let over = AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists)
        if aggregate == .median { return MedianOfIntegers(over, loop.body, .of(element.type)) }
        if element.type == .float { return FloatAggregate(aggregate, over, loop.body) }
        return IntegerAggregate(aggregate, over, loop.body)
    }
}
