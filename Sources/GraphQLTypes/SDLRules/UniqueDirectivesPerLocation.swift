import GraphQLSyntax

/// A directive that is not repeatable stands once on one thing, its extensions included. GraphQL §5.7.3
enum UniqueDirectivesPerLocation: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var onHolder: [DirectiveApplication.Holder: [String: Site]] = [:]
        for application in layer.applications {
            let document = layer.documents[application.document]
            var first = application.holder == .member ? [:] : onHolder.removeValue(forKey: application.holder) ?? [:]
            for directive in document[application.directives] {
                let name = document[directive.name.id]
                guard layer.signatures[name]?.isRepeatable == false else { continue }
                let site = Site(document: application.document, offset: directive.range.start)
                if let earlier = first[name] {
                    diagnostics.report("The directive '@\(name)' can stand only once on one thing.", at: earlier, site)
                } else {
                    first[name] = site
                }
            }
            if application.holder != .member { onHolder[application.holder] = first }
        }
    }
}
