import GraphQLSyntax

/// No two directives have the same name. A schema may define its own of a built-in name. GraphQL §3.13
enum UniqueDirectiveNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var first: [String: Site] = [:]
        for directive in layer.directives {
            let name = layer.name(directive.node.name, in: directive.document)
            let site = directive.site(directive.node.name.range)
            if layer.base.directiveNames.contains(name) {
                diagnostics.report("The schema has a directive '@\(name)' already.", at: site)
            } else if let earlier = first[name] {
                diagnostics.report("There can be only one directive named '@\(name)'.", at: earlier, site)
            } else {
                first[name] = site
            }
        }
    }
}
