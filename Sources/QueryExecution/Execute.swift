import Expressions
import GraphQLTypes
import JSONText
import QueryPlanning

/// What came of an execution.
package struct ExecutionResult: ~Copyable {
    /// With the data written behind what stood there.
    var writer: JSONWriter
    /// In the order in which they were met; one for a position at most.
    package var errors: [FieldError]
    /// Whether the data is null as a whole.
    package var isNull: Bool
    /// Whether a limit, the deadline or the client ended it.
    package var wasAborted: Bool
    /// Where a cursor was made on another version: that version.
    package var cursorVersion: UInt64?
    /// Rows written, on all pages together.
    package var rowCount: Int
    /// What of figures was told, where only aggregates are seen.
    package var cells: CellTally
    /// The rows of which sensitive data was shown in full, where they were noted.
    package var told: [ToldRows] = []
    /// The parameters that were read, where they were noted for an earlier request too; nil: as the source notes them.
    package var notes: ParameterNotes?

    /// Whether nothing was begun, as the plan is only tried and no run of it was at hand.
    package var lacksRun = false

    /// The writer, for what stands behind the data.
    package consuming func takeWriter() -> JSONWriter { writer }

    /// Everything written.
    package consuming func finishedBytes() -> [UInt8] { writer.finish() }
}

/// Answers a plan from a tree of values.
///
/// - Parameters:
///   - variables: Coerced. The plan was made with the same.
///   - errorPropagation: The specification's, unless the operation asks for another.
package func execute(
    _ plan: Plan, variables: [String: InputValue], on tree: TreeSource, limits: AnswerLimits = AnswerLimits(),
    errorPropagation: ErrorPropagation = .toNearestNullable, writer: consuming JSONWriter
) -> ExecutionResult {
    var executor = Executor(
        plan, variables: variables, limits: limits, errorPropagation: errorPropagation, tree: tree, graph: nil, writer: writer)
    executor.trees.append(tree.root)
    executor.run(from: .tree(0))
    return executor.finish()
}

/// Answers a plan from a graph.
///
/// - Parameters:
///   - variables: Coerced. The plan was made with the same.
///   - keeping: What of a request may be another while what the plan was bound to is kept; nil: nothing is kept for another request.
///   - errorPropagation: The specification's, unless the operation asks for another.
/// - Throws: Where an argument cannot be answered; nothing was written then.
package func execute(
    _ plan: Plan, variables: [String: InputValue], on graph: GraphSource, limits: AnswerLimits, keeping: PlanVariables? = nil,
    errorPropagation: ErrorPropagation = .toNearestNullable, writer: consuming JSONWriter
) throws(BindingProblem) -> ExecutionResult {
    if let keeping, let kept = graph.keptRuns?.run(of: plan, variables, graph, limits, keeping) {
        graph.budget.begin(spending: kept.budget)
        var executor = Executor(
            plan, variables: variables, limits: limits, errorPropagation: errorPropagation, tree: nil, graph: kept.run,
            writer: writer)
        executor.run(from: .root)
        graph.budget.end(spending: kept.budget)
        var result = executor.finish()
        result.notes = kept.run.source.notes
        result.told = kept.run.source.told?.take() ?? []
        graph.keptRuns?.giveBack(kept, byteCount: result.writer.count)
        return result
    }
    if graph.budget.isBrief { return brokenOff(plan, graph.budget, writer) }
    var binder = Binder(plan, graph, variables: variables, limits: limits)
    let run = try binder.bind()
    var executor = Executor(
        plan, variables: variables, limits: limits, errorPropagation: errorPropagation, tree: nil, graph: run, writer: writer)
    executor.run(from: .root)
    var result = executor.finish()
    result.told = graph.told?.take() ?? []
    return result
}

/// What comes of a plan that may only be tried, and is bound to nothing yet.
private func brokenOff(_ plan: Plan, _ budget: Budget, _ given: consuming JSONWriter) -> ExecutionResult {
    budget.stop(.yielded)
    var writer = given
    writer.null()
    let (message, code, _) = EvaluationError.stopped(.yielded).explanation
    return ExecutionResult(
        writer: writer, errors: [FieldError(message, code: code, path: [], ranges: [plan.range])], isNull: true,
        wasAborted: true, rowCount: 0, cells: CellTally(), lacksRun: true)
}
