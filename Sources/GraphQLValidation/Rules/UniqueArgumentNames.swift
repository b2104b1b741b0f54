import GraphQLSyntax

/// No field or directive is given an argument twice.
package enum UniqueArgumentNames: ValidationRule {
    package static let name = "UniqueArgumentNamesRule"
    package static let section = "5.4.2 Argument Uniqueness"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        for run in document.argumentRuns {
            for names in repeated(document[run].map(\.name)) {
                diagnostics.report(
                    "The argument '\(document[names[0].id])' is given \(names.count) times.", at: names.map(\.range))
            }
        }
    }
}

/// The names that stand more than once, each with all its places, in the order of their first ones.
func repeated(_ names: [Name]) -> [[Name]] {
    guard names.count > 1 else { return [] }
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
