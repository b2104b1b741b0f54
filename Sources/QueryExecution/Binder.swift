import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// Why a plan cannot be bound: the client's arguments. Nothing was written.
package struct BindingProblem: Error, Sendable {
    package var problem: ArgumentProblem
    package var node: PlanNode

    package init(problem: ArgumentProblem, node: PlanNode) {
        self.problem = problem
        self.node = node
    }
}

/// Binds a plan to a graph and to the variables of a request: arguments resolved, filters and orders compiled, readers made. Used on one
/// thread. A class, as a copy has many parts to count.
final class Binder {
    let plan: Plan
    let source: GraphSource
    let variables: [String: InputValue]
    let limits: AnswerLimits
    let context: EvaluationContext
    let compiler: FilterCompiler
    /// Variables that are left open where they are operands of filters.
    let open: Set<String>
    /// Who says what is told of figures, where only aggregates are seen.
    let cellJudge: CellJudge?
    /// What fields of the operation share. They are few, so that comparing them costs less than the hash of a filter.
    var connectionRows: [(key: ConnectionRows.Key, rows: ConnectionRows)] = []
    var searchFindings: [SearchFindings.Key: SearchFindings] = [:]

    init(
        _ plan: Plan, _ source: GraphSource, variables: [String: InputValue], limits: AnswerLimits, open: Set<String>,
        context: EvaluationContext, compiler: FilterCompiler, cellJudge: CellJudge?
    ) {
        self.plan = plan
        self.source = source
        self.variables = variables
        self.limits = limits
        self.open = open
        self.context = context
        self.compiler = compiler
        self.cellJudge = cellJudge
    }

    convenience init(
        _ plan: Plan, _ source: GraphSource, variables: [String: InputValue], limits: AnswerLimits, open: Set<String> = []
    ) {
        var context = source.context
        context.patterns = plan.patterns
        context.textBounds = limits.texts
        let compiler = FilterCompiler(
            source.model, asOf: source.asOf, version: source.version, parameters: source.parameters.values, notes: source.notes,
            bounds: limits.filters)
        let cellJudge = source.smallCells.map {
            CellJudge($0, context, groupLimit: limits.groups, kept: source.keptGrids ?? KeptGrids())
        }
        self.init(
            plan, source, variables: variables, limits: limits, open: open, context: context, compiler: compiler,
            cellJudge: cellJudge)
    }

    var model: Model { source.model }

    func bind() throws(BindingProblem) -> GraphRun {
        var nodes: [BoundNode] = []
        nodes.reserveCapacity(plan.nodes.count)
        for node in plan.nodes {
            do throws(ArgumentProblem) {
                try checkIsAggregate(node)
                nodes.append(BoundNode(node, try field(node)))
            } catch {
                throw BindingProblem(problem: error, node: node)
            }
        }
        try checkDimensions(nodes)
        return GraphRun(source, plan, nodes: nodes, rows: connectionRows.map { $0.rows })
    }

    func field(_ node: PlanNode) throws(ArgumentProblem) -> BoundField {
        switch node.source {
        case .value(let field, let kind): .value(noting(try reader(field, kind, node), at: node))
        case .toOne(let edge, let target):
            .toOne(noting(try edgeReader(edge.on(try date(of: node)), target, of: rowType(of: node)), at: node))
        case .toMany(let edge, let connection): .connection(noting(try binding(connection, edge: edge, node), at: node))
        case .rows(let connection): .connection(try binding(connection, edge: nil, node))
        case .rowByKey(let row): try rowByKey(row, node)
        case .node: .rows([try nodeByID(node)])
        case .nodesByID: .rows(try nodesByID(node))
        case .search(let plan): .search(try search(plan, node))
        case .aggregate: noting(try aggregate(node), at: node)
        case .groups(let plan): noting(.groups(try groups(plan, node)), at: node)
        case .aggregateFields: try scale(node)
        case .groupNodes: try groupNodes(node)
        case .groupKeyValue(_, let field, let kind): try groupKeyValue(field, kind, node)
        default: .plain
        }
    }

    // MARK: - Rows that are noted

    /// Where the rows of a node are noted; nil where they are not.
    private func notedRows(at node: PlanNode) -> NotedRows? {
        guard let told = source.told, told.nodes.contains(node.index) else { return nil }
        return told.list(of: rowType(of: node))
    }

    private func noting(_ reader: LeafReader, at node: PlanNode) -> LeafReader {
        notedRows(at: node).map { NotingReader(reader, $0) } ?? reader
    }

    private func noting(_ reader: EdgeReader, at node: PlanNode) -> EdgeReader {
        notedRows(at: node).map { NotingEdgeReader(reader, $0) } ?? reader
    }

    private func noting(_ binding: ConnectionBinding, at node: PlanNode) -> ConnectionBinding {
        binding.notedOwners = notedRows(at: node)
        return binding
    }

    private func noting(_ figures: BoundField, at node: PlanNode) -> BoundField {
        guard let told = source.told, told.nodes.contains(node.index), case .connection(let type) = model.binding[node.parentType]
        else { return figures }
        switch figures {
        case .aggregate(let binding): binding.noted = told.list(of: type)
        case .groups(let binding): binding.noted = told.list(of: type)
        default: break
        }
        return figures
    }

    /// The type of the row that a node is a field of.
    func rowType(of node: PlanNode) -> NodeTypeID {
        switch model.binding[node.parentType] {
        case .row(let type), .groupKey(let type): return type
        default: preconditionFailure("Rows have the fields of rows.")
        }
    }

    // MARK: - Arguments

    /// The arguments of a node but for its filter, as the specification binds them.
    func argument(_ name: String, of node: PlanNode) throws(ArgumentProblem) -> InputValue? {
        guard let arguments = node.arguments else { return nil }
        guard let template = arguments[name] else { return arguments.defaultValue(of: name) }
        do throws(InputProblem) {
            return try model.schema.resolve(template, variables: variables).value
        } catch {
            throw ArgumentProblem(error)
        }
    }

    /// The date that a dated field is read on; nil: the as-of date.
    func date(of node: PlanNode) throws(ArgumentProblem) -> CivilDate? {
        guard let value = try argument("on", of: node), value != .null else { return nil }
        guard case .date(let date)? = Scalar(coerced: value, as: .date, in: model.catalog) else {
            throw ArgumentProblem(.badUserInput, "'on' is a date of the form YYYY-MM-DD.", at: "on")
        }
        return date
    }

    /// What cannot be compiled is the client's pattern; anything else would be ours.
    func compiled<Result>(_ make: () throws(EvaluationError) -> Result) throws(ArgumentProblem) -> Result {
        do throws(EvaluationError) {
            return try make()
        } catch {
            throw ArgumentProblem(error, at: "where")
        }
    }
}

extension ArgumentProblem {
    package init(_ error: EvaluationError, at path: String) {
        let (message, code, limit) = error.explanation
        self.init(code, message, at: path, limit: limit)
    }
}
