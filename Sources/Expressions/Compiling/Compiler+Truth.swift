import Patterns
import StoreColumns

extension Compiler {
    mutating func makeTruth(_ expression: Expression) throws(EvaluationError) -> TruthNode {
        switch expression {
        case .constant(.boolean(let value), _): return ConstantTruth(Truth(value))
        case .constant(.null, _): return ConstantTruth(.unknown)
        case .and(let operands):
            let nodes = try inOrderOfCost(operands, without: .yes)
            if nodes.contains(where: { ($0 as? ConstantTruth)?.verdict == .no }) { return ConstantTruth(.no) }
            return AndNode.all(nodes[...])
        case .or(let operands):
            let nodes = try inOrderOfCost(operands, without: .no)
            if nodes.contains(where: { ($0 as? ConstantTruth)?.verdict == .yes }) { return ConstantTruth(.yes) }
            return OrNode.any(nodes[...])
        case .not(let operand): return NotNode(try truth(operand))
        case .compare(let comparison, let left, let right): return try compare(comparison, left, right)
        case .isNull(let operand): return try isNull(operand)
        case .isOneOf(let operand, let constants): return try isOneOf(operand, constants)
        case .text(let match, let operand): return try textHolds(match, operand)
        case .quantified(let quantifier, let set, let variable, let body):
            return try quantified(quantifier, set, variable, body)
        case .contains(let set, let row):
            guard try setType(set) == rowType(row) else { throw .illTyped("a set of one type is asked for a row of another") }
            return ContainsNode(try rows(set), try integer(row))
        case .listIncludes(let list, let all, let codes):
            let (column, row) = try listColumn(list)
            return ListIncludes(column, of: row, codes, all: all)
        case .listIsEmpty(let list):
            let (column, row) = try listColumn(list)
            return ListIsEmpty(column, of: row)
        case .conditional(let condition, let then, let other):
            return ConditionalTruth(try truth(condition), then: try truth(then), otherwise: try truth(other))
        case .coalesce(let operands):
            var nodes: [TruthNode] = []
            for operand in operands { nodes.append(try truth(operand)) }
            return CoalesceTruth(nodes)
        case .column(let row, let index, .boolean):
            guard case .boolean(let column) = try column(index, of: row) else { throw .illTyped("no Boolean column") }
            return BooleanColumnNode(column, of: try integer(row))
        case .derived(let row, let id, _):
            if let column = try knownColumn(id, of: row) { return KnownTruth(column, of: try integer(row)) }
            let reader = try reader(id, of: row)
            guard case .truth(let node) = reader.unit.root else { throw .illTyped("no Boolean derived field") }
            return DerivedTruth(reader, node)
        case .aggregate(let aggregate, let set, let variable, let element?):
            return try figure(aggregate, set, variable, of: element)
        default: throw .illTyped("a Boolean was expected")
        }
    }

    private mutating func inOrderOfCost(
        _ operands: [Expression], without neutral: Truth
    ) throws(EvaluationError) -> [TruthNode] {
        let costs = operands.map(\.cost)
        var nodes: [TruthNode] = []
        // Comparisons of a column with constants, by what is compared.
        var bounds: [Expression: Int] = [:]
        for index in operands.indices.sorted(by: { (costs[$0], $0) < (costs[$1], $1) }) {
            let node = try truth(operands[index])
            if (node as? ConstantTruth)?.verdict == neutral { continue }
            if neutral == .yes, let second = node as? CompareConstant, let column = second.operand as? ColumnInteger,
                let compared = operands[index].comparedColumn
            {
                if let place = bounds[compared], let first = nodes[place] as? CompareConstant,
                    let range = WithinRange(column, first, second)
                {
                    nodes[place] = range
                    continue
                }
                bounds[compared] = nodes.count
            }
            nodes.append(node)
        }
        return nodes
    }

    private mutating func listColumn(_ list: Expression) throws(EvaluationError) -> (ListColumn<UInt16>, IntegerNode) {
        guard case .column(let row, let index, .enumerationList) = list,
            case .enumerationList(let column) = try column(index, of: row)
        else { throw .illTyped("an enum list is read from a column") }
        return (column, try integer(row))
    }

    private mutating func isNull(_ operand: Expression) throws(EvaluationError) -> TruthNode {
        switch operand.type {
        case .boolean: return IsUnknown(try truth(operand))
        case .ratio: return RatioIsNull(try ratio(operand))
        case .string:
            if let codes = try codes(of: operand) { return integerIsNull(codes.node) }
            return TextIsNull(try text(operand))
        case .enumerationList:
            let (column, row) = try listColumn(operand)
            return IsUnknown(ListIsEmpty(column, of: row))
        case .rows: throw .illTyped("a set of rows is asked for its rows, not whether it is null")
        default: return integerIsNull(try integer(operand))
        }
    }

    private func integerIsNull(_ node: IntegerNode) -> TruthNode {
        (node as? ColumnInteger)?.isNeverNull == true ? ConstantTruth(.no) : IntegerIsNull(node)
    }

