import Expressions
import StoreColumns

/// Expressions, evaluated from their definition: no codes, no columns, no order of cost, nothing kept.
struct NaiveEvaluator {
    let graph: NaiveGraph
    let asOf: CivilDate
    var variables: [Int: NaiveValue] = [:]
    /// What derived fields are computed of, where the graph is a part of it.
    var whole: NaiveGraph?

    func with(_ variable: Int, _ value: NaiveValue) -> NaiveEvaluator {
        var inner = self
        inner.variables[variable] = value
        return inner
    }

    // MARK: Rows

    private func cells(_ row: NaiveValue) -> (NodeTypeID, [Cell])? {
        guard case .row(let type, let key) = row, let cells = graph.rows[type.index][key] else { return nil }
        return (type, cells)
    }

    private func value(_ cell: Cell, _ kind: ColumnKind) -> NaiveValue {
        switch (cell, kind) {
        case (.boolean(let value), _): .truth(value)
        case (.int(let value), _): .int(Int(value))
        case (.decimal(let value), .decimal(let digits)): .number(Int128(value), Self.power(digits))
        case (.float(let value), _): .float(value)
        case (.date(let value), _): .date(Int(value))
        case (.dateTime(let value), _): .instant(value)
        case (.enumeration(let value), _): .code(Int(value))
        case (.string(let value), _): .text(value)
        case (.enumerationList(let values), _): .codes(values.map { Int($0) })
        case (.reference(let key), .reference(let target)): .row(target, key)
        case (.referenceList(let keys), .referenceList(let target)): .rows(target, Array(Set(keys)))
        default: .null
        }
    }

    private func column(_ row: NaiveValue, _ index: Int) -> NaiveValue {
        guard let (type, cells) = cells(row) else { return .null }
        return value(cells[index], Fixture.catalog[type].columns[index].kind)
    }

    private func sources(_ row: NaiveValue, _ index: Int) -> (NodeTypeID, [Key])? {
        guard case .row(let type, let key) = row else { return nil }
        let inverse = Fixture.catalog[type].inverses[index]
        let found = graph.rows[inverse.source.index].filter { _, cells in
            switch cells[inverse.column] {
            case .reference(let target): target == key
            case .referenceList(let targets): targets.contains(key)
            default: false
            }
        }
        return (inverse.source, Array(found.keys))
    }

    private func periods(_ row: NaiveValue, _ lookup: ValidLookup, _ date: CivilDate?) -> [Key]? {
        guard let (type, keys) = sources(row, lookup.inverse) else { return nil }
        let day = Int((date ?? asOf).days)
        return keys.filter { key in
            let from = column(.row(type, key), lookup.fromColumn)
            let to = column(.row(type, key), lookup.toColumn)
            if case .date(let start) = from, start > day { return false }
            if case .date(let end) = to, end <= day { return false }
            return true
        }
    }

    private func follow(_ row: NaiveValue, _ edge: ToOneEdge) -> NaiveValue {
        switch edge {
        case .reference(let index, _): return column(row, index)
        case .valid(let lookup, let date):
            let type = lookup.periodType
            func start(_ key: Key) -> Int {
                if case .date(let day) = column(.row(type, key), lookup.fromColumn) { return day }
                return .min
            }
            let best = periods(row, lookup, date)?.max { left, right in
                start(left) != start(right) ? start(left) < start(right) : graph.precedes(left, right)
            }
            guard let best else { return .null }
            let period = NaiveValue.row(type, best)
            return lookup.thenReference.map { column(period, $0) } ?? period
        }
    }

    private func rows(_ row: NaiveValue, _ edge: ToManyEdge) -> NaiveValue {
        switch edge {
        case .inverse(let index, _): return sources(row, index).map { .rows($0.0, $0.1) } ?? .null
        case .list(let index, _): return column(row, index)
        case .valid(let lookup, let date):
            guard let found = periods(row, lookup, date) else { return .null }
            guard let reference = lookup.thenReference else { return .rows(lookup.periodType, found) }
            var keys: Set<Key> = []
            for key in found {
                if case .row(_, let target) = column(.row(lookup.periodType, key), reference) { keys.insert(target) }
            }
            return .rows(lookup.target, Array(keys))
        }
    }

