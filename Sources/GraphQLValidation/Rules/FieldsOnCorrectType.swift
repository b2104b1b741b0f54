import GraphQLSyntax
import GraphQLTypes

/// Every field that is selected, the type it is selected on defines.
package enum FieldsOnCorrectType: ValidationRule {
    package static let name = "FieldsOnCorrectTypeRule"
    package static let section = "5.3.1 Field Selections"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, selection) in document.document.selections.enumerated() {
            let join = document.selections[index]
            guard case .field(let field) = selection, join.field == nil, let parent = join.parent else { continue }
            let name = document[field.name.id]
            let type = document.schema[parent]
            let owners = type.isAbstract ? owners(of: name, among: type.possibleTypes, in: document.schema) : []
            if owners.isEmpty || !diagnostics.suggests {
                diagnostics.report(
                    "The type '\(type.name)' has no field '\(name)'.", similarTo: name, among: type.fields.map(\.name),
                    at: field.range)
            } else {
                let names = owners.map { "'\($0)'" }.joined(separator: ", ")
                diagnostics.report(
                    "The type '\(type.name)' has no field '\(name)', but \(names) has; "
                        + "select it inside '... on \(owners[0]) { … }'.",
                    at: field.range)
            }
        }
    }

    /// Some of the types that have a field of the name.
    private static func owners(of name: String, among types: [TypeID], in schema: Schema) -> [String] {
        types.lazy.filter { schema.types[$0.index].fieldIndex(named: name) != nil }.prefix(5).map { schema.types[$0.index].name }
    }
}
