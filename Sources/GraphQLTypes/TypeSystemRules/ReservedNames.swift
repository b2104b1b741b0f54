import GraphQLSyntax

/// No name begins with `__`. GraphQL §2.1.9, §4.1
enum ReservedNames: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        func check(_ name: String, at site: Site) {
            guard name.hasPrefix("__") else { return }
            diagnostics.report("The name '\(name)' begins with '__', which is reserved for introspection.", at: site)
        }
        for origin in system.directives where origin.definition.document != system.builtInDocument {
            check(origin.name, at: origin.definition.site(origin.definition.node.range))
        }
        for (type, origin) in zip(schema.types, system.types) where !type.isBuiltIn {
            if !BuiltInDefinitions.isTypeName(type.name) { check(type.name, at: origin.sites[0]) }
            for (field, placed) in zip(type.fields, origin.fields) { check(field.name, at: placed.site(placed.node.range)) }
            for (value, placed) in zip(type.enumValues, origin.values) { check(value.name, at: placed.site(placed.node.range)) }
        }
        var inputs: [(String, Site)] = []
        system.forEachInput(of: schema) { place in
            if place.definition.name.hasPrefix("__") { inputs.append((place.definition.name, place.site)) }
        }
        for (name, site) in inputs { check(name, at: site) }
    }
}
