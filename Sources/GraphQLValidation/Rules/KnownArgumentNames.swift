import GraphQLSyntax
import GraphQLTypes

/// Every argument a field or directive is given, that field or directive defines.
package enum KnownArgumentNames: ValidationRule {
    package static let name = "KnownArgumentNamesRule"
    package static let section = "5.4.1 Argument Names"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for (index, join) in document.arguments.enumerated() where join.place == nil {
            guard let definitions = document.argumentDefinitions(of: join.owner) else { continue }
            let node = document.document.arguments[index]
            let name = document[node.name.id]
            diagnostics.report(
                "\(document.phrase(join.owner)) has no argument '\(name)'.", similarTo: name,
                among: definitions.map(\.name), at: node.range)
        }
    }
}

extension TypedDocument {
    /// The arguments that a field or directive defines; nil where it is not known itself.
    func argumentDefinitions(of owner: ArgumentJoin.Owner) -> [InputValueType]? {
        switch owner {
        case .field(let index): fieldDefinition(ofSelection: index)?.arguments
        case .directive(let index): directives[index]?.definition.map { schema.directives[$0].arguments }
        case .unknown: nil
        }
    }

    /// What a message calls a field or directive that is known.
    func phrase(_ owner: ArgumentJoin.Owner) -> String {
        switch owner {
        case .field(let index):
            guard let parent = selections[index].parent, case .field(let field) = document.selections[index] else { return "" }
            return "The field '\(schema.types[parent.index].name).\(document[field.name.id])'"
        case .directive(let index): return "The directive '@\(document[document.directives[index].name.id])'"
        case .unknown: return ""
        }
    }
}
