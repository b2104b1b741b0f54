import GraphQLSyntax
import GraphQLTypes

/// Tells of most documents that all their fields can be merged: where no selection set, counting what its fragments add,
/// has two fields of one response name, nothing is merged, and a leaf selected twice on one type is the same leaf.
///
/// Looks at the sets one by one and keeps two numbers for each name; linear, but for fragments that many sets spread.
struct DistinctFields {
    private let document: TypedDocument
    /// For each name, the set in which a field last had it as its response name, and which field.
    private var lastField: [(set: Int32, field: Int32)]
    /// For each definition, the set that spread it last.
    private var lastSpread: [Int32]
    private var set: Int32 = 0
    private var stack: [Range<Int>] = []
    private var stepsLeft: Int

    init(_ document: TypedDocument) {
        self.document = document
        lastField = Array(filling: document.document.names.count, with: (0, 0))
        lastSpread = Array(filling: document.spreads.isEmpty ? 0 : document.document.definitions.count, with: 0)
        stepsLeft = document.mergingSteps
    }

    /// - Returns: false where it takes a closer look (`FieldMerging`).
    mutating func areAll() -> Bool {
        for definition in document.document.definitions {
            switch definition {
            case .operation(let operation): guard areDistinct(operation.selectionSet) else { return false }
            case .fragment(let fragment): guard areDistinct(fragment.selectionSet) else { return false }
            default: break
            }
        }
        for selection in document.document.selections {
            guard case .field(let field) = selection, let set = field.selectionSet else { continue }
            guard areDistinct(set) else { return false }
        }
        return true
    }

    private mutating func areDistinct(_ outer: SelectionSet) -> Bool {
        set += 1
        stack.append(outer.selections.indices)
        while let run = stack.popLast() {
            for index in run {
                stepsLeft -= 1
                guard stepsLeft > 0 else { return false }
                switch document.document.selections[index] {
                case .field(let field):
                    let name = field.responseName.index
                    if lastField[name].set == set, !isSameLeaf(Int(lastField[name].field), index, field) { return false }
                    lastField[name] = (set, Int32(index))
                case .inlineFragment(let fragment): stack.append(fragment.selectionSet.selections.indices)
                case .fragmentSpread:
                    guard let target = document.selections[index].fragment, lastSpread[target] != set else { continue }
                    lastSpread[target] = set
                    stack.append(document.fragment(target).selectionSet.selections.indices)
                }
            }
        }
        return true
    }

    private func isSameLeaf(_ earlier: Int, _ later: Int, _ field: Field) -> Bool {
        guard case .field(let first) = document.document.selections[earlier] else { return false }
        return first.name.id == field.name.id && first.arguments.isEmpty && field.arguments.isEmpty && first.selectionSet == nil
            && field.selectionSet == nil && document.selections[earlier].parent == document.selections[later].parent
    }
}
