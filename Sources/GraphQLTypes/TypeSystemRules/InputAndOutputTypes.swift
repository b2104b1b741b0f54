import GraphQLSyntax

/// Fields have output types; arguments and input fields have input types. GraphQL §3.4.2
enum InputAndOutputTypes: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        for (type, origin) in zip(schema.types, system.types) where !type.isBuiltIn {
            for (field, placed) in zip(type.fields, origin.fields) where !schema[field.type.named].isOutput {
                diagnostics.report(
                    "The field '\(type.name).\(field.name)' needs an output type; '\(field.type.text(in: schema))' is an input type.",
                    at: system.site(of: placed.node.type, in: placed.document))
            }
        }
        var wrong: [InputPlace] = []
        system.forEachInput(of: schema) { place in
            if !schema[place.definition.type.named].isInput { wrong.append(place) }
        }
        for place in wrong {
            diagnostics.report(
                "'\(place.coordinate)' needs an input type; '\(place.definition.type.text(in: schema))' is an output type.",
                at: system.site(of: place.node.node.type, in: place.node.document))
        }
    }
}
