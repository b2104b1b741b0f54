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
///
/// What a name means in the schema is looked up by numbers (`SchemaIndex`), and what the schema knows is read where it stands: a copy of
/// one of its types counts a dozen references.
struct Planner {
    /// Selections nested deeper are left empty. Only a document that no rule has seen comes here: validation has found
    /// fragments that contain themselves, and the request's limits are far below.
    private static let depthLimit = 200

    /// What a selection was made of. Selections are the same where the same braces are merged on the same type.
    private struct Origin {
        var sets: MergedSets
        /// The selection before it whose braces begin at the same place.
        var earlier: SelectionIndex?
    }

    let document: Document
    let schema: Schema
    /// Nil where a tree is planned.
    let model: Model?
    /// By name of the document: what the schema calls it.
    private let schemaNames: [NameID?]
    private var collector: FieldCollector
    private var plan: Plan
    private var drafts: [PlanNodeDraft] = []
    /// Beside `plan.selections`.
    private var origins: [Origin] = []
    /// The last selection whose first braces begin there, by place in `document.selections`.
    private var lastSelections: [SelectionIndex?]
    private var depth = 0

    /// - Parameter schemaNames: Beside the document's names: what the schema calls them.
    init(
        _ document: Document, target: PlanTarget, schemaNames: [NameID?], operation: OperationDefinition, rootType: TypeID,
        conditions: [String: Bool]
    ) {
        self.document = document
        self.schemaNames = schemaNames
        schema = target.schema
        if case .graph(let model) = target { self.model = model } else { model = nil }
        collector = FieldCollector(document, schema, conditions: conditions)
        plan = Plan(schema: schema, operation: operation.kind, rootType: rootType, range: operation.range)
        drafts.reserveCapacity(document.selections.count)
        // Empty braces may begin behind all selections.
        lastSelections = Array(filling: document.selections.count + 1, with: nil)
    }

    consuming func makePlan(_ operation: OperationDefinition) -> Plan {
        plan.root = selection(of: MergedSets(first: operation.selectionSet), on: plan.rootType)
        var nodes: [PlanNode] = []
        nodes.reserveCapacity(drafts.count)
        // From the last one on, so that each is moved and not copied.
        while let draft = drafts.popLast() { nodes.append(PlanNode(draft, index: drafts.count, document.names)) }
        nodes.reverse()
        plan.nodes = nodes
        for node in nodes where node.arguments != nil {
            if let after = node.arguments?["after"] { plan.cursors.append(after) }
            if let before = node.arguments?["before"] { plan.cursors.append(before) }
        }
        plan.givenNodes = plan[plan.root].nodes.filter { nodes[$0].source.isGiven }
        return plan
    }

    // MARK: - Selections

    /// The selection of merged braces on a concrete type: made once, then shared.
    private mutating func selection(of sets: MergedSets, on type: TypeID) -> SelectionIndex {
        let place = sets.first.selections.indices.lowerBound
        var earlier = lastSelections[place]
        while let known = earlier {
            if plan.selections[known.rawValue].type == type, origins[known.rawValue].sets == sets { return known }
            earlier = origins[known.rawValue].earlier
        }
        let index = SelectionIndex(plan.selections.count)
        origins.append(Origin(sets: sets, earlier: lastSelections[place]))
        lastSelections[place] = index
        plan.selections.append(PlanSelection(type: type, nodes: 0..<0))
        guard depth < Self.depthLimit else { return index }
        depth += 1
        defer { depth -= 1 }

        // The nodes of one selection are adjacent, so they take their places before their children do.
        let start = drafts.count
        for field in collector.collect(sets, on: type) {
            if let node = node(field, on: type) { drafts.append(node) }
        }
        let end = drafts.count
        plan.selections[index.rawValue].nodes = start..<end
        for place in start..<end where schema.index.types[drafts[place].type.named.index].isComposite {
            let children = children(of: drafts[place].type.named, drafts[place].field.sets)
            drafts[place].children = children
        }
        for place in start..<end { settleConnection(place) }
        return index
    }

    /// - Parameter sets: Nil in a document that was not validated, for a field whose braces are missing.
    private mutating func children(of type: TypeID, _ sets: MergedSets?) -> PlanChildren {
        let sets = sets ?? MergedSets(first: SelectionSet(selections: .empty, range: SourceRange(start: 0, end: 0)))
        guard schema.index.types[type.index].isAbstract else { return .one(selection(of: sets, on: type)) }
        let possible = schema.types[type.index].possibleTypes
        return .byType(possible.map { ($0, selection(of: sets, on: $0)) })
    }

    // MARK: - Nodes

    /// The node of a merged field; nil for a field that the type does not have, in a document that was not validated.
    private func node(_ field: CollectedField, on type: TypeID) -> PlanNodeDraft? {
        switch field.first.name.id {
        case .typenameField, .schemaField, .typeField: return metaNode(field, on: type)
        default: break
        }
        let parent = schema.index.types[type.index]
        guard parent.isComposite, let place = schema.index.place(schemaNames[field.first.name.id.index], of: type),
            schema.types[type.index].fields.indices.contains(place)
        else { return nil }
        let definition = schema.index.fields[parent.firstField + place]
        return draft(
            field, named: schema.types[type.index].fields[place].name, on: type, definition.type, source(of: place, on: type),
            definition.arguments.isEmpty ? [] : schema.types[type.index].fields[place].arguments)
    }

    /// `__typename`, `__schema` and `__type`.
    private func metaNode(_ field: CollectedField, on type: TypeID) -> PlanNodeDraft? {
        let name = document[field.first.name.id]
        guard let definition = schema.field(named: name, on: type) else { return nil }
        let source: PlanSource =
            switch field.first.name.id {
            case .typenameField: .typeName(Self.quoted(schema.types[type.index].name))
            case .schemaField: .introspectionSchema
            default: .introspectionType
            }
        return draft(field, named: name, on: type, definition.type, source, definition.arguments)
    }

    /// - Parameter definitions: Of its arguments.
    private func draft(
        _ field: CollectedField, named name: String, on parent: TypeID, _ type: TypeReference, _ source: PlanSource,
        _ definitions: [InputValueType]
    ) -> PlanNodeDraft {
        var arguments: ArgumentsTemplate?
        var problems: [InputProblem] = []
        if !definitions.isEmpty {
            do throws(InputProblems) {
                arguments = try schema.template(
                    of: field.first.arguments, in: document, for: definitions, at: field.first.range)
            } catch {
                problems = error.problems
            }
        }
        return PlanNodeDraft(
            field: field, fieldName: name, parentType: parent, type: type, source: source, arguments: arguments,
            argumentProblems: problems)
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
        for place in plan[selection].nodes {
            switch drafts[place].source {
            case .totalCount: needs.wantsTotalCount = true
            case .nodes: needs.wantsPage = true
            case .aggregate, .groups: needs.figureCount += 1
            case .edges, .pageInfo:
                needs.wantsPage = true
                if asksForCursors(drafts[place].children) { needs.wantsCursors = true }
            default: break
            }
        }
        return needs
    }

    private func asksForCursors(_ children: PlanChildren) -> Bool {
        guard case .one(let selection) = children else { return false }
        return plan[selection].nodes.contains { place in
            switch drafts[place].source {
            case .edgeCursor, .startCursor, .endCursor: true
            default: false
            }
        }
    }

    /// A name of the document in quotes. Names are letters, digits and `_`, so nothing needs an escape.
    static func quoted(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + 2)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: name.utf8)
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }
}
