import GraphQLSyntax

/// No two arguments of a field or directive definition have the same name. GraphQL §3.6, §3.13
enum UniqueArgumentDefinitionNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for directive in layer.directives {
            let holder = "@" + layer.name(directive.node.name, in: directive.document)
            check(directive.sibling(directive.node.arguments), of: holder, layer, into: &diagnostics)
        }
        for part in layer.typeParts.map(\.part) {
            let type = layer.name(part.node.name, in: part.document)
            for field in part.node.fields {
                let holder = type + "." + layer.name(field.name, in: part.document)
                check(part.sibling(field.arguments), of: holder, layer, into: &diagnostics)
            }
        }
    }

    private static func check(
        _ arguments: Placed<[InputValueDefinition]>, of holder: String, _ layer: SDLLayer, into diagnostics: inout DiagnosticList
    ) {
        let names = arguments.node.map(\.name)
        for (name, sites) in repeated(arguments.sibling(names), layer) {
            diagnostics.report("The argument '\(holder)(\(name):)' can be defined only once.", at: sites)
        }
    }

    /// The names that stand in a list more than once, each with all its places, in order of first appearance.
    static func repeated(_ names: Placed<[Name]>, _ layer: SDLLayer) -> [(name: String, sites: [Site])] {
        guard names.node.count > 1 else { return [] }
        var sites: [NameID: [Site]] = [:]
        for name in names.node { sites[name.id, default: []].append(names.site(name.range)) }
        guard sites.count < names.node.count else { return [] }
        var repeated: [(name: String, sites: [Site])] = []
        for name in names.node {
            guard let all = sites.removeValue(forKey: name.id), all.count > 1 else { continue }
            repeated.append((layer.name(name, in: names.document), all))
        }
        return repeated
    }
}
