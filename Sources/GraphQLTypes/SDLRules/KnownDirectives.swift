import GraphQLSyntax

/// Every directive applied is defined, and for that location. GraphQL §5.7.1, §5.7.2
enum KnownDirectives: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for application in layer.applications where !diagnostics.isFull {
            let document = layer.documents[application.document]
            for directive in document[application.directives] {
                let name = document[directive.name.id]
                let site = Site(document: application.document, offset: directive.range.start)
                if let signature = layer.signatures[name] {
                    guard !signature.locations.contains(application.location) else { continue }
                    diagnostics.report("The directive '@\(name)' cannot stand on \(application.location).", at: site)
                } else {
                    let suggestion = suggestion(for: name, among: layer.signatures.keys, prefix: "@")
                    diagnostics.report("There is no directive '@\(name)'." + suggestion, at: site)
                }
            }
        }
    }
}
