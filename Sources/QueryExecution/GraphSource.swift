import Expressions
import GraphQLTypes
import JSONText
import Model
import QueryPlanning
import StoreColumns

/// What a request is answered from: one version of a graph, seen by one viewer on one date, within one budget.
package struct GraphSource: Sendable {
    package var version: GraphVersion
    package var model: Model
    package var asOf: CivilDate
    /// Of the same version and date.
    package var derived: DerivedColumns
    /// Of the same version.
    package var keyRanks: KeyRanks
    package var viewer: Viewer
    package var budget: Budget
    package var seal: CursorSeal
    package var numberStyle: NumberStyle
    /// How large scans are split; nil: not at all.
    package var splitting: Splitting?
    /// Where the steps are noted, if they are.
    package var trace: PlanTrace?
    /// What `param` reads; `rowTypes` are bound to it.
    package let parameters: ResolvedParameters
    package let rowTypes: RowTypes
    /// Where the parameters are noted that are read.
    package let notes: ParameterNotes?
    /// Root fields whose values were found before the walk, by `Plan.givenNodes`.
    package var given: [Int: GivenField] = [:]
    /// What plans were bound to on this version and date, for the next request; nil: nothing is kept.
    package var keptRuns: KeptRuns?
    /// Where the rows are noted of which sensitive data is shown in full; nil where nobody wants to know, or none is.
    package var told: RowNotes?
    /// What its answer may hold, where that is another than usual.
    package var limits: AnswerLimits?
    /// Set for somebody who sees aggregates only. Nothing is kept for such a one.
    package var smallCells: SmallCellPolicy?
    /// What such a one was held against on this version and date, for the next request; nil: nothing is kept.
    package var keptGrids: KeptGrids?

    package init(
        version: GraphVersion, model: Model, asOf: CivilDate, derived: DerivedColumns, keyRanks: KeyRanks, viewer: Viewer,
        budget: Budget,
        seal: CursorSeal, numberStyle: NumberStyle = NumberStyle(), parameters: ResolvedParameters, rowTypes: RowTypes
    ) {
        self.parameters = parameters
        self.rowTypes = rowTypes
        notes = model.parameters == nil ? nil : ParameterNotes()
        self.version = version
        self.model = model
        self.asOf = asOf
        self.derived = derived
        self.keyRanks = keyRanks
        self.viewer = viewer
        self.budget = budget
        self.seal = seal
        self.numberStyle = numberStyle
    }

    var context: EvaluationContext {
        var context = EvaluationContext(
            version: version, rowTypes: rowTypes, asOf: asOf, budget: budget, derived: derived, splitting: splitting,
            trace: trace)
        context.notes = notes
        return context
    }
}

/// How exact numbers are written.
package struct NumberStyle: Sendable, Hashable {
    /// Decimals and ratios in quotes, for clients that read numbers as binary fractions.
    package var quotesExact: Bool
    /// Ratios as their two integers, `"79/1000"`, in place of rounded digits.
    package var showsFractions: Bool

    package init(quotesExact: Bool = false, showsFractions: Bool = false) {
        self.quotesExact = quotesExact
        self.showsFractions = showsFractions
    }
}

/// What a root field came to before the walk.
package enum GivenField: Sendable {
    case value(TreeValue)
    case failure(ArgumentProblem)
}

/// A plan bound to a graph and to the variables of one request, before anything is written. Used on one thread.
final class GraphRun {
    let source: GraphSource
    /// By node of the plan.
    let nodes: [BoundNode]
    let plan: Plan
    /// By selection of the plan, once asked for; nil inside where something else than a shape is selected.
    private var shapes: [ObjectShape??]
    /// The sets of its connections.
    let rows: [ConnectionRows]

    var version: GraphVersion { source.version }
    var catalog: Catalog { source.model.catalog }
    var budget: Budget { source.budget }

    init(_ source: GraphSource, _ plan: Plan, nodes: [BoundNode], rows: [ConnectionRows]) {
        self.source = source
        self.rows = rows
        self.nodes = nodes
        self.plan = plan
        shapes = Array(repeating: nil, count: plan.selections.count)
    }

    /// What is selected, where many rows can be written at once; nil where they cannot, or where each step is to be told.
    func shape(of selection: SelectionIndex) -> ObjectShape? {
        guard source.trace == nil else { return nil }
        if let known = shapes[selection.rawValue] { return known }
        let shape = ObjectShape(selection, plan, nodes)
        shapes[selection.rawValue] = .some(shape)
        return shape
    }

    /// Lets go of memory that grew with an answer.
    func release() {
        for case .some(.some(let shape)) in shapes { shape.release() }
    }
}

/// What a node of a plan came to when it was bound.
enum BoundField {
    /// Nothing to bind.
    case plain
    case value(LeafReader)
    case toOne(EdgeReader)
    case connection(ConnectionBinding)
    case search(SearchBinding)
    case aggregate(AggregateBinding)
    case groups(GroupsBinding)
    /// Fraction digits.
    case scale(Int)
    /// How many rows are shown.
    case first(Int)
    /// A leaf of a key, with how it is read from the row where that is the key.
    case keyValue(LeafReader, LeafKind)
    /// Nil where no row can have the key that was given.
    case row(NodeTypeID, RowNumber?)
    /// Nil for every place at which no row is.
    case rows([NamedRow?])
}

/// A row of any type.
struct NamedRow {
    var type: NodeTypeID
    var row: RowNumber
}

/// A node of a plan with what it was bound to, side by side for the loop over nodes.
final class BoundNode {
    let node: PlanNode
    let isNonNull: Bool
    /// Set for leaves of rows.
    let reader: LeafReader?
    /// Another for the next request where it names rows.
    var field: BoundField
    /// Whether it is read from an object of a tree.
    let isOfTree: Bool
    /// Set for leaves of trees whose type is a scalar of the specification, in no list.
    let scalar: BuiltInScalar?

    init(_ node: PlanNode, _ field: BoundField, scalar: BuiltInScalar? = nil) {
        self.node = node
        self.field = field
        self.scalar = scalar
        if case .treeField = node.source { isOfTree = true } else { isOfTree = false }
        isNonNull = node.type.isNonNull
        if case .value(let reader) = field { self.reader = reader } else { reader = nil }
    }
}
