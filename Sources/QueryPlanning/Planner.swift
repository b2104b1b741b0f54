import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import StoreColumns

/// What a plan's fields are read from.
enum PlanTarget {
    /// Rows of a graph, by the model that both the schema and the graph were derived from.
    case graph(Model)
    /// A tree of values under any schema.
    case tree(Schema)

    var schema: Schema {
        switch self {
        case .graph(let model): model.schema
        case .tree(let schema): schema
        }
    }
}

/// Makes plans. One value makes one plan.
struct Planner {
    /// Selections nested deeper are left empty. Only a document that no rule has seen comes here: validation has found
    /// fragments that contain themselves, and the request's limits are far below.
    private static let depthLimit = 200

    /// A selection is the same where the same braces are merged on the same type.
    private struct SelectionKey: Hashable {
        var sets: [SelectionSet]
        var type: TypeID
    }

    let document: Document
    let target: PlanTarget
    private let collector: FieldCollector
    private var plan: Plan
    private var drafts: [PlanNodeDraft] = []
    private var known: [SelectionKey: SelectionIndex] = [:]
    private var depth = 0

    init(_ document: Document, target: PlanTarget, operation: OperationDefinition, rootType: TypeID, conditions: [String: Bool]) {
        self.document = document
        self.target = target
        collector = FieldCollector(document, target.schema, conditions: conditions)
        plan = Plan(schema: target.schema, operation: operation.kind, rootType: rootType, range: operation.range)
    }

    consuming func makePlan(_ operation: OperationDefinition) -> Plan {
        plan.root = selection(of: [operation.selectionSet], on: plan.rootType)
        plan.nodes = drafts.enumerated().map { PlanNode($1, index: $0) }
        plan.cursors = plan.nodes.flatMap { node in ["after", "before"].compactMap { node.arguments?[$0] } }
        plan.givenNodes = plan[plan.root].nodes.filter { plan.nodes[$0].source.isGiven }
        return plan
    }

    // MARK: - Selections

    /// The selection of merged braces on a concrete type: made once, then shared.
    private mutating func selection(of sets: [SelectionSet], on type: TypeID) -> SelectionIndex {
        let key = SelectionKey(sets: sets, type: type)
        if let index = known[key] { return index }
        let index = SelectionIndex(plan.selections.count)
        known[key] = index
        plan.selections.append(PlanSelection(type: type, nodes: 0..<0))
        guard depth < Self.depthLimit else { return index }
        depth += 1
        defer { depth -= 1 }

        // The nodes of one selection are adjacent, so they take their places before their children do.
        let start = drafts.count
        var setsBelow: [[SelectionSet]] = []
        for group in collector.collect(sets, on: type).groups {
            guard let node = node(group, on: type) else { continue }
            drafts.append(node)
            setsBelow.append(group.fields.compactMap(\.selectionSet))
        }
        let end = drafts.count
        plan.selections[index.rawValue].nodes = start..<end
        for (offset, sets) in setsBelow.enumerated() {
            drafts[start + offset].children = children(of: drafts[start + offset].type, sets)
        }
        for place in start..<end { settleConnection(place) }
        return index
    }

    private mutating func children(of type: TypeReference, _ sets: [SelectionSet]) -> PlanChildren {
        let named = target.schema[type.named]
        guard named.isComposite else { return .none }
        guard named.isAbstract else { return .one(selection(of: sets, on: type.named)) }
        return .byType(named.possibleTypes.map { ($0, selection(of: sets, on: $0)) })
    }

    // MARK: - Nodes

    /// The node of a merged field; nil for a field that the type does not have, in a document that was not validated.
    private func node(_ group: FieldCollection.Group, on type: TypeID) -> PlanNodeDraft? {
        let field = group.fields[0]
        let name = document[field.name.id]
        guard let definition = target.schema.field(named: name, on: type) else { return nil }
        var arguments: ArgumentsTemplate?
        var problems: [InputProblem] = []
        if !definition.arguments.isEmpty {
            do throws(InputProblems) {
                arguments = try target.schema.template(
                    of: field.arguments, in: document, for: definition.arguments, at: field.range)
            } catch {
                problems = error.problems
            }
        }
        let responseName = document[group.responseName]
        return PlanNodeDraft(
            responseKey: Self.quoted(responseName) + [UInt8(ascii: ":")], responseName: responseName, fieldName: name,
            parentType: type, type: definition.type, source: source(of: name, on: type), children: .none, arguments: arguments,
            argumentProblems: problems, ranges: group.fields.map(\.range))
    }

    /// What a connection is asked for follows from what is selected on it.
    private mutating func settleConnection(_ place: Int) {
        switch drafts[place].source {
        case .rows(var connection):
            connection.needs = needs(of: drafts[place].children)
            drafts[place].source = .rows(connection)
        case .toMany(let edge, var connection):
            connection.needs = needs(of: drafts[place].children)
            drafts[place].source = .toMany(edge, connection)
        case .search(var search):
            search.needs = needs(of: drafts[place].children)
            drafts[place].source = .search(search)
        default: break
        }
    }

    private func needs(of children: PlanChildren) -> PageNeeds {
        var needs = PageNeeds()
        guard case .one(let selection) = children else { return needs }
        for node in drafts[plan[selection].nodes] {
            switch node.source {
            case .totalCount: needs.wantsTotalCount = true
            case .nodes: needs.wantsPage = true
            case .aggregate, .groups: needs.figureCount += 1
            case .edges, .pageInfo:
                needs.wantsPage = true
                if asksForCursors(node.children) { needs.wantsCursors = true }
            default: break
            }
        }
        return needs
    }

    private func asksForCursors(_ children: PlanChildren) -> Bool {
        guard case .one(let selection) = children else { return false }
        return drafts[plan[selection].nodes].contains { node in
            switch node.source {
            case .edgeCursor, .startCursor, .endCursor: true
            default: false
            }
        }
    }

    /// A name of the document in quotes. Names are letters, digits and `_`, so nothing needs an escape.
    static func quoted(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }
}
