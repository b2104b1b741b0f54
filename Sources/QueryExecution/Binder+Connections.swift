import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    /// - Parameter edge: What the rows are behind; nil: all rows of the type.
    mutating func binding(_ plan: ConnectionPlan, edge: ToManyEdge?, _ node: PlanNode) throws(ArgumentProblem)
        -> ConnectionBinding
    {
        let date = try date(of: node)
        let filterValue = try filterValue(node)
        let orderValue = try argument("orderBy", of: node)
        let after = try afterText(node)
        let cursor = after.flatMap { Cursor($0, source.seal) }
        // Nothing needs to be told apart where there are no cursors.
        var digest = ListDigest()
        if plan.needs.wantsCursors || after != nil {
            digest.add(model.schema[node.parentType].name)
            digest.add(node.fieldName)
            digest.add(filterValue)
            digest.add(orderValue)
            digest.add(Int(source.asOf.days))
            digest.add(date.map { Int($0.days) } ?? -1)
            digest.add(source.viewer.role)
        }
        let rows = try rows(plan, edge: edge?.on(date), filter: filterValue, date, node)
        let needs = plan.needs
        if needs.figureCount + (needs.wantsPage || needs.wantsTotalCount ? 1 : 0) > 1 { rows.share() }
        return ConnectionBinding(
            plan, rows: rows,
            order: try order(orderValue, plan, node), first: try first(node), offset: try offset(node), after: cursor,
            isAfterForeign: after != nil && cursor == nil, digest: digest)
    }

    /// The set that the field asks for; one that another field asked for already is shared.
    private mutating func rows(
        _ plan: ConnectionPlan, edge: ToManyEdge?, filter value: InputValue?, _ date: CivilDate?, _ node: PlanNode
    ) throws(ArgumentProblem) -> ConnectionRows {
        let key = ConnectionRows.Key(parentType: node.parentType, fieldName: node.fieldName, date: date, filter: value)
        if let known = connectionRows[key] {
            known.share()
            return known
        }
        let rows = ConnectionRows(
            table: source.version[plan.type], edge: try rows(behind: edge, of: node), filter: try filter(value, plan),
            budget: source.budget)
        connectionRows[key] = rows
        return rows
    }

    private func rows(behind edge: ToManyEdge?, of node: PlanNode) throws(ArgumentProblem) -> CompiledRows? {
        guard let edge else { return nil }
        let type = rowType(of: node)
        return try compiled { () throws(EvaluationError) in
            try CompiledRows(.rows(from: .variable(0, type), edge), on: type, context)
        }
    }

    // MARK: - Filter and order

    /// The `where` argument; nil where nothing is asked. What was not sent takes its operator away (`api.md` §2).
    private func filterValue(_ node: PlanNode) throws(ArgumentProblem) -> InputValue? { try resolvedFilter("where", of: node) }

    func resolvedFilter(_ name: String, of node: PlanNode) throws(ArgumentProblem) -> InputValue? {
        guard let template = node.arguments?[name] else { return nil }
        do throws(InputProblem) {
            return try model.resolveFilter(template, variables: variables).value
        } catch {
            throw ArgumentProblem(error)
        }
    }

    private func filter(_ value: InputValue?, _ plan: ConnectionPlan) throws(ArgumentProblem) -> CompiledPredicate? {
        guard let value, let type = plan.filterType else { return nil }
        let condition = try compiler.condition(value, as: type)
        if case .and(let parts) = condition, parts.isEmpty { return nil }
        do throws(EvaluationError) {
            return try CompiledPredicate(condition, on: plan.type, context)
        } catch {
            var path = "where"
            if case .patternInvalid(let pattern, _, _) = error { path = Self.path(of: pattern, in: value, path) ?? path }
            throw ArgumentProblem(error, at: path)
        }
    }

    /// Where in a filter a pattern stands.
    private static func path(of pattern: String, in value: InputValue, _ path: String) -> String? {
        switch value {
        case .string(pattern) where path.hasSuffix(".regex"): return path
        case .list(let items):
            for (index, item) in items.enumerated() {
                if let found = self.path(of: pattern, in: item, path + "[\(index)]") { return found }
            }
        case .object(let object):
            for entry in object.entries {
                if let found = self.path(of: pattern, in: entry.value, path + "." + entry.name) { return found }
            }
        default: break
        }
        return nil
    }

    private func order(_ value: InputValue?, _ plan: ConnectionPlan, _ node: PlanNode) throws(ArgumentProblem) -> ListOrder {
        var keys: [SortKey] = []
        if let value, value != .null, let type = node.arguments?.definitions.first(where: { $0.name == "orderBy" })?.type.named {
            keys = try model.sortKeys(value, as: type, asOf: source.asOf)
        }
        let order = try compiled { () throws(EvaluationError) in try RowOrder(keys, on: plan.type, context) }
        return ListOrder(order, keys.isEmpty ? source.keyRanks : nil, source.version[plan.type])
    }

    // MARK: - Pages

    func first(_ node: PlanNode) throws(ArgumentProblem) -> Int {
        guard let first = try integer("first", node) else { return limits.defaultPageSize }
        guard first <= limits.pageSize else {
            throw ArgumentProblem(
                .badUserInput,
                "A page has at most \(limits.pageSize) rows; 'first' is \(first) (limit \(AnswerLimits.pageSizeName)).",
                at: "first",
                limit: ExceededLimit(name: AnswerLimits.pageSizeName, maximum: limits.pageSize, found: first))
        }
        return first
    }

    func offset(_ node: PlanNode) throws(ArgumentProblem) -> Int { try integer("offset", node) ?? 0 }

    private func integer(_ name: String, _ node: PlanNode) throws(ArgumentProblem) -> Int? {
        guard case .int(let value)? = try argument(name, of: node) else { return nil }
        guard value >= 0 else {
            throw ArgumentProblem(.badUserInput, "'\(name)' is \(value); it counts rows and cannot be negative.", at: name)
        }
        return Int(value)
    }

    func afterText(_ node: PlanNode) throws(ArgumentProblem) -> String? {
        guard case .string(let text)? = try argument("after", of: node) else { return nil }
        return text
    }
}
