import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// What the answer to a plan can be made of: known before it is made, and whatever the rows are.
///
/// It holds for one assignment of the variables, and for every version and date of one model. An answer changes only if one of
/// these does; the reverse does not hold.
package struct PlanReads: Sendable {
    private var columns = ReadSet()
    /// By what rows are chosen, sorted and put into groups; nil where nobody wants to know.
    private var asked: [Expression]?
    /// Whether the as-of date is read, or what is valid on it.
    package private(set) var readsAsOf = false
    /// In ascending order, once finished.
    package private(set) var parameters: [ParameterID] = []
    /// Whether every new version can change it: its number is told, or it is compared with others.
    package private(set) var readsWholeVersion = false

    /// - Parameters:
    ///   - source: Any of the versions, for what filters name.
    ///   - limits: Of arguments.
    /// - Throws: Where the arguments cannot be bound, as execution would say.
    package init(
        _ plan: Plan, variables: [String: InputValue], in source: GraphSource, limits: AnswerLimits
    ) throws(BindingProblem) {
        try self.init(plan, variables, source, limits, keepsAsked: false)
    }

    /// By what the rows of a plan's lists are chosen, sorted and put into groups; with the same variables, and as `init` throws.
    package static func asked(
        by plan: Plan, variables: [String: InputValue], in source: GraphSource, limits: AnswerLimits
    ) throws(BindingProblem) -> [Expression] {
        try PlanReads(plan, variables, source, limits, keepsAsked: true).asked ?? []
    }

    private init(
        _ plan: Plan, _ variables: [String: InputValue], _ source: GraphSource, _ limits: AnswerLimits, keepsAsked: Bool
    ) throws(BindingProblem) {
        asked = keepsAsked ? [] : nil
        let notes = (parameters: ParameterNotes(), filters: FilterReads())
        let binder = Binder(reading: plan, source, variables: variables, limits: limits, notes.parameters, notes.filters)
        for node in plan.nodes {
            do throws(ArgumentProblem) {
                try add(node, binder)
            } catch {
                throw BindingProblem(problem: error, node: node)
            }
        }
        for type in notes.filters.types { addRows(of: type, in: source.model.catalog) }
        readsAsOf = readsAsOf || columns.readsAsOf || notes.filters.readsAsOf
        parameters = columns.parameters.union(notes.parameters.all).sorted { $0.rawValue < $1.rawValue }
    }

    /// The number of the newest version, up to this one, that changed anything that is read.
    package func newestVersion(in version: GraphVersion) -> UInt64 {
        readsWholeVersion ? version.number : columns.newestVersion(in: version)
    }

    // MARK: - Fields

    private mutating func add(_ node: PlanNode, _ binder: Binder) throws(ArgumentProblem) {
        switch node.source {
        case .applyChanges, .diff, .explain, .explainFailures, .explainRules, .version, .publishedAt: readsWholeVersion = true
        // A cursor is bound to its version, its date and the parameters, whatever they are read for.
        case .edgeCursor, .startCursor, .endCursor: (readsWholeVersion, readsAsOf) = (true, true)
        case .asOfDate: readsAsOf = true
        case .rowCounts:
            for type in binder.model.types { addRows(of: type.nodeType, in: binder.model.catalog) }
        case .rowByKey(let row): addRows(of: row.type, in: binder.model.catalog)
        case .node:
            if let id = try binder.argument("id", of: node) { addRows(named: [id], binder) }
        case .nodesByID:
            if case .list(let ids)? = try binder.argument("ids", of: node) { addRows(named: ids, binder) }
        case .search(let search):
            for searched in search.types {
                addRows(of: searched.type, in: binder.model.catalog)
                for column in searched.columns { columns.addColumn(column, of: searched.type) }
            }
        case .rows(let connection): try add(connection, node, binder)
        case .toMany(let edge, let connection):
            let date = try binder.date(of: node)
            add(.rows(from: .variable(0, binder.rowType(of: node)), edge.on(date)), binder)
            try add(connection, node, binder)
        case .toOne(let edge, _):
            let date = try binder.date(of: node)
            add(.follow(.variable(0, binder.rowType(of: node)), edge.on(date)), binder)
        case .value(let field, _), .groupKeyValue(_, let field, _):
            let date = try binder.date(of: node)
            if let value = field.value(of: .variable(0, binder.rowType(of: node)), on: date) { add(value, binder) }
        case .globalID(let type): addRows(of: type, in: binder.model.catalog)
        case .groupKeyID, .groupKeyNode: addRows(of: binder.rowType(of: node), in: binder.model.catalog)
        case .groups(let groups): try add(groups, node, binder)
        case .figure(let figure): add(figure.element, binder)
        // Written from what those around them read.
        case .typeName, .introspectionSchema, .introspectionType, .treeField, .meta, .modelDigest, .rowCountType, .rowCountValue,
            .nodes, .edges, .pageInfo, .totalCount, .aggregate, .edgeNode, .hasNextPage, .hasPreviousPage, .aggregateCount,
            .aggregateFields, .suppressed, .groupKey, .groupNodes, .groupKeyEdge, .groupKeyPeriod, .groupKeyNumber, .periodText,
            .periodFrom, .periodTo, .bucketValue, .bucketFrom, .bucketTo:
            break
        }
    }

    private mutating func add(_ connection: ConnectionPlan, _ node: PlanNode, _ binder: Binder) throws(ArgumentProblem) {
        addRows(of: connection.type, in: binder.model.catalog)
        if let value = try binder.resolvedFilter("where", of: node), let type = connection.filterType {
            addAsked(try binder.compiler.condition(value, as: type), binder)
        }
        guard let order = try binder.argument("orderBy", of: node), order != .null,
            let type = node.arguments?.definitions.first(where: { $0.name == "orderBy" })?.type.named
        else { return }
        for key in try binder.model.sortKeys(order, as: type, by: binder.compiler) { addAsked(key.expression, binder) }
    }

    private mutating func add(_ plan: GroupsPlan, _ node: PlanNode, _ binder: Binder) throws(ArgumentProblem) {
        addRows(of: plan.type, in: binder.model.catalog)
        var groups = GroupCompiler(binder.compiler, of: plan.type)
        let keys = try groups.keys(try binder.argument("by", of: node), as: plan.by)
        // Conditions and orders of groups are about their keys and measures.
        if let filter = plan.having { _ = try groups.having(try binder.resolvedFilter("having", of: node), as: filter) }
        _ = try groups.order(try binder.argument("orderBy", of: node), as: plan.orderBy, keyCount: keys.count)
        for key in keys {
            addAsked(key.key.expression, binder)
            if case .row(let type) = key.key.expression.type { addRows(of: type, in: binder.model.catalog) }
            guard case .ancestor(let ancestor) = key.key.unit else { continue }
            addRows(of: ancestor.tree, in: binder.model.catalog)
            for column in [ancestor.parentColumn, ancestor.levelColumn] { columns.addColumn(column, of: ancestor.tree) }
        }
        for measure in groups.measures {
            if let element = measure.element { addAsked(element, binder) }
            if let condition = measure.condition { addAsked(condition, binder) }
        }
    }

    // MARK: - Rows and expressions

    private mutating func addAsked(_ expression: Expression, _ binder: Binder) {
        asked?.append(expression)
        add(expression, binder)
    }

    private mutating func add(_ expression: Expression, _ binder: Binder) {
        columns.add(expression, in: binder.model.parametricTypes)
    }

    /// Which rows there are, and their keys, of which references may be part.
    private mutating func addRows(of type: NodeTypeID, in catalog: Catalog) {
        var (waiting, seen) = ([type], Set<NodeTypeID>())
        while let type = waiting.popLast() {
            guard seen.insert(type).inserted else { continue }
            columns.addRows(of: type, in: catalog)
            for column in catalog[type].key {
                if let target = catalog[type].columns[column].kind.target { waiting.append(target) }
            }
        }
    }

    private mutating func addRows(named ids: [InputValue], _ binder: Binder) {
        for case .string(let text) in ids {
            if case .id(let id) = GlobalID.read(text, in: binder.model.catalog) { addRows(of: id.type, in: binder.model.catalog) }
        }
    }
}

extension Binder {
    /// For the expressions of a plan alone: parameters stand in them as what they are, so that no value takes away what another
    /// would read.
    fileprivate convenience init(
        reading plan: Plan, _ source: GraphSource, variables: [String: InputValue], limits: AnswerLimits, _ notes: ParameterNotes,
        _ reads: FilterReads
    ) {
        var context = source.context
        context.patterns = plan.patterns
        context.textBounds = limits.texts
        let compiler = FilterCompiler(
            source.model, asOf: source.asOf, version: source.version, parameters: ParameterValues([]), notes: notes, reads: reads,
            bounds: limits.filters)
        self.init(
            plan, source, variables: variables, limits: limits, open: [], context: context, compiler: compiler, cellJudge: nil)
    }
}
