import GraphQLSyntax

/// No two types have the same name. GraphQL §3.3
enum UniqueTypeNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var first: [String: Site] = [:]
        for type in layer.types {
            let name = layer.name(type.node.name, in: type.document)
            let site = type.site(type.node.name.range)
            if layer.base.types[name] != nil {
                diagnostics.report("The schema has a type '\(name)' already; it can be extended, not defined again.", at: site)
            } else if let earlier = first[name] {
                diagnostics.report("There can be only one type named '\(name)'.", at: earlier, site)
            } else {
                first[name] = site
            }
        }
    }
}