    // MARK: Comparisons

    private mutating func compare(
        _ comparison: Comparison, _ left: Expression, _ right: Expression
    ) throws(EvaluationError) -> TruthNode {
        if case .argument(let index, _) = right { return try compareArgument(comparison, left, index) }
        guard let type = left.type.common(with: right.type) else { throw .illTyped("two types that do not compare") }
        let isEquality = comparison == .equal || comparison == .notEqual
        switch type {
        case .boolean:
            guard isEquality else { throw .illTyped("Booleans have no order") }
            return CompareTruths(try truth(left), try truth(right), alike: comparison == .equal)
        case .string: return try compareTexts(comparison, left, right)
        case .ratio: return CompareRatios(comparison, try ratio(left), try ratio(right))
        case .float: return CompareFloats(comparison, try integer(left, as: .float), try integer(right, as: .float))
        case .int, .decimal: return try compareExact(comparison, left, right)
        case .rows, .enumerationList: throw .illTyped("sets and lists do not compare")
        case .row where !isEquality: throw .illTyped("rows have no order")
        case .row, .date, .dateTime, .enumeration:
            return try compareAlike(comparison, try integer(left), try integer(right))
        }
    }

    /// Integers that mean the same unit.
    private func compareAlike(
        _ comparison: Comparison, _ left: IntegerNode, _ right: IntegerNode
    ) throws(EvaluationError) -> TruthNode {
        switch (left.constant, right.constant) {
        case (.some(nil), _), (_, .some(nil)): ConstantTruth(.unknown)
        case (_, .some(let constant?)): CompareConstant(comparison, left, constant)
        case (.some(let constant?), _): CompareConstant(comparison.flipped, right, constant)
        case (nil, nil): CompareIntegers(comparison, left, right)
        }
    }

    /// Ints and Decimals of any scales.
    private mutating func compareExact(
        _ comparison: Comparison, _ left: Expression, _ right: Expression
    ) throws(EvaluationError) -> TruthNode {
        let (first, second) = (try integer(left), try integer(right))
        guard let leftScale = left.type.scale, let rightScale = right.type.scale else { throw .illTyped("no exact numbers") }
        if leftScale == rightScale { return try compareAlike(comparison, first, second) }
        if case .some(let constant?) = second.constant {
            return compare(comparison, first, scale: leftScale, with: constant, scale: rightScale)
        }
        if case .some(let constant?) = first.constant {
            return compare(comparison.flipped, second, scale: rightScale, with: constant, scale: leftScale)
        }
        return CompareScaled(comparison, first, leftScale: leftScale, second, rightScale: rightScale)
    }

    private func compare(
        _ comparison: Comparison, _ node: IntegerNode, scale: Int, with constant: Int64, scale constantScale: Int
    ) -> TruthNode {
        switch ConstantTest(comparison, constant, scale: constantScale, at: scale) {
        case .compare(let comparison, let bound): CompareConstant(comparison, node, bound)
        case .settled(let verdict): SettledUnlessNull(IntegerIsNull(node), verdict)
        }
    }

    // MARK: Texts

    /// A string column's codes, where the expression reads one.
    mutating func codes(of expression: Expression) throws(EvaluationError) -> (node: ColumnInteger, dictionary: StringDictionary)?
    {
        guard case .column(let row, let index, .string) = expression else { return nil }
        guard case .string(let column) = try column(index, of: row) else { throw .illTyped("no string column") }
        return (ColumnInteger(.uint32(column.codes), of: try integer(row)), column.dictionary)
    }

    private mutating func compareTexts(
        _ comparison: Comparison, _ left: Expression, _ right: Expression
    ) throws(EvaluationError) -> TruthNode {
        if case .constant = left, case .column = right { return try compareTexts(comparison.flipped, right, left) }
        guard case .constant(let constant, _) = right, let codes = try codes(of: left) else {
            return CompareTexts(comparison, try text(left), try text(right))
        }
        guard case .string(let wanted) = constant else { return ConstantTruth(.unknown) }
        if comparison == .equal || comparison == .notEqual {
            guard let code = codes.dictionary.code(of: wanted) else {
                return SettledUnlessNull(IntegerIsNull(codes.node), Truth(comparison == .notEqual))
            }
            return CompareConstant(comparison, codes.node, Int64(code))
        }
        return CodeHolds(codes.node, codes.dictionary, .comparison(comparison, Array(wanted.utf8)), site: makeSite())
    }

