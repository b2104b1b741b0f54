import GraphQLSyntax
import GraphQLTypes

/// A document joined with a schema: what each of its nodes means there.
///
/// The join stands in arrays beside the document's own (`selections[i]` is about `document.selections[i]`), made once and
/// in linear time, so that every rule is a loop. Where the document is wrong, the join says nil and a rule says why.
package struct TypedDocument: Sendable {
    package let document: Document
    package let schema: Schema
    /// The bound for rules that merge fields; see `ValidationOptions.mergingSteps`.
    let mergingSteps: Int

    /// The places of the operations in `document.definitions`.
    package internal(set) var operations: [Int] = []
    /// The places of the fragments in `document.definitions`.
    package internal(set) var fragments: [Int] = []
    /// The first fragment of each name, by its place in `document.definitions`; empty where there are no fragments.
    private var fragmentOfName: [Int?] = []
    /// Beside the document's names: what the schema calls them.
    package let schemaNames: [NameID?]

    var selections: [SelectionJoin]
    var arguments: [ArgumentJoin]
    var directives: [DirectiveJoin?]
    var values: [ValueJoin?]
    /// Beside `document.objectFields`: the input object and the place of the field in it.
    var objectFields: [ObjectFieldJoin]
    /// Beside `document.variables`: the type as written; nil where it is unknown.
    var variables: [TypeReference?]

    /// Beside `document.definitions`: the selections that spread fragments.
    var spreads: Grouped<Int>
    /// Beside `document.definitions`: where variables are used.
    var variableUses: Grouped<VariableUse>
    /// The arguments of one field or directive each.
    var argumentRuns: [Run<Argument>] = []
    /// Directives that the document defines itself, which no executable document should.
    private(set) var ownDirectives: Set<NameID> = []
    /// The directives of one place each.
    var directiveRuns: [Run<Directive>] = []

    init(joining document: Document, with schema: Schema, mergingSteps: Int) {
        self.document = document
        self.schema = schema
        self.mergingSteps = mergingSteps
        selections = Array(filling: document.selections.count, with: SelectionJoin())
        arguments = Array(filling: document.arguments.count, with: ArgumentJoin())
        directives = Array(filling: document.directives.count, with: nil)
        values = Array(filling: document.values.count, with: nil)
        objectFields = Array(filling: document.objectFields.count, with: ObjectFieldJoin())
        variables = Array(filling: document.variables.count, with: nil)
        spreads = Grouped(groupCount: document.definitions.count)
        variableUses = Grouped(groupCount: document.definitions.count)
        schemaNames = schema.index.translate(document.names)
        for (index, definition) in document.definitions.enumerated() {
            switch definition {
            case .operation: operations.append(index)
            case .fragment(let fragment):
                fragments.append(index)
                if fragmentOfName.isEmpty { fragmentOfName = Array(repeating: nil, count: document.names.count) }
                if fragmentOfName[fragment.name.id.index] == nil { fragmentOfName[fragment.name.id.index] = index }
            case .directive(let directive): ownDirectives.insert(directive.name.id)
            default: break
            }
        }
        join()
    }

    // MARK: Definitions

    package func operation(_ index: Int) -> OperationDefinition {
        guard case .operation(let operation) = document.definitions[index] else {
            preconditionFailure("`operations` holds the places of operations.")
        }
        return operation
    }

    package func fragment(_ index: Int) -> FragmentDefinition {
        guard case .fragment(let fragment) = document.definitions[index] else {
            preconditionFailure("`fragments` holds the places of fragments.")
        }
        return fragment
    }

    /// The place of the fragment of that name; the first, where there are several.
    package func fragmentIndex(named name: NameID) -> Int? {
        fragmentOfName.isEmpty ? nil : fragmentOfName[name.index]
    }

    /// What the schema calls a name of the document; nil where it has no such name.
    func schemaName(_ name: NameID) -> NameID? { schemaNames[name.index] }

    /// The schema's type of that name.
    func type(named name: NameID) -> TypeID? { schema.index.type(schemaNames[name.index]) }

    /// The definitions that an operation or fragment consists of: itself and every fragment that it spreads, each once.
    func reach(from definition: Int) -> [Int] {
        var reached = [definition]
        if spreads[definition].isEmpty { return reached }
        var isReached = [Bool](repeating: false, count: document.definitions.count)
        isReached[definition] = true
        var next = 0
        while next < reached.count {
            for spread in spreads[reached[next]] {
                guard let target = selections[spread].fragment, !isReached[target] else { continue }
                isReached[target] = true
                reached.append(target)
            }
            next += 1
        }
        return reached
    }

    // MARK: Look-ups for the planner

    /// What a selection that is a field means; nil where the type has no such field.
    package func field(ofSelection index: Int) -> (parent: TypeID, place: FieldPlace)? {
        guard let parent = selections[index].parent, let place = selections[index].field else { return nil }
        return (parent, place)
    }

    /// The type that a selection is made on; nil where it is unknown.
    package func parent(ofSelection index: Int) -> TypeID? { selections[index].parent }

    /// The type of a field, or the type that a fragment's selections are made on.
    package func type(ofSelection index: Int) -> TypeReference? { selections[index].type }

    /// The definition of a selection that is a field.
    package func fieldDefinition(ofSelection index: Int) -> FieldDefinition? {
        field(ofSelection: index).flatMap { schema.definition(of: $0.place, on: $0.parent) }
    }

    /// The place of an argument among the arguments that its field or directive defines.
    package func place(ofArgument index: Int) -> Int? { arguments[index].place }

    /// The type of a variable, by its place in `document.variables`.
    package func type(ofVariable index: Int) -> TypeReference? { variables[index] }
}

