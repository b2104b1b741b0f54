import GraphQLSyntax

/// A schema is defined once. GraphQL §3.3
enum LoneSchemaDefinition: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        let isDefinedBefore = !layer.base.rootTypes.isEmpty
        for (position, schema) in layer.schemas.enumerated() {
            let site = schema.site(schema.node.range)
            if isDefinedBefore {
                diagnostics.report("A schema that exists already can be extended, not defined again.", at: site)
            } else if position > 0 {
                diagnostics.report("There can be only one schema definition.", at: site)
            }
        }
    }
}
