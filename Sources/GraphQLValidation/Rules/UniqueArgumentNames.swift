import GraphQLSyntax

/// No field or directive is given an argument twice.
package enum UniqueArgumentNames: ValidationRule {
    package static let name = "UniqueArgumentNamesRule"
    package static let section = "5.4.2 Argument Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for run in document.argumentRuns {
            for names in repeated(in: document[run], by: { $0.name }) {
                diagnostics.report(
                    "The argument '\(document[names[0].id])' is given \(names.count) times.", at: names.map(\.range))
            }
        }
    }
}

/// The names that stand more than once, each with all its places, in the order of their first ones.
func repeated<Node>(in nodes: ArraySlice<Node>, by name: (Node) -> Name) -> [[Name]] {
    guard nodes.count > 1 else { return [] }
    // Of few it is quicker to compare each with each, and almost always that is all.
    if nodes.count <= 8 {
        let isRepeated = nodes.indices.contains { index in
            nodes[(index + 1)...].contains { name($0).id == name(nodes[index]).id }
        }
        guard isRepeated else { return [] }
    }
    let names = nodes.map(name)
    var places: [NameID: Int] = [:]
    var groups: [[Name]] = []
    for name in names {
        if let place = places[name.id] {
            groups[place].append(name)
        } else {
            places[name.id] = groups.count
            groups.append([name])
        }
    }
    return groups.filter { $0.count > 1 }
}
