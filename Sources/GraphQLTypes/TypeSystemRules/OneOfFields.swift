import GraphQLSyntax

/// The fields of a `@oneOf` input object are nullable and have no default; an extension does not make it one.
/// GraphQL §3.10, §3.10.2
enum OneOfFields: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for (type, origin) in zip(schema.types, system.types) where type.isOneOf {
            for part in origin.nodes.dropFirst() {
                guard let site = system.site(ofDirective: "oneOf", in: part.node.directives, document: part.document) else {
                    continue
                }
                diagnostics.report("'@oneOf' stands on the definition of an input object, not on an extension of it.", at: site)
            }
            for (field, placed) in zip(type.inputFields, origin.inputFields) {
                if field.type.isNonNull {
                    diagnostics.report(
                        "The field '\(type.name).\(field.name)' of a '@oneOf' input object must be nullable.",
                        at: system.site(of: placed.node.type, in: placed.document))
                }
                if field.defaultLiteral != nil {
                    diagnostics.report(
                        "The field '\(type.name).\(field.name)' of a '@oneOf' input object cannot have a default.",
                        at: placed.site(placed.node.range))
                }
            }
        }
    }
}
