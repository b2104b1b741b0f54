import GraphQLSyntax

/// No directive is defined by means of itself: not on its own definition or arguments, nor through the types of its
/// arguments or the directives on those. GraphQL §3.13, "Type Validation"
enum DirectiveCycles: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        let graph = references(schema)
        for component in StronglyConnectedComponents(graph).components {
            let isCircle = component.count > 1 || graph[component[0]].contains(component[0])
            guard isCircle else { continue }
            for node in component.sorted() where node < schema.directives.count {
                let origin = system.directives[node].definition
                diagnostics.report(
                    "The directive '@\(schema.directives[node].name)' is defined by means of itself.",
                    at: origin.site(origin.node.range))
            }
        }
    }

    /// What each definition refers to. Directives come first, then types.
    private static func references(_ schema: Schema) -> [[Int]] {
        let places = Dictionary(schema.directives.enumerated().map { ($1.name, $0) }) { first, _ in first }
        func directives(_ applied: [AppliedDirective]) -> [Int] { applied.compactMap { places[$0.name] } }
        func inputs(_ inputs: [InputValueType]) -> [Int] {
            inputs.flatMap { directives($0.appliedDirectives) + [schema.directives.count + $0.type.named.index] }
        }
        return schema.directives.map { directives($0.appliedDirectives) + inputs($0.arguments) }
            + schema.types.map { type in
                guard type.isInput else { return [] }
                return directives(type.appliedDirectives) + type.enumValues.flatMap { directives($0.appliedDirectives) }
                    + inputs(type.inputFields)
            }
    }
}
