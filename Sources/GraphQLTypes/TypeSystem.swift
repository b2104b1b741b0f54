import GraphQLSyntax

/// The definitions of all documents of a schema, joined with their extensions and put in the schema's order.
///
/// Every array here stands beside the array of the same things in the `Schema` made from it, so that the place of
/// anything in the schema is found under the same index.
struct TypeSystem {
    /// The given documents, and last the built-in definitions.
    let documents: [Document]
    var schemas: [Placed<SchemaDefinition>] = []
    var types: [TypeOrigin] = []
    var directives: [DirectiveOrigin] = []
    /// True where a `schema { … }` stands; then default names of root types mean nothing.
    private(set) var hasSchemaDefinition = false
    /// Where each type name stands in `types`.
    private(set) var typeIDs: [String: TypeID] = [:]

    /// The index of the built-in definitions.
    var builtInDocument: Int { documents.count - 1 }

    /// Gathers definitions. Rules have run: names are unique and known.
    init(_ given: [Document]) {
        documents = given + [BuiltInDefinitions.document]
        var defined: [TypeOrigin] = []
        var indexes: [String: Int] = [:]
        var directiveIndexes: [String: Int] = [:]
        var builtIn: [String: TypeOrigin] = [:]
        var builtInNames: [String] = []
        for (number, document) in documents.enumerated() {
            for definition in document.definitions {
                switch definition {
                case .schema(let node):
                    schemas.append(Placed(document: number, node: node))
                    hasSchemaDefinition = true
                case .type(let node):
                    let name = document[node.name.id]
                    let origin = TypeOrigin(name: name, kind: node.kind, definition: Placed(document: number, node: node))
                    if number == documents.count - 1 {
                        guard indexes[name] == nil else { continue }
                        builtIn[name] = origin
                        builtInNames.append(name)
                    } else {
                        indexes[name] = defined.count
                        defined.append(origin)
                    }
                case .directive(let node):
                    let name = document[node.name.id]
                    guard directiveIndexes[name] == nil else { continue }
                    directiveIndexes[name] = directives.count
                    directives.append(DirectiveOrigin(name: name, definition: Placed(document: number, node: node)))
                case .operation, .fragment, .schemaExtension, .typeExtension, .directiveExtension: break
                }
            }
        }
        for (number, document) in given.enumerated() {
            for definition in document.definitions {
                switch definition {
                case .schemaExtension(let node):
                    schemas.append(Placed(document: number, node: node))
                case .typeExtension(let node):
                    guard let index = indexes[document[node.name.id]] else { continue }
                    defined[index].add(Placed(document: number, node: node))
                case .directiveExtension(let node):
                    guard let index = directiveIndexes[document[node.name.id]] else { continue }
                    directives[index].extensions.append(Placed(document: number, node: node))
                case .operation, .fragment, .schema, .type, .directive: break
                }
            }
        }
        order(defined, builtIn: builtIn, builtInNames: builtInNames)
    }

    /// Puts every type in its place: the schema's own in the order of their definition, a built-in scalar where it is
    /// first referred to, the introspection types last.
    private mutating func order(_ defined: [TypeOrigin], builtIn: [String: TypeOrigin], builtInNames: [String]) {
        func append(_ origin: TypeOrigin) {
            typeIDs[origin.name] = TypeID(types.count)
            types.append(origin)
        }
        func appendScalar(_ type: Position<TypeNode>, in document: Int) {
            appendScalar(documents[document].baseTypeName(of: type), in: document)
        }
        func appendScalar(_ name: Name, in document: Int) {
            let name = documents[document][name.id]
            guard typeIDs[name] == nil, BuiltInDefinitions.scalarNames.contains(name), let origin = builtIn[name] else { return }
            append(origin)
        }
        func appendReferences(of origin: TypeOrigin) {
            // Scalars are no interfaces and no members, but that is for a rule to say.
            for name in origin.interfaces + origin.members { appendScalar(name.node, in: name.document) }
            for field in origin.fields {
                appendScalar(field.node.type, in: field.document)
                for argument in field.node.arguments { appendScalar(argument.type, in: field.document) }
            }
            for field in origin.inputFields { appendScalar(field.node.type, in: field.document) }
        }
        for origin in defined {
            append(origin)
            appendReferences(of: origin)
        }
        for schema in schemas {
            for operation in schema.node.operationTypes { appendScalar(operation.type, in: schema.document) }
        }
        for directive in directives {
            for argument in directive.definition.node.arguments {
                appendScalar(argument.type, in: directive.definition.document)
            }
        }
        for name in builtInNames where BuiltInDefinitions.introspectionTypeNames.contains(name) {
            guard let origin = builtIn[name] else { continue }
            append(origin)
            appendReferences(of: origin)
        }
    }
}

/// A named type as it was written: its definition, its extensions, and their members joined.
struct TypeOrigin {
    var name: String
    var kind: TypeDefinitionKind
    /// The definition first, then the extensions in reading order.
    var nodes: [Placed<TypeDefinition>] = []
    var interfaces: [Placed<Name>] = []
    var fields: [Placed<FieldDefinitionNode>] = []
    var inputFields: [Placed<InputValueDefinition>] = []
    var members: [Placed<Name>] = []
    var values: [Placed<EnumValueDefinition>] = []

    init(name: String, kind: TypeDefinitionKind, definition: Placed<TypeDefinition>) {
        self.name = name
        self.kind = kind
        add(definition)
    }

    mutating func add(_ part: Placed<TypeDefinition>) {
        nodes.append(part)
        interfaces += part.node.interfaces.map(part.sibling)
        fields += part.node.fields.map(part.sibling)
        inputFields += part.node.inputFields.map(part.sibling)
        members += part.node.members.map(part.sibling)
        values += part.node.values.map(part.sibling)
    }

    /// The definition.
    var definition: Placed<TypeDefinition> { nodes[0] }
    /// Where the definition and every extension begin.
    var sites: [Site] { nodes.map { $0.site($0.node.range) } }
}

/// A directive definition with its extensions.
struct DirectiveOrigin {
    var name: String
    var definition: Placed<DirectiveDefinition>
    var extensions: [Placed<DirectiveExtension>] = []

    /// Everything applied to the directive itself.
    var applied: [Placed<Run<Directive>>] {
        [definition.sibling(definition.node.directives)] + extensions.map { $0.sibling($0.node.directives) }
    }
}

extension Document {
    /// The named type inside all wrappers.
    package func baseName(of type: Position<TypeNode>) -> String { self[baseTypeName(of: type).id] }

    /// The named type inside all wrappers, where it stands.
    package func baseTypeName(of type: Position<TypeNode>) -> Name {
        var position = type
        while true {
            switch self[position].kind {
            case .named(let name): return name
            case .list(let inner), .nonNull(let inner): position = inner
            }
        }
    }
}
