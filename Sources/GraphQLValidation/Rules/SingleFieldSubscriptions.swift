import GraphQLSyntax
import GraphQLTypes

/// A subscription selects exactly one field, unconditionally, and that is no introspection field.
package enum SingleFieldSubscriptions: ValidationRule {
    package static let name = "SingleFieldSubscriptionsRule"
    package static let section = "5.2.4.1 Single Root Field"

    package static func check(_ document: TypedDocument, into diagnostics: inout Diagnostics) {
        guard let root = document.schema.subscriptionType else { return }
        for index in document.operations {
            let operation = document.operation(index)
            guard operation.kind == .subscription else { continue }
            let collected = RootFields(of: operation, on: root, in: document)
            let subscription = operation.name.map { "The subscription '\(document[$0.id])'" } ?? "A subscription"
            guard collected.conditions.isEmpty else {
                diagnostics.report(
                    "\(subscription) cannot use '@skip' or '@include' on the field it selects.", at: collected.conditions)
                continue
            }
            guard let first = collected.groups.first else {
                diagnostics.report("\(subscription) must select one field.", at: operation.selectionSet.range)
                continue
            }
            if collected.groups.count > 1 {
                let others = collected.groups.dropFirst().flatMap { $0.map(\.range) }
                diagnostics.report(
                    "\(subscription) must select one field only; '\(document[first[0].responseName])' is the first.",
                    at: others)
            }
            for group in collected.groups where document[group[0].name.id].utf8.starts(with: "__".utf8) {
                diagnostics.report(
                    "\(subscription) cannot select the introspection field '\(document[group[0].name.id])'.",
                    at: group.map(\.range))
            }
        }
    }

    /// CollectSubscriptionFields. GraphQL §5.2.4.1
    private struct RootFields {
        /// Fields by response name, in the order they are met.
        var groups: [[Field]] = []
        /// The `@skip` and `@include` directives on the way.
        var conditions: [SourceRange] = []

        init(of operation: OperationDefinition, on root: TypeID, in document: TypedDocument) {
            var places: [NameID: Int] = [:]
            var spread: Set<NameID> = []
            var stack = Array(operation.selectionSet.selections.indices.reversed())
            while let index = stack.popLast() {
                let directives: Run<Directive>
                switch document.document.selections[index] {
                case .field(let field):
                    directives = field.directives
                    if let place = places[field.responseName] {
                        groups[place].append(field)
                    } else {
                        places[field.responseName] = groups.count
                        groups.append([field])
                    }
                case .inlineFragment(let fragment):
                    directives = fragment.directives
                    if fragment.typeCondition.map({ document.applies($0, to: root) }) ?? true {
                        stack += fragment.selectionSet.selections.indices.reversed()
                    }
                case .fragmentSpread(let node):
                    directives = node.directives
                    guard spread.insert(node.name.id).inserted, let target = document.fragmentIndex(named: node.name.id) else {
                        break
                    }
                    let fragment = document.fragment(target)
                    if document.applies(fragment.typeCondition, to: root) {
                        stack += fragment.selectionSet.selections.indices.reversed()
                    }
                }
                for directive in document[directives]
                where directive.name.id == .skip || directive.name.id == .include {
                    conditions.append(directive.range)
                }
            }
        }
    }
}

extension TypedDocument {
    /// Whether objects of a type are of the type that a condition names.
    fileprivate func applies(_ condition: Name, to type: TypeID) -> Bool {
        self.type(named: condition.id).map { schema.isSubtype(type, of: $0) } ?? false
    }
}
