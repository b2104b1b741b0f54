import GraphQLSyntax
import GraphQLTypes

/// Every directive is defined by the schema, and stands where its definition allows.
package enum KnownDirectives: ValidationRule {
    package static let name = "KnownDirectivesRule"
    package static let section = "5.7.1 Directives Are Defined, 5.7.2 Directives Are in Valid Locations"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, join) in document.directives.enumerated() {
            guard let join else { continue }
            let node = document.document.directives[index]
            guard let place = join.definition else {
                let name = document[node.name.id]
                diagnostics.report(
                    "There is no directive '@\(name)'.", similarTo: name, among: document.schema.directives.map(\.name),
                    at: node.range)
                continue
            }
            let definition = document.schema.directives[place]
            guard !definition.locations.contains(join.location.rawValue) else { continue }
            diagnostics.report(
                "The directive '@\(definition.name)' cannot stand here (\(join.location.rawValue)), "
                    + "only on \(definition.locations.joined(separator: ", ")).",
                at: node.range)
        }
    }
}
