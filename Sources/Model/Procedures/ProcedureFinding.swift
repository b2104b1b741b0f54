import StoreColumns

/// A row that did not go the way its procedure goes.
package struct ProcedureFinding: Sendable, Hashable {
    package var row: RowNumber
    package var severity: CheckSeverity
    /// What an override names: of a guard, its id; else the step, the procedure or the type.
    package var check: String
    package var procedure: String?
    package var step: String?
    /// A word for programs.
    package var reason: String
    package var message: String
}

/// What can be wrong with a step whatever its procedure; guards have reasons of their own.
enum StepFault: String {
    case noProcedure = "NO_PROCEDURE"
    case illegalTransition = "ILLEGAL_TRANSITION"
    case stepMissing = "STEP_MISSING"
    case dateOrder = "DATE_ORDER"
    case wrongActor = "WRONG_ACTOR"
    case missingEvidence = "MISSING_EVIDENCE"
    case unknown = "RULE_UNKNOWN"
    case appendOnly = "APPEND_ONLY"
    case fixed = "FIXED_VALUE"
}
