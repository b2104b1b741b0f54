import StoreColumns

/// Asks a condition of one row, part by part.
///
/// Row variables are bound from the outside in: what is compiled and asked is always a part of the rule's own expression with rows in
/// place of variables, by the compiler and the nodes that answer queries.
package struct Explainer {
    let context: EvaluationContext
    let type: NodeTypeID
    let row: RowNumber
    private let limits: ExplanationLimits
    private var number = 0
    /// Conditions of the rule, and of rows of evidence.
    private var count = 0
    private var detailCount = 0
    /// Sets that the walk is in.
    private var depth = 0

    package init(_ context: EvaluationContext, of row: RowNumber, _ type: NodeTypeID, limits: ExplanationLimits) {
        self.context = context
        self.type = type
        self.row = row
        self.limits = limits
    }

    var rowTypes: RowTypes { context.rowTypes }

    /// The tree of a condition over variable 0.
    ///
    /// - Parameter isOfModel: Whether the model says it, and not who asks: its verdict is then that of all rows, whoever sees which, and
    ///   where the rows that are seen tell another, it stands without its parts.
    /// - Throws: What asking it throws; `overBudget(.conditions)` for a rule of more conditions than may be.
    package mutating func explain(
        _ condition: Expression, isOfModel: Bool = false
    ) throws(EvaluationError) -> ExplainedCondition {
        let bound = condition.binding(0, to: row)
        if isOfModel, !context.version.isWhole {
            let verdict = try CompiledPredicate(bound, on: type, context.whole).truth(of: row)
            if try truth(bound) != verdict {
                return ExplainedCondition(number: 0, form: .constant, verdict: verdict, expression: condition, bound: bound)
            }
        }
        return try self.condition(condition, bound)
    }

    // MARK: - Asking

    func truth(_ bound: Expression) throws(EvaluationError) -> Truth {
        try CompiledPredicate(bound, on: type, context).truth(of: row)
    }

    func value(_ bound: Expression) throws(EvaluationError) -> Scalar {
        try CompiledExpression(bound, on: type, context).value(of: row)
    }

    /// What a derived field is computed by, at a row: as it is written, and of that row. Nil where somebody sees too little of what it
    /// is computed of, so that the parts would tell another value than the field has.
    func definition(
        of id: DerivedID, at row: RowNumber
    ) throws(EvaluationError) -> (shown: Expression, bound: Expression)? {
        let shown = rowTypes[id].expression
        let bound = shown.binding(0, to: row)
        if !context.version.isWhole {
            let seen = try value(bound)
            guard try CompiledExpression(bound, on: type, context.whole).value(of: self.row) == seen else { return nil }
        }
        return (shown, bound)
    }

    /// The row that a row expression gives; nil for none.
    func rowNumber(_ bound: Expression) throws(EvaluationError) -> RowNumber? {
        guard case .row(let number) = try value(bound) else { return nil }
        return number
    }

    func rows(_ bound: Expression) throws(EvaluationError) -> [RowNumber] {
        if case .optional(let row) = bound { return try rowNumber(row).map { [$0] } ?? [] }
        var list: [RowNumber] = []
        var evaluator = try CompiledRows(bound, on: type, context).makeEvaluator()
        try evaluator.rows(of: row, into: &list)
        try evaluator.finish()
        return list
    }

    // MARK: - Conditions

    private mutating func condition(_ shown: Expression, _ bound: Expression) throws(EvaluationError) -> ExplainedCondition {
        var node = ExplainedCondition(
            number: number, form: .constant, verdict: try truth(bound), expression: shown, bound: bound)
        number += 1
        if depth == 0 {
            count += 1
            if count > limits.conditions { throw .overBudget(.conditions, limit: limits.conditions) }
        } else {
            detailCount += 1
            node.isCut = detailCount > limits.conditions
        }
        try fill(&node, shown, bound)
        if node.verdict == .unknown {
            var finder = MissingFinder(self)
            try finder.addTruth(bound)
            node.missing = finder.found
        }
        return node
    }

    private mutating func parts(
        _ shown: [Expression], _ bound: [Expression], of node: inout ExplainedCondition
    ) throws(EvaluationError) {
        guard !node.isCut else { return }
        for (shown, bound) in zip(shown, bound) { node.parts.append(try condition(shown, bound)) }
    }

    private mutating func fill(
        _ node: inout ExplainedCondition, _ shown: Expression, _ bound: Expression
    ) throws(EvaluationError) {
        switch (shown, bound) {
        case (.and(let shown), .and(let bound)):
            node.form = .all
            try parts(shown, bound, of: &node)
        case (.or(let shownParts), .or(let parts)):
            if let leaf = shown.twoValuedLeaf, let boundLeaf = bound.twoValuedLeaf {
                node.form = leaf.form
                try setSubject(&node, leaf.operand, boundLeaf.operand)
                node.threshold = .constants(leaf.constants, leaf.operand.type)
                return
            }
            node.form = .any
            try self.parts(shownParts, parts, of: &node)
        case (.not(.isNull(let shown)), .not(.isNull(let bound))):
            node.form = .isPresent
            try setSubject(&node, shown, bound)
        case (.not(let shown), .not(let bound)):
            node.form = .not
            try parts([shown], [bound], of: &node)
        case (.compare(let comparison, let left, let right), .compare(_, let boundLeft, let boundRight)):
            try compare(&node, comparison, (left, boundLeft), (right, boundRight))
        case (.isNull(let shown), .isNull(let bound)):
            node.form = .isMissing
            try setSubject(&node, shown, bound)
        case (.isOneOf(let shown, let constants), .isOneOf(let bound, _)):
            node.form = .isOneOf
            try setSubject(&node, shown, bound)
            node.threshold = .constants(constants, shown.type)
        case (.text(let match, let shown), .text(_, let bound)):
            node.form = .text(match.kind)
            try setSubject(&node, shown, bound)
            node.threshold = .pattern(match)
        case (
            .quantified(let quantifier, .optional(let shownRow), let variable, let shownBody),
            .quantified(_, .optional(let boundRow), _, let boundBody)
        ):
            node.form = .related(quantifier)
            node.subject = try explained(shownRow, boundRow)
            guard let row = try rowNumber(boundRow) else { return }
            try parts([shownBody], [boundBody.binding(variable, to: row)], of: &node)
        case (
            .quantified(let quantifier, let shownSet, let variable, let shownBody),
            .quantified(_, let boundSet, _, let boundBody)
        ):
            node.form = .rows(quantifier)
            node.evidence = try evidence(
                (shownSet, boundSet), variable, (shownBody, boundBody), deciding: quantifier.decidingVerdict(node.verdict),
                isCut: node.isCut)
        case (.contains(let shownSet, let shownRow), .contains(let boundSet, let boundRow)):
            node.form = .contains
            node.subject = try explained(shownRow, boundRow)
            let wanted = try rowNumber(boundRow)
            node.evidence = try counted((shownSet, boundSet)) { $0 == wanted }
        case (.listIncludes(let shown, let includesAll, let codes), .listIncludes(let bound, _, _)):
            node.form = .includes(all: includesAll)
            node.subject = try explained(shown, bound)
            if case .enumerationList(let id) = shown.type { node.threshold = .codes(codes, id) }
        case (.listIsEmpty(let shown), .listIsEmpty(let bound)):
            node.form = .isEmpty
            try setSubject(&node, shown, bound)
        case (.conditional(let condition, let then, let other), .conditional(let boundCondition, let boundThen, let boundOther)):
            node.form = .choice
            try parts([condition, then, other], [boundCondition, boundThen, boundOther], of: &node)
        case (.coalesce(let shown), .coalesce(let bound)):
            node.form = .choice
            try parts(shown, bound, of: &node)
        case (.column, .column):
            node.form = .holds
            try setSubject(&node, shown, bound)
        case (.derived(_, let id, _), .derived(let boundRow, _, _)):
            node.form = .derived
            node.subject = try explained(shown, bound, isShallow: true)
            guard let row = try rowNumber(boundRow), let definition = try definition(of: id, at: row) else { return }
            try parts([definition.shown], [definition.bound], of: &node)
        default: node.form = .constant
        }
    }

    private typealias Pair = (shown: Expression, bound: Expression)

    private mutating func compare(
        _ node: inout ExplainedCondition, _ comparison: Comparison, _ left: Pair, _ right: Pair
    ) throws(EvaluationError) {
        var (comparison, subject, other) = (comparison, left, right)
        // What can change stands first: a field before a constant or the day.
        if left.shown.isFixed, !right.shown.isFixed { (comparison, subject, other) = (comparison.flipped, right, left) }
        node.form = .compare(comparison)
        try setSubject(&node, subject.shown, subject.bound)
        node.other = other.bound
        if case .constant(let constant, let type) = other.shown {
            node.threshold = .constants([constant], type)
        } else {
            node.threshold = .value(try explained(other.shown, other.bound))
        }
        for operand in [subject, other] where node.evidence == nil {
            node.evidence = try evidence(ofFigure: operand)
        }
    }

    private func setSubject(
        _ node: inout ExplainedCondition, _ shown: Expression, _ bound: Expression
    ) throws(EvaluationError) {
        node.operand = bound
        node.subject = try explained(shown, bound)
    }

    // MARK: - Evidence

    private mutating func evidence(
        _ set: Pair, _ variable: Int, _ body: Pair, deciding: Truth?, isCut: Bool
    ) throws(EvaluationError) -> ExplainedEvidence? {
        guard let target = set.shown.type.rowType, let counted = body.bound.counted(from: variable) else { return nil }
        var evidence = ExplainedEvidence(type: target, path: set.shown.fieldPath(in: rowTypes))
        var evaluator = try CompiledPredicate(counted, on: target, context).makeEvaluator()
        // The first few of each rank are all that can be shown.
        var ranked: [[(row: RowNumber, verdict: Truth)]] = [[], [], []]
        for row in try rows(set.bound) {
            let verdict = try evaluator.truth(of: row)
            evidence.count += 1
            if verdict == .yes { evidence.holdingCount += 1 }
            if verdict == .unknown { evidence.unknownCount += 1 }
            let rank = verdict == deciding ? 0 : verdict == .unknown ? 1 : 2
            if ranked[rank].count < limits.evidenceRows { ranked[rank].append((row, verdict)) }
        }
        try evaluator.finish()
        for (row, verdict) in ranked.joined().prefix(limits.evidenceRows) {
            var condition: ExplainedCondition?
            if !isCut, detailCount < limits.conditions {
                // A row has a tree of its own, with numbers of its own.
                let next = number
                (number, depth) = (0, depth + 1)
                condition = try self.condition(body.shown, body.bound.binding(variable, to: row))
                (number, depth) = (next, depth - 1)
            }
            evidence.rows.append(.init(row: row, verdict: verdict, condition: condition))
        }
        return evidence
    }

    /// The rows of a set, of which some count.
    private func counted(_ set: Pair, _ holds: (RowNumber) -> Bool) throws(EvaluationError) -> ExplainedEvidence? {
        guard let target = set.shown.type.rowType else { return nil }
        var evidence = ExplainedEvidence(type: target, path: set.shown.fieldPath(in: rowTypes))
        let rows = try rows(set.bound)
        evidence.count = rows.count
        evidence.holdingCount = rows.count(where: holds)
        let ordered = rows.filter(holds) + rows.filter { !holds($0) }
        evidence.rows = ordered.prefix(limits.evidenceRows).map {
            .init(row: $0, verdict: holds($0) ? .yes : .no, condition: nil)
        }
        return evidence
    }

    /// The rows that a figure was made of: itself, or the derived field that is one.
    private mutating func evidence(ofFigure operand: Pair) throws(EvaluationError) -> ExplainedEvidence? {
        switch (operand.shown, operand.bound) {
        case (.aggregate(_, let shownSet, _, _), .aggregate(_, let boundSet, _, _)):
            if case (.filter(let shownBase, let variable, let shownBody), .filter(let boundBase, _, let boundBody)) = (
                shownSet, boundSet
            ) {
                return try evidence(
                    (shownBase, boundBase), variable, (shownBody, boundBody), deciding: .yes, isCut: false)
            }
            return try counted((shownSet, boundSet)) { _ in true }
        case (.derived(_, let id, _), .derived(let boundRow, _, _)):
            guard case .aggregate = rowTypes[id].expression, let row = try rowNumber(boundRow) else { return nil }
            return try definition(of: id, at: row).flatMap { (definition) throws(EvaluationError) in
                try evidence(ofFigure: definition)
            }
        default: return nil
        }
    }

    // MARK: - Values

    /// - Parameter isShallow: Whether what it was computed from stands elsewhere.
    private func explained(
        _ shown: Expression, _ bound: Expression, isShallow: Bool = false
    ) throws(EvaluationError) -> ExplainedValue {
        var explained = ExplainedValue(
            expression: shown, type: shown.type, value: .null, path: shown.fieldPath(in: rowTypes),
            holder: try holder(bound))
        if case .enumerationList = shown.type {
            explained.codes = try codes(bound)
            return explained
        }
        explained.value = try value(bound)
        guard !isShallow else { return explained }
        for (shown, bound) in try sources(shown, bound) {
            explained.madeOf.append(try self.explained(shown, bound, isShallow: true))
        }
        return explained
    }

    private func holder(_ bound: Expression) throws(EvaluationError) -> NodeRow? {
        switch bound {
        case .column(let row, _, _), .derived(let row, _, _), .follow(let row, _):
            guard let type = row.type.rowType else { return nil }
            return try rowNumber(row).map { NodeRow(type: type, row: $0) }
        default: return nil
        }
    }

    private func codes(_ bound: Expression) throws(EvaluationError) -> [UInt16]? {
        guard case .column(let row, let column, _) = bound, let type = row.type.rowType, let number = try rowNumber(row),
            case .enumerationList(let lists) = context.version[type].column(column), !lists.isNull(at: Int(number))
        else { return nil }
        let list = lists.list(at: Int(number))
        return list.indices.map { list[$0] }
    }

    /// What a computed value is computed from: fields and figures of its row.
    private func sources(_ shown: Expression, _ bound: Expression) throws(EvaluationError) -> [Pair] {
        var pairs: [Pair] = []
        switch (shown, bound) {
        case (.derived(_, let id, _), .derived(let row, _, _)):
            guard let number = try rowNumber(row), let definition = try definition(of: id, at: number) else { return [] }
            collectSources(definition.shown, definition.bound, into: &pairs)
        case (.column, _), (.constant, _), (.follow, _), (.variable, _), (.aggregate, _): return []
        default: collectSources(shown, bound, into: &pairs)
        }
        return Array(pairs.prefix(ExplanationLimits.listed))
    }

    private func collectSources(_ shown: Expression, _ bound: Expression, into pairs: inout [Pair]) {
        switch shown {
        case .column, .derived, .aggregate:
            // What names a row of a set is no value of this row.
            guard bound.freeVariables == 0, !pairs.contains(where: { $0.shown == shown }) else { return }
            if case .enumerationList = shown.type { return }
            pairs.append((shown, bound))
        case .filter, .quantified, .extreme: return
        default: for (shown, bound) in zip(shown.parts, bound.parts) { collectSources(shown, bound, into: &pairs) }
        }
    }
}

