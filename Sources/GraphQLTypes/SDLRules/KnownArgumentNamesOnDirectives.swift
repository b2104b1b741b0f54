import GraphQLSyntax

/// Every argument that a directive is given, that directive defines. GraphQL §5.4.1
enum KnownArgumentNamesOnDirectives: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        for application in layer.applications where !diagnostics.isFull {
            let document = layer.documents[application.document]
            for directive in document[application.directives] {
                let name = document[directive.name.id]
                guard let signature = layer.signatures[name] else { continue }
                for argument in document[directive.arguments] {
                    let given = document[argument.name.id]
                    guard !signature.arguments.contains(where: { $0.name == given }) else { continue }
                    diagnostics.report(
                        "The directive '@\(name)' has no argument '\(given)'."
                            + suggestion(for: given, among: signature.arguments.map(\.name)),
                        at: Site(document: application.document, offset: argument.range.start))
                }
            }
        }
    }
}
