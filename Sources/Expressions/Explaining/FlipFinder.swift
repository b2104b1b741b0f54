import StoreColumns

/// One value, or one condition, that would have to be otherwise.
package struct VerdictChange: Sendable, Hashable {
    /// The number of the condition in the tree.
    package var condition: Int
    /// Whether it has to hold, or has to cease to.
    package var holds: Bool
}

/// The smallest sets of changes under which a rule that does not hold would hold.
///
/// They are found from the tree's shape and then tried: each is kept only if the rule's expression, asked with the changed values in
/// place of the fields, is TRUE, and if no part of it is enough. A way says all that a changed value has to keep to, so conditions that
/// hold already stand in it where a careless change would break them. A change is of one value or of one condition on a set; that
/// other values computed from the same rows would change too is left to whoever makes it.
package struct FlipFinder {
    private let explainer: Explainer
    private let tree: ExplainedCondition
    private let conditions: [Int: ExplainedCondition]
    private let grounded: Expression

    private typealias Way = [VerdictChange]

    /// - Parameter explainer: that made the tree.
    package init(_ explainer: Explainer, _ tree: ExplainedCondition) throws(EvaluationError) {
        self.explainer = explainer
        self.tree = tree
        conditions = Dictionary(tree.all.map { ($0.number, $0) }) { first, _ in first }
        grounded = try Self.ground(tree.bound, explainer)
    }

    /// The ways, those of the fewest changes first; none where the rule holds, or where nothing small would help.
    package func ways() throws(EvaluationError) -> [[VerdictChange]] {
        guard tree.verdict != .yes else { return [] }
        var kept: [Way] = []
        for way in ways(tree, to: true) {
            guard let whole = try completed(way) else { continue }
            let smallest = try reduced(whole)
            if !kept.contains(where: { Set($0).isSubset(of: smallest) }) { kept.append(smallest) }
        }
        return kept.sorted { $0.count < $1.count }
    }

    // MARK: - From the shape

    private func ways(_ node: ExplainedCondition, to holds: Bool) -> [Way] {
        if node.verdict == (holds ? .yes : .no) { return [[]] }
        switch (node.form, holds) {
        case (.all, true), (.any, false): return everyOne(node.parts, to: holds)
        case (.any, true), (.all, false): return anyOne(node.parts, to: holds)
        case (.not, _): return node.parts.first.map { ways($0, to: !holds) } ?? []
        case (.derived, _) where !node.parts.isEmpty: return ways(node.parts[0], to: holds)
        case (.related(let quantifier), _) where !node.parts.isEmpty:
            return ways(node.parts[0], to: quantifier == .none ? !holds : holds)
        case (.choice, _):
            guard node.parts.count == 3, case .conditional = node.expression else { return [[change(node, holds)]] }
            let (condition, then, other) = (node.parts[0], node.parts[1], node.parts[2])
            return smallest(
                combined(ways(condition, to: true), ways(then, to: holds))
                    + combined(ways(condition, to: false), ways(other, to: holds)))
        case (.constant, _): return []
        default: return [[change(node, holds)]]
        }
    }

    private func change(_ node: ExplainedCondition, _ holds: Bool) -> VerdictChange {
        VerdictChange(condition: node.number, holds: holds)
    }

    private func everyOne(_ parts: [ExplainedCondition], to holds: Bool) -> [Way] {
        var all: [Way] = [[]]
        for part in parts { all = combined(all, ways(part, to: holds)) }
        return all
    }

    private func anyOne(_ parts: [ExplainedCondition], to holds: Bool) -> [Way] {
        smallest(parts.flatMap { ways($0, to: holds) })
    }

    private func combined(_ left: [Way], _ right: [Way]) -> [Way] {
        smallest(left.flatMap { first in right.map { second in first + second.filter { !first.contains($0) } } })
    }

    private func smallest(_ ways: [Way]) -> [Way] {
        Array(
            ways.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }.map(\.element)
                .prefix(ExplanationLimits.listed))
    }

    // MARK: - Tried

    /// What stands where, in the rule as it would be.
    private typealias Choice = [(part: Expression, by: Expression)]

    /// The way with what else its values have to keep to; nil where it does not lead to TRUE.
    private func completed(_ way: Way) throws(EvaluationError) -> Way? {
        guard let choice = try choice(under: way) else { return nil }
        var way = way
        while let more = try counterexample(to: way, choice) { way.append(more) }
        return way
    }

    private func reduced(_ way: Way) throws(EvaluationError) -> Way {
        var way = way
        for change in way where way.count > 1 {
            let rest = way.filter { $0 != change }
            if let choice = try choice(under: rest), try counterexample(to: rest, choice) == nil { way = rest }
        }
        return way
    }

    /// A condition that a way has to name as well: one on a value that it changes, where another value that keeps to the way would
    /// not make the rule TRUE. The values tried are the nearest ones on both sides of every limit that the value is held against.
    private func counterexample(to way: Way, _ choice: Choice) throws(EvaluationError) -> VerdictChange? {
        for place in choice.indices {
            let leaves = try leaves(on: choice[place].part)
            for leaf in leaves {
                guard let type = leaf.operand?.type else { continue }
                for value in try valuesAround(leaf) {
                    var other = choice
                    other[place].by = value.constant(like: type)
                    guard try keeps(other, to: way), try truth(grounded.replacing(other)) != .yes else { continue }
                    for leaf in leaves {
                        let holds = try truth(of: leaf, choice)
                        guard holds != .unknown, try truth(of: leaf, other) != holds else { continue }
                        return change(leaf, holds == .yes)
                    }
                }
            }
        }
        return nil
    }

    /// Conditions that hold a value against something.
    private func leaves(on part: Expression) throws(EvaluationError) -> [ExplainedCondition] {
        var found: [ExplainedCondition] = []
        for node in tree.all {
            guard let operand = node.operand, try Self.ground(operand, explainer) == part else { continue }
            found.append(node)
        }
        return found
    }

    /// Values between which a condition's verdict changes: its limit and the values beside it.
    private func valuesAround(_ leaf: ExplainedCondition) throws(EvaluationError) -> [Scalar] {
        var values = try witnesses(leaf, holds: true) + witnesses(leaf, holds: false)
        guard case .compare = leaf.form, let other = leaf.other, let type = leaf.operand?.type, !values.isEmpty else {
            return values
        }
        let limit = try explainer.value(other)
        for step: Int64 in [-1, 1] {
            if let value = limit.neighbour(step, of: type), !values.contains(value) { values.append(value) }
        }
        return values
    }

    private func keeps(_ choice: Choice, to way: Way) throws(EvaluationError) -> Bool {
        for change in way {
            guard let node = conditions[change.condition] else { continue }
            guard try truth(of: node, choice) == (change.holds ? .yes : .no) else { return false }
        }
        return true
    }

    private func truth(of node: ExplainedCondition, _ choice: Choice) throws(EvaluationError) -> Truth {
        try truth(try Self.ground(node.bound, explainer).replacing(choice))
    }

    /// What stands in place of something, and what may be put there.
    private struct Replacement {
        var part: Expression
        var candidates: [Expression]
    }

    /// Values that keep to a way and make the rule TRUE.
    private func choice(under way: Way) throws(EvaluationError) -> Choice? {
        var replacements: [Replacement] = []
        for change in way {
            guard let node = conditions[change.condition] else { continue }
            let replacement = try replacement(node, holds: change.holds)
            if let known = replacements.firstIndex(where: { $0.part == replacement.part }) {
                replacements[known].candidates += replacement.candidates
            } else {
                replacements.append(replacement)
            }
        }
        var choices: [Choice] = [[]]
        for replacement in replacements {
            choices = choices.flatMap { choice in replacement.candidates.map { choice + [(replacement.part, $0)] } }
            choices.removeLast(max(0, choices.count - 2 * ExplanationLimits.listed))
        }
        for choice in choices {
            if try truth(grounded.replacing(choice)) == .yes, try keeps(choice, to: way) { return choice }
        }
        return nil
    }

    /// Unknown where a value that was put in cannot be computed with.
    private func truth(_ bound: Expression) throws(EvaluationError) -> Truth {
        do throws(EvaluationError) {
            return try explainer.truth(bound)
        } catch {
            switch error {
            case .overflow, .illTyped: return .unknown
            case .overBudget, .stopped, .patternInvalid, .patternLimit: throw error
            }
        }
    }

    private func replacement(_ node: ExplainedCondition, holds: Bool) throws(EvaluationError) -> Replacement {
        let witnesses = try witnesses(node, holds: holds)
        if let operand = node.operand, !witnesses.isEmpty {
            let part = try Self.ground(operand, explainer)
            // What is fixed does not change; then the condition as a whole has to.
            if !part.isConstant { return Replacement(part: part, candidates: witnesses.map { $0.constant(like: operand.type) }) }
        }
        return Replacement(
            part: try Self.ground(node.bound, explainer), candidates: [.constant(.boolean(holds), .boolean)])
    }

    /// Values of the operand under which a condition would be as wanted; none where the condition itself is what changes.
    private func witnesses(_ node: ExplainedCondition, holds: Bool) throws(EvaluationError) -> [Scalar] {
        guard let operand = node.operand else { return [] }
        // A list is no value that could stand in an expression.
        if case .enumerationList = operand.type { return [] }
        switch node.form {
        case .compare(let comparison):
            guard let other = node.other else { return [] }
            // Rows are told apart by what they are, not by a value.
            if case .row = operand.type { return [] }
            let limit = try explainer.value(other)
            return limit == .null ? [] : (holds ? comparison : comparison.negated).witnesses(limit, operand.type)
        case .isMissing: return holds ? [.null] : []
        case .isPresent: return holds ? [] : [.null]
        case .isOneOf, .differs, .isNotOneOf:
            guard case .constants(let constants, _) = node.threshold else { return [] }
            let wantsOne = (node.form == .isOneOf) == holds
            return wantsOne ? Array(constants.prefix(4)) : [.null]
        case .text(.equals), .text(.startsWith), .text(.endsWith), .text(.contains):
            guard holds, case .pattern(let match) = node.threshold else { return [] }
            return [.string(match.pattern)]
        case .holds: return [.boolean(holds)]
        default: return []
        }
    }

    // MARK: - Grounding

    /// The same condition of the rows that its paths lead to: to-one edges followed, derived conditions written out. The same
    /// cell is then the same expression, wherever it is read.
    private static func ground(_ bound: Expression, _ explainer: Explainer) throws(EvaluationError) -> Expression {
        func parts(_ expression: Expression) throws(EvaluationError) -> Expression {
            try expression.mappingParts { (part) throws(EvaluationError) in try ground(part, explainer) }
        }
        guard bound.freeVariables == 0 else { return try parts(bound) }
        switch bound {
        case .quantified(let quantifier, .optional(let row), let variable, let body):
            guard let number = try explainer.rowNumber(row) else { return try parts(bound) }
            let inner = try ground(body.binding(variable, to: number), explainer)
            return quantifier == .none ? .not(inner) : inner
        case .derived(let row, let id, .boolean):
            guard let number = try explainer.rowNumber(row), let definition = try explainer.definition(of: id, at: number) else {
                return try parts(bound)
            }
            return try ground(definition.bound, explainer)
        case .follow, .extreme:
            guard case .row = bound.type, let number = try explainer.rowNumber(bound) else { return try parts(bound) }
            return .constant(.row(number), bound.type)
        default: return try parts(bound)
        }
    }
}

