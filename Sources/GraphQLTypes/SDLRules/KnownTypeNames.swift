import GraphQLSyntax

/// Every type that a definition refers to is defined, or built in. GraphQL §3.3
enum KnownTypeNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        func check(_ name: Name, in document: Int) {
            let text = layer.name(name, in: document)
            guard layer.kinds[text] == nil, layer.base.types[text] == nil, !BuiltInDefinitions.isTypeName(text) else { return }
            let known = layer.types.map { layer.name($0.node.name, in: $0.document) } + layer.base.types.keys
            diagnostics.report(
                "There is no type '\(text)'." + suggestion(for: text, among: known + BuiltInDefinitions.scalarNames),
                at: Site(document: document, offset: name.range.start))
        }
        func check(_ type: Position<TypeNode>, in document: Int) {
            check(layer.documents[document].baseTypeName(of: type), in: document)
            let wrapperCount = layer.documents[document].wrapperCount(of: type)
            if wrapperCount > TypeReference.maximumWrapperCount {
                diagnostics.report(
                    "A type can be wrapped \(TypeReference.maximumWrapperCount) times, this one is wrapped \(wrapperCount) times.",
                    at: Site(document: document, offset: layer.documents[document][type].range.start))
            }
        }
        for schema in layer.schemaParts {
            for operation in schema.node.operationTypes { check(operation.type, in: schema.document) }
        }
        for directive in layer.directives {
            for argument in directive.node.arguments { check(argument.type, in: directive.document) }
        }
        for part in layer.typeParts.map(\.part) where !diagnostics.isFull {
            for name in part.node.interfaces + part.node.members { check(name, in: part.document) }
            for field in part.node.fields {
                check(field.type, in: part.document)
                for argument in field.arguments { check(argument.type, in: part.document) }
            }
            for field in part.node.inputFields { check(field.type, in: part.document) }
        }
        for number in layer.firstDocument..<layer.documents.count where !diagnostics.isFull {
            checkExecutable(layer.documents[number]) {
                check($0, in: number)
            } type: {
                check($0, in: number)
            }
        }
    }

    /// Operations and fragments that stand among the definitions refer to types too.
    private static func checkExecutable(_ document: Document, name: (Name) -> Void, type: (Position<TypeNode>) -> Void) {
        for definition in document.definitions {
            if case .fragment(let fragment) = definition { name(fragment.typeCondition) }
        }
        for selection in document.selections {
            if case .inlineFragment(let fragment) = selection, let condition = fragment.typeCondition { name(condition) }
        }
        for variable in document.variables { type(variable.type) }
    }
}

extension Document {
    /// How many lists and non-nulls stand around the named type.
    func wrapperCount(of type: Position<TypeNode>) -> Int {
        var (position, count) = (type, 0)
        while true {
            switch self[position].kind {
            case .named: return count
            case .list(let inner), .nonNull(let inner): position = inner
            }
            count += 1
        }
    }
}
