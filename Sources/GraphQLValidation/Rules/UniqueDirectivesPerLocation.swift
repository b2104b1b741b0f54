import GraphQLSyntax
import GraphQLTypes

/// A directive that is not repeatable stands once in one place.
package enum UniqueDirectivesPerLocation: ValidationRule {
    package static let name = "UniqueDirectivesPerLocationRule"
    package static let section = "5.7.3 Directives Are Unique per Location"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for run in document.directiveRuns where run.count > 1 {
            var first: [NameID: Int] = [:]
            for index in run.indices {
                guard let definition = document.directives[index]?.definition,
                    !document.schema.directives[definition].isRepeatable
                else { continue }
                let node = document.document.directives[index]
                guard let earlier = first[node.name.id] else {
                    first[node.name.id] = index
                    continue
                }
                diagnostics.report(
                    "The directive '@\(document[node.name.id])' can stand only once in one place.",
                    at: document.document.directives[earlier].range, node.range)
            }
        }
    }
}
