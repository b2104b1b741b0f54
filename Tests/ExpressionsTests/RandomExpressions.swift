import Expressions
import StoreColumns

/// Random expressions over the fixture's types, well typed.
struct RandomExpressions {
    var random: RandomNumbers
    /// The row variables around the current place.
    private var variables: [NodeTypeID] = []

    init(seed: UInt64) { random = RandomNumbers(seed: seed &+ 77) }

    static let valueTypes: [ExpressionType] = [
        .int, .decimal(fractionDigits: 2), .decimal(fractionDigits: 1), .ratio(displayDigits: 4), .float, .date, .dateTime,
        .string,
        .enumeration(Fixture.standing), .enumeration(Fixture.place), .enumeration(Fixture.state), .enumeration(Fixture.duty),
    ]

    mutating func truth(on type: NodeTypeID, depth: Int) -> Expression {
        variables = [type]
        return truth(depth)
    }

    mutating func value(_ result: ExpressionType, on type: NodeTypeID, depth: Int) -> Expression {
        variables = [type]
        return value(result, depth)
    }

    // MARK: Rows and sets

    private func fields(_ type: NodeTypeID, where holds: (FieldSource) -> Bool) -> [FieldSource] {
        Fixture.rowTypes[type].fields.map(\.source).filter(holds)
    }

    private mutating func row(_ depth: Int) -> Expression {
        let index = random.once(in: 3) ? random.below(variables.count) : variables.count - 1
        var row = Expression.variable(index, variables[index])
        for _ in 0..<random.below(3) {
            guard case .row(let type) = row.type else { return row }
            let edges = fields(type) { if case .toOne = $0 { true } else { false } }
            if !edges.isEmpty, random.once(in: 2), case .toOne(let edge, _) = random.pick(edges) { row = .follow(row, edge) }
        }
        if depth > 0, random.once(in: 8) {
            let set = set(depth - 1)
            guard case .rows(let type) = set.type else { return row }
            let variable = variables.count
            variables.append(type)
            let by = value(random.pick([.int, .date, .string, .decimal(fractionDigits: 2), .float]), depth - 1)
            variables.removeLast()
            return .extreme(random.once(in: 2) ? .greatest : .least, of: set, variable: variable, by: by)
        }
        return row
    }

    private mutating func set(_ depth: Int) -> Expression {
        for _ in 0..<20 {
            let row = row(0)
            guard case .row(let type) = row.type else { continue }
            if random.once(in: 8) { return .optional(row) }
            let edges = fields(type) { if case .toMany = $0 { true } else { false } }
            guard !edges.isEmpty, case .toMany(let edge, let target) = random.pick(edges) else { continue }
            let set = Expression.rows(from: row, edge)
            guard depth > 0, random.once(in: 3) else { return set }
            let variable = variables.count
            variables.append(target)
            defer { variables.removeLast() }
            return .filter(set, variable: variable, where: truth(depth - 1))
        }
        return .optional(.variable(0, variables[0]))
    }

    // MARK: Truth

    private mutating func truth(_ depth: Int) -> Expression {
        let choice = random.below(depth > 0 ? 20 : 9)
        switch choice {
        case 0...2: return comparison(random.pick(Self.valueTypes), 0)
        case 3: return .isNull(value(random.pick(Self.valueTypes + [.boolean]), 0))
        case 4: return membership(depth)
        case 5: return .text(match(), value(.string, max(0, depth - 1)))
        case 6: return depth > 0 && random.once(in: 3) ? figureOfTruths(depth) : value(.boolean, 0)
        case 7:
            guard let list = listField() else { return .constant(.boolean(true), .boolean) }
            if random.once(in: 3) { return .listIsEmpty(list) }
            return .listIncludes(list, all: random.once(in: 2), (0..<random.below(3)).map { _ in UInt16(random.below(4)) })
        case 8:
            return random.once(in: 6)
                ? .constant(random.pick([.null, .boolean(true), .boolean(false)]), .boolean) : value(.boolean, 0)
        case 9, 10: return .and((0..<random.below(4)).map { _ in truth(depth - 1) })
        case 11, 12: return .or((0..<random.below(4)).map { _ in truth(depth - 1) })
        case 13: return .not(truth(depth - 1))
        case 14: return comparison(random.pick(Self.valueTypes), depth - 1)
        case 15...17:
            let set = set(depth - 1)
            guard case .rows(let type) = set.type else { return .constant(.null, .boolean) }
            let variable = variables.count
            variables.append(type)
            let body = random.once(in: 6) ? .constant(.boolean(true), .boolean) : truth(depth - 1)
            variables.removeLast()
            return .quantified(random.pick([.some, .every, .none, .exactlyOne]), over: set, variable: variable, body)
        case 18:
            for _ in 0..<10 {
                let (set, row) = (set(depth - 1), row(depth - 1))
                if case .rows(let a) = set.type, row.type == .row(a) { return .contains(set, row: row) }
            }
            let row = row(0)
            return .isNull(row)
        default:
            if random.once(in: 2) { return .compare(random.once(in: 2) ? .equal : .notEqual, truth(depth - 1), truth(depth - 1)) }
            for _ in 0..<10 {
                let (a, b) = (row(0), row(depth - 1))
                if a.type == b.type { return .compare(random.once(in: 2) ? .equal : .notEqual, a, b) }
            }
            return .conditional(truth(depth - 1), then: truth(depth - 1), else: truth(depth - 1))
        }
    }

