import GraphQLSyntax

/// What must be given cannot be deprecated. GraphQL §3.13.3
enum RequiredIsNotDeprecated: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        var wrong: [InputPlace] = []
        system.forEachInput(of: schema) { place in
            if place.definition.isRequired, place.definition.deprecationReason != nil { wrong.append(place) }
        }
        for place in wrong {
            let (node, document) = (place.node.node, place.node.document)
            diagnostics.report(
                "'\(place.coordinate)' is required and so cannot be deprecated.",
                at: [system.site(ofDirective: "deprecated", in: node.directives, document: document)].compactMap(\.self)
                    + [system.site(of: node.type, in: document)])
        }
    }
}
