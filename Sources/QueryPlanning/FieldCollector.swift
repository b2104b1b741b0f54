import GraphQLSyntax
import GraphQLTypes

/// One field of a response object, with all fields of the document that give it.
struct CollectedField {
    let first: Field
    /// Those merged into it.
    fileprivate(set) var others: [Field] = []

    fileprivate init(_ first: Field) { self.first = first }

    var responseName: NameID { first.responseName }

    /// What is selected below all of them together; nil where none has braces.
    var sets: MergedSets? {
        if others.isEmpty { return first.selectionSet.map { MergedSets(first: $0) } }
        var sets = ([first] + others).compactMap(\.selectionSet)
        guard !sets.isEmpty else { return nil }
        return MergedSets(first: sets.removeFirst(), others: sets)
    }
}

/// Selection sets that are one: those of merged fields.
struct MergedSets: Equatable {
    var first: SelectionSet
    var others: [SelectionSet] = []
}

/// Collects fields: GraphQL §6.3.2 CollectFields and §6.4.3 CollectSubfields.
///
/// Names and fragments are numbers here, and what is known of each is kept from one object to the next beside the number of the object
/// that it is known for: so nothing is hashed, and nothing allocated but what comes out.
struct FieldCollector {
    private let document: Document
    private let schema: Schema
    /// The values of the variables that conditions name.
    private let conditions: [String: Bool]
    private let fragments: [NameID: FragmentDefinition]
    private let typeIDs: [NameID: TypeID]
    /// By name: the object in which it was a response name last, and its place there.
    private var places: [(object: Int32, place: Int32)]
    /// By name: the object into which the fragment of that name was spread last; empty where there are no fragments.
    private var visits: [Int32]
    /// Counts from 1.
    private var object: Int32 = 0
    /// Selections that are still to be looked at, the next ones last: a long chain of fragments costs no recursion.
    private var open: [Range<Int>] = []

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
        places = Array(filling: document.names.count, with: (0, 0))
        visits = Array(repeating: 0, count: fragments.isEmpty ? 0 : document.names.count)
    }

    /// What the selection sets together select on a concrete type. Each fragment is entered once.
    mutating func collect(_ sets: MergedSets, on type: TypeID) -> [CollectedField] {
        object += 1
        var fields: [CollectedField] = []
        fields.reserveCapacity(Int(sets.first.selections.count))
        for set in sets.others.reversed() { open.append(set.selections.indices) }
        open.append(sets.first.selections.indices)
        while let selections = open.popLast() {
            for index in selections {
                switch document.selections[index] {
                case .field(let field):
                    if includes(field.directives) { add(field, to: &fields) }
                    continue
                case .fragmentSpread(let spread):
                    guard includes(spread.directives), let fragment = fragments[spread.name.id],
                        visits[spread.name.id.index] != object
                    else { continue }
                    visits[spread.name.id.index] = object
                    guard applies(fragment.typeCondition, to: type) else { continue }
                    open.append(index + 1..<selections.upperBound)
                    open.append(fragment.selectionSet.selections.indices)
                case .inlineFragment(let fragment):
                    guard includes(fragment.directives), fragment.typeCondition.map({ applies($0, to: type) }) ?? true else {
                        continue
                    }
                    open.append(index + 1..<selections.upperBound)
                    open.append(fragment.selectionSet.selections.indices)
                }
                // What is inside a fragment comes before what stands behind it.
                break
            }
        }
        return fields
    }

    private mutating func add(_ field: Field, to fields: inout [CollectedField]) {
        let name = field.responseName.index
        if places[name].object == object {
            fields[Int(places[name].place)].others.append(field)
        } else {
            places[name] = (object, Int32(fields.count))
            fields.append(CollectedField(field))
        }
    }

    private func includes(_ directives: Run<Directive>) -> Bool {
        directives.isEmpty || Condition.includes(directives, in: document, variables: conditions)
    }

    /// GraphQL §6.3.2 DoesFragmentTypeApply
    private func applies(_ condition: Name, to type: TypeID) -> Bool {
        guard let id = typeIDs[condition.id] else { return false }
        return id == type || schema.index.types[id.index].isAbstract && schema.types[id.index].possibleTypes.contains(type)
    }
}
