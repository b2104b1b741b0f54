import GraphQLSyntax
import GraphQLTypes

/// Decides whether all fields of a document that share a response name can be merged, in near linear time.
///
/// Instead of comparing every field with every other, the fields of a set are grouped by response name and each group is
/// looked at as a whole: being of one shape, and being the same field with the same arguments, are equivalences, so that
/// comparing with the first is enough. What the fields of a group select is then one set again (Simon Adameit, "A faster
/// algorithm for FieldsInSetCanMerge", XING 2019). The two halves of the specification's algorithm part where a group has
/// fields on different object types: all must be of one shape (SameResponseShape), but only those that can apply to one
/// object must be the same field. Sets that fragments bring back are looked at once.
///
/// A hostile document can still ask for very many different sets; the number of steps is bounded.
///
/// Source: GraphQL September 2026, §5.3.2.
struct FieldMerging {
    enum Outcome {
        case merges
        /// Two selections that cannot be merged.
        case conflicts(Int, Int, Difference)
        /// There were more steps than allowed.
        case exhausted
    }

    /// What a set of fields is checked for.
    private struct Laws: OptionSet, Hashable {
        let rawValue: UInt8
        static let shape = Laws(rawValue: 1)
        static let identity = Laws(rawValue: 2)
    }

    private struct Work: Hashable {
        /// Selections that are fields, in ascending order.
        var fields: [Int]
        var laws: Laws
    }

    private let document: TypedDocument
    private var comparison: FieldComparison
    private var collection: FieldCollection
    private var waiting: [Work] = []
    private var seen: Set<Work> = []
    private let hasSpreads: Bool
    private var stepsLeft: Int
    private var conflict: (Int, Int, Difference)?
    /// The group of each response name in the set at hand.
    private var groupOfName: [Int]

    init(_ document: TypedDocument) {
        self.document = document
        comparison = FieldComparison(document)
        collection = FieldCollection(document)
        hasSpreads = !document.spreads.isEmpty
        stepsLeft = document.mergingSteps
        groupOfName = Array(repeating: -1, count: document.document.names.count)
    }

    mutating func outcome() -> Outcome {
        for root in roots() {
            enqueue([document.selectionSet(ofDefinition: root)], [.shape, .identity])
            while let work = waiting.popLast() {
                check(work)
                if let (first, second, difference) = conflict { return .conflicts(first, second, difference) }
                if stepsLeft < 0 { return .exhausted }
            }
        }
        return .merges
    }

    /// Definitions whose sets contain those of all others: operations, and fragments that no other definition spreads,
    /// or that only each other do.
    private func roots() -> [Int] {
        var isReached = [Bool](repeating: false, count: document.document.definitions.count)
        var isSpread = isReached
        for definition in document.fragments {
            for spread in document.spreads[definition] {
                if let target = document.selections[spread].fragment, target != definition { isSpread[target] = true }
            }
        }
        var roots: [Int] = []
        let ordered =
            document.operations + document.fragments.filter { !isSpread[$0] } + document.fragments.filter { isSpread[$0] }
        for definition in ordered where !isReached[definition] {
            roots.append(definition)
            isReached[definition] = true
            var stack = [definition]
            while let next = stack.popLast() {
                for spread in document.spreads[next] {
                    guard let target = document.selections[spread].fragment, !isReached[target] else { continue }
                    isReached[target] = true
                    stack.append(target)
                }
            }
        }
        return roots
    }

    /// Puts the fields that some selection sets have together in line, unless they were there before.
    private mutating func enqueue(_ sets: [SelectionSet], _ laws: Laws) {
        guard !sets.isEmpty else { return }
        var fields = collection.fields(of: sets, steps: &stepsLeft)
        guard !fields.isEmpty else { return }
        fields.sort()
        let work = Work(fields: fields, laws: laws)
        if hasSpreads, !seen.insert(work).inserted { return }
        waiting.append(work)
    }

