import Expressions
import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// What a request came to before anything was changed.
package enum QueryStep: Sendable {
    case answered(QueryAnswer)
    /// Versions are named that are not at hand: to be found, and the request begun again with what came of them.
    case versions([VersionName])
    /// To be run, then finished.
    case mutation(Mutation)
}

/// A mutation that was read: its changes, in the order in which they are to be applied. GraphQL §6.2.2
package struct Mutation: Sendable {
    /// One for each root field that changes anything, in the order of the document.
    package let changes: [ChangeRequest]
    let operation: PreparedOperation
    let variables: [String: InputValue]
    let plan: Plan
    let asOf: CivilDate
    let viewer: Viewer
    let numberStyle: NumberStyle
}
