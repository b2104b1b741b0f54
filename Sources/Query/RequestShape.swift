import GraphQLSyntax
import QueryExecution

/// What a document would cost before anyone looks at what it means: counted in one pass over each definition, fragments once
/// each, without recursion. Runs before validation, so it trusts nothing.
struct RequestShape {
    private struct Totals {
        /// Fields inside fields.
        var depth = 0
        var aliases = 0
    }

    private let document: Document
    private var fragments: [NameID: FragmentDefinition] = [:]
    private var totals: [NameID: Totals] = [:]

    private init(_ document: Document) {
        self.document = document
        for case .fragment(let fragment) in document.definitions { fragments[fragment.name.id] = fragment }
    }

    /// The first limit that the document exceeds, with where; nil where it keeps them all.
    ///
    /// Fragments that contain themselves, directly or not, are left to validation, which refuses them.
    static func firstExcess(
        in document: Document, limits: QueryLimits
    ) -> (limit: QueryLimitName, maximum: Int, found: Int, range: SourceRange?)? {
        var operations: [OperationDefinition] = []
        for case .operation(let operation) in document.definitions { operations.append(operation) }
        if operations.count > limits.operations {
            return (.operations, limits.operations, operations.count, operations[limits.operations].range)
        }
        if document.variables.count > limits.variables {
            return (.variables, limits.variables, document.variables.count, document.variables[limits.variables].range)
        }
        if document.directives.count > limits.directives {
            return (.directives, limits.directives, document.directives.count, document.directives[limits.directives].range)
        }
        if let run = crowdedPlace(in: document, limits: limits) {
            return (.directivesPerLocation, limits.directivesPerLocation, Int(run.count), document[run].first?.range)
        }
        var shape = RequestShape(document)
        guard let order = shape.fragmentsInnermostFirst() else { return nil }
        for name in order {
            guard let fragment = shape.fragments[name] else { continue }
            shape.totals[name] = shape.count(fragment.selectionSet)
        }
        for operation in operations {
            let totals = shape.count(operation.selectionSet)
            if totals.depth > limits.selectionDepth {
                return (.selectionDepth, limits.selectionDepth, totals.depth, operation.range)
            }
            if totals.aliases > limits.aliases { return (.aliases, limits.aliases, totals.aliases, operation.range) }
            let rootFields = shape.responseNames(operation.selectionSet)
            if rootFields > limits.rootFields { return (.rootFields, limits.rootFields, rootFields, operation.range) }
        }
        return nil
    }

    // MARK: - Directives

    private static func crowdedPlace(in document: Document, limits: QueryLimits) -> Run<Directive>? {
        func isCrowded(_ run: Run<Directive>) -> Bool { Int(run.count) > limits.directivesPerLocation }
        for selection in document.selections {
            let run =
                switch selection {
                case .field(let field): field.directives
                case .fragmentSpread(let spread): spread.directives
                case .inlineFragment(let fragment): fragment.directives
                }
            if isCrowded(run) { return run }
        }
        for variable in document.variables where isCrowded(variable.directives) { return variable.directives }
        for definition in document.definitions {
            switch definition {
            case .operation(let operation): if isCrowded(operation.directives) { return operation.directives }
            case .fragment(let fragment): if isCrowded(fragment.directives) { return fragment.directives }
            default: break
            }
        }
        return nil
    }

    // MARK: - Fragments

    /// The fragments, each after those it spreads; nil where one contains itself.
    private func fragmentsInnermostFirst() -> [NameID]? {
        var waiting: [NameID: Int] = [:]
        var users: [NameID: [NameID]] = [:]
        for (name, fragment) in fragments {
            let spreads = spreads(in: fragment.selectionSet).filter { fragments[$0] != nil }
            waiting[name] = spreads.count
            for spread in spreads { users[spread, default: []].append(name) }
        }
        var order = waiting.filter { $0.value == 0 }.map(\.key)
        var next = 0
        while next < order.count {
            for user in users[order[next]] ?? [] {
                guard let rest = waiting[user] else { continue }
                waiting[user] = rest - 1
                if rest == 1 { order.append(user) }
            }
            next += 1
        }
        return order.count == fragments.count ? order : nil
    }

    /// The fragments spread somewhere inside, each once.
    private func spreads(in set: SelectionSet) -> Set<NameID> {
        var found: Set<NameID> = []
        walk(set) { selection, _ in
            if case .fragmentSpread(let spread) = selection { found.insert(spread.name.id) }
        }
        return found
    }

    // MARK: - Counting

    private func count(_ set: SelectionSet) -> Totals {
        var totals = Totals()
        walk(set) { selection, depth in
            switch selection {
            case .field(let field):
                totals.depth = max(totals.depth, depth + 1)
                if field.alias != nil { totals.aliases = Self.sum(totals.aliases, 1) }
            case .fragmentSpread(let spread):
                guard let inner = self.totals[spread.name.id] else { return }
                totals.depth = max(totals.depth, depth + inner.depth)
                totals.aliases = Self.sum(totals.aliases, inner.aliases)
            case .inlineFragment: break
            }
        }
        return totals
    }

    /// Distinct response names at the root, each fragment entered once.
    private func responseNames(_ set: SelectionSet) -> Int {
        var names: Set<NameID> = []
        var visited: Set<NameID> = []
        var open = [set]
        while let set = open.popLast() {
            for selection in document[set.selections] {
                switch selection {
                case .field(let field): names.insert(field.responseName)
                case .inlineFragment(let fragment): open.append(fragment.selectionSet)
                case .fragmentSpread(let spread):
                    if visited.insert(spread.name.id).inserted, let fragment = fragments[spread.name.id] {
                        open.append(fragment.selectionSet)
                    }
                }
            }
        }
        return names.count
    }

    /// Every selection inside, with the number of fields around it. Does not enter spreads.
    private func walk(_ set: SelectionSet, _ visit: (Selection, Int) -> Void) {
        var open = [(set, 0)]
        while let (set, depth) = open.popLast() {
            for selection in document[set.selections] {
                visit(selection, depth)
                switch selection {
                case .field(let field): if let inner = field.selectionSet { open.append((inner, depth + 1)) }
                case .inlineFragment(let fragment): open.append((fragment.selectionSet, depth))
                case .fragmentSpread: break
                }
            }
        }
    }

    /// Spreads inside spreads multiply; the sum stops where it would overflow.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? Int.max : sum
    }
}
