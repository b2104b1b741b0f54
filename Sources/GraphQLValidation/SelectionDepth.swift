import GraphQLSyntax

/// No definition nests selection sets deeper than allowed, counted through the fragments it spreads.
///
/// Checked before the rules, so that none of them meets a document that is deeper. Linear.
enum SelectionDepth {
    static func check(_ document: TypedDocument, limit: Int, into diagnostics: inout Diagnostics) {
        diagnostics.rule = "limit"
        let heights = document.heights { selection in
            if case .field(let field) = selection, field.selectionSet == nil { 0 } else { 1 }
        }
        if heights.definitions.contains(where: { $0 + 1 > limit }) {
            diagnostics.report("Selections are nested more than \(limit) deep, counting fragments where they are spread.")
        }
    }
}

/// For each definition, and beside the document's selections for each of them, the greatest sum of weights on a way down.
struct Heights {
    var definitions: [Int]
    var selections: [Int]
}

extension TypedDocument {
    /// The heights by a weight for each selection, going through selection sets and spread fragments.
    ///
    /// A way ends where it would come back to a fragment that it is in. Fragments are measured in the order of need, with
    /// a stack of our own.
    func heights(weight: (Selection) -> Int) -> Heights {
        var heights = Heights(
            definitions: Array(filling: document.definitions.count, with: 0),
            selections: Array(filling: document.selections.count, with: 0))
        var isEntered = [Bool](repeating: false, count: document.definitions.count)
        for root in operations + fragments where !isEntered[root] {
            var stack = [(definition: root, nextSpread: 0)]
            isEntered[root] = true
            while let top = stack.last {
                guard top.nextSpread < spreads[top.definition].count else {
                    measure(top.definition, by: weight, &heights)
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].nextSpread += 1
                let spread = spreads[top.definition, top.nextSpread]
                guard let target = selections[spread].fragment, !isEntered[target] else { continue }
                isEntered[target] = true
                stack.append((target, 0))
            }
        }
        return heights
    }

    /// Measures one definition, once the fragments that it spreads are measured.
    private func measure(_ definition: Int, by weight: (Selection) -> Int, _ heights: inout Heights) {
        let set: SelectionSet
        switch document.definitions[definition] {
        case .operation(let operation): set = operation.selectionSet
        case .fragment(let fragment): set = fragment.selectionSet
        default: return
        }
        func highest(_ set: SelectionSet) -> Int { set.selections.indices.reduce(0) { max($0, heights.selections[$1]) } }
        // All selections of the definition stand together, the outermost last.
        let end = set.selections.indices.upperBound
        var first = end
        while first > 0, selections[first - 1].owner == definition { first -= 1 }
        for index in first..<end {
            let selection = document.selections[index]
            let inner =
                switch selection {
                case .field(let field): field.selectionSet.map(highest) ?? 0
                case .inlineFragment(let fragment): highest(fragment.selectionSet)
                case .fragmentSpread: selections[index].fragment.map { heights.definitions[$0] } ?? 0
                }
            heights.selections[index] = weight(selection) + inner
        }
        heights.definitions[definition] = highest(set)
    }
}
