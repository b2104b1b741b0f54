import GraphQLSyntax
import GraphQLTypes

extension TypedDocument {
    /// Fills the arrays.
    ///
    /// In a document's arrays children stand before their parents, so that going backwards meets every parent before its
    /// children, however deep they nest, without recursion.
    mutating func join() {
        for (index, definition) in document.definitions.enumerated() {
            switch definition {
            case .operation(let operation):
                let root = schema.rootType(of: operation.kind).flatMap(composite)
                place(operation.selectionSet, on: root, in: index)
                let location: DirectiveLocation =
                    switch operation.kind {
                    case .query: .query
                    case .mutation: .mutation
                    case .subscription: .subscription
                    }
                place(operation.directives, at: location, in: index)
                for variable in operation.variables.indices { placeVariable(variable, in: index) }
            case .fragment(let fragment):
                let type = schema.type(named: document[fragment.typeCondition.id]).flatMap(composite)
                place(fragment.selectionSet, on: type, in: index)
                place(fragment.directives, at: .fragmentDefinition, in: index)
            default: placeTypeSystem(definition, in: index)
            }
        }
        var known = KnownFields(document: document, schema: schema)
        for index in document.selections.indices.reversed() {
            switch document.selections[index] {
            case .field(let field): joinField(field, index, &known)
            case .fragmentSpread(let spread):
                selections[index].fragment = fragmentIndex(named: spread.name.id)
                place(spread.directives, at: .fragmentSpread, in: selections[index].owner)
            case .inlineFragment(let fragment):
                let type =
                    fragment.typeCondition.map { schema.type(named: document[$0.id]).flatMap(composite) }
                    ?? selections[index].parent
                selections[index].type = type.map { TypeReference($0) }
                place(fragment.directives, at: .inlineFragment, in: selections[index].owner)
                place(fragment.selectionSet, on: type, in: selections[index].owner)
            }
        }
        for index in document.selections.indices {
            if case .fragmentSpread = document.selections[index] { spreads[selections[index].owner].append(index) }
        }
        for index in document.values.indices.reversed() { joinValue(index) }
        for (index, value) in document.values.enumerated() {
            guard case .variable(let name) = value.kind, let join = values[index] else { continue }
            variableUses[join.owner].append(
                VariableUse(
                    name: name, range: value.range, type: join.type, hasDefault: join.hasDefault, oneOf: join.oneOf))
        }
    }

    private func composite(_ type: TypeID) -> TypeID? {
        switch schema.types[type.index].kind {
        case .object, .interface, .union: type
        case .scalar, .enumeration, .inputObject: nil
        }
    }

    // MARK: Selections

    private mutating func place(_ set: SelectionSet, on type: TypeID?, in owner: Int) {
        for index in set.selections.indices {
            selections[index].parent = type
            selections[index].owner = owner
        }
    }

    private mutating func joinField(_ field: Field, _ index: Int, _ known: inout KnownFields) {
        let owner = selections[index].owner
        if let parent = selections[index].parent, let found = known.field(field.name.id, on: parent) {
            selections[index].field = found.place
            selections[index].type = found.type
        }
        if !field.arguments.isEmpty {
            argumentRuns.append(field.arguments)
            let definitions = fieldDefinition(ofSelection: index)?.arguments
            for argument in field.arguments.indices {
                place(argument, of: .field(index), among: definitions, in: owner)
            }
        }
        place(field.directives, at: .field, in: owner)
        if let set = field.selectionSet {
            place(set, on: selections[index].type.flatMap { composite($0.named) }, in: owner)
        }
    }

    // MARK: Arguments, directives, variables

    private mutating func place(
        _ argument: Int, of ownerNode: ArgumentJoin.Owner, among definitions: [InputValueType]?, in owner: Int
    ) {
        let node = document.arguments[argument]
        let name = document[node.name.id]
        let place = definitions?.firstIndex { $0.name == name }
        arguments[argument] = ArgumentJoin(owner: ownerNode, place: place)
        var value = ValueJoin(owner: owner)
        if let definitions, let place {
            value.type = input(definitions[place].type)
            value.hasDefault = definitions[place].defaultLiteral != nil
        }
        values[node.value.index] = value
    }

