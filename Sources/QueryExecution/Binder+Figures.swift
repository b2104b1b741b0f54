import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    /// `aggregate` of a connection; that of a group is part of its groups.
    func aggregate(_ node: PlanNode) throws(ArgumentProblem) -> BoundField {
        guard case .connection(let type) = model.binding[node.parentType] else { return .plain }
        var measures: [Measure] = []
        let layout = FigureLayout(places(of: node.children, among: &measures))
        return .aggregate(
            AggregateBinding(
                layout,
                try compiled { () throws(EvaluationError) in
                    try Aggregation(of: measures, on: type, context)
                }, cells: judge(of: type)))
    }

    func groups(_ plan: GroupsPlan, _ node: PlanNode) throws(ArgumentProblem) -> GroupsBinding {
        var groups = GroupCompiler(compiler, of: plan.type)
        let keys = try groups.keys(try argument("by", of: node), as: plan.by)
        var having: Expression?
        if let filter = plan.having { having = try groups.having(try resolvedFilter("having", of: node), as: filter) }
        let conditionCount = groups.measures.count
        let order = try groups.order(try argument("orderBy", of: node), as: plan.orderBy, keyCount: keys.count)
        let cells = try cells(of: keys, conditions: groups.measures, conditionCount: conditionCount, plan.type)
        var measures = groups.measures
        var places: [(asked: FigureLayout.Asked, measure: Int)] = []
        var asksForRows = false
        if case .one(let selection) = node.children {
            for child in self.plan.nodes[self.plan[selection].nodes] {
                switch child.source {
                case .aggregate: places += self.places(of: child.children, among: &measures)
                case .groupNodes: asksForRows = true
                default: break
                }
            }
        }
        let asked = measures
        let aggregation = try compiled { () throws(EvaluationError) in
            try Aggregation(
                of: asked, by: keys.map(\.key), on: plan.type, context, groupLimit: limits.groups)
        }
        var rowOrder: ListOrder?
        if asksForRows {
            let order = try compiled { () throws(EvaluationError) in try RowOrder([], on: plan.type, context) }
            rowOrder = listOrder(order, by: [], of: plan.type)
        }
        return GroupsBinding(
            keys: keys, layout: FigureLayout(places), aggregation: aggregation, having: having, order: order,
            first: try first(node), offset: try offset(node), rowOrder: rowOrder, cells: cells)
    }

    /// The figures that a selection on an aggregate asks for; measures that are not yet there are added.
    private func places(
        of children: PlanChildren, among measures: inout [Measure]
    ) -> [(asked: FigureLayout.Asked, measure: Int)] {
        guard case .one(let selection) = children else { return [] }
        var places: [(asked: FigureLayout.Asked, measure: Int)] = []
        func add(_ asked: FigureLayout.Asked, _ measure: Measure, _ measures: inout [Measure]) {
            let index = measures.firstIndex(of: measure) ?? measures.count
            if index == measures.count { measures.append(measure) }
            places.append((asked, index))
        }
        for node in plan.nodes[plan[selection].nodes] {
            switch (node.source, node.children) {
            case (.aggregateCount, _): add(.count, Measure(.count), &measures)
            case (.aggregateFields(let operation), .one(let selection)):
                for field in plan.nodes[plan[selection].nodes] {
                    guard case .figure(let figure) = field.source else { continue }
                    add(
                        FigureLayout.Asked(operation: operation, position: figure.position),
                        Measure(Measure.Operation(operation), of: figure.element), &measures)
                }
            default: break
            }
        }
        return places
    }

    /// `avg(scale:)`
    func scale(_ node: PlanNode) throws(ArgumentProblem) -> BoundField {
        guard node.arguments != nil, let value = try argument("scale", of: node) else { return .plain }
        guard case .int(let digits) = value, (0...9).contains(digits) else {
            throw ArgumentProblem(
                .badUserInput, "'scale' is \(value.literalText); 0 to 9 fraction digits are possible.", at: "scale")
        }
        return .scale(Int(digits))
    }

    /// `nodes(first:)` of a group.
    func groupNodes(_ node: PlanNode) throws(ArgumentProblem) -> BoundField { .first(try first(node)) }

    /// A value of a key, read from the row that is the key.
    func groupKeyValue(_ field: FieldSource, _ kind: LeafKind, _ node: PlanNode) throws(ArgumentProblem) -> BoundField {
        .keyValue(try reader(field, kind, node), kind)
    }
}
