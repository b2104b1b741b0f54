import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// What is refused where only aggregates are seen, and what the answer is held against.
extension Binder {
    /// Fields that show rows, or count them past the rules, are refused even where the role's schema should not have them.
    func checkIsAggregate(_ node: PlanNode) throws(ArgumentProblem) {
        guard source.smallCells != nil else { return }
        switch node.source {
        case .typeName, .introspectionSchema, .introspectionType, .treeField, .rows, .groups, .aggregate, .aggregateCount,
            .aggregateFields, .suppressed, .figure, .groupKey, .groupKeyID, .groupKeyValue, .groupKeyEdge, .groupKeyPeriod,
            .groupKeyNumber, .periodText, .periodFrom, .periodTo, .bucketValue, .bucketFrom, .bucketTo, .meta, .version,
            .publishedAt,
            .modelDigest, .asOfDate:
            return
        case .rowByKey, .applyChanges, .diff, .explain, .explainFailures, .explainRules, .node, .nodesByID, .search, .globalID,
            .value,
            .toOne, .toMany, .nodes, .edges, .pageInfo, .totalCount, .edgeNode, .edgeCursor, .hasNextPage, .hasPreviousPage,
            .startCursor, .endCursor, .groupNodes, .groupKeyNode, .rowCounts, .rowCountType, .rowCountValue:
            throw ArgumentProblem(
                .forbidden, "'\(node.fieldName)' tells of rows; your role sees 'aggregate' and 'groups' of them.", at: "")
        }
    }

    /// Which values of dimensions a filter asks for; nil where cells are not looked at, or everything is asked for.
    func cellFilter(_ value: InputValue?, _ plan: ConnectionPlan) throws(ArgumentProblem) -> CellFilter? {
        guard let policy = source.smallCells, let value, let type = plan.filterType else { return nil }
        let reader = CellFilterReader(model: model, type: plan.type, dimensions: policy.dimensions(of: plan.type))
        var conditions: [CellFilter.Condition] = []
        for part in try reader.parts(of: value, as: type) {
            let condition = try compiler.condition(part.value, as: type)
            do throws(EvaluationError) {
                conditions.append(
                    CellFilter.Condition(
                        dimension: part.dimension, levels: part.levels,
                        rows: try CompiledPredicate(condition, on: plan.type, context)))
            } catch {
                throw ArgumentProblem(error, at: "where")
            }
        }
        return CellFilter(conditions)
    }

    /// The dimensions that keys of groups are; nil where cells are not looked at.
    func cells(
        of keys: [AskedKey], conditions: [Measure], conditionCount: Int, _ type: NodeTypeID
    ) throws(ArgumentProblem) -> GroupCells? {
        guard let policy = source.smallCells, let judge = judge(of: type) else { return nil }
        var places: [CellLevelPlace] = []
        for (index, key) in keys.enumerated() {
            guard let place = policy.place(of: key.key, on: type) else {
                let offered = policy.dimensions(of: type).offered(of: model.types[type.index].name)
                throw ArgumentProblem(
                    .forbidden, "'by[\(index)]' is nothing that your role may group by\(offered).", at: "by[\(index)]")
            }
            places.append(place)
        }
        for (index, measure) in conditions.enumerated() where measure.condition != nil {
            let argument = index < conditionCount ? "having" : "orderBy"
            throw ArgumentProblem(
                .forbidden, "'\(argument)' counts rows under a condition of its own, which your role may not set.", at: argument)
        }
        return GroupCells(judge: judge, places: places, conditions: 0..<conditionCount)
    }

    /// Who says what is told of figures of a type; nil where cells are not looked at.
    func judge(of type: NodeTypeID) -> CellJudge? {
        guard let policy = source.smallCells, let cellJudge else { return nil }
        for (position, field) in model.types[type.index].fields.enumerated() {
            guard let element = field.source.element(of: .variable(0, type)) else { continue }
            cellJudge.note(element, minimumCell: policy.minimumCell(ofField: position, of: type), on: type)
        }
        return cellJudge
    }

    /// Keys and filter together name so many dimensions at most.
    func checkDimensions(_ nodes: [BoundNode]) throws(BindingProblem) {
        guard source.smallCells != nil else { return }
        for node in nodes {
            guard case .connection(let connection) = node.field, case .one(let selection) = node.node.children else { continue }
            let filtered = connection.rows.cells?.dimensions ?? []
            for place in [nil] + plan[selection].nodes.map(Int?.some) {
                var named = filtered
                var asking = node
                if let place {
                    guard case .groups(let groups) = nodes[place].field, let cells = groups.cells else { continue }
                    named.formUnion(cells.places.map(\.dimension))
                    asking = nodes[place]
                }
                guard named.count > SmallCellPolicy.dimensionLimit else { continue }
                throw BindingProblem(
                    problem: ArgumentProblem(
                        .forbidden,
                        "Keys and filter name \(named.count) dimensions; your role may ask by \(SmallCellPolicy.dimensionLimit) of them "
                            + "at a time.", at: place == nil ? "where" : "by"),
                    node: asking.node)
            }
        }
    }
}