extension Expression {
    fileprivate var isConstant: Bool {
        switch self {
        case .constant, .asOf: true
        default: false
        }
    }
}

extension Comparison {
    package var negated: Comparison {
        switch self {
        case .equal: .notEqual
        case .notEqual: .equal
        case .less: .greaterOrEqual
        case .lessOrEqual: .greater
        case .greater: .lessOrEqual
        case .greaterOrEqual: .less
        }
    }

    /// Values of a type that stand so to a limit: the nearest, where there is one.
    fileprivate func witnesses(_ limit: Scalar, _ type: ExpressionType) -> [Scalar] {
        switch self {
        case .equal, .lessOrEqual, .greaterOrEqual: [limit]
        case .less: limit.neighbour(-1, of: type).map { [$0] } ?? []
        case .greater: limit.neighbour(1, of: type).map { [$0] } ?? []
        case .notEqual: [limit.neighbour(1, of: type), limit.neighbour(-1, of: type)].compactMap(\.self).prefix(1).map(\.self)
        }
    }
}

extension Scalar {
    /// A constant that stands where a value of a type stood.
    fileprivate func constant(like type: ExpressionType) -> Expression {
        if case .ratio = self { return .constant(self, .ratio(displayDigits: ExpressionType.ratioDigits)) }
        return .constant(self, type)
    }

