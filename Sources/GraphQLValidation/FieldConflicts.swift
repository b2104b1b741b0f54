import GraphQLSyntax
import GraphQLTypes

/// Finds the pairs of fields that cannot be merged, for the author of a document that `FieldMerging` has refused.
///
/// Pair by pair, as the specification tells it, each pair once; so it is quadratic, and bounded. Recursion goes as deep as
/// selections nest, which `SelectionDepth` has bounded.
struct FieldConflicts {
    private struct Pair: Hashable {
        var first: Int
        var second: Int
        init(_ first: Int, _ second: Int) {
            self.first = min(first, second)
            self.second = max(first, second)
        }
    }

    /// Two fields that cannot be merged, and those inside them that are why.
    private struct Conflict {
        var reason: String
        /// The first, and what is in conflict inside of it.
        var first: [Int]
        /// The second, and what is in conflict inside of it.
        var second: [Int]
    }

    private let document: TypedDocument
    private var comparison: FieldComparison
    private var collection: FieldCollection
    /// The fields of a selection set that was needed, by where the set starts.
    private var collected: [SelectionSet: [Int]] = [:]
    /// Pairs that were compared, and whether as such that cannot apply to one object.
    private var compared: [Pair: Bool] = [:]
    private var stepsLeft = 200_000

    init(_ document: TypedDocument) {
        self.document = document
        comparison = FieldComparison(document)
        collection = FieldCollection(document)
    }

    mutating func report(into diagnostics: inout Diagnostics) {
        for definition in (document.operations + document.fragments).sorted() {
            guard document.isMeant(definition) else { continue }
            var stack = [document.selectionSet(ofDefinition: definition)]
            while let set = stack.popLast(), !diagnostics.isFull, stepsLeft > 0 {
                reportConflicts(in: set, into: &diagnostics)
                for index in set.selections.indices.reversed() {
                    switch document.document.selections[index] {
                    case .field(let field): if let set = field.selectionSet { stack.append(set) }
                    case .inlineFragment(let fragment): stack.append(fragment.selectionSet)
                    case .fragmentSpread: break
                    }
                }
            }
        }
    }

    private mutating func reportConflicts(in set: SelectionSet, into diagnostics: inout Diagnostics) {
        for group in groups(fields(of: set)) where group.count > 1 {
            for (place, first) in group.enumerated() {
                for second in group[(place + 1)...] {
                    guard !diagnostics.isFull, stepsLeft > 0 else { return }
                    guard let conflict = conflict(first, second, areExclusive: false) else { continue }
                    diagnostics.report(
                        OverlappingFieldsCanBeMerged.message(responseName(first), conflict.reason),
                        at: (abridged(conflict.first) + abridged(conflict.second)).compactMap(document.range(ofField:)))
                }
            }
        }
    }

    private mutating func conflict(_ first: Int, _ second: Int, areExclusive: Bool) -> Conflict? {
        guard first != second else { return nil }
        if let earlier = compared[Pair(first, second)], !earlier || areExclusive { return nil }
        compared[Pair(first, second)] = areExclusive
        stepsLeft -= 1
        guard stepsLeft > 0 else { return nil }

        var areExclusive = areExclusive
        if let left = comparison.objectParent(first), let right = comparison.objectParent(second), left != right {
            areExclusive = true
        }
        if !areExclusive, let difference = comparison.difference(first, second) {
            return Conflict(reason: document.phrase(difference, first, second), first: [first], second: [second])
        }
        guard comparison.sameShape(first, second) else {
            return Conflict(reason: document.phrase(.type, first, second), first: [first], second: [second])
        }
        guard let left = selectionSet(first), let right = selectionSet(second) else { return nil }
        var others: [NameID: [Int]] = [:]
        for field in fields(of: right) { others[name(field), default: []].append(field) }
        var inner: [(name: String, conflict: Conflict)] = []
        for field in fields(of: left) {
            for other in others[name(field)] ?? [] {
                guard let conflict = conflict(field, other, areExclusive: areExclusive) else { continue }
                inner.append((responseName(field), conflict))
            }
        }
        guard !inner.isEmpty else { return nil }
        let told = inner.prefix(3).map { "inside them '\($0.name)' means two things: \($0.conflict.reason)" }
        return Conflict(
            reason: told.joined(separator: "; and ") + (inner.count > 3 ? "; and \(inner.count - 3) more" : ""),
            first: [first] + inner.flatMap(\.conflict.first), second: [second] + inner.flatMap(\.conflict.second))
    }

    /// The outermost field and the innermost ones: nobody follows twenty places on each side.
    private func abridged(_ fields: [Int]) -> [Int] {
        fields.count <= 20 ? fields : [fields[0]] + fields.suffix(19)
    }

    // MARK: Fields

    private mutating func fields(of set: SelectionSet) -> [Int] {
        if let known = collected[set] { return known }
        let fields = collection.fields(of: [set], steps: &stepsLeft)
        collected[set] = fields
        return fields
    }

    private func groups(_ fields: [Int]) -> [[Int]] {
        var places: [NameID: Int] = [:]
        var groups: [[Int]] = []
        for field in fields {
            if let place = places[name(field)] {
                groups[place].append(field)
            } else {
                places[name(field)] = groups.count
                groups.append([field])
            }
        }
        return groups
    }

    private func name(_ index: Int) -> NameID {
        guard case .field(let field) = document.document.selections[index] else { return .typenameField }
        return field.responseName
    }

    private func responseName(_ field: Int) -> String { document[name(field)] }

    private func selectionSet(_ index: Int) -> SelectionSet? {
        guard case .field(let field) = document.document.selections[index] else { return nil }
        return field.selectionSet
    }
}

extension TypedDocument {
    /// Whether a definition can be asked for: a second fragment of a name cannot.
    fileprivate func isMeant(_ definition: Int) -> Bool {
        guard case .fragment(let fragment) = document.definitions[definition] else { return true }
        return fragmentIndex(named: fragment.name.id) == definition
    }

    func range(ofField index: Int) -> SourceRange? {
        guard case .field(let field) = document.selections[index] else { return nil }
        return field.range
    }

    /// What keeps two fields apart, for a message.
    func phrase(_ difference: Difference, _ first: Int, _ second: Int) -> String {
        guard case .field(let left) = document.selections[first], case .field(let right) = document.selections[second] else {
            return ""
        }
        switch difference {
        case .field: return "'\(document[left.name.id])' and '\(document[right.name.id])' are different fields"
        case .arguments: return "the arguments of '\(document[left.name.id])' differ"
        case .type:
            let types = [selections[first].type, selections[second].type].map { $0.map { $0.text(in: schema) } ?? "?" }
            return "'\(types[0])' and '\(types[1])' are different types"
        }
    }
}
