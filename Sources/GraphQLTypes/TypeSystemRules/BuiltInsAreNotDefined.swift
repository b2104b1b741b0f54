import GraphQLSyntax

/// Nobody defines a built-in scalar or an introspection type anew. GraphQL §3.5, §4.1
///
/// Runs where everything else is right: what the other rules say is the same with and without such a definition.
enum BuiltInsAreNotDefined: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        guard diagnostics.isEmpty else { return }
        for (type, origin) in zip(schema.types, system.types) where !type.isBuiltIn && BuiltInDefinitions.isTypeName(type.name) {
            diagnostics.report("The type '\(type.name)' is built in and cannot be defined.", at: origin.sites[0])
        }
    }
}