    /// The value next to it on one side, as near as the type's values lie.
    fileprivate func neighbour(_ step: Int64, of type: ExpressionType) -> Scalar? {
        switch self {
        case .boolean(let value): return .boolean(!value)
        case .int(let value):
            let (sum, overflows) = value.addingReportingOverflow(step)
            return overflows ? nil : .int(sum)
        case .decimal(let value):
            let digits = max(value.fractionDigits, type.scale ?? 0)
            guard let scaled = value.rescaled(to: digits) else { return nil }
            let (sum, overflows) = scaled.unscaled.addingReportingOverflow(step)
            return overflows ? nil : .decimal(Decimal(unscaled: sum, fractionDigits: digits))
        case .ratio(let value):
            let part: Int128 = 1_000_000
            return Ratio(
                reducing: Int128(value.numerator) * part + Int128(step) * Int128(value.denominator),
                over: Int128(value.denominator) * part
            ).map { .ratio($0) }
        case .float(let value): return .float(step > 0 ? value.nextUp : value.nextDown)
        case .date(let value): return value.adding(days: Int(step)).map { .date($0) }
        case .dateTime(let value):
            let (sum, overflows) = value.microseconds.addingReportingOverflow(step)
            return overflows ? nil : .dateTime(Instant(microseconds: sum))
        case .string(let text):
            if step > 0 { return .string(text + "0") }
            return text.isEmpty ? nil : .string("")
        case .enumeration(let code):
            if step > 0 { return .enumeration(code &+ 1) }
            return code == 0 ? nil : .enumeration(code - 1)
        case .null, .row: return nil
        }
    }
}
