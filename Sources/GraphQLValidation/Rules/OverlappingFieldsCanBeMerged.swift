import GraphQLSyntax

/// Fields that answer under one name are one field: of one shape, and where they can apply to one object, the same field
/// with the same arguments.
///
/// Near linear where the law is kept; where it is broken, the pairs that break it are looked for within bounds.
package enum OverlappingFieldsCanBeMerged: ValidationRule {
    package static let name = "OverlappingFieldsCanBeMergedRule"
    package static let section = "5.3.2 Field Selection Merging"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        var distinct = DistinctFields(document)
        if distinct.areAll() { return }
        var merging = FieldMerging(document)
        switch merging.outcome() {
        case .merges: return
        case .exhausted:
            diagnostics.report(
                "It takes too many steps to tell whether the fields of this document "
                    + "can be merged; use fewer fragments and aliases."
            )
        case .conflicts(let first, let second, let difference):
            let before = diagnostics.count
            var conflicts = FieldConflicts(document)
            conflicts.report(into: &diagnostics)
            guard diagnostics.count == before, case .field(let field) = document.document.selections[first] else { return }
            diagnostics.report(
                message(document[field.responseName], document.phrase(difference, first, second)),
                at: [first, second].compactMap(document.range(ofField:)))
        }
    }

    static func message(_ name: String, _ reason: String) -> String {
        "The answer '\(name)' means two things: \(reason). Give one of them another alias."
    }
}
