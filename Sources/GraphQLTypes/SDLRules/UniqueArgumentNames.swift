import GraphQLSyntax

/// No directive is given an argument twice. GraphQL §5.4.2
enum UniqueArgumentNames: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for application in layer.applications {
            let document = layer.documents[application.document]
            for directive in document[application.directives] {
                let names = Placed(document: application.document, node: document[directive.arguments].map(\.name))
                for (name, sites) in UniqueArgumentDefinitionNames.repeated(names, layer) {
                    diagnostics.report("The argument '\(name)' can be given only once.", at: sites)
                }
            }
        }
    }
}
