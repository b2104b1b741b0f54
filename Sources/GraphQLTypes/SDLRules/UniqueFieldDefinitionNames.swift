import GraphQLSyntax

/// No two fields of a type, its extensions included, have the same name. GraphQL §3.6, §3.7, §3.10
enum UniqueFieldDefinitionNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var first: [MemberName: Site] = [:]
        for part in layer.typeParts.map(\.part) {
            let type = layer.name(part.node.name, in: part.document)
            for field in part.node.fields.map(\.name) + part.node.inputFields.map(\.name) {
                let name = MemberName(type: type, member: layer.name(field, in: part.document))
                let site = part.site(field.range)
                if layer.base.types[type]?.fields.contains(name.member) == true {
                    diagnostics.report("The type '\(type)' has a field '\(name.member)' already.", at: site)
                } else if let earlier = first[name] {
                    diagnostics.report("The field '\(type).\(name.member)' can be defined only once.", at: earlier, site)
                } else {
                    first[name] = site
                }
            }
        }
    }
}