    // MARK: Evaluation

    func truth(_ expression: Expression) throws -> Bool? {
        if case .truth(let value) = try evaluate(expression) { return value }
        return nil
    }

    private func elements(_ set: Expression, _ variable: Int) throws -> [NaiveEvaluator]? {
        guard case .rows(let type, let keys) = try evaluate(set) else { return nil }
        return keys.map { with(variable, .row(type, $0)) }
    }

    func evaluate(_ expression: Expression) throws -> NaiveValue {
        switch expression {
        case .constant(let value, _): return constant(value)
        case .asOf: return .date(Int(asOf.days))
        case .argument: preconditionFailure("Arguments are bound before anything is evaluated.")
        case .parameter: preconditionFailure("Parameters are bound before anything is evaluated.")
        case .variable(let index, _): return variables[index] ?? .null
        case .follow(let row, let edge): return follow(try evaluate(row), edge)
        case .column(let row, let index, _): return column(try evaluate(row), index)
        case .derived(let row, let id, let type):
            let row = try evaluate(row)
            guard row != .null else { return .null }
            var inner = NaiveEvaluator(graph: whole ?? graph, asOf: asOf)
            inner.variables = [0: row]
            return try inner.evaluate(Fixture.rowTypes[id].expression).converted(to: type)
        case .rows(let row, let edge): return rows(try evaluate(row), edge)
        case .optional(let row):
            guard case .row(let type) = row.type else { return .null }
            if case .row(_, let key) = try evaluate(row) { return .rows(type, [key]) }
            return .rows(type, [])
        case .filter(let set, let variable, let condition):
            guard case .rows(let type, let keys) = try evaluate(set) else { return .null }
            return .rows(type, try keys.filter { try with(variable, .row(type, $0)).truth(condition) == true })
        case .extreme(let extreme, let set, let variable, let by):
            var best: (key: NaiveValue, row: NaiveValue, by: NaiveValue)?
            for inner in try elements(set, variable) ?? [] {
                guard let row = inner.variables[variable] else { continue }
                let value = try inner.evaluate(by)
                guard value != .null else { continue }
                if let current = best {
                    let order = value.order(against: current.by)
                    guard order != 0 ? (order > 0) == (extreme == .greatest) : precedes(row, current.row) else { continue }
                }
                best = (row, row, value)
            }
            return best?.row ?? .null
        case .and(let operands):
            let truths = try operands.map { try truth($0) }
            return truths.contains(false) ? .truth(false) : truths.contains(nil) ? .null : .truth(true)
        case .or(let operands):
            let truths = try operands.map { try truth($0) }
            return truths.contains(true) ? .truth(true) : truths.contains(nil) ? .null : .truth(false)
        case .not(let operand): return try truth(operand).map { .truth(!$0) } ?? .null
        case .isNull(let operand): return .truth(try evaluate(operand) == .null)
        case .compare(let comparison, let left, let right): return try compare(comparison, left, right)
        case .isOneOf(let operand, let constants):
            let value = try evaluate(operand)
            if value == .null { return .null }
            return .truth(constants.contains { value.order(against: constant($0)) == 0 })
        case .text(let match, let operand):
            guard case .text(let text) = try evaluate(operand) else { return .null }
            return .truth(match.matches(text))
        case .quantified(let quantifier, let set, let variable, let body):
            guard let inners = try elements(set, variable) else { return .null }
            return quantified(quantifier, try inners.map { try $0.truth(body) })
        case .contains(let set, let row):
            guard case .rows(_, let keys) = try evaluate(set), case .row(_, let key) = try evaluate(row) else { return .null }
            return .truth(keys.contains(key))
        case .listIncludes(let list, let all, let wanted):
            guard case .codes(let codes) = try evaluate(list) else { return .null }
            let present = wanted.map { codes.contains(Int($0)) }
            return .truth(all ? !present.contains(false) : present.contains(true))
        case .listIsEmpty(let list):
            guard case .codes(let codes) = try evaluate(list) else { return .null }
            return .truth(codes.isEmpty)
        case .arithmetic(let sign, let left, let right):
            return try evaluate(left).computed(sign, try evaluate(right), expression.type)
        case .ratio(let left, let right):
            return try evaluate(left).computed(.divide, try evaluate(right), .ratio(displayDigits: 0))
        case .conditional(let condition, let then, let other):
            guard let verdict = try truth(condition) else { return .null }
            return try evaluate(verdict ? then : other).converted(to: expression.type)
        case .coalesce(let operands):
            for operand in operands {
                let value = try evaluate(operand)
                if value != .null { return try value.converted(to: expression.type) }
            }
            return .null
        case .function(let function, let operands): return try call(function, operands, expression.type)
        case .aggregate(let aggregate, let set, let variable, let element):
            guard let inners = try elements(set, variable) else { return .null }
            guard let element else { return .int(inners.count) }
            return try self.aggregate(aggregate, try inners.map { try $0.evaluate(element) }, element.type)
        }
    }

