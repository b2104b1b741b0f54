import GraphQLSyntax

/// Every required argument of a directive is given. GraphQL §5.4.3
enum ProvidedRequiredArgumentsOnDirectives: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for application in layer.applications where !diagnostics.isFull {
            let document = layer.documents[application.document]
            for directive in document[application.directives] {
                let name = document[directive.name.id]
                guard let signature = layer.signatures[name] else { continue }
                let given = Set(document[directive.arguments].map { document[$0.name.id] })
                for argument in signature.arguments where argument.isRequired && !given.contains(argument.name) {
                    diagnostics.report(
                        "The directive '@\(name)' needs its argument '\(argument.name)' of type '\(argument.typeText)'.",
                        at: Site(document: application.document, offset: directive.range.start))
                }
            }
        }
    }
}