/// Where a field of a composite type is defined.
package enum FieldPlace: Hashable, Sendable {
    /// By its place in `NamedType.fields`.
    case own(Int)
    /// `__typename`
    case typename
    /// `__schema`
    case schema
    /// `__type`
    case type
}

extension Schema {
    /// The definition at a place; nil for meta fields that the type does not have.
    package func definition(of place: FieldPlace, on type: TypeID) -> FieldDefinition? {
        switch place {
        case .own(let index): types[type.index].fields[index]
        case .typename: field(named: "__typename", on: type)
        case .schema: field(named: "__schema", on: type)
        case .type: field(named: "__type", on: type)
        }
    }
}

/// What is known about a selection.
struct SelectionJoin {
    /// The composite type it is selected on.
    var parent: TypeID?
    /// Fields: which one.
    var field: FieldPlace?
    /// Fields: which one, by its place in `SchemaIndex.fields`.
    var definition: Int?
    /// Fields: the field's type. Inline fragments: the type of what is inside.
    var type: TypeReference?
    /// Spreads: the fragment's place in `document.definitions`.
    var fragment: Int?
    /// The definition it stands in.
    var owner = 0
}

/// What is known about an argument.
struct ArgumentJoin {
    enum Owner {
        /// By its place in `document.selections`.
        case field(Int)
        /// By its place in `document.directives`.
        case directive(Int)
        /// Outside of executable definitions.
        case unknown
    }
    var owner = Owner.unknown
    /// The place among the arguments that the owner defines.
    var place: Int?
}

/// What is known about a directive of an executable definition.
struct DirectiveJoin {
    /// Its place in `Schema.directives`.
    var definition: Int?
    var location: DirectiveLocation
    var owner: Int
}

/// What is known about a value of an executable definition.
struct ValueJoin {
    /// The type of the position it stands in; nil where that is unknown, as inside the values of custom scalars.
    var type: TypeReference?
    /// Whether the position has a default value.
    var hasDefault = false
    /// The OneOf input object that it is an entry of.
    var oneOf: TypeID?
    var owner: Int
}

struct ObjectFieldJoin {
    /// The input object it is given for; nil where the position wants something else.
    var type: TypeID?
    /// Its place in `NamedType.inputFields`.
    var place: Int?
}

/// A variable where it is used.
struct VariableUse {
    var name: NameID
    var range: SourceRange
    /// The type of the position.
    var type: TypeReference?
    /// Whether the position has a default value.
    var hasDefault: Bool
    /// The OneOf input object that it is an entry of.
    var oneOf: TypeID?
}

/// Elements of several groups in one array. They come group by group, in the order of the groups.
struct Grouped<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    /// Where each group ends in `elements`; groups to come have none yet.
    private var ends: [Int]
    private var last = 0

    init(groupCount: Int) { ends = Array(filling: groupCount, with: 0) }

    var isEmpty: Bool { elements.isEmpty }

    /// All of a group; the indices of the slice are not those of the group.
    subscript(group: Int) -> ArraySlice<Element> { elements[start(of: group)..<end(of: group)] }

    /// One of a group, counted from 0.
    subscript(group: Int, place: Int) -> Element { elements[start(of: group) + place] }

    private func start(of group: Int) -> Int { group == 0 ? 0 : end(of: group - 1) }

    private func end(of group: Int) -> Int { group > last ? elements.count : ends[group] }

    mutating func append(_ element: Element, to group: Int) {
        precondition(group >= last, "groups come in their order")
        while last < group {
            ends[last] = elements.count
            last += 1
        }
        elements.append(element)
        ends[group] = elements.count
    }
}
