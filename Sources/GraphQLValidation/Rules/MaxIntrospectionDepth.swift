import GraphQLSyntax

/// Introspection goes through at most two lists inside each other.
///
/// Types are a graph, and a query that walks from type to fields to types again grows its answer with every step. Clients
/// and tools never need more. Not in the specification.
package enum MaxIntrospectionDepth: ValidationRule {
    package static let name = "MaxIntrospectionDepthRule"
    package static let section = "recommended"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        let isAsked = document.document.selections.contains { selection in
            if case .field(let field) = selection { isEntrance(field) } else { false }
        }
        guard isAsked else { return }
        let names = document.document.names
        let lists = Set(["fields", "interfaces", "possibleTypes", "inputFields"].compactMap { names.id(of: $0) })
        let heights = document.heights { selection in
            if case .field(let field) = selection, lists.contains(field.name.id) { 1 } else { 0 }
        }
        for (index, selection) in document.document.selections.enumerated() where heights.selections[index] > 2 {
            guard case .field(let field) = selection, isEntrance(field) else { continue }
            diagnostics.report("Introspection goes through more than two lists inside each other.", at: field.range)
        }
    }

    private static func isEntrance(_ field: Field) -> Bool { field.name.id == .schemaField || field.name.id == .typeField }
}
