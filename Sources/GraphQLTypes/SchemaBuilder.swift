import GraphQLSyntax

/// Turns joined definitions into a schema: every name becomes a type's place, every literal a value.
///
/// The result still has to be validated (`TypeSystemValidation`), and its defaults are not coerced yet.
struct SchemaBuilder {
    let system: TypeSystem
    let scalars: [String: ScalarBehavior]
    private let deprecatedDefault: InputValue

    init(_ system: TypeSystem, scalars: [String: ScalarBehavior]) {
        self.system = system
        self.scalars = scalars
        deprecatedDefault = .string(BuiltInDefinitions.defaultDeprecationReason)
    }

    func build() -> Schema {
        var types = system.types.map(namedType)
        addPossibleTypes(to: &types)
        for index in types.indices { types[index].index() }
        let roots = rootTypes()
        let described = system.schemas.first { $0.node.description != nil }
        return Schema(
            description: described.flatMap { text($0.node.description, in: $0.document) },
            queryType: roots[.query], mutationType: roots[.mutation], subscriptionType: roots[.subscription],
            types: types, directives: system.directives.map(directive),
            appliedDirectives: system.schemas.flatMap { applied($0.node.directives, in: $0.document) })
    }

    // MARK: - Root types

    /// Root types as the schema definition and its extensions name them; without a definition, also by default name.
    /// GraphQL §3.3.1
    private func rootTypes() -> [OperationKind: TypeID] {
        var roots: [OperationKind: TypeID] = [:]
        if !system.hasSchemaDefinition {
            roots[.query] = system.typeIDs["Query"]
            roots[.mutation] = system.typeIDs["Mutation"]
            roots[.subscription] = system.typeIDs["Subscription"]
        }
        for schema in system.schemas {
            for operation in schema.node.operationTypes {
                roots[operation.kind] = typeID(operation.type, in: schema.document)
            }
        }
        return roots
    }

    // MARK: - Types

    private func namedType(_ origin: TypeOrigin) -> NamedType {
        var type = NamedType(name: origin.name, kind: TypeKind(origin.kind))
        let definition = origin.definition
        type.description = text(definition.node.description, in: definition.document)
        type.isBuiltIn = definition.document == system.builtInDocument
        type.appliedDirectives = origin.nodes.flatMap { applied($0.node.directives, in: $0.document) }
        type.interfaces = origin.interfaces.map { typeID($0.node, in: $0.document) }
        type.fields = origin.fields.map(field)
        type.inputFields = origin.inputFields.map { inputValue($0.node, in: $0.document) }
        type.possibleTypes = origin.members.map { typeID($0.node, in: $0.document) }
        type.enumValues = origin.values.map(enumValue)
        type.isOneOf = type.kind == .inputObject && type.appliedDirectives.contains { $0.name == "oneOf" }
        if type.kind == .scalar {
            type.builtInScalar = BuiltInScalar(rawValue: type.name)
            type.scalar = scalars[type.name]
            if case .string(let url) = type.appliedDirectives.first(where: { $0.name == "specifiedBy" })?.argument("url") {
                type.specifiedByURL = url
            }
        }
        return type
    }

    /// Fills in what interfaces are implemented by, in the order of the objects. Time is linear in the `implements` lists.
    private func addPossibleTypes(to types: inout [NamedType]) {
        for index in types.indices where types[index].kind == .object {
            types[index].possibleTypes = [TypeID(index)]
            for interface in types[index].interfaces where types[interface.index].kind == .interface {
                types[interface.index].possibleTypes.append(TypeID(index))
            }
        }
    }

    private func field(_ placed: Placed<FieldDefinitionNode>) -> FieldDefinition {
        let (document, node) = (placed.document, placed.node)
        let applied = applied(node.directives, in: document)
        return FieldDefinition(
            name: name(node.name, in: document), description: text(node.description, in: document),
            arguments: node.arguments.map { inputValue($0, in: document) }, type: reference(node.type, in: document),
            deprecationReason: deprecationReason(applied), appliedDirectives: applied)
    }

