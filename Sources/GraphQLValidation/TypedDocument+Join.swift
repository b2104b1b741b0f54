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
                let type = type(named: fragment.typeCondition.id).flatMap(composite)
                place(fragment.selectionSet, on: type, in: index)
                place(fragment.directives, at: .fragmentDefinition, in: index)
            default: placeTypeSystem(definition, in: index)
            }
        }
        for index in document.selections.indices.reversed() {
            switch document.selections[index] {
            case .field(let field): joinField(field, index)
            case .fragmentSpread(let spread):
                selections[index].fragment = fragmentIndex(named: spread.name.id)
                place(spread.directives, at: .fragmentSpread, in: selections[index].owner)
            case .inlineFragment(let fragment):
                let type =
                    fragment.typeCondition.map { self.type(named: $0.id).flatMap(composite) }
                    ?? selections[index].parent
                selections[index].type = type.map { TypeReference($0) }
                place(fragment.directives, at: .inlineFragment, in: selections[index].owner)
                place(fragment.selectionSet, on: type, in: selections[index].owner)
            }
        }
        for index in document.selections.indices {
            if case .fragmentSpread = document.selections[index] { spreads.append(index, to: selections[index].owner) }
        }
        for index in document.values.indices.reversed() { joinValue(index) }
        for (index, value) in document.values.enumerated() {
            guard case .variable(let name) = value.kind, let join = values[index] else { continue }
            variableUses.append(
                VariableUse(
                    name: name, range: value.range, type: join.type, hasDefault: join.hasDefault, oneOf: join.oneOf),
                to: join.owner)
        }
    }

    private func composite(_ type: TypeID) -> TypeID? {
        schema.index.types[type.index].isComposite ? type : nil
    }

    // MARK: Selections

    private mutating func place(_ set: SelectionSet, on type: TypeID?, in owner: Int) {
        for index in set.selections.indices {
            selections[index].parent = type
            selections[index].owner = owner
        }
    }

    private mutating func joinField(_ field: Field, _ index: Int) {
        let owner = selections[index].owner
        if let parent = selections[index].parent, let (place, definition) = find(field.name.id, on: parent) {
            selections[index].field = place
            selections[index].definition = definition
            selections[index].type = schema.index.fields[definition].type
        }
        if !field.arguments.isEmpty {
            argumentRuns.append(field.arguments)
            var definitions: Range<Int>?
            if let definition = selections[index].definition { definitions = schema.index.fields[definition].arguments }
            for argument in field.arguments.indices {
                place(argument, of: .field(index), among: definitions, in: owner)
            }
        }
        place(field.directives, at: .field, in: owner)
        if let set = field.selectionSet {
            place(set, on: selections[index].type.flatMap { composite($0.named) }, in: owner)
        }
    }

    /// What a name means as a field of a composite type, and its place in `SchemaIndex.fields`.
    private func find(_ name: NameID, on type: TypeID) -> (FieldPlace, definition: Int)? {
        switch name {
        case .typenameField: return schema.index.typenameField.map { (.typename, $0) }
        case .schemaField: return type == schema.queryType ? schema.index.schemaField.map { (.schema, $0) } : nil
        case .typeField: return type == schema.queryType ? schema.index.typeField.map { (.type, $0) } : nil
        default:
            let named = schema.index.types[type.index]
            // The members of a union are no fields of it.
            guard named.kind != .union, let place = schema.index.place(schemaName(name), of: type) else { return nil }
            return (.own(place), named.firstField + place)
        }
    }

    // MARK: Arguments, directives, variables

    private mutating func place(
        _ argument: Int, of ownerNode: ArgumentJoin.Owner, among definitions: Range<Int>?, in owner: Int
    ) {
        let node = document.arguments[argument]
        let place = definitions.flatMap { schema.index.place(schemaName(node.name.id), among: $0) }
        arguments[argument] = ArgumentJoin(owner: ownerNode, place: place)
        var value = ValueJoin(owner: owner)
        if let definitions, let place {
            let definition = schema.index.inputs[definitions.lowerBound + place]
            value.type = definition.isInput ? definition.type : nil
            value.hasDefault = definition.hasDefault
        }
        values[node.value.index] = value
    }

    /// Joins the directives of one place, but for those that the document itself defines.
    mutating func place(_ run: Run<Directive>, at location: DirectiveLocation, in owner: Int) {
        guard !run.isEmpty else { return }
        directiveRuns.append(run)
        for index in run.indices {
            let node = document.directives[index]
            if !ownDirectives.isEmpty, ownDirectives.contains(node.name.id) { continue }
            let definition = schema.index.directive(schemaName(node.name.id))
            directives[index] = DirectiveJoin(definition: definition, location: location, owner: owner)
            guard !node.arguments.isEmpty else { continue }
            argumentRuns.append(node.arguments)
            let definitions = definition.map { schema.index.directiveArguments[$0] }
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
                guard let named = type(named: name.id) else { return nil }
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
        schema.index.types[type.named.index].isInput ? type : nil
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
            let inputObject = named.map { schema.index.types[$0.index] }
            for index in fields.indices {
                let node = document.objectFields[index]
                var value = ValueJoin(owner: join.owner)
                if let named, let inputObject, inputObject.kind == .inputObject {
                    let place = schema.index.place(schemaName(node.name.id), of: named)
                    objectFields[index] = ObjectFieldJoin(type: named, place: place)
                    if inputObject.isOneOf { value.oneOf = named }
                    if let place {
                        let definition = schema.index.inputs[inputObject.inputFields.lowerBound + place]
                        value.type = definition.isInput ? definition.type : nil
                        value.hasDefault = definition.hasDefault
                    }
                }
                values[node.value.index] = value
            }
        default: break
        }
    }
}