    private func precedes(_ left: NaiveValue, _ right: NaiveValue) -> Bool {
        guard case .row(_, let a) = left, case .row(_, let b) = right else { return false }
        return graph.precedes(a, b)
    }

    private func constant(_ scalar: Scalar) -> NaiveValue {
        switch scalar {
        case .null: .null
        case .boolean(let value): .truth(value)
        case .int(let value): .number(Int128(value), 1)
        case .decimal(let value): .number(Int128(value.unscaled), Self.power(value.fractionDigits))
        case .ratio(let value): .number(Int128(value.numerator), Int128(value.denominator))
        case .float(let value): .float(value)
        case .date(let value): .date(Int(value.days))
        case .dateTime(let value): .instant(value.microseconds)
        case .string(let value): .text(value)
        case .enumeration(let code): .code(Int(code))
        case .row: .null
        }
    }

    private func compare(_ comparison: Comparison, _ left: Expression, _ right: Expression) throws -> NaiveValue {
        let (a, b) = (try evaluate(left), try evaluate(right))
        guard a != .null, b != .null else { return .null }
        let order = a.order(against: b)
        return switch comparison {
        case .equal: .truth(order == 0)
        case .notEqual: .truth(order != 0)
        case .less: .truth(order < 0)
        case .lessOrEqual: .truth(order <= 0)
        case .greater: .truth(order > 0)
        case .greaterOrEqual: .truth(order >= 0)
        }
    }

    private func quantified(_ quantifier: Quantifier, _ truths: [Bool?]) -> NaiveValue {
        let some: Bool? = truths.contains(true) ? true : truths.contains(nil) ? nil : false
        switch quantifier {
        case .some: return some.map { .truth($0) } ?? .null
        case .none: return some.map { .truth(!$0) } ?? .null
        case .every: return truths.contains(false) ? .truth(false) : truths.contains(nil) ? .null : .truth(true)
        case .exactlyOne:
            let count = truths.filter { $0 == true }.count
            return count > 1 ? .truth(false) : truths.contains(nil) ? .null : .truth(count == 1)
        }
    }

    private func call(_ function: ExpressionFunction, _ operands: [Expression], _ type: ExpressionType) throws -> NaiveValue {
        let values = try operands.map { try evaluate($0) }
        if values.contains(.null) { return .null }
        switch (function, values[0]) {
        case (.greatest, _): return try (values.max { $0.order(against: $1) < 0 } ?? .null).converted(to: type)
        case (.least, _): return try (values.min { $0.order(against: $1) < 0 } ?? .null).converted(to: type)
        case (.size, .text(let text)): return .int(text.unicodeScalars.count)
        case (.addDays, .date(let day)):
            guard case .number(let count, _) = values[1] else { return .null }
            let sum = Int128(day) + count
            guard sum >= Int128(Fixture.date(1, 1, 1).days), sum <= Int128(Fixture.date(9_999, 12, 31).days) else {
                throw NaiveOverflow()
            }
            return .date(Int(sum))
        case (.daysBetween, .date(let first)):
            guard case .date(let second) = values[1] else { return .null }
            return .int(second - first)
        case (.makeDate, .number(let year, _)):
            guard case .number(let month, _) = values[1], case .number(let day, _) = values[2], (1...9_999).contains(year),
                (1...12).contains(month), (1...31).contains(day),
                let date = CivilDate(year: Int(year), month: Int(month), day: Int(day))
            else { return .null }
            return .date(Int(date.days))
        case (_, .date(let day)):
            guard let date = CivilDate(days: Int32(day)) else { return .null }
            let (year, month, dayOfMonth) = date.components
            switch function {
            case .year: return .int(year)
            case .month: return .int(month)
            case .day: return .int(dayOfMonth)
            case .periodStart(let unit): return .date(Int(bound(date, unit, end: false).days))
            case .periodEnd(let unit): return .date(Int(bound(date, unit, end: true).days))
            default: return .null
            }
        default: return .null
        }
    }

