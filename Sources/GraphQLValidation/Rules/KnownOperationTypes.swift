import GraphQLSyntax
import GraphQLTypes

/// The schema has a root type for every operation.
package enum KnownOperationTypes: ValidationRule {
    package static let name = "KnownOperationTypesRule"
    package static let section = "5.2.1.1 Operation Type Existence"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            let operation = document.operation(index)
            guard document.schema.rootType(of: operation.kind) == nil else { continue }
            diagnostics.report("The schema has no \(operation.kind.rawValue) operations.", at: operation.range)
        }
    }
}
