import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    /// - Parameter edge: What the rows are behind; nil: all rows of the type.
    func binding(_ plan: ConnectionPlan, edge: ToManyEdge?, _ node: PlanNode) throws(ArgumentProblem)
        -> ConnectionBinding
    {
        let date = try date(of: node)
        let filterValue = try resolvedFilter("where", of: node, open: open)
        let window = try window(node)
        let rows = try rows(plan, edge: edge?.on(date), filter: filterValue, date, node)
        let needs = plan.needs
        if needs.figureCount + (needs.wantsPage || needs.wantsTotalCount ? 1 : 0) > 1 { rows.share() }
        return ConnectionBinding(
            plan, rows: rows, order: try order(try argument("orderBy", of: node), plan, node), window: window,
            digest: try digest(plan, window, node))
    }

    /// What makes a list, but for the row that it belongs to.
    func digest(_ plan: ConnectionPlan, _ window: PageWindow, _ node: PlanNode) throws(ArgumentProblem) -> ListDigest {
        var digest = ListDigest()
        // Nothing needs to be told apart where there are no cursors.
        guard plan.needs.wantsCursors || window.hasCursor else { return digest }
        digest.add(model.schema[node.parentType].name)
        digest.add(node.fieldName)
        digest.add(try resolvedFilter("where", of: node))
        digest.add(try argument("orderBy", of: node))
        digest.add(Int(source.asOf.days))
        digest.add(try date(of: node).map { Int($0.days) } ?? -1)
        digest.add(source.viewer)
        digest.add(source.parameters.scope)
        return digest
    }

    /// The set that the field asks for; one that another field asked for already is shared.
    private func rows(
        _ plan: ConnectionPlan, edge: ToManyEdge?, filter value: InputValue?, _ date: CivilDate?, _ node: PlanNode
    ) throws(ArgumentProblem) -> ConnectionRows {
        let key = ConnectionRows.Key(parentType: node.parentType, fieldName: node.fieldName, date: date, filter: value)
        if let known = connectionRows.first(where: { $0.key == key })?.rows {
            known.share()
            return known
        }
        // First, so that what is refused is refused for what it is.
        let cells = try cellFilter(value, plan)
        let rows = ConnectionRows(
            table: source.version[plan.type], edge: edge.map { LateRows($0, of: rowType(of: node), context) },
            adjacency: adjacency(edge, of: node),
            filter: try filter(value, plan), cells: cells,
            budget: source.budget)
        connectionRows.append((key, rows))
        return rows
    }

    private func adjacency(_ edge: ToManyEdge?, of node: PlanNode) -> Adjacency? {
        guard case .inverse(let index, _) = edge else { return nil }
        return source.version[rowType(of: node)].inverse(index)
    }

    // MARK: - Filter and order

    /// The `where` argument; nil where nothing is asked. What was not sent takes its operator away (`api.md` §2).
    ///
    /// - Parameter open: Variables that stay variables.
    func resolvedFilter(
        _ name: String, of node: PlanNode, open: Set<String> = []
    ) throws(ArgumentProblem) -> InputValue? {
        guard let template = node.arguments?[name] else { return nil }
        do throws(InputProblem) {
            return try model.resolveFilter(template, variables: variables, open: open).value
        } catch {
            throw ArgumentProblem(error)
        }
    }

    private func filter(_ value: InputValue?, _ plan: ConnectionPlan) throws(ArgumentProblem) -> RowFilter? {
        guard let value, let type = plan.filterType else { return nil }
        let arguments = ConditionArguments()
        let condition = try condition(value, type, arguments)
        if case .and(let parts) = condition, parts.isEmpty { return nil }
        do throws(EvaluationError) {
            if arguments.all.isEmpty { return FixedFilter(try CompiledPredicate(condition, on: plan.type, context)) }
            return OpenFilter(try RebindablePredicate(condition, on: plan.type, context), reading: arguments.all)
        } catch {
            throw ArgumentProblem(error, at: error.argumentPath(in: value) ?? "where")
        }
    }

    private func condition(
        _ value: InputValue, _ type: TypeID, _ arguments: ConditionArguments
    ) throws(ArgumentProblem) -> Expression {
        guard !open.isEmpty else { return try compiler.condition(value, as: type) }
        let compiler = compiler.leavingOpen(arguments)
        return try compiler.condition(value, as: type)
    }

    private func order(_ value: InputValue?, _ plan: ConnectionPlan, _ node: PlanNode) throws(ArgumentProblem) -> ListOrder {
        var keys: [SortKey] = []
        if let value, value != .null, let type = node.arguments?.type(ofArgument: "orderBy")?.named {
            keys = try model.sortKeys(value, as: type, by: compiler)
        }
        let order = try compiled { () throws(EvaluationError) in try RowOrder(keys, on: plan.type, context) }
        return listOrder(order, by: keys, of: plan.type)
    }

    func listOrder(_ order: consuming RowOrder, by keys: [SortKey], of type: NodeTypeID) -> ListOrder {
        ListOrder(
            order, KeyRanks.OrderKey(type, keys, asOf: source.asOf, in: model), source.keyRanks, source.version[type],
            source.budget)
    }

    // MARK: - Pages

    func window(_ node: PlanNode) throws(ArgumentProblem) -> PageWindow {
        let last = try size("last", node)
        var window = if let last { PageWindow(size: last, isFromEnd: true) } else { PageWindow(size: try first(node)) }
        if last != nil {
            for other in ["first", "offset"] {
                guard try integer(other, node) != nil else { continue }
                throw ArgumentProblem(
                    .badUserInput, "'last' counts from the end and '\(other)' from the beginning; give one of them.", at: other)
            }
        }
        window.offset = try offset(node)
        window.after = try cursorText(.after, node).map { GivenCursor($0, source.seal) }
        window.before = try cursorText(.before, node).map { GivenCursor($0, source.seal) }
        return window
    }

    func offset(_ node: PlanNode) throws(ArgumentProblem) -> Int { try integer("offset", node) ?? 0 }

    func first(_ node: PlanNode) throws(ArgumentProblem) -> Int { try size("first", node) ?? limits.defaultPageSize }

    private func size(_ name: String, _ node: PlanNode) throws(ArgumentProblem) -> Int? {
        guard let size = try integer(name, node) else { return nil }
        guard size <= limits.pageSize else {
            throw ArgumentProblem(
                .badUserInput,
                "A page has at most \(limits.pageSize) rows; '\(name)' is \(size) (limit \(AnswerLimits.pageSizeName)).",
                at: name,
                limit: ExceededLimit(name: AnswerLimits.pageSizeName, maximum: limits.pageSize, found: size))
        }
        return size
    }

    private func integer(_ name: String, _ node: PlanNode) throws(ArgumentProblem) -> Int? {
        guard case .int(let value)? = try argument(name, of: node) else { return nil }
        guard value >= 0 else {
            throw ArgumentProblem(.badUserInput, "'\(name)' is \(value); it counts rows and cannot be negative.", at: name)
        }
        return Int(value)
    }

    func cursorText(_ argument: CursorArgument, _ node: PlanNode) throws(ArgumentProblem) -> String? {
        guard case .string(let text)? = try self.argument(argument.rawValue, of: node) else { return nil }
        return text
    }
}
