import GraphQLSyntax

/// No two values of an enum, its extensions included, have the same name. GraphQL §3.9
enum UniqueEnumValueNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var first: [MemberName: Site] = [:]
        for part in layer.typeParts.map(\.part) {
            let type = layer.name(part.node.name, in: part.document)
            for value in part.node.values {
                let name = MemberName(type: type, member: layer.name(value.name, in: part.document))
                let site = part.site(value.name.range)
                if layer.base.types[type]?.values.contains(name.member) == true {
                    diagnostics.report("The enum '\(type)' has a value '\(name.member)' already.", at: site)
                } else if let earlier = first[name] {
                    diagnostics.report("The enum value '\(type).\(name.member)' can be defined only once.", at: earlier, site)
                } else {
                    first[name] = site
                }
            }
        }
    }
}

/// A member of a type, to find the second of the same name.
struct MemberName: Hashable {
    var type: String
    var member: String
}
