import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// What the answer to a plan tells about persons: known before it is made, whatever the rows are.
package struct PlanTellings: Sendable, Hashable {
    /// How much of a class is told.
    package enum View: Int, Sendable, Hashable, Comparable {
        /// What its masks leave.
        case masked
        /// Figures of many rows.
        case aggregate
        /// Rows are chosen, sorted, counted or put into groups by it; it stands nowhere.
        case asked
        case full

        package static func < (left: View, right: View) -> Bool { left.rawValue < right.rawValue }
    }

    /// By class of personal data, as the model names it: the view that tells most.
    package private(set) var views: [String: View] = [:]
    /// Fields of sensitive data that are shown in full, as `Type.field`, in alphabetical order.
    package private(set) var sensitiveFields: [String] = []
    /// What is found out only on the way, as by what a rule is made of that is explained: whatever the role sees.
    private var possible: [String: View] = [:]
    /// Nodes at which the row that they are read from is noted; of figures and groups the rows of which few make one.
    private(set) var notedNodes: Set<Int> = []

    package init() {}

    /// What is shown, whatever the variables are.
    package init(_ plan: Plan, in model: Model, _ tellings: FieldTellings) {
        var fields: Set<String> = []
        for selection in plan.selections {
            // One note a row is enough.
            var noted: (index: Int, isLeaf: Bool)?
            for node in plan.nodes[selection.nodes] {
                guard let (type, position) = Self.field(of: node, model) else { continue }
                let telling = tellings.telling(of: position, in: type)
                guard !telling.isEmpty else { continue }
                let field = model[type].fields[position]
                for kind in telling.kinds { add(kind, Self.view(of: field, node)) }
                guard telling.isSensitive, field.view.isFull else { continue }
                fields.insert("\(model[type].name).\(field.name)")
                switch node.source {
                case .value where noted?.isLeaf != true: noted = (node.index, true)
                case .toOne where noted == nil, .toMany where noted == nil: noted = (node.index, false)
                default: break
                }
            }
            if let noted { notedNodes.insert(noted.index) }
        }
        for node in plan.nodes where node.source.isOfManyRows {
            if Self.showsSensitive(below: node, plan, model, tellings) { notedNodes.insert(node.index) }
        }
        for node in plan.nodes {
            guard case .search(let search) = node.source else { continue }
            for type in search.types {
                for column in type.columns { add(tellings.telling(ofColumn: column, of: type.type), .asked) }
            }
        }
        sensitiveFields = fields.sorted()
        guard plan.operation == .query, plan.givenNodes.contains(where: { plan.nodes[$0].source.tellsOfAnything }) else { return }
        for type in model.seenTypes {
            for (position, field) in type.fields.enumerated() where field.view.isShown {
                for kind in tellings.telling(of: position, in: type.nodeType).kinds {
                    possible[kind] = max(possible[kind] ?? .masked, field.view.isFull ? .full : .masked)
                }
            }
        }
        // Two versions side by side show whatever has changed.
        if plan.givenNodes.contains(where: { plan.nodes[$0].source.isComparison }) {
            views.merge(possible) { max($0, $1) }
        }
    }

    package mutating func add(_ telling: FieldTellings.Telling, _ view: View) {
        for kind in telling.kinds { add(kind, view) }
    }

    private mutating func add(_ kind: String, _ view: View) { views[kind] = max(views[kind] ?? view, view) }

    /// Whether more than what masks leave may be told of a class.
    package func mayTellInFull(_ kind: String) -> Bool { max(views[kind] ?? .masked, possible[kind] ?? .masked) > .masked }

    private static func view(of field: ModelField, _ node: PlanNode) -> View {
        if case .figure = node.source { return .aggregate }
        switch field.view {
        case .full: return .full
        case .masked: return .masked
        case .aggregate, .none: return .aggregate
        }
    }

    /// The field of the model that a node shows something of.
    private static func field(of node: PlanNode, _ model: Model) -> (NodeTypeID, position: Int)? {
        func rowType() -> NodeTypeID? {
            switch model.binding[node.parentType] {
            case .row(let type), .groupKey(let type): type
            default: nil
            }
        }
        switch node.source {
        case .value, .toOne, .toMany:
            guard let type = rowType(), let position = model[type].position(of: node.fieldName) else { return nil }
            return (type, position)
        case .groupKeyValue(let position, _, _), .groupKeyEdge(let position), .groupKeyPeriod(let position),
            .groupKeyNumber(let position):
            return rowType().map { ($0, position) }
        case .figure(let figure): return (figure.type, figure.position)
        default: return nil
        }
    }

    /// Whether a key or a figure below a node is made of sensitive data.
    private static func showsSensitive(below node: PlanNode, _ plan: Plan, _ model: Model, _ tellings: FieldTellings) -> Bool {
        guard case .one(let selection) = node.children else { return false }
        return plan.nodes[plan[selection].nodes].contains { child in
            switch child.source {
            case .groupKeyValue, .groupKeyPeriod, .groupKeyNumber, .figure:
                field(of: child, model).map { tellings.telling(of: $0.position, in: $0.0).isSensitive } ?? false
            case .groupKey, .groupKeyEdge, .aggregate, .aggregateFields: showsSensitive(below: child, plan, model, tellings)
            default: false
            }
        }
    }

    /// With what rows are chosen, sorted, counted and put into groups by, which variables may say.
    ///
    /// - Parameters:
    ///   - source: Any of the versions, for what filters name.
    ///   - limits: Of arguments.
    /// - Throws: Where the arguments cannot be bound, as execution would say.
    package func asking(
        _ plan: Plan, variables: [String: InputValue], in source: GraphSource, limits: AnswerLimits, _ tellings: FieldTellings
    ) throws(BindingProblem) -> PlanTellings {
        var asking = self
        for expression in try PlanReads.asked(by: plan, variables: variables, in: source, limits: limits) {
            asking.add(tellings.telling(of: expression), .asked)
        }
        return asking
    }
}

extension PlanSource {
    /// Whether it is figures or groups of a list.
    fileprivate var isOfManyRows: Bool {
        switch self {
        case .aggregate, .groups: true
        default: false
        }
    }

    fileprivate var isComparison: Bool { if case .diff = self { true } else { false } }

    /// Whether its answer may show any field.
    fileprivate var tellsOfAnything: Bool {
        switch self {
        case .diff, .explain, .explainFailures: true
        default: false
        }
    }
}

extension Plan {
    /// Whether an argument says by what rows are chosen, sorted or put into groups.
    package var asksByFields: Bool {
        nodes.contains { node in
            switch node.source {
            case .rows, .toMany: node.arguments?["where"] != nil || node.arguments?["orderBy"] != nil
            case .groups: true
            default: false
            }
        }
    }
}