    /// Joins the directives of one place, but for those that the document itself defines.
    mutating func place(_ run: Run<Directive>, at location: DirectiveLocation, in owner: Int) {
        guard !run.isEmpty else { return }
        directiveRuns.append(run)
        for index in run.indices {
            let node = document.directives[index]
            if ownDirectives.contains(node.name.id) { continue }
            let definition = schema.directiveIndex(named: document[node.name.id])
            directives[index] = DirectiveJoin(definition: definition, location: location, owner: owner)
            guard !node.arguments.isEmpty else { continue }
            argumentRuns.append(node.arguments)
            let definitions = definition.map { schema.directives[$0].arguments }
            for argument in node.arguments.indices {
                place(argument, of: .directive(index), among: definitions, in: owner)
            }
        }
    }

    private mutating func placeVariable(_ index: Int, in owner: Int) {
        let node = document.variables[index]
        variables[index] = typeReference(node.type)
        if let value = node.defaultValue {
            values[value.index] = ValueJoin(type: variables[index].flatMap(input), owner: owner)
        }
        place(node.directives, at: .variableDefinition, in: owner)
    }

    /// The type that is written; nil where its name is unknown or its wrappers are too many.
    func typeReference(_ position: Position<TypeNode>) -> TypeReference? {
        var wrappers: [TypeNode.Kind] = []
        var position = position
        while true {
            let kind = document[position].kind
            switch kind {
            case .named(let name):
                guard let named = schema.type(named: document[name.id]) else { return nil }
                return wrappers.reversed().reduce(TypeReference(named)) { type, wrapper in
                    if case .list = wrapper { type.list } else { type.nonNull }
                }
            case .list(let inner), .nonNull(let inner):
                guard wrappers.count < TypeReference.maximumWrapperCount else { return nil }
                wrappers.append(kind)
                position = inner
            }
        }
    }

    private func input(_ type: TypeReference) -> TypeReference? {
        switch schema.types[type.named.index].kind {
        case .scalar, .enumeration, .inputObject: type
        case .object, .interface, .union: nil
        }
    }

    // MARK: Values

    /// Tells the parts of a value what they are for.
    private mutating func joinValue(_ index: Int) {
        guard let join = values[index] else { return }
        switch document.values[index].kind {
        case .list(let items):
            // Where the position wants no list, the list itself is reported, or its scalar looks into it.
            let item = ValueJoin(type: join.type?.element, owner: join.owner)
            for index in items.indices { values[index] = item }
        case .object(let fields):
            let named = join.type?.named
            let isInputObject = named.map { schema.types[$0.index].kind == .inputObject } ?? false
            for index in fields.indices {
                let node = document.objectFields[index]
                var value = ValueJoin(owner: join.owner)
                if let named, isInputObject {
                    let place = schema.types[named.index].inputFieldIndex(named: document[node.name.id])
                    objectFields[index] = ObjectFieldJoin(type: named, place: place)
                    if schema.types[named.index].isOneOf { value.oneOf = named }
                    if let place {
                        let definition = schema.types[named.index].inputFields[place]
                        value.type = input(definition.type)
                        value.hasDefault = definition.defaultLiteral != nil
                    }
                }
                values[node.value.index] = value
            }
        default: break
        }
    }
}

/// Fields by type and name, each looked up in the schema once.
private struct KnownFields {
    let document: Document
    let schema: Schema
    private var known: [UInt64: (place: FieldPlace, type: TypeReference)?] = [:]

    init(document: Document, schema: Schema) {
        self.document = document
        self.schema = schema
    }

    mutating func field(_ name: NameID, on type: TypeID) -> (place: FieldPlace, type: TypeReference)? {
        let key = UInt64(type.rawValue) << 32 | UInt64(name.rawValue)
        if let found = known[key] { return found }
        let found = find(name, on: type)
        known[key] = .some(found)
        return found
    }

    private func find(_ name: NameID, on type: TypeID) -> (place: FieldPlace, type: TypeReference)? {
        let place: FieldPlace
        switch name {
        case .typenameField: place = .typename
        case .schemaField: place = .schema
        case .typeField: place = .type
        default:
            guard let index = schema.types[type.index].fieldIndex(named: document[name]) else { return nil }
            return (.own(index), schema.types[type.index].fields[index].type)
        }
        return schema.definition(of: place, on: type).map { (place, $0.type) }
    }
}
