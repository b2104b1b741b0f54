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
        plan, variables: .byName(variables), limits: limits, errorPropagation: errorPropagation, tree: tree, graph: nil,
        writer: writer)
    executor.trees.append(tree.root)
    executor.run(from: .tree(0))
    return executor.finish()
}

/// Answers a plan from a graph.
///
/// - Parameters:
///   - variables: Coerced. The plan was made with the same.
///   - keeping: The same plan, where what it is bound to may be kept for another request; nil: nothing is.
///   - errorPropagation: The specification's, unless the operation asks for another.
/// - Throws: Where an argument cannot be answered; nothing was written then.
package func execute(
    _ plan: Plan, variables: [String: InputValue], on graph: GraphSource, limits: AnswerLimits, keeping: RepeatedPlan? = nil,
    errorPropagation: ErrorPropagation = .toNearestNullable, writer: consuming JSONWriter
) throws(BindingProblem) -> ExecutionResult {
    if let keeping, let runs = graph.keptRuns {
        let values = keeping.variables.values(in: variables)
        if let kept = runs.run(of: keeping, values, variables, graph, limits) {
            return execute(kept, of: runs, values, graph.budget, limits, errorPropagation: errorPropagation, writer: writer)
        }
    }
    if graph.budget.isBrief { return brokenOff(plan, graph.budget, writer) }
    let binder = Binder(plan, graph, variables: variables, limits: limits)
    let run = try binder.bind()
    var executor = Executor(
        plan, variables: .byName(variables), limits: limits, errorPropagation: errorPropagation, tree: nil, graph: run,
        writer: writer)
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

/// Answers a plan that was asked before, by what it was bound to then. What decides which run that can be is handed in one by one, as it is
/// lent then.
///
/// - Parameters:
///   - splits: Whether large scans may be split.
///   - runs: Of the version and date that answer.
/// - Returns: nil where nothing that fits is kept, or a value cannot be bound: `execute` of the whole source tells why.
package func execute(
    again planned: RepeatedPlan, _ values: VariableValues, as viewer: Viewer, splits: Bool, by runs: KeptRuns, _ budget: Budget,
    limits: AnswerLimits, writer: consuming JSONWriter
) -> ExecutionResult? {
    guard let kept = runs.kept(of: planned, values, AskingManner(splits: splits), budget, as: viewer, limits) else { return nil }
    return execute(kept, of: runs, values, budget, limits, errorPropagation: .toNearestNullable, writer: writer)
}

/// A call, to which the run is lent with what it holds.
@inline(never)
private func execute(
    _ kept: KeptRun, of runs: KeptRuns, _ values: VariableValues, _ budget: Budget, _ limits: AnswerLimits,
    errorPropagation: ErrorPropagation, writer given: consuming JSONWriter
) -> ExecutionResult {
    var writer = given
    budget.begin(spending: kept.budget)
    if let rowCount = kept.lists?.write(to: &writer, limits, kept.budget) {
        budget.end(spending: kept.budget)
        runs.giveBack(kept, byteCount: writer.count)
        return ExecutionResult(
            writer: writer, errors: [], isNull: false, wasAborted: false, cursorVersion: nil, rowCount: rowCount,
            cells: CellTally(), told: [], notes: kept.notes, lacksRun: false)
    }
    // What was spent in vain counts for nothing; what was stopped is told to be.
    if kept.lists != nil, !kept.budget.isStopped { budget.begin(spending: kept.budget) }
    var executor = Executor(
        kept.run.plan, variables: .declared(values, kept.planned), limits: limits, errorPropagation: errorPropagation, tree: nil,
        graph: kept.run, writer: writer)
    executor.run(from: .root)
    budget.end(spending: kept.budget)
    var result = executor.finish()
    result.notes = kept.notes
    result.told = kept.run.source.told?.take() ?? []
    runs.giveBack(kept, byteCount: result.writer.count)
    return result
}

/// The coerced variables of a request, as they were handed in: by name is what most of a run never asks for.
enum RequestVariables {
    case byName([String: InputValue])
    /// In the order in which they are declared.
    case declared(VariableValues, RepeatedPlan)

    var byName: [String: InputValue] {
        switch self {
        case .byName(let variables): variables
        case .declared(let values, let planned): planned.variables.byName(values)
        }
    }
}
