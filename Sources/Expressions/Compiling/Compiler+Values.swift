import StoreColumns

extension Compiler {
    // MARK: Ratios

    mutating func makeRatio(_ expression: Expression) throws(EvaluationError) -> RatioNode {
        let type = expression.type
        if let scale = type.scale { return RatioOfInteger(try integer(expression), scale: scale) }
        guard case .ratio = type else { throw .illTyped("a number was expected") }
        switch expression {
        case .constant(.null, _): return ConstantRatio(nil)
        case .constant(.ratio(let value), _): return ConstantRatio(value)
        case .ratio(let numerator, let denominator):
            guard let scale = numerator.type.scale, let other = denominator.type.scale else {
                throw .illTyped("a ratio is of exact numbers")
            }
            return RatioOfTwo(try integer(numerator), scale: scale, over: try integer(denominator), scale: other)
        case .derived(let row, let id, _):
            if let column = try knownColumn(id, of: row) { return KnownRatio(column, of: try integer(row)) }
            let reader = try reader(id, of: row)
            guard case .ratio(let node) = reader.unit.root else { throw .illTyped("a derived field of another shape") }
            return DerivedRatio(reader, node)
        case .arithmetic(let sign, let left, let right): return RatioArithmetic(sign, try ratio(left), try ratio(right))
        case .conditional(let condition, let then, let other):
            return ConditionalRatio(try truth(condition), then: try ratio(then), otherwise: try ratio(other))
        case .coalesce(let operands): return CoalesceRatio(try ratios(operands))
        case .function(.greatest, let operands): return ExtremeRatio(try ratios(operands), isGreatest: true)
        case .function(.least, let operands): return ExtremeRatio(try ratios(operands), isGreatest: false)
        case .aggregate(let aggregate, let set, let variable, let element?):
            let alone = try self.aggregate(aggregate, set, variable, element)
            guard let (figures, row) = try setFigures(aggregate, over: set, variable: variable, of: element) else { return alone }
            return SetFigureRatio(figures, of: try integer(row), alone: alone)
        default: throw .illTyped("a Ratio was expected")
        }
    }

    private mutating func ratios(_ operands: [Expression]) throws(EvaluationError) -> [RatioNode] {
        var nodes: [RatioNode] = []
        for operand in operands { nodes.append(try ratio(operand)) }
        return nodes
    }

    private mutating func aggregate(
        _ aggregate: Aggregate, _ set: Expression, _ variable: Int, _ element: Expression
    ) throws(EvaluationError) -> RatioNode {
        let rows = try rows(set)
        if let scale = element.type.scale {
            guard aggregate == .average else { throw .illTyped("an aggregate of another shape") }
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.integer(element) }
            return AverageOfIntegers(
                AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists), loop.body, scale: scale)
        }
        let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.ratio(element) }
        let over = AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists)
        return aggregate == .median ? MedianOfRatios(over, loop.body) : RatioAggregate(aggregate, over, loop.body)
    }

    // MARK: Texts

    mutating func text(_ expression: Expression) throws(EvaluationError) -> TextNode {
        guard expression.type == .string else { throw .illTyped("a String was expected") }
        switch expression {
        case .constant(.string(let value), _): return ConstantText(value)
        case .constant(.null, _): return ConstantText(nil)
        case .column:
            guard let codes = try codes(of: expression) else { throw .illTyped("no string column") }
            return ColumnText(codes.node, codes.dictionary)
        case .derived(let row, let id, _):
            if let (column, texts) = givenTexts(id) { return KnownText(column, texts, of: try integer(row)) }
            let unit = try unit(id)
            guard case .text(let node) = unit.root, try rowType(row) == context.rowTypes[id].type else {
                throw .illTyped("a derived field of another shape")
            }
            return DerivedText(unit, of: try integer(row), node)
        case .conditional(let condition, let then, let other):
            return ConditionalText(try truth(condition), then: try text(then), otherwise: try text(other))
        case .coalesce(let operands): return CoalesceText(try texts(operands))
        case .function(.greatest, let operands): return ExtremeText(try texts(operands), isGreatest: true)
        case .function(.least, let operands): return ExtremeText(try texts(operands), isGreatest: false)
        case .aggregate(let aggregate, let set, let variable, let element?):
            let rows = try rows(set)
            let loop = try loop(variable) { (compiler) throws(EvaluationError) in try compiler.text(element) }
            let over = AggregateLoop(set: rows, slot: loop.slot, hoists: loop.hoists)
            switch aggregate {
            case .minimum, .maximum: return TextAggregate(over, loop.body, isGreatest: aggregate == .maximum)
            case .median: return MedianOfTexts(over, loop.body)
            case .count, .countDistinct, .sum, .average: throw .illTyped("Strings have no sum")
            }
        default: throw .illTyped("a String was expected")
        }
    }

    private mutating func texts(_ operands: [Expression]) throws(EvaluationError) -> [TextNode] {
        var nodes: [TextNode] = []
        for operand in operands { nodes.append(try text(operand)) }
        return nodes
    }

    // MARK: Sets of rows

    mutating func rows(_ expression: Expression) throws(EvaluationError) -> RowSetNode {
        switch expression {
        case .rows(let row, .inverse(let index, _)):
            let type = try rowType(row)
            let inverses = version.catalog[type].inverses
            guard inverses.indices.contains(index) else { throw .illTyped("no inverse \(index)") }
            let by = version[inverses[index].source].column(inverses[index].column)
            return InverseSet(of: try integer(row), version[type].inverse(index), by: by)
        case .rows(let row, .list(let index, _)):
            guard case .referenceList(let column) = try column(index, of: row) else { throw .illTyped("no list of rows") }
            return ListSet(of: try integer(row), column)
        case .rows(let row, .valid(let lookup, let date)):
            let periods = try PeriodLookup(lookup, of: try rowType(row), on: date ?? context.asOf, in: version)
            return ValidSet(of: try integer(row), periods, through: try reference(of: lookup))
        case .filter(let set, let variable, let body):
            let type = try setType(set)
            let base = try rows(set)
            return FilterSet(base, try condition(body, variable: variable, over: type))
        case .optional(let row): return OptionalSet(try integer(row))
        default: throw .illTyped("a set of rows was expected")
        }
    }
}