    private mutating func check(_ work: Work) {
        for group in groups(of: work.fields) {
            guard group.count > 1 else {
                if let set = selectionSet(group[0]) { enqueue([set], work.laws) }
                continue
            }
            if work.laws.contains(.shape), let other = group.dropFirst().first(where: { !comparison.sameShape(group[0], $0) }) {
                conflict = (group[0], other, .type)
                return
            }
            let concrete = Set(group.compactMap(comparison.objectParent))
            if concrete.count <= 1 || !work.laws.contains(.identity) {
                if work.laws.contains(.identity) { requireIdentity(group) }
                enqueue(group.compactMap(selectionSet), work.laws)
                continue
            }
            if work.laws.contains(.shape) { enqueue(group.compactMap(selectionSet), .shape) }
            var byParent: [TypeID: [Int]] = [:]
            var abstract: [Int] = []
            for field in group {
                if let parent = comparison.objectParent(field) {
                    byParent[parent, default: []].append(field)
                } else {
                    abstract.append(field)
                }
            }
            requireIdentity(abstract)
            let abstractSets = abstract.compactMap(selectionSet)
            for (_, fields) in byParent where conflict == nil {
                requireIdentity(abstract.prefix(1) + fields)
                enqueue(abstractSets + fields.compactMap(selectionSet), .identity)
            }
        }
    }

    private mutating func requireIdentity(_ fields: [Int]) {
        guard conflict == nil, let first = fields.first else { return }
        for field in fields.dropFirst() {
            stepsLeft -= 1
            guard let difference = comparison.difference(first, field) else { continue }
            conflict = (first, field, difference)
            return
        }
    }

    private func selectionSet(_ field: Int) -> SelectionSet? {
        guard case .field(let node) = document.document.selections[field] else { return nil }
        return node.selectionSet
    }

    /// The fields by response name.
    private mutating func groups(of fields: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        var names: [NameID] = []
        for field in fields {
            guard case .field(let node) = document.document.selections[field] else { continue }
            let name = node.responseName
            if groupOfName[name.index] < 0 {
                groupOfName[name.index] = groups.count
                groups.append([field])
                names.append(name)
            } else {
                groups[groupOfName[name.index]].append(field)
            }
        }
        for name in names { groupOfName[name.index] = -1 }
        return groups
    }
}

extension TypedDocument {
    /// The selection set of an operation or fragment.
    func selectionSet(ofDefinition index: Int) -> SelectionSet {
        switch document.definitions[index] {
        case .operation(let operation): operation.selectionSet
        case .fragment(let fragment): fragment.selectionSet
        default: preconditionFailure("Only operations and fragments have selection sets.")
        }
    }
}

/// Gathers the fields of selection sets, through inline fragments and spread fragments, each fragment once.
struct FieldCollection {
    private let document: TypedDocument
    /// The collection in which a fragment was last spread.
    private var lastSpread: [Int]
    private var number = 0

    init(_ document: TypedDocument) {
        self.document = document
        lastSpread = Array(repeating: 0, count: document.document.definitions.count)
    }

    /// The selections that are fields, in the order they are met.
    mutating func fields(of sets: [SelectionSet], steps: inout Int) -> [Int] {
        number += 1
        var fields: [Int] = []
        var stack: [Range<Int>] = sets.reversed().map(\.selections.indices)
        while var run = stack.popLast() {
            while let index = run.first, steps >= 0 {
                run = run.dropFirst()
                steps -= 1
                let inner: SelectionSet
                switch document.document.selections[index] {
                case .field:
                    fields.append(index)
                    continue
                case .inlineFragment(let fragment): inner = fragment.selectionSet
                case .fragmentSpread:
                    guard let target = document.selections[index].fragment, lastSpread[target] != number else { continue }
                    lastSpread[target] = number
                    inner = document.fragment(target).selectionSet
                }
                stack.append(run)
                run = inner.selections.indices
            }
        }
        return fields
    }
}
