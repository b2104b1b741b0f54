import GraphQLSyntax

/// Every default fits its type, and no default of an input field needs itself. GraphQL §3.10, InputObjectDefaultValueHasCycle
enum DefaultValues: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        var places: [InputPlace] = []
        system.forEachInput(of: schema) { place in
            if place.definition.defaultLiteral != nil, schema[place.definition.type.named].isInput { places.append(place) }
        }
        for place in places where !diagnostics.isFull {
            guard let literal = place.node.node.defaultValue else { continue }
            let document = system.documents[place.node.document]
            do throws(InputProblems) {
                _ = try schema.template(of: literal, in: document, as: place.definition.type, path: "")
            } catch {
                for problem in error.problems {
                    diagnostics.report(
                        "The default of '\(place.coordinate)' does not fit: \(problem.message)\(problem.suggestion)",
                        at: place.node.site(problem.range ?? document[literal].range))
                }
            }
        }
    }
}
