import Expressions
import GraphQLTypes
import QueryPlanning
import StoreColumns
import Synchronization

/// What plans were bound to on one version and as-of date: readers of columns, compiled filters, orders. A request that asks the same
/// plan with other values binds these, and nothing else. For any number of threads; each takes one out, and gives it back.
package final class KeptRuns: Sendable {
    /// Kilobytes each, and many more rarely pay: the plans that are asked at the same time.
    static let capacity = 64
    /// Runs that have looked at more rows are forgotten: they hold memory that grew with these, and what binding costs is little of
    /// what they cost.
    static let rowLimit = 16_384
    static let byteLimit = 16_384

    /// Those asked last come last.
    private let idle = Mutex<[KeptRun]>([])

    package init() {}

    /// How many are kept.
    package var count: Int { idle.withLock { $0.count } }

    /// A run with the values of a request: one that was kept, or a new one to be kept; nil where the plan has to be bound as if
    /// nothing was ever kept, for its errors too, and where it is only tried and none is at hand.
    func run(
        of plan: Plan, _ variables: [String: InputValue], _ graph: GraphSource, _ limits: AnswerLimits, _ keeping: PlanVariables
    ) -> KeptRun? {
        guard keeping.isKeepable, graph.trace == nil, graph.smallCells == nil, plan.givenNodes.isEmpty else { return nil }
        if let kept = take(plan, variables, graph, keeping) { return kept.bind(variables, limits) ? kept : nil }
        // What binding comes to may have to be made first: widened, read, indexed. What is bound already has it.
        guard !graph.budget.isBrief, let kept = KeptRun(plan, variables, graph, limits, keeping) else { return nil }
        return kept.bind(variables, limits) ? kept : nil
    }

    private func take(
        _ plan: Plan, _ variables: [String: InputValue], _ graph: GraphSource, _ keeping: PlanVariables
    ) -> KeptRun? {
        idle.withLock { idle in
            guard let place = idle.lastIndex(where: { $0.fits(plan, variables, graph, keeping) }) else { return nil }
            return idle.remove(at: place)
        }
    }

    /// - Parameter byteCount: of the answer: rooms that a large one needed are not kept.
    func giveBack(_ kept: KeptRun, byteCount: Int) {
        if byteCount > Self.byteLimit { kept.run.release() }
        // One that was only tried is taken up again by whoever does the whole: it knows what has come to pay meanwhile.
        guard kept.budget.rowsVisited <= Self.rowLimit, !kept.budget.isStopped || kept.budget.isBrief else { return }
        // What is forgotten is released outside the lock.
        let forgotten: KeptRun? = idle.withLock { idle in
            let oldest = idle.count == Self.capacity ? idle.removeFirst() : nil
            idle.append(kept)
            return oldest
        }
        _ = forgotten
    }
}

/// A plan bound to a graph, to be bound to the variables of one request after another.
// Sendable: whoever took it out of `KeptRuns` uses it, on one thread, and nobody else until it is given back.
final class KeptRun: @unchecked Sendable {
    private let plan: Plan
    private let shape: [InputValue?]
    let run: GraphRun
    /// What its parts hold on to: counts for the request's own.
    let budget: Budget
    /// Nodes with arguments that are read anew for each request.
    private let changing: [PlanNode]
    /// Sets whose filters read variables.
    private let changingRows: [ConnectionRows]

    /// - Returns: nil where an argument cannot be bound.
    init?(
        _ plan: Plan, _ variables: [String: InputValue], _ graph: GraphSource, _ limits: AnswerLimits, _ keeping: PlanVariables
    ) {
        self.plan = plan
        shape = keeping.shape(of: variables)
        budget = graph.budget.makeSpender()
        var source = graph
        source.budget = budget
        // Nothing that outlives a request holds on to where it is itself kept.
        source.keptRuns = nil
        var binder = Binder(plan, source, variables: variables, limits: limits, open: keeping.free)
        guard let run = try? binder.bind() else { return nil }
        self.run = run
        changing = plan.nodes.filter { node in
            switch node.source {
            case .rowByKey, .node, .nodesByID: keeping.reads(node.arguments)
            case .rows(let connection), .toMany(_, let connection):
                // What the filter reads is bound with its rows; beside that, only cursors know of it.
                keeping.reads(node.arguments, besides: connection.hasCursors(node.arguments) ? nil : "where")
            default: false
            }
        }
        changingRows = run.rows.filter { !$0.arguments.isEmpty }
    }

    /// Whether it was bound for the same but for what changes.
    func fits(
        _ plan: Plan, _ variables: [String: InputValue], _ graph: GraphSource, _ keeping: PlanVariables
    ) -> Bool {
        self.plan.patterns === plan.patterns && run.source.viewer == graph.viewer && run.source.numberStyle == graph.numberStyle
            && budget.hasLimits(of: graph.budget) && (run.source.splitting == nil) == (graph.splitting == nil)
            && (run.source.told == nil) == (graph.told == nil)
            && keeping.isShape(shape, of: variables)
    }

    /// - Returns: false where a value cannot be bound: then it is worth nothing.
    func bind(_ variables: [String: InputValue], _ limits: AnswerLimits) -> Bool {
        for rows in changingRows {
            guard let values = rows.arguments.values(in: variables, of: run.source.model), rows.bind(values) else { return false }
        }
        guard !changing.isEmpty else { return true }
        var binder = Binder(plan, run.source, variables: variables, limits: limits)
        do throws(ArgumentProblem) {
            for node in changing { try change(node, &binder) }
            return true
        } catch {
            return false
        }
    }

    private func change(_ node: PlanNode, _ binder: inout Binder) throws(ArgumentProblem) {
        let bound = run.nodes[node.index]
        switch (node.source, bound.field) {
        case (.rows(let plan), .connection(let binding)), (.toMany(_, let plan), .connection(let binding)):
            binding.window = try binder.window(node)
            binding.digest = try binder.digest(plan, binding.window, node)
        default: bound.field = try binder.field(node)
        }
    }
}

extension ConnectionPlan {
    /// Whether its pages are named by cursors, or begin or end at one.
    fileprivate func hasCursors(_ arguments: ArgumentsTemplate?) -> Bool {
        needs.wantsCursors || arguments?["after"] != nil || arguments?["before"] != nil
    }
}
