import GraphQLSyntax

/// An operation without a name is the only one.
package enum LoneAnonymousOperation: ValidationRule {
    package static let name = "LoneAnonymousOperationRule"
    package static let section = "5.2.3.1 Lone Anonymous Operation"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        guard document.operations.count > 1 else { return }
        for index in document.operations {
            let operation = document.operation(index)
            guard operation.name == nil else { continue }
            diagnostics.report(
                "An operation without a name must be the only one in its document; name this one.", at: operation.range)
        }
    }
}
