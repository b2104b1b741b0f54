import GraphQLSyntax
import GraphQLTypes

/// The fields of one response object: every response name once, with all fields of the document that give it.
struct FieldCollection {
    struct Group {
        var responseName: NameID
        var fields: [Field]
    }
    private(set) var groups: [Group] = []
    private var places: [NameID: Int] = [:]

    mutating func add(_ field: Field) {
        if let place = places[field.responseName] {
            groups[place].fields.append(field)
        } else {
            places[field.responseName] = groups.count
            groups.append(Group(responseName: field.responseName, fields: [field]))
        }
    }
}

/// Collects fields: GraphQL §6.3.2 CollectFields and §6.4.3 CollectSubfields.
struct FieldCollector {
    let document: Document
    let schema: Schema
    /// The values of the variables that conditions name.
    let conditions: [String: Bool]
    private let fragments: [NameID: FragmentDefinition]
    private let typeIDs: [NameID: TypeID]

    init(_ document: Document, _ schema: Schema, conditions: [String: Bool]) {
        self.document = document
        self.schema = schema
        self.conditions = conditions
        var fragments: [NameID: FragmentDefinition] = [:]
        for case .fragment(let fragment) in document.definitions { fragments[fragment.name.id] = fragment }
        self.fragments = fragments
        var typeIDs: [NameID: TypeID] = [:]
        for selection in document.selections {
            if case .inlineFragment(let fragment) = selection, let condition = fragment.typeCondition {
                typeIDs[condition.id] = schema.type(named: document[condition.id])
            }
        }
        for fragment in fragments.values {
            typeIDs[fragment.typeCondition.id] = schema.type(named: document[fragment.typeCondition.id])
        }
        self.typeIDs = typeIDs
    }

    /// What the selection sets together select on a concrete type. Each fragment is entered once; the walk keeps its own
    /// stack, so a long chain of fragments costs no recursion.
    func collect(_ sets: [SelectionSet], on type: TypeID) -> FieldCollection {
        var collection = FieldCollection()
        var visited: Set<NameID> = []
        var open: [ArraySlice<Selection>] = sets.reversed().map { document[$0.selections] }
        while var selections = open.popLast() {
            guard let selection = selections.popFirst() else { continue }
            open.append(selections)
            switch selection {
            case .field(let field):
                if includes(field.directives) { collection.add(field) }
            case .fragmentSpread(let spread):
                guard includes(spread.directives), visited.insert(spread.name.id).inserted,
                    let fragment = fragments[spread.name.id], applies(fragment.typeCondition, to: type)
                else { continue }
                open.append(document[fragment.selectionSet.selections])
            case .inlineFragment(let fragment):
                guard includes(fragment.directives), fragment.typeCondition.map({ applies($0, to: type) }) ?? true else {
                    continue
                }
                open.append(document[fragment.selectionSet.selections])
            }
        }
        return collection
    }

    private func includes(_ directives: Run<Directive>) -> Bool {
        directives.isEmpty || Condition.includes(directives, in: document, variables: conditions)
    }

    /// GraphQL §6.3.2 DoesFragmentTypeApply
    private func applies(_ condition: Name, to type: TypeID) -> Bool {
        guard let id = typeIDs[condition.id] else { return false }
        return id == type || schema[id].isAbstract && schema[id].possibleTypes.contains(type)
    }
}
