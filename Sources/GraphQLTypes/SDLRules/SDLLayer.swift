import GraphQLSyntax

/// The type system definitions of some documents, gathered once for all rules, and what the documents before them define.
///
/// Executable definitions are passed over.
struct SDLLayer {
    /// All documents; those before `firstDocument` are the base.
    let documents: [Document]
    let firstDocument: Int
    let base: SDLBase

    private(set) var schemas: [Placed<SchemaDefinition>] = []
    /// Schema definitions and extensions in reading order.
    private(set) var schemaParts: [Placed<SchemaDefinition>] = []
    private(set) var types: [Placed<TypeDefinition>] = []
    private(set) var typeExtensions: [Placed<TypeDefinition>] = []
    /// Definitions and extensions in reading order.
    private(set) var typeParts: [TypePart] = []
    private(set) var directives: [Placed<DirectiveDefinition>] = []
    private(set) var directiveExtensions: [Placed<DirectiveExtension>] = []
    /// Every place that directives can be applied to, empty ones left out.
    private(set) var applications: [DirectiveApplication] = []
    /// The kinds of the types that the layer defines, by name; of several, the first.
    private(set) var kinds: [String: Placed<TypeDefinition>] = [:]
    /// What the layer's and the base's directives accept, and the built-in ones where neither defines them.
    private(set) var signatures: [String: DirectiveSignature] = [:]

    struct TypePart {
        var part: Placed<TypeDefinition>
        var isExtension: Bool
    }

    init(_ documents: [Document], from first: Int) {
        self.documents = documents
        firstDocument = first
        base = SDLBase(Array(documents[..<first]))
        signatures = base.directives
        for number in first..<documents.count { gather(number) }
        for directive in directives {
            signatures[name(directive.node.name, in: directive.document)] = DirectiveSignature(directive, in: documents)
        }
    }

    /// The text of a name.
    func name(_ name: Name, in document: Int) -> String { documents[document][name.id] }

    private mutating func gather(_ document: Int) {
        for definition in documents[document].definitions {
            switch definition {
            case .operation, .fragment: break
            case .schema(let node):
                schemas.append(Placed(document: document, node: node))
                add(node, in: document)
            case .schemaExtension(let node): add(node, in: document)
            case .type(let node):
                let placed = Placed(document: document, node: node)
                types.append(placed)
                if kinds[name(node.name, in: document)] == nil { kinds[name(node.name, in: document)] = placed }
                add(placed, isExtension: false)
            case .typeExtension(let node):
                let placed = Placed(document: document, node: node)
                typeExtensions.append(placed)
                add(placed, isExtension: true)
            case .directive(let node):
                let placed = Placed(document: document, node: node)
                directives.append(placed)
                let holder = name(node.name, in: document)
                add(node.directives, at: "DIRECTIVE_DEFINITION", of: .directive(holder), in: document)
                add(node.arguments, at: "ARGUMENT_DEFINITION", in: document)
            case .directiveExtension(let node):
                directiveExtensions.append(Placed(document: document, node: node))
                let holder = name(node.name, in: document)
                add(node.directives, at: "DIRECTIVE_DEFINITION", of: .directive(holder), in: document)
            }
        }
    }

    private mutating func add(_ node: SchemaDefinition, in document: Int) {
        schemaParts.append(Placed(document: document, node: node))
        add(node.directives, at: "SCHEMA", of: .schema, in: document)
    }

    private mutating func add(_ placed: Placed<TypeDefinition>, isExtension: Bool) {
        typeParts.append(TypePart(part: placed, isExtension: isExtension))
        let (node, document) = (placed.node, placed.document)
        add(node.directives, at: TypeKind(node.kind).rawValue, of: .type(name(node.name, in: document)), in: document)
        for field in node.fields {
            add(field.directives, at: "FIELD_DEFINITION", of: .member, in: document)
            add(field.arguments, at: "ARGUMENT_DEFINITION", in: document)
        }
        add(node.inputFields, at: "INPUT_FIELD_DEFINITION", in: document)
        for value in node.values { add(value.directives, at: "ENUM_VALUE", of: .member, in: document) }
    }

