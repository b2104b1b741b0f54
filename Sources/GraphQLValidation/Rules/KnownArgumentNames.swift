import GraphQLSyntax
import GraphQLTypes

/// Every argument a field or directive is given, that field or directive defines.
package enum KnownArgumentNames: ValidationRule {
    package static let name = "KnownArgumentNamesRule"
    package static let section = "5.4.1 Argument Names"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, join) in document.arguments.enumerated() where join.place == nil {
            guard let (owner, definitions) = document.definitions(for: join.owner) else { continue }
            let node = document.document.arguments[index]
            let name = document.document[node.name.id]
            diagnostics.report(
                "\(owner) has no argument '\(name)'.", similarTo: name, among: definitions.map(\.name), at: node.range)
        }
    }
}

extension TypedDocument {
    /// What a field or directive calls itself, and the arguments it defines; nil where it is not known itself.
    func definitions(for owner: ArgumentJoin.Owner) -> (owner: String, arguments: [InputValueType])? {
        switch owner {
        case .field(let index):
            guard let parent = selections[index].parent, let definition = fieldDefinition(ofSelection: index) else { return nil }
            return ("The field '\(schema.types[parent.index].name).\(definition.name)'", definition.arguments)
        case .directive(let index):
            guard let definition = directives[index]?.definition else { return nil }
            return ("The directive '@\(schema.directives[definition].name)'", schema.directives[definition].arguments)
        case .unknown: return nil
        }
    }
}
