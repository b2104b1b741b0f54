import GraphQLSyntax

/// Each kind of operation has one root type. GraphQL §3.3.1
enum UniqueOperationTypes: SDLRule {
    static func check(_ layer: SDLLayer, into diagnostics: inout DiagnosticList) {
        var first: [OperationKind: Site] = [:]
        for schema in layer.schemaParts {
            for operation in schema.node.operationTypes {
                let site = schema.site(operation.range)
                if layer.base.rootTypes.contains(operation.kind) {
                    diagnostics.report("The schema has a \(operation.kind.rawValue) type already.", at: site)
                } else if let earlier = first[operation.kind] {
                    diagnostics.report("There can be only one \(operation.kind.rawValue) type in a schema.", at: earlier, site)
                } else {
                    first[operation.kind] = site
                }
            }
        }
    }
}