    /// Day by day until the period changes.
    private func bound(_ date: CivilDate, _ unit: CalendarUnit, end: Bool) -> CivilDate {
        func period(_ date: CivilDate) -> [Int] {
            let (year, month, _) = date.components
            return switch unit {
            case .year: [year]
            case .half: [year, (month - 1) / 6]
            case .quarter: [year, (month - 1) / 3]
            case .month: [year, month]
            // 1970-01-05 was a Monday.
            case .week: [(Int(date.days) - 4 + 7_000_000) / 7]
            }
        }
        var date = date
        while let next = CivilDate(days: date.days + (end ? 1 : -1)), period(next) == period(date) { date = next }
        return date
    }

    private func aggregate(_ aggregate: Aggregate, _ values: [NaiveValue], _ type: ExpressionType) throws -> NaiveValue {
        let values = values.filter { $0 != .null }
        switch aggregate {
        case .count: return .int(values.count)
        case .countDistinct:
            var known: [NaiveValue] = []
            for value in values where !known.contains(where: { $0.order(against: value) == 0 }) { known.append(value) }
            return .int(known.count)
        case .median:
            let sorted = values.sorted { $0.order(against: $1) < 0 }
            guard !sorted.isEmpty else { return .null }
            let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
            switch (low, high) {
            case (.float(let a), .float(let b)): return .float(a / 2 + b / 2)
            case (.number(let a, let b), .number(let c, let d)):
                // An exact number has a digit more; a ratio must fit in two times 64 bits.
                guard case .ratio = type else { return .number(a * d + c * b, 2 * b * d) }
                return sorted.count % 2 == 1
                    ? low : try low.computed(.add, high, type).computed(.divide, .int(2), .ratio(displayDigits: 0))
            default: return low
            }
        case .minimum: return values.min { $0.order(against: $1) < 0 } ?? .null
        case .maximum: return values.max { $0.order(against: $1) < 0 } ?? .null
        case .sum, .average:
            if aggregate == .average && values.isEmpty { return .null }
            var sum: NaiveValue = type == .float ? .float(0) : .int(0)
            for value in values { sum = try sum.computed(.add, value, type == .float ? .float : .ratio(displayDigits: 0)) }
            guard aggregate == .average else { return sum }
            return try sum.computed(
                .divide, type == .float ? .float(Double(values.count)) : .int(values.count),
                type.isInteger ? .ratio(displayDigits: 0) : type)
        }
    }

    static func power(_ digits: Int) -> Int128 { (0..<digits).reduce(1) { power, _ in power * 10 } }
}

extension ExpressionType {
    fileprivate var isInteger: Bool {
        switch self {
        case .int, .decimal: true
        default: false
        }
    }
}

