import Expressions

/// Where in a filter its conditions stand, by the expressions that were made of them: for whoever tells a reader which argument, and
/// which variable, a threshold came from. Used on one thread.
package final class ConditionOrigins {
    private var paths: [Expression: String] = [:]
    /// The parameters that thresholds of expressions in a filter's text are.
    package private(set) var thresholds: [Expression: ParameterID] = [:]

    package init() {}

    /// Of two that are the same, the first counts.
    func note(_ condition: Expression, at path: String) {
        if paths[condition] == nil { paths[condition] = path }
    }

    func note(thresholdsOf expression: Expression, with values: ParameterValues) {
        expression.addParameterThresholds(values, to: &thresholds)
    }

    /// `where.height.gte`; nil where no argument of a filter says it by itself.
    package subscript(condition: Expression) -> String? { paths[condition] }
}
