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