    private mutating func comparison(_ type: ExpressionType, _ depth: Int) -> Expression {
        let comparison: Comparison = random.pick([.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
        let left = value(type, depth)
        // Numbers of different types compare too.
        let other = type.isNumeric && random.once(in: 3) ? random.pick(Self.valueTypes.filter(\.isNumeric)) : type
        let right = random.once(in: 2) ? constant(other) : value(other, depth)
        return random.once(in: 4) ? .compare(comparison, right, left) : .compare(comparison, left, right)
    }

    private mutating func membership(_ depth: Int) -> Expression {
        let type = random.pick(Self.valueTypes)
        let values = (0..<random.below(4)).compactMap { _ -> Scalar? in
            guard case .constant(let scalar, _) = constant(type), scalar != .null else { return nil }
            return scalar
        }
        return .isOneOf(value(type, depth), values)
    }

    private mutating func match() -> TextMatch {
        switch random.below(8) {
        case 6, 7:
            TextMatch(
                kind: random.pick([.less, .lessOrEqual, .greater, .greaterOrEqual]), pattern: random.pick(["a", "AB", "", "村"]),
                caseInsensitive: random.once(in: 2))
        case 0: TextMatch(kind: .startsWith, pattern: random.pick(["a", "A", "ab", ""]), caseInsensitive: random.once(in: 2))
        case 1: TextMatch(kind: .endsWith, pattern: random.pick(["a", "B", "ba"]), caseInsensitive: random.once(in: 2))
        case 2: TextMatch(kind: .contains, pattern: random.pick(["b", "bb", "村"]), caseInsensitive: random.once(in: 2))
        case 3: TextMatch(kind: .like, pattern: random.pick(["a%", "%b_", "_", "%"]), caseInsensitive: random.once(in: 2))
        case 4: TextMatch(kind: .equals, pattern: random.pick(["ab", "AB", "none"]), caseInsensitive: random.once(in: 2))
        default: TextMatch(kind: .regex, pattern: random.pick(["^a", "b", "^村"]), caseInsensitive: false)
        }
    }

    private mutating func listField() -> Expression? {
        for _ in 0..<10 {
            let row = row(0)
            guard case .row(let type) = row.type else { continue }
            for source in fields(type, where: { _ in true }) {
                if case .column(let column, let type) = source, case .enumerationList = type {
                    return .column(of: row, column: column, type)
                }
            }
        }
        return nil
    }

    // MARK: Values

    mutating func constant(_ type: ExpressionType) -> Expression {
        if random.once(in: 12) { return .constant(.null, type) }
        switch type {
        case .int: return .constant(.int(Int64(random.below(9)) - 2), .int)
        case .decimal:
            let digits = random.below(4)
            let value = Decimal(unscaled: Int64(random.below(400)) - 100, fractionDigits: digits)
            return .constant(.decimal(value), .decimal(fractionDigits: digits))
        case .ratio:
            guard let ratio = Ratio(numerator: Int64(random.below(9)) - 2, denominator: Int64(1 + random.below(9))) else { break }
            return .constant(.ratio(ratio), type)
        case .float: return .constant(.float(Double(random.below(12)) / 2 - 2), .float)
        case .date:
            let date = CivilDate(days: Fixture.date(2016, 1, 1).days + Int32(random.below(400)))
            return .constant(date.map { .date($0) } ?? .null, .date)
        case .dateTime: return .constant(.dateTime(Instant(microseconds: Int64(random.below(1_000)))), .dateTime)
        case .string: return .constant(.string(random.pick(["a", "ab", "b", "none", "é", "f3", "t1", "zz"])), .string)
        case .enumeration: return .constant(.enumeration(UInt16(random.below(3))), type)
        case .boolean: return .constant(.boolean(random.once(in: 2)), .boolean)
        case .enumerationList, .row, .rows: break
        }
        return .constant(.null, type)
    }

    private mutating func field(_ wanted: ExpressionType) -> Expression {
        for _ in 0..<12 {
            let row = row(0)
            guard case .row(let type) = row.type else { continue }
            let found = fields(type) { source in
                switch source {
                case .column(_, let type), .validColumn(_, _, let type), .derived(_, let type): type == wanted
                default: false
                }
            }
            guard !found.isEmpty else { continue }
            switch random.pick(found) {
            case .column(let column, let type): return .column(of: row, column: column, type)
            case .validColumn(let lookup, let column, let type):
                return .column(of: .follow(row, .valid(lookup, on: nil)), column: column, type)
            case .derived(let id, let type): return .derived(of: row, id, type)
            default: continue
            }
        }
        return constant(wanted)
    }

    private mutating func value(_ type: ExpressionType, _ depth: Int) -> Expression {
        if case .boolean = type { return field(.boolean) }
        guard depth > 0, !random.once(in: 3) else { return random.once(in: 6) ? constant(type) : field(type) }
        switch random.below(6) {
        case 0: return .conditional(truth(depth - 1), then: value(type, depth - 1), else: value(type, depth - 1))
        case 1: return .coalesce([value(type, depth - 1), value(type, depth - 1)])
        case 2: return .function(random.once(in: 2) ? .greatest : .least, [value(type, depth - 1), value(type, depth - 1)])
        case 3: return aggregate(type, depth)
        default: return computed(type, depth)
        }
    }

    /// The least, the greatest or the middle of verdicts.
    private mutating func figureOfTruths(_ depth: Int) -> Expression {
        let set = set(depth - 1)
        guard case .rows(let rowType) = set.type else { return constant(.boolean) }
        variables.append(rowType)
        defer { variables.removeLast() }
        return .aggregate(
            random.pick([.minimum, .maximum, .median]), over: set, variable: variables.count - 1, of: truth(depth - 1))
    }

    private mutating func aggregate(_ type: ExpressionType, _ depth: Int) -> Expression {
        let set = set(depth - 1)
        guard case .rows(let rowType) = set.type else { return constant(type) }
        let variable = variables.count
        if type == .int, random.once(in: 2) { return .aggregate(.count, over: set, variable: variable, of: nil) }
        variables.append(rowType)
        defer { variables.removeLast() }
        if type == .int, random.once(in: 2) {
            if random.once(in: 6) { return .aggregate(.countDistinct, over: set, variable: variable, of: row(0)) }
            let element = random.pick(Self.valueTypes + [.boolean])
            return .aggregate(.countDistinct, over: set, variable: variable, of: value(element, depth - 1))
        }
        if type == .decimal(fractionDigits: 1), random.once(in: 2) {
            return .aggregate(.median, over: set, variable: variable, of: value(.int, depth - 1))
        }
        if type.isMiddleOfItself, random.once(in: 3) {
            return .aggregate(.median, over: set, variable: variable, of: value(type, depth - 1))
        }
        if case .ratio = type { return .aggregate(.average, over: set, variable: variable, of: value(.int, depth - 1)) }
        let isSummed = type.isNumeric && random.once(in: 2)
        let aggregate: Aggregate = isSummed ? .sum : random.once(in: 2) ? .minimum : .maximum
        return .aggregate(aggregate, over: set, variable: variable, of: value(type, depth - 1))
    }

    private mutating func computed(_ type: ExpressionType, _ depth: Int) -> Expression {
        switch type {
        case .int:
            switch random.below(4) {
            case 0: return .function(.daysBetween, [value(.date, depth - 1), value(.date, depth - 1)])
            case 1: return .function(random.pick([.year, .month, .day]), [value(.date, depth - 1)])
            case 2: return .function(.size, [value(.string, depth - 1)])
            default:
                let sign: Arithmetic = random.pick([.add, .subtract, .multiply, .divide, .remainder])
                return .arithmetic(sign, value(.int, depth - 1), value(.int, depth - 1))
            }
        case .decimal: return .arithmetic(random.once(in: 2) ? .add : .subtract, value(type, depth - 1), value(.int, depth - 1))
        case .ratio:
            if random.once(in: 2) {
                return .ratio(value(.int, depth - 1), value(random.pick([.int, .decimal(fractionDigits: 2)]), depth - 1))
            }
            let sign: Arithmetic = random.pick([.add, .subtract, .multiply, .divide])
            return .arithmetic(sign, value(type, depth - 1), value(type, depth - 1))
        case .float: return .arithmetic(random.pick([.add, .subtract]), value(.float, depth - 1), value(.float, depth - 1))
        case .date:
            let unit: CalendarUnit = random.pick([.year, .half, .quarter, .month, .week])
            switch random.below(5) {
            case 0: return .asOf
            case 1: return .function(.addDays, [value(.date, depth - 1), value(.int, depth - 1)])
            case 2: return .function(.makeDate, [value(.int, depth - 1), .constant(.int(2), .int), value(.int, depth - 1)])
            default: return .function(random.once(in: 2) ? .periodStart(unit) : .periodEnd(unit), [value(.date, depth - 1)])
            }
        default: return field(type)
        }
    }
}

extension ExpressionType {
    /// Whether the middle of such values is of the same type.
    fileprivate var isMiddleOfItself: Bool {
        switch self {
        case .int, .decimal: false
        default: true
        }
    }
}
