import StoreColumns

/// A comparison with a constant, brought to the scale and the codes of what is compared.
enum ConstantTest: Sendable, Hashable {
    case compare(Comparison, Int64)
    /// Whatever the value is, if it is not null.
    case settled(Truth)

    /// Exact numbers of two scales: 0.125 lies between 0.12 and 0.13, so at two digits `< 0.125` is `<= 0.12` and nothing equals it.
    init(_ comparison: Comparison, _ constant: Int64, scale constantScale: Int, at scale: Int) {
        guard scale != constantScale else {
            self = .compare(comparison, constant)
            return
        }
        let digits = scale - constantScale
        let floor: Int128
        var isExact = true
        if digits >= 0 {
            floor = Int128(constant) * Int128(Scale.power(of: digits))
        } else {
            let divisor = Int128(Scale.power(of: -digits))
            let (quotient, remainder) = Int128(constant).quotientAndRemainder(dividingBy: divisor)
            isExact = remainder == 0
            floor = remainder < 0 ? quotient - 1 : quotient
        }
        guard let bound = Int64(exactly: floor) else {
            let isBelow = comparison == .less || comparison == .lessOrEqual || comparison == .notEqual
            let isAbove = comparison == .greater || comparison == .greaterOrEqual || comparison == .notEqual
            self = .settled(Truth(floor > 0 ? isBelow : isAbove))
            return
        }
        guard !isExact else {
            self = .compare(comparison, bound)
            return
        }
        switch comparison {
        case .equal: self = .settled(.no)
        case .notEqual: self = .settled(.yes)
        case .less, .lessOrEqual: self = .compare(.lessOrEqual, bound)
        case .greater, .greaterOrEqual: self = .compare(.greater, bound)
        }
    }
}

/// Where a condition compares an argument. An object, so that it is lent by one reference.
final class ArgumentUse: Sendable {
    /// Among the condition's arguments.
    let argument: Int
    let comparison: Comparison
    let operand: Operand
    /// Where the operand is a text, or a row that one names.
    private let texts: TextLookup?

    init(argument: Int, comparison: Comparison, operand: Operand) {
        self.argument = argument
        self.comparison = comparison
        self.operand = operand
        switch operand {
        case .code(let dictionary): texts = TextLookup(dictionary, keysOf: nil)
        case .rowByKey(let table, let keys): texts = TextLookup(keys, keysOf: table)
        case .exact, .alike: texts = nil
        }
    }

    enum Operand: Sendable {
        case code(StringDictionary)
        /// A row, by the text that is its whole key, and the texts of the key.
        case rowByKey(Table, StringDictionary)
        /// An Int or a Decimal of so many digits.
        case exact(scale: Int)
        case alike(ExpressionType)
    }

    /// Whether every value comes to the same test here and there.
    func isSame(as other: ArgumentUse) -> Bool {
        guard argument == other.argument, comparison == other.comparison else { return false }
        return switch (operand, other.operand) {
        case (.code(let left), .code(let right)): left === right
        case (.rowByKey(let left, _), .rowByKey(let right, _)): left === right
        case (.exact(let left), .exact(let right)): left == right
        case (.alike(let left), .alike(let right)): left == right
        default: false
        }
    }

    /// What the argument comes to with a value; nil for one that is not compared so.
    func test(of value: Scalar) -> ConstantTest? {
        // Asked as it stands there: what is taken out of an optional is counted.
        if case .string(let text) = value, let test = texts?.test(comparison, text) { return test }
        switch (operand, value) {
        case (.exact(let scale), .int(let value)): return ConstantTest(comparison, value, scale: 0, at: scale)
        case (.exact(let scale), .decimal(let value)):
            return ConstantTest(comparison, value.unscaled, scale: value.fractionDigits, at: scale)
        case (.alike(let type), _):
            guard case .some(.some(let lane)) = try? value.lane(as: type) else { return nil }
            return .compare(comparison, lane)
        default: return nil
        }
    }
}

/// Where a text is looked for that a condition compares with an argument.
private final class TextLookup: Sendable {
    private let texts: StringDictionary
    /// Where a row is meant: the one that has the text for its key.
    private let table: Table?

    init(_ texts: StringDictionary, keysOf table: Table?) {
        self.texts = texts
        self.table = table
    }

    @inline(never)
    func test(_ comparison: Comparison, _ text: String) -> ConstantTest {
        let code = texts.code(of: text)
        let wanted = table == nil ? code : code.flatMap { table?.row(withKeyCode: $0) }
        return wanted.map { .compare(comparison, Int64($0)) } ?? .settled(Truth(comparison == .notEqual))
    }
}

/// An integer against an argument, as what the frame's test of it says.
final class CompareArgument: TruthNode, @unchecked Sendable {
    private let operand: IntegerNode
    private let place: Int

    /// - Parameter place: in `Frame.tests`.
    init(_ operand: IntegerNode, place: Int) {
        self.operand = operand
        self.place = place
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let value = try operand.value(&frame) else { return .unknown }
        return switch frame.tests[place] {
        case .compare(let comparison, let constant): Truth(comparison.holds(value, constant))
        case .settled(let verdict): verdict
        }
    }
}

extension Compiler {
    mutating func compareArgument(
        _ comparison: Comparison, _ operand: Expression, _ argument: Int
    ) throws(EvaluationError) -> TruthNode {
        guard operand.comparesArguments(by: comparison) else { throw .illTyped("a value that arguments are not compared with") }
        if operand.type == .string {
            guard let codes = try codes(of: operand) else { throw .illTyped("texts that are no column's") }
            let use = ArgumentUse(argument: argument, comparison: comparison, operand: .code(codes.dictionary))
            return CompareArgument(codes.node, place: makeTest(use))
        }
        let node = try integer(operand)
        let kind = operand.type.scale.map { ArgumentUse.Operand.exact(scale: $0) } ?? .alike(operand.type)
        return CompareArgument(
            node, place: makeTest(ArgumentUse(argument: argument, comparison: comparison, operand: kind)))
    }
}

extension Expression {
    /// Whether a value that is compared with it so may be an argument: numbers, days and enums in any way, texts of columns for
    /// equality.
    package func comparesArguments(by comparison: Comparison) -> Bool {
        switch type {
        case .int, .decimal, .date, .dateTime, .enumeration: return !readsArguments
        case .string:
            guard case .column = self else { return false }
            return !readsArguments && (comparison == .equal || comparison == .notEqual)
        default: return false
        }
    }

    var readsArguments: Bool { freeVariables >> 63 != 0 }

    /// The same with values in place of its arguments.
    func bound(toArguments values: [Scalar]) -> Expression {
        if case .argument(let index, let type) = self { return .constant(values[index], type) }
        return mappingParts { $0.bound(toArguments: values) }
    }
}
