import Expressions
import StoreColumns

/// What is asked of rows as of one day: each expression is compiled once for all of them.
struct DayOfSteps {
    private let model: Model
    private let values: ParameterValues
    private let context: EvaluationContext
    private var evaluators: [Expression: PredicateEvaluator] = [:]

    init(_ model: Model, _ values: ParameterValues, _ context: EvaluationContext) {
        self.model = model
        self.values = values
        self.context = context
    }

    mutating func truth(_ condition: Expression, on type: NodeTypeID, of row: RowNumber) throws(EvaluationError) -> Truth {
        if condition == .constant(.boolean(true), .boolean) { return .yes }
        var evaluator: PredicateEvaluator
        if let known = evaluators.removeValue(forKey: condition) {
            evaluator = known
        } else {
            evaluator = try CompiledPredicate(condition.bound(to: values), on: type, context).makeEvaluator()
        }
        let truth = try evaluator.truth(of: row)
        evaluators[condition] = evaluator
        return truth
    }

    /// What a message shows of a value.
    func text(_ expression: Expression, on type: NodeTypeID, of row: RowNumber) throws(EvaluationError) -> String {
        let compiled = try CompiledExpression(expression.bound(to: values), on: type, context)
        let text = ValueText.text(try compiled.value(of: row), compiled.resultType, in: context.version)
        return text.map { String($0.prefix(100)) } ?? "nothing"
    }

    /// The names of the fields for want of which a condition is not known; none where that takes too long to find out.
    func missing(_ condition: Expression, on type: NodeTypeID, of row: RowNumber) -> [String] {
        var explainer = Explainer(context, of: row, type, limits: ExplanationLimits(conditions: 500, evidenceRows: 0))
        guard let tree = try? explainer.explain(condition.bound(to: values)) else { return [] }
        var names: [String] = []
        for value in tree.missing {
            var name = value.expression.text(in: context.rowTypes)
            if let holder = value.holder, let position = value.position {
                name = "\(model[holder.type].name).\(model[holder.type].fields[position].name)"
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    mutating func finish() throws(EvaluationError) {
        for key in Array(evaluators.keys) { try evaluators[key]?.finish() }
    }
}
