import GraphQLSyntax

/// There is a query type; root types are object types and different from each other. GraphQL §3.3.1
enum RootOperationTypes: TypeSystemRule {
    static func check(_ schema: Schema, _ system: TypeSystem, into diagnostics: inout DiagnosticList) {
        let sites = rootSites(system)
        if schema.queryType == nil {
            diagnostics.report(
                "The schema needs a query type.",
                at: system.hasSchemaDefinition ? [definitionSite(system)].compactMap(\.self) : [])
        }
        var kinds: [TypeID: [OperationKind]] = [:]
        for kind in OperationKind.allCases {
            guard let id = schema.rootType(of: kind) else { continue }
            kinds[id, default: []].append(kind)
            guard schema[id].kind != .object else { continue }
            diagnostics.report(
                "The \(kind.rawValue) type must be an object type; '\(schema[id].name)' is \(schema[id].kind.phrase).",
                at: [sites[kind] ?? system.types[id.index].sites[0]])
        }
        for kind in OperationKind.allCases {
            guard let id = schema.rootType(of: kind), let sharing = kinds[id], sharing.count > 1, sharing[0] == kind else {
                continue
            }
            diagnostics.report(
                "'\(schema[id].name)' is the \(sharing.map(\.rawValue).joined(separator: " and the ")) type; root types must differ.",
                at: sharing.compactMap { sites[$0] })
        }
    }

    private static func definitionSite(_ system: TypeSystem) -> Site? {
        system.schemas.first.map { $0.site($0.node.range) }
    }

    private static func rootSites(_ system: TypeSystem) -> [OperationKind: Site] {
        var sites: [OperationKind: Site] = [:]
        for schema in system.schemas {
            for operation in schema.node.operationTypes { sites[operation.kind] = schema.site(operation.type.range) }
        }
        return sites
    }
}
