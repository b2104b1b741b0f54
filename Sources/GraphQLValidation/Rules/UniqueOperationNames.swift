import GraphQLSyntax

/// No two operations of a document have one name.
package enum UniqueOperationNames: ValidationRule {
    package static let name = "UniqueOperationNamesRule"
    package static let section = "5.2.2.1 Operation Name Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        guard document.operations.count > 1 else { return }
        var known: [NameID: Name] = [:]
        for index in document.operations {
            guard let name = document.operation(index).name else { continue }
            if let first = known[name.id] {
                diagnostics.report(
                    "There are two operations named '\(document[name.id])'.", at: first.range, name.range)
            } else {
                known[name.id] = name
            }
        }
    }
}
