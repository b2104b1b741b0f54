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
            !budget.isBrief || question.operation.pace.mayTry
        else { return nil }
        return answer(again: question, request, asOf: asOf, viewer: viewer, budget: budget, computed, splits: splits)
    }

    /// A call, to which the question and what is known of its data are lent with all that they hold.
    @inline(never)
    private func answer(
        again question: RepeatedQuestion, _ request: QueryRequest, asOf: CivilDate, viewer: Viewer, budget: Budget,
        _ computed: DerivedColumnCache.Entry, splits: Bool
    ) -> QueryAnswer? {
        guard let values = question.operation.coerced(request.variables),
            let result = executeAgain(question, values, as: viewer, computed, budget, splits: splits)
        else { return nil }
        // Mostly no parameter was read, and no change is named.
        let stamp =
            request.dataChange == nil && result.notes?.count ?? 0 == 0
            ? computed.stamp
            : question.stamp.bytes(result.notes, request.dataChange) { noted, change in
                AnswerStamp(computed.stamp, change: change)
                    .bytes(computed.version, asOf, model.recorded(noted, computed.parameters))
            }
        do throws(RequestError) {
            return try answer(
                result, of: question.operation, from: computed.version, asOf: asOf, stamp: stamp, pace: question.operation.pace)
        } catch {
            return answer(error, version: computed.version, asOf: asOf)
        }
    }

    private func executeAgain(
        _ question: RepeatedQuestion, _ values: VariableValues, as viewer: Viewer, _ computed: DerivedColumnCache.Entry,
        _ budget: Budget, splits: Bool
    ) -> ExecutionResult? {
        let limits = answerLimits(isExport: false, budget)
        // Whoever asks is lent where that is the reader.
        guard let seenVersions else {
            return execute(
                again: question.planned, values, as: viewer, splits: splits, by: computed.runs, budget, limits: limits,
                writer: beganWriter())
        }
        return execute(
            again: question.planned, values, as: seenVersions.reader(viewer), splits: splits, by: computed.runs, budget,
            limits: limits, writer: beganWriter())
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