extension Expression {
    /// Whether it is the same whatever the data is.
    fileprivate var isFixed: Bool {
        switch self {
        case .constant, .asOf: true
        case .function(_, let operands): operands.allSatisfy(\.isFixed)
        case .arithmetic(_, let left, let right): left.isFixed && right.isFixed
        default: false
        }
    }

    /// `neq` and `notIn`, which are two-valued and so made of two conditions.
    var twoValuedLeaf: (form: ExplainedCondition.Form, operand: Expression, constants: [Scalar])? {
        guard case .or(let parts) = self, parts.count == 2, case .isNull(let operand) = parts[0] else { return nil }
        switch parts[1] {
        case .compare(.notEqual, operand, .constant(let constant, _)): return (.differs, operand, [constant])
        case .not(.isOneOf(operand, let constants)): return (.isNotOneOf, operand, constants)
        default: return nil
        }
    }
}

extension Quantifier {
    /// The verdict of a row that settles the whole; nil where no row alone does.
    fileprivate func decidingVerdict(_ verdict: Truth) -> Truth? {
        switch (self, verdict) {
        case (_, .unknown): .unknown
        case (.some, .yes), (.none, .no): .yes
        case (.every, .no): .no
        case (.exactlyOne, _): .yes
        case (.some, .no), (.every, .yes), (.none, .yes): nil
        }
    }
}