    private mutating func textHolds(_ match: TextMatch, _ operand: Expression) throws(EvaluationError) -> TruthNode {
        guard operand.type == .string else { throw .illTyped("a String was expected") }
        let test: ByteTest
        do throws(PatternError) {
            if let kind = match.kind.literal {
                test = .literal(
                    try TextTest(
                        kind, match.pattern, caseInsensitive: match.caseInsensitive,
                        byteLimit: context.textBounds.literalByteCount))
            } else {
                let pattern = try context.patterns.pattern(
                    match.pattern, caseInsensitive: match.caseInsensitive, context.textBounds.ofPatterns)
                test = .pattern(pattern, matcher: makeMatcher())
            }
        } catch { throw EvaluationError(error, pattern: match.pattern) }
        if let codes = try codes(of: operand) { return CodeHolds(codes.node, codes.dictionary, test, site: makeSite()) }
        return TextHolds(try text(operand), test)
    }

    // MARK: Membership

    private mutating func isOneOf(_ operand: Expression, _ constants: [Scalar]) throws(EvaluationError) -> TruthNode {
        switch operand.type {
        case .string:
            guard let codes = try codes(of: operand) else { return try isOneOfCompared(operand, constants) }
            var wanted: [Int64] = []
            for constant in constants {
                guard case .string(let text) = constant else { throw .illTyped("a list of Strings was expected") }
                if let code = codes.dictionary.code(of: text) { wanted.append(Int64(code)) }
            }
            return IntegerIsOneOf(codes.node, wanted)
        case .boolean, .ratio, .float: return try isOneOfCompared(operand, constants)
        case .rows, .enumerationList: throw .illTyped("sets and lists are in no list")
        case let type:
            var wanted: [Int64] = []
            for constant in constants {
                // A number that the operand's scale cannot show is none of its values.
                if let value = try constant.lane(as: type) { wanted.append(value) }
            }
            return IntegerIsOneOf(try integer(operand), wanted)
        }
    }

    private mutating func isOneOfCompared(_ operand: Expression, _ constants: [Scalar]) throws(EvaluationError) -> TruthNode {
        // No where a value is there, unknown where it is null: so that even a list of nothing says unknown of null.
        var nodes: [TruthNode] = [SettledUnlessNull(try isNull(operand), .no)]
        for constant in constants {
            guard let type = constant.ownType else { throw .illTyped("null is in no list") }
            nodes.append(try compare(.equal, operand, .constant(constant, type)))
        }
        return OrNode.any(nodes[...])
    }

    // MARK: Quantifiers

    private mutating func quantified(
        _ quantifier: Quantifier, _ set: Expression, _ variable: Int, _ body: Expression
    ) throws(EvaluationError) -> TruthNode {
        let type = try setType(set)
        if case .optional(let row) = set {
            if let keyed = try isKeyed(quantifier, row, variable, body) { return keyed }
            return OptionalQuantifier(quantifier, try integer(row), try condition(body, variable: variable, over: type))
        }
        var owners: Table?
        if case .rows(let row, _) = set { owners = version[try rowType(row)] }
        let rows = try rows(set)
        let condition = try condition(body, variable: variable, over: type)
        return QuantifierNode(
            quantifier, over: rows, condition, of: .quantified(quantifier, over: set, variable: variable, body),
            site: makeSite(), table: version[type], owners: owners)
    }
}

extension Scalar {
    /// The integer that carries it in lanes of a type; nil where an exact number is not of the type's scale.
    func lane(as type: ExpressionType) throws(EvaluationError) -> Int64? {
        switch (self, type) {
        case (.int(let value), .int): return value
        case (.int(let value), .decimal(let digits)):
            let (scaled, overflows) = value.multipliedReportingOverflow(by: Scale.power(of: min(digits, 18)))
            return overflows ? nil : scaled
        case (.decimal(let value), .int), (.decimal(let value), .decimal):
            let digits = (type.scale ?? 0) - value.fractionDigits
            guard digits < 0 else {
                let (scaled, overflows) = value.unscaled.multipliedReportingOverflow(by: Scale.power(of: min(digits, 18)))
                return overflows ? nil : scaled
            }
            let divisor = Scale.power(of: min(-digits, 18))
            return value.unscaled % divisor == 0 ? value.unscaled / divisor : nil
        case (.date(let date), .date): return Int64(date.days)
        case (.dateTime(let instant), .dateTime): return instant.microseconds
        case (.enumeration(let code), .enumeration): return Int64(code)
        case (.row(let row), .row): return Int64(row)
        default: throw .illTyped("a constant of another type")
        }
    }

    /// Its type where it has one of its own.
    var ownType: ExpressionType? {
        switch self {
        case .boolean: .boolean
        case .int: .int
        case .decimal(let value): .decimal(fractionDigits: value.fractionDigits)
        case .ratio: .ratio(displayDigits: ExpressionType.ratioDigits)
        case .float: .float
        case .string: .string
        case .null, .date, .dateTime, .enumeration, .row: nil
        }
    }
}

extension TextMatch.Kind {
    /// The test of a literal that it is; nil for a pattern.
    fileprivate var literal: TextTest.Kind? {
        switch self {
        case .equals: .equals
        case .startsWith: .startsWith
        case .endsWith: .endsWith
        case .contains: .contains
        case .like: .like
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .regex: nil
        }
    }
}