    private func inputValue(_ node: InputValueDefinition, in document: Int) -> InputValueType {
        let applied = applied(node.directives, in: document)
        return InputValueType(
            name: name(node.name, in: document), description: text(node.description, in: document),
            type: reference(node.type, in: document),
            defaultLiteral: node.defaultValue.map { system.documents[document].inputValue(of: $0) },
            deprecationReason: deprecationReason(applied), appliedDirectives: applied)
    }

    private func enumValue(_ placed: Placed<EnumValueDefinition>) -> EnumValue {
        let applied = applied(placed.node.directives, in: placed.document)
        return EnumValue(
            name: name(placed.node.name, in: placed.document), description: text(placed.node.description, in: placed.document),
            deprecationReason: deprecationReason(applied), appliedDirectives: applied)
    }

    private func directive(_ origin: DirectiveOrigin) -> DirectiveType {
        let (document, node) = (origin.definition.document, origin.definition.node)
        let applied = origin.applied.flatMap { self.applied($0.node, in: $0.document) }
        var directive = DirectiveType(
            name: origin.name, description: text(node.description, in: document),
            arguments: node.arguments.map { inputValue($0, in: document) }, isRepeatable: node.isRepeatable,
            locations: node.locations.map { name($0, in: document) },
            deprecationReason: deprecationReason(applied), appliedDirectives: applied)
        directive.isBuiltIn = document == system.builtInDocument
        return directive
    }

    // MARK: - Parts

    private func applied(_ run: Run<Directive>, in document: Int) -> [AppliedDirective] {
        let text = system.documents[document]
        return text[run].map { directive in
            AppliedDirective(
                name: text[directive.name.id],
                arguments: text[directive.arguments].map { (text[$0.name.id], text.inputValue(of: $0.value)) })
        }
    }

    private func deprecationReason(_ applied: [AppliedDirective]) -> String? {
        guard let directive = applied.first(where: { $0.name == "deprecated" }) else { return nil }
        guard case .string(let reason) = directive.argument("reason") ?? deprecatedDefault else { return nil }
        return reason
    }

    private func text(_ description: StringValue?, in document: Int) -> String? {
        description.map { system.documents[document].text(of: $0) }
    }

    private func name(_ name: Name, in document: Int) -> String { system.documents[document][name.id] }

    private func typeID(_ name: Name, in document: Int) -> TypeID {
        guard let id = system.typeIDs[self.name(name, in: document)] else {
            preconditionFailure("KnownTypeNames lets no unknown type through.")
        }
        return id
    }

    private func reference(_ type: Position<TypeNode>, in document: Int) -> TypeReference {
        let reference = TypeReference(type, in: system.documents[document]) { system.typeIDs[$0] }
        guard let reference else { preconditionFailure("KnownTypeNames lets no unknown or too deeply wrapped type through.") }
        return reference
    }
}

extension TypeKind {
    init(_ kind: TypeDefinitionKind) {
        switch kind {
        case .scalar: self = .scalar
        case .object: self = .object
        case .interface: self = .interface
        case .union: self = .union
        case .enumeration: self = .enumeration
        case .inputObject: self = .inputObject
        }
    }
}

extension TypeReference {
    /// A type as a document writes it.
    /// - Returns: nil if the name is unknown, or more than `maximumWrapperCount` wrappers stand around it.
    init?(_ type: Position<TypeNode>, in document: Document, named lookUp: (String) -> TypeID?) {
        var wrappers: [Bool] = []  // outermost first; true is a list
        var position = type
        while true {
            switch document[position].kind {
            case .list(let inner):
                wrappers.append(true)
                position = inner
            case .nonNull(let inner):
                wrappers.append(false)
                position = inner
            case .named(let name):
                guard wrappers.count <= TypeReference.maximumWrapperCount, let id = lookUp(document[name.id]) else { return nil }
                self = wrappers.reversed().reduce(TypeReference(id)) { $1 ? $0.list : $0.nonNull }
                return
            }
        }
    }
}

extension Schema {
    /// The type that a document writes, say of a variable.
    /// - Returns: nil if the schema has no type of that name, or if it is wrapped more often than `TypeReference` can say.
    package func typeReference(of type: Position<TypeNode>, in document: Document) -> TypeReference? {
        TypeReference(type, in: document) { self.type(named: $0) }
    }
}