extension NaiveValue {
    /// Below, at or above 0; for values of one kind, or numbers of any.
    func order(against other: NaiveValue) -> Int {
        func sign<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : a > b ? 1 : 0 }
        switch (self, other) {
        case (.number(let a, let b), .number(let c, let d)): return sign(a * d, c * b)
        case (.float(let a), .float(let b)): return sign(a, b)
        case (.float(let a), .number(let c, let d)): return sign(a, Double(c) / Double(d))
        case (.number(let a, let b), .float(let c)): return sign(Double(a) / Double(b), c)
        case (.date(let a), .date(let b)): return sign(a, b)
        case (.instant(let a), .instant(let b)): return sign(a, b)
        case (.code(let a), .code(let b)): return sign(a, b)
        case (.text(let a), .text(let b)):
            return Array(a.utf8) == Array(b.utf8) ? 0 : Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8)) ? -1 : 1
        case (.truth(let a), .truth(let b)): return sign(a ? 1 : 0, b ? 1 : 0)
        case (.row(_, let a), .row(_, let b)): return a == b ? 0 : 1
        default: return 2
        }
    }

    func computed(_ sign: Arithmetic, _ other: NaiveValue, _ type: ExpressionType) throws -> NaiveValue {
        if self == .null || other == .null { return .null }
        if type == .float {
            let (a, b) = (asDouble, other.asDouble)
            if sign == .divide && b == 0 { return .null }
            let result =
                switch sign {
                case .add: a + b
                case .subtract: a - b
                case .multiply: a * b
                default: a / b
                }
            guard result.isFinite else { throw NaiveOverflow() }
            return .float(result)
        }
        guard case .number(let a, let b) = self, case .number(let c, let d) = other else { return .null }
        switch sign {
        case .add: return try NaiveValue.reduced(a * d + c * b, b * d)
        case .subtract: return try NaiveValue.reduced(a * d - c * b, b * d)
        case .multiply: return try NaiveValue.reduced(a * c, b * d)
        case .divide:
            if c == 0 { return .null }
            if type == .int { return .number(a / c, 1) }
            return try NaiveValue.reduced(a * d, b * c)
        case .remainder: return c == 0 ? .null : .number(a % c, 1)
        }
    }

    private static func reduced(_ numerator: Int128, _ denominator: Int128) throws -> NaiveValue {
        var (a, b) = (numerator.magnitude, denominator.magnitude)
        while b != 0 { (a, b) = (b, a % b) }
        let divisor = Int128(a) * (denominator < 0 ? -1 : 1)
        guard Int64(exactly: numerator / divisor) != nil, Int64(exactly: denominator / divisor) != nil else {
            throw NaiveOverflow()
        }
        return .number(numerator / divisor, denominator / divisor)
    }

    fileprivate var asDouble: Double {
        switch self {
        case .float(let value): value
        case .number(let a, let b): Double(a) / Double(b)
        default: 0
        }
    }

    /// As a field or a choice of a wider type gives it: rounded to a decimal's digits, or a Float.
    func converted(to type: ExpressionType) throws -> NaiveValue {
        guard case .number(let a, let b) = self else { return self }
        switch type {
        case .float: return .float(asDouble)
        case .decimal(let digits):
            let scaled = a * NaiveEvaluator.power(digits)
            var quotient = scaled / b
            if (scaled % b).magnitude * 2 >= b.magnitude { quotient += a < 0 ? -1 : 1 }
            guard Int64(exactly: quotient) != nil else { throw NaiveOverflow() }
            return .number(quotient, NaiveEvaluator.power(digits))
        default: return self
        }
    }
}

extension TextMatch {
    /// For the plain letters of the fixture.
    func matches(_ text: String) -> Bool {
        let (text, pattern) = caseInsensitive ? (text.lowercased(), self.pattern.lowercased()) : (text, self.pattern)
        switch kind {
        case .equals: return text == pattern
        case .less: return Self.precedes(text, pattern)
        case .lessOrEqual: return !Self.precedes(pattern, text)
        case .greater: return Self.precedes(pattern, text)
        case .greaterOrEqual: return !Self.precedes(text, pattern)
        case .startsWith: return text.hasPrefix(pattern)
        case .endsWith: return text.hasSuffix(pattern)
        case .contains: return pattern.isEmpty || text.indices.contains { text[$0...].hasPrefix(pattern) }
        case .like: return Self.like(pattern[...], text[...])
        // The tests' patterns are a letter or a letter at the start.
        case .regex: return pattern.hasPrefix("^") ? text.hasPrefix(pattern.dropFirst()) : text.contains(pattern)
        }
    }

    private static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private static func like(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        switch first {
        case "%": return like(pattern.dropFirst(), text) || (!text.isEmpty && like(pattern, text.dropFirst()))
        case "_": return !text.isEmpty && like(pattern.dropFirst(), text.dropFirst())
        default: return text.first == first && like(pattern.dropFirst(), text.dropFirst())
        }
    }
}
