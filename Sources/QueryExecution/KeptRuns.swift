import Expressions
import GraphQLTypes
import Model
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

    /// A run with the values of a request, which are handed in by place and by name: one that was kept, or a new one to be kept; nil where the
    /// plan has to be bound as if nothing was ever kept, for its errors too, and where it is only tried and none is at hand.
    func run(
        of planned: RepeatedPlan, _ values: VariableValues, _ variables: [String: InputValue], _ graph: GraphSource,
        _ limits: AnswerLimits
    ) -> KeptRun? {
        guard planned.variables.isKeepable, graph.trace == nil, graph.smallCells == nil, planned.plan.givenNodes.isEmpty else {
            return nil
        }
        let manner = AskingManner(numberStyle: graph.numberStyle, splits: graph.splitting != nil, tells: graph.told != nil)
        if let kept = take(planned, values, manner, graph.budget, graph.viewer) { return kept.bind(values, limits) ? kept : nil }
        // What binding comes to may have to be made first: widened, read, indexed. What is bound already has it.
        guard !graph.budget.isBrief, let kept = KeptRun(planned, variables, graph, limits) else { return nil }
        return kept.bind(values, limits) ? kept : nil
    }

    /// The one that was kept and fits, bound to the values of a request; nil where there is none, or a value cannot be bound.
    func kept(
        of planned: RepeatedPlan, _ values: VariableValues, _ manner: AskingManner, _ budget: Budget, as viewer: Viewer,
        _ limits: AnswerLimits
    ) -> KeptRun? {
        guard let kept = take(planned, values, manner, budget, viewer) else { return nil }
        return kept.bind(values, limits) ? kept : nil
    }

    private func take(
        _ planned: RepeatedPlan, _ values: VariableValues, _ manner: AskingManner, _ budget: Budget, _ viewer: Viewer
    ) -> KeptRun? {
        idle.withLock { idle in
            // What was asked last is mostly asked again: it is taken out to be looked at, so that nothing is counted.
            guard let last = idle.popLast() else { return nil }
            if last.fits(planned, values, manner, budget, viewer) { return last }
            idle.append(last)
            return idle.lastIndex { $0.fits(planned, values, manner, budget, viewer) }.map { idle.remove(at: $0) }
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

/// What beside its values decides which run can answer a request.
struct AskingManner: Hashable {
    var numberStyle = NumberStyle()
    /// Whether large scans may be split.
    var splits: Bool
    /// Whether rows are noted that something sensitive is shown of.
    var tells = false
}

/// A plan bound to a graph, to be bound to the variables of one request after another.
// Sendable: whoever took it out of `KeptRuns` uses it, on one thread, and nobody else until it is given back.
final class KeptRun: @unchecked Sendable {
    let planned: RepeatedPlan
    private let shape: [InputValue?]
    private let manner: AskingManner
    let run: GraphRun
    /// The parameters that were read for it, where they are noted.
    let notes: ParameterNotes?
    /// Set where the answer needs no walk.
    let lists: PlainLists?
    /// What its parts hold on to: counts for the request's own.
    let budget: Budget
    /// Nodes with arguments that are read anew for each request.
    private let changing: [PlanNode]
    /// Lists of which no more is another than how many rows a page has: where that stands among the variables.
    private let sized: [(binding: ConnectionBinding, place: Int)]
    private let changingRows: ChangingRows?
    private let model: Model

    /// - Returns: nil where an argument cannot be bound.
    init?(
        _ planned: RepeatedPlan, _ variables: [String: InputValue], _ graph: GraphSource, _ limits: AnswerLimits
    ) {
        self.planned = planned
        let (plan, keeping) = (planned.plan, planned.variables)
        shape = keeping.shape(of: variables)
        budget = graph.budget.makeSpender()
        var source = graph
        source.budget = budget
        // Nothing that outlives a request holds on to where it is itself kept.
        source.keptRuns = nil
        let binder = Binder(plan, source, variables: variables, limits: limits, open: keeping.free)
        guard let run = try? binder.bind() else { return nil }
        self.run = run
        manner = AskingManner(
            numberStyle: graph.numberStyle, splits: graph.splitting != nil, tells: graph.told != nil)
        notes = run.source.notes
        lists = PlainLists(run)
        var sized: [(binding: ConnectionBinding, place: Int)] = []
        changing = plan.nodes.filter { node in
            switch node.source {
            case .rowByKey, .node, .nodesByID: return keeping.reads(node.arguments)
            case .rows(let connection), .toMany(_, let connection):
                // What the filter reads is bound with its rows; beside that, only cursors know of it.
                let bound = connection.hasCursors(node.arguments) ? [] : ["where"]
                guard keeping.reads(node.arguments, besides: bound) else { return false }
                guard let place = keeping.placeOfSize(in: node.arguments, besides: bound),
                    case .connection(let binding) = run.nodes[node.index].field
                else { return true }
                sized.append((binding, place))
                return false
            default: return false
            }
        }
        self.sized = sized
        var changingRows: ChangingRows?
        for rows in run.rows.reversed() where !rows.arguments.isEmpty {
            guard let arguments = PlacedArguments(rows.arguments, among: keeping.declared) else { return nil }
            changingRows = ChangingRows(rows, arguments, before: changingRows)
        }
        self.changingRows = changingRows
        model = run.source.model
    }

    /// Whether it was bound for the same but for what changes.
    func fits(
        _ planned: RepeatedPlan, _ values: VariableValues, _ manner: AskingManner, _ budget: Budget, _ viewer: Viewer
    ) -> Bool {
        self.planned === planned && self.manner == manner && self.budget.hasLimits(of: budget) && run.source.viewer == viewer
            && planned.variables.isShape(shape, of: values)
    }

    /// - Parameter values: In the order in which the variables are declared.
    /// - Returns: false where a value cannot be bound: then it is worth nothing.
    func bind(_ values: VariableValues, _ limits: AnswerLimits) -> Bool {
        var rows = changingRows
        while let some = rows {
            guard some.bind(values, in: model) else { return false }
            rows = some.next
        }
        for index in sized.indices {
            switch values[sized[index].place] {
            case .int(let size)? where size >= 0 && size <= Int64(limits.pageSize):
                sized[index].binding.window.size = Int(size)
            // It was bound with nothing too: that is part of its shape.
            case nil, .null?: continue
            // For the binder of the whole to tell.
            default: return false
            }
        }
        return changing.isEmpty || change(values, limits)
    }

    private func change(_ values: VariableValues, _ limits: AnswerLimits) -> Bool {
        let binder = Binder(planned.plan, run.source, variables: planned.variables.byName(values), limits: limits)
        do throws(ArgumentProblem) {
            for node in changing { try change(node, binder) }
            return true
        } catch {
            return false
        }
    }

    private func change(_ node: PlanNode, _ binder: Binder) throws(ArgumentProblem) {
        let bound = run.nodes[node.index]
        switch (node.source, bound.field) {
        case (.rows(let plan), .connection(let binding)), (.toMany(_, let plan), .connection(let binding)):
            binding.window = try binder.window(node)
            binding.digest = try binder.digest(plan, binding.window, node)
        default: bound.field = try binder.field(node)
        }
    }
}

/// A set whose filter reads variables, and which; and those behind it.
private final class ChangingRows {
    private let rows: ConnectionRows
    private let arguments: PlacedArguments
    let next: ChangingRows?

    init(_ rows: ConnectionRows, _ arguments: PlacedArguments, before next: ChangingRows?) {
        self.rows = rows
        self.arguments = arguments
        self.next = next
    }

    /// - Returns: false where a value cannot be bound.
    func bind(_ values: VariableValues, in model: Model) -> Bool {
        rows.bind(arguments, values, in: model)
    }
}

extension ConnectionPlan {
    /// Whether its pages are named by cursors, or begin or end at one.
    fileprivate func hasCursors(_ arguments: ArgumentsTemplate?) -> Bool {
        needs.wantsCursors || arguments?["after"] != nil || arguments?["before"] != nil
    }
}
