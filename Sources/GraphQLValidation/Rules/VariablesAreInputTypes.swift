import GraphQLSyntax
import GraphQLTypes

/// A variable is of an input type.
package enum VariablesAreInputTypes: ValidationRule {
    package static let name = "VariablesAreInputTypesRule"
    package static let section = "5.8.2 Variables Are Input Types"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for index in document.operations {
            for variable in document.operation(index).variables.indices {
                let type = document.variables[variable]
                if let type, document.schema.index.types[type.named.index].isInput { continue }
                let node = document.document.variables[variable]
                let name = document[node.name.id]
                let range = document[node.type].range
                if let type {
                    diagnostics.report(
                        "The variable '$\(name)' cannot be of type '\(type.text(in: document.schema))', "
                            + "which is no input type.",
                        at: range)
                } else if wrapperCount(of: node.type, in: document.document) > TypeReference.maximumWrapperCount {
                    diagnostics.report(
                        "The type of the variable '$\(name)' has more than "
                            + "\(TypeReference.maximumWrapperCount) brackets and '!'.",
                        at: range)
                }
            }
        }
    }

    private static func wrapperCount(of type: Position<TypeNode>, in document: Document) -> Int {
        var count = 0
        var position = type
        while true {
            switch document[position].kind {
            case .named: return count
            case .list(let inner), .nonNull(let inner):
                position = inner
                count += 1
            }
        }
    }
}
