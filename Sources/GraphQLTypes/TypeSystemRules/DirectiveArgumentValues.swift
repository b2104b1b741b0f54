import GraphQLSyntax

/// The values that directives are given in a schema fit their arguments. GraphQL §5.6.1
enum DirectiveArgumentValues: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        let layer = SDLLayer(Array(system.documents.dropLast()), from: 0)
        for application in layer.applications where !diagnostics.isFull {
            let document = layer.documents[application.document]
            for applied in document[application.directives] {
                guard let directive = schema.directive(named: document[applied.name.id]) else { continue }
                for argument in document[applied.arguments] {
                    let name = document[argument.name.id]
                    guard let definition = directive.arguments.first(where: { $0.name == name }) else { continue }
                    guard schema[definition.type.named].isInput else { continue }
                    do throws(InputProblems) {
                        _ = try schema.template(of: argument.value, in: document, as: definition.type, path: name)
                    } catch {
                        for problem in error.problems {
                            diagnostics.report(
                                "The argument '\(name)' of '@\(directive.name)' does not fit: \(problem.message)\(problem.suggestion)",
                                at: Site(
                                    document: application.document,
                                    offset: (problem.range ?? document[argument.value].range).start))
                        }
                    }
                }
            }
        }
    }
}
