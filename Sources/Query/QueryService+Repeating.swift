import Expressions
import GraphQLTypes
import JSONText
import Model
import QueryExecution
import QueryPlanning
import StoreColumns

/// Questions that are asked again with other values.
///
/// Their law: what is answered here is what the whole pipeline answers. So nothing is answered here but what it would go through
/// without a choice: a document that was run before by the same role on the same version and date, whose answer depends on its
/// variables alone, asked by somebody who sees every row and whose questions nobody notes. Whatever does not fit, and whatever
/// goes wrong before rows are read, is left to the pipeline.
extension QueryService {
    /// The answer by what a question was bound to before; nil where the whole pipeline has to be asked.
    ///
    /// - Parameter splits: Whether large scans may be split.
    func answerAgain(
        _ request: QueryRequest, version: GraphVersion, asOf: CivilDate, viewer: Viewer, budget: Budget, _ terms: VersionTerms,
        splits: Bool
    ) -> QueryAnswer? {
        guard mayRepeat(request, version, viewer), terms.minimum.map({ version.number >= $0 }) ?? true,
            let computed = derived.known(version, asOf, standardParameters),
            let question = computed.question(request, role: viewer.role),
            !budget.isBrief || question.operation.pace.mayTry,
            let values = question.operation.coerced(request.variables)
        else { return nil }
        let asking = RepeatedAsking(question.planned, values: values, budget: budget, splits: splits)
        guard let result = executeAgain(asking, as: viewer, computed) else { return nil }
        let stamp = question.stamp.bytes(computed.stamp, result.notes, request.dataChange) { noted, change in
            AnswerStamp(computed.stamp, change: change).bytes(version, asOf, model.recorded(noted, computed.parameters))
        }
        do throws(RequestError) {
            return try answer(
                result, of: question.operation, from: version, asOf: asOf, stamp: stamp, pace: question.operation.pace)
        } catch {
            return answer(error, version: version, asOf: asOf)
        }
    }

    private func executeAgain(
        _ asking: borrowing RepeatedAsking, as viewer: Viewer, _ computed: DerivedColumnCache.Entry
    ) -> ExecutionResult? {
        let limits = answerLimits(isExport: false, asking.budget)
        // Whoever asks is lent where that is the reader.
        guard let seenVersions else {
            return execute(again: asking, as: viewer, by: computed.runs, limits: limits, writer: beganWriter())
        }
        return execute(
            again: asking, as: seenVersions.reader(viewer), by: computed.runs, limits: limits, writer: beganWriter())
    }

    /// Keeps a question that was answered by the whole pipeline, where it may be answered again without it.
    func keepForAgain(
        _ operation: PreparedOperation, askedBy request: QueryRequest, of computed: DerivedColumnCache.Entry, viewer: Viewer
    ) {
        guard mayRepeat(request, computed.version, viewer), let planned = operation.repeatedPlan else { return }
        let question = RepeatedQuestion(operation, planned, operationName: request.operationName, role: viewer.role)
        computed.questions.keep(question, askedBy: request, role: viewer.role)
    }

    /// Whether a request says nothing but its document and its variables, and whoever asks sees every row without a reason.
    private func mayRepeat(_ request: QueryRequest, _ version: GraphVersion, _ viewer: Viewer) -> Bool {
        repeats && request.persistedQuery == nil && request.extensions.isEmpty && request.explainClock == nil && !request.isExport
            && !request.notesTellings && version.isWhole && seenVersions?.restricts(viewer.role) != true
    }
}
