import GraphQLTypes
import Model
import QueryExecution
import QueryPlanning

/// What an answer will tell about persons, and whether that may be asked without a reason.
extension QueryService {
    /// The classes of data for which the role has to state a reason.
    private var kindsWithReason: [String] { model.view?.reasonRequired ?? [] }

    /// Whether some requests are refused that state no reason.
    package var needsReasons: Bool { !kindsWithReason.isEmpty }

    /// - Returns: nil where nobody wants to know.
    /// - Throws: `.error`, where the request tells something that is told for a reason only, and states none. Nothing was read then.
    func tellings(
        of prepared: PreparedPlan, in operation: PreparedOperation, _ request: QueryRequest, _ variables: [String: InputValue],
        _ source: GraphSource
    ) throws(BeginningEnd) -> PlanTellings? {
        let kinds = kindsWithReason
        guard request.notesTellings || !kinds.isEmpty else { return nil }
        let told = try prepared.tellings(tellings, asking: variables) { (shown) throws(BeginningEnd) in
            do throws(BindingProblem) {
                return try shown.asking(prepared.plan, variables: variables, in: source, limits: answerLimits, tellings)
            } catch {
                throw .error(RequestError(.badVariables, [QueryError(error, of: prepared.plan, in: operation.document)]))
            }
        }
        if request.statedReason == nil, let kind = kinds.first(where: { told.mayTellInFull($0) }) {
            throw .error(
                RequestError(
                    .forbidden,
                    "A role of this kind is told of \(kind) for a reason only, and the request states none. State it in the field "
                        + "Audit-Reason (UTF-8, percent-encoded); it is kept in the audit.", code: .forbidden))
        }
        return told
    }
}
