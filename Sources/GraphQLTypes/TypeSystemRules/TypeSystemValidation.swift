import GraphQLSyntax

/// A law that a joined schema keeps.
protocol TypeSystemRule: SendableMetatype {
    /// Reports every breach. The schema is a draft: its names are resolved, nothing else about it is sure.
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList)
}

/// The last stage of building a schema. GraphQL §3, "Type Validation"
enum TypeSystemValidation {
    private static let rules: [(name: String, rule: any TypeSystemRule.Type)] = [
        ("RootOperationTypes", RootOperationTypes.self),
        ("ReservedNames", ReservedNames.self),
        ("TypesHaveMembers", TypesHaveMembers.self),
        ("InputAndOutputTypes", InputAndOutputTypes.self),
        ("RequiredIsNotDeprecated", RequiredIsNotDeprecated.self),
        ("ImplementedInterfaces", ImplementedInterfaces.self),
        ("UnionMembers", UnionMembers.self),
        ("OneOfFields", OneOfFields.self),
        ("InputObjectsAreFinite", InputObjectsAreFinite.self),
        ("DirectiveCycles", DirectiveCycles.self),
        ("DirectiveArgumentValues", DirectiveArgumentValues.self),
        ("DefaultValues", DefaultValues.self),
        ("BuiltInsAreNotDefined", BuiltInsAreNotDefined.self),
    ]

    /// Runs every rule.
    static func check(_ draft: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for (name, rule) in rules {
            diagnostics.rule = name
            rule.check(draft, system, into: &diagnostics)
        }
    }
}

/// An argument or input field of a schema with its node.
struct InputPlace {
    /// `Query.search`, `@tag`, `Filter`.
    var holder: String
    var isArgument: Bool
    var definition: InputValueType
    var node: Placed<InputValueDefinition>

    /// As a schema coordinate: `Query.search(limit:)`, `Filter.limit`.
    var coordinate: String { isArgument ? "\(holder)(\(definition.name):)" : "\(holder).\(definition.name)" }
    var site: Site { node.site(node.node.range) }
}

extension TypeSystem {
    /// Calls back for every argument and input field of the given documents.
    func forEachInput(of schema: Schema, _ body: (InputPlace) -> Void) {
        for (directive, origin) in zip(schema.directives, directives) where !directive.isBuiltIn {
            for (definition, node) in zip(directive.arguments, origin.definition.node.arguments) {
                body(
                    InputPlace(
                        holder: "@" + directive.name, isArgument: true, definition: definition,
                        node: origin.definition.sibling(node)))
            }
        }
        for (type, origin) in zip(schema.types, types) where !type.isBuiltIn {
            for (field, placed) in zip(type.fields, origin.fields) {
                for (definition, node) in zip(field.arguments, placed.node.arguments) {
                    body(
                        InputPlace(
                            holder: type.name + "." + field.name, isArgument: true, definition: definition,
                            node: placed.sibling(node)))
                }
            }
            for (definition, node) in zip(type.inputFields, origin.inputFields) {
                body(InputPlace(holder: type.name, isArgument: false, definition: definition, node: node))
            }
        }
    }

    /// Where the type of a field, argument or variable begins.
    func site(of type: Position<TypeNode>, in document: Int) -> Site {
        Site(document: document, offset: documents[document][type].range.start)
    }

    /// Where a directive of that name is applied, the place itself where it is not.
    func site(ofDirective name: String, in run: Run<Directive>, document: Int) -> Site? {
        let text = documents[document]
        return text[run].first { text[$0.name.id] == name }.map { Site(document: document, offset: $0.range.start) }
    }
}
