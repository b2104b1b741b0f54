import GraphQLSyntax
import GraphQLTypes

/// A fragment is spread only where its type and the type around it have an object type in common.
package enum PossibleFragmentSpreads: ValidationRule {
    package static let name = "PossibleFragmentSpreadsRule"
    package static let section = "5.5.2.3 Fragment Spread Is Possible"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        var overlaps = Overlaps(document.schema)
        for (index, selection) in document.document.selections.enumerated() {
            guard let parent = document.selections[index].parent else { continue }
            let fragment: NameID?
            let type: TypeID?
            let range: SourceRange
            switch selection {
            case .field: continue
            case .inlineFragment(let node):
                (fragment, range) = (nil, node.range)
                type = document.selections[index].type?.named
            case .fragmentSpread(let node):
                guard let target = document.selections[index].fragment else { continue }
                (fragment, range) = (node.name.id, node.range)
                type = document.type(named: document.fragment(target).typeCondition.id)
            }
            guard let type, document.schema.index.types[type.index].isComposite, !overlaps.overlap(parent, type) else {
                continue
            }
            let phrase = fragment.map { "The fragment '\(document[$0])'" } ?? "A fragment"
            diagnostics.report(
                "\(phrase) is on '\(document.schema[type].name)', "
                    + "but nothing of type '\(document.schema[parent].name)' can be one.",
                at: range)
        }
    }

    /// Which pairs of composite types have an object type in common; each pair looked at once.
    private struct Overlaps {
        private let schema: Schema
        private var known: [UInt64: Bool] = [:]

        init(_ schema: Schema) { self.schema = schema }

        mutating func overlap(_ first: TypeID, _ second: TypeID) -> Bool {
            if first == second { return true }
            let key = UInt64(first.rawValue) << 32 | UInt64(second.rawValue)
            if let known = known[key] { return known }
            let possible = Set(schema.types[first.index].possibleTypes)
            let answer = schema.types[second.index].possibleTypes.contains { possible.contains($0) }
            known[key] = answer
            return answer
        }
    }
}