    private mutating func add(_ inputs: [InputValueDefinition], at location: String, in document: Int) {
        for input in inputs { add(input.directives, at: location, of: .member, in: document) }
    }

    private mutating func add(
        _ directives: Run<Directive>, at location: String, of holder: DirectiveApplication.Holder, in document: Int
    ) {
        guard !directives.isEmpty else { return }
        applications.append(.init(document: document, directives: directives, location: location, holder: holder))
    }
}

/// The directives applied to one thing.
struct DirectiveApplication {
    /// What the directives are applied to. Parts of one schema, type or directive have the same holder.
    enum Holder: Hashable {
        case schema
        case type(String)
        case directive(String)
        /// A field, an argument, an enum value: each stands for itself.
        case member
    }
    var document: Int
    var directives: Run<Directive>
    /// As `__DirectiveLocation` names it.
    var location: String
    var holder: Holder
}

/// What an application of a directive is measured against.
struct DirectiveSignature {
    struct Argument {
        var name: String
        /// As written, for messages.
        var typeText: String
        /// Non-null without a default.
        var isRequired: Bool
    }
    var arguments: [Argument]
    var locations: Set<String>
    var isRepeatable: Bool

    init(_ directive: Placed<DirectiveDefinition>, in documents: [Document]) {
        let document = documents[directive.document]
        arguments = directive.node.arguments.map { argument in
            let type = document[argument.type]
            let isNonNull = if case .nonNull = type.kind { true } else { false }
            return Argument(
                name: document[argument.name.id], typeText: document.source.text(type.range),
                isRequired: isNonNull && argument.defaultValue == nil)
        }
        locations = Set(directive.node.locations.map { document[$0.id] })
        isRepeatable = directive.node.isRepeatable
    }
}

/// What the documents before a layer define, by name.
struct SDLBase {
    struct TypeMembers {
        var kind: TypeDefinitionKind
        var fields: Set<String> = []
        var values: Set<String> = []
    }
    /// True where there are documents before the layer; their schema is then being extended.
    private(set) var exists: Bool
    private(set) var types: [String: TypeMembers] = [:]
    private(set) var directives: [String: DirectiveSignature] = [:]
    /// The directives the base defines itself, and all built-in ones where there is a base.
    private(set) var directiveNames: Set<String> = []
    private(set) var rootTypes: Set<OperationKind> = []

    init(_ documents: [Document]) {
        exists = !documents.isEmpty
        let builtIn = BuiltInDefinitions.document
        for case .directive(let node) in builtIn.definitions {
            let name = builtIn[node.name.id]
            directives[name] = DirectiveSignature(Placed(document: 0, node: node), in: [builtIn])
            if exists { directiveNames.insert(name) }
        }
        var hasSchemaDefinition = false
        for (number, document) in documents.enumerated() {
            for definition in document.definitions {
                switch definition {
                case .operation, .fragment, .directiveExtension: break
                case .schema(let node):
                    hasSchemaDefinition = true
                    rootTypes.formUnion(node.operationTypes.map(\.kind))
                case .schemaExtension(let node): rootTypes.formUnion(node.operationTypes.map(\.kind))
                case .type(let node), .typeExtension(let node): add(node, in: document)
                case .directive(let node):
                    let name = document[node.name.id]
                    directives[name] = DirectiveSignature(Placed(document: number, node: node), in: documents)
                    directiveNames.insert(name)
                }
            }
        }
        if !hasSchemaDefinition {
            if types["Query"] != nil { rootTypes.insert(.query) }
            if types["Mutation"] != nil { rootTypes.insert(.mutation) }
            if types["Subscription"] != nil { rootTypes.insert(.subscription) }
        }
    }

    private mutating func add(_ node: TypeDefinition, in document: Document) {
        let name = document[node.name.id]
        var members = types.removeValue(forKey: name) ?? TypeMembers(kind: node.kind)
        members.fields.formUnion(node.fields.map { document[$0.name.id] })
        members.fields.formUnion(node.inputFields.map { document[$0.name.id] })
        members.values.formUnion(node.values.map { document[$0.name.id] })
        types[name] = members
    }
}
