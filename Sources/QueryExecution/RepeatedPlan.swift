import Expressions
import GraphQLTypes
import QueryPlanning

/// A plan that was run more than once, and what of a request may be another while what it is bound to is kept. One object, so that what
/// asks for it and what was bound hold one reference each.
package final class RepeatedPlan: Sendable {
    package let plan: Plan
    package let variables: PlanVariables

    package init(_ plan: Plan, _ variables: PlanVariables) {
        self.plan = plan
        self.variables = variables
    }
}

/// A plan that is asked again, with what of the request decides which run can answer it on the same version and date.
package struct RepeatedAsking: ~Copyable {
    let planned: RepeatedPlan
    /// Coerced, in the order in which the operation declares its variables.
    let values: [InputValue?]
    let numberStyle: NumberStyle
    package let budget: Budget
    let splits: Bool
    let tells: Bool

    /// - Parameters:
    ///   - splits: Whether large scans may be split.
    ///   - tells: Whether rows are noted that something sensitive is shown of.
    package init(
        _ planned: RepeatedPlan, values: [InputValue?], numberStyle: NumberStyle = NumberStyle(), budget: Budget, splits: Bool,
        tells: Bool = false
    ) {
        self.planned = planned
        self.values = values
        self.numberStyle = numberStyle
        self.budget = budget
        self.splits = splits
        self.tells = tells
    }
}
