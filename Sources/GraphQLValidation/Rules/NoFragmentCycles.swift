import GraphQLSyntax

/// No fragment spreads itself, directly or through others.
package enum NoFragmentCycles: ValidationRule {
    package static let name = "NoFragmentCyclesRule"
    package static let section = "5.5.2.2 Fragment Spreads Must Not Form Cycles"

    /// Depth first with a stack of our own; a spread that leads back to a fragment on the way closes a cycle.
    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        guard !document.fragments.isEmpty else { return }
        var isVisited = [Bool](repeating: false, count: document.document.definitions.count)
        /// Where on the way a fragment was entered.
        var places = [Int?](repeating: nil, count: document.document.definitions.count)
        for root in document.fragments where !isVisited[root] {
            var way = [(fragment: root, nextSpread: 0)]
            isVisited[root] = true
            places[root] = 0
            while let top = way.last, !diagnostics.isFull {
                guard top.nextSpread < document.spreads[top.fragment].count else {
                    places[top.fragment] = nil
                    way.removeLast()
                    continue
                }
                way[way.count - 1].nextSpread += 1
                let spread = document.spreads[top.fragment, top.nextSpread]
                guard let target = document.selections[spread].fragment else { continue }
                if let place = places[target] {
                    report(way[place...].map { document.spreads[$0.fragment, $0.nextSpread - 1] }, document, &diagnostics)
                } else if !isVisited[target] {
                    isVisited[target] = true
                    places[target] = way.count
                    way.append((target, 0))
                }
            }
        }
    }

    private static func report(_ cycle: [Int], _ document: TypedDocument, _ diagnostics: inout Diagnostics) {
        let spreads = cycle.compactMap { index in
            if case .fragmentSpread(let spread) = document.document.selections[index] { spread } else { nil }
        }
        let names = spreads.map { "'\(document[$0.name.id])'" }
        let via = names.count > 1 ? " through " + names.dropLast().joined(separator: ", ") : ""
        diagnostics.report("The fragment \(names[names.count - 1]) spreads itself\(via).", at: spreads.map(\.range))
    }
}
