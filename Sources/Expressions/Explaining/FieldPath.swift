import StoreColumns

/// How a field is reached from a row: through to-one edges, each step by its place in `RowType.fields`.
package struct FieldPath: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        package var type: NodeTypeID
        package var position: Int
    }

    /// The row variable that it begins at.
    package var variable: Int
    /// Empty: the row itself.
    package var steps: [Step]

    /// `place.code`
    package func text(in rowTypes: RowTypes) -> String {
        steps.map { rowTypes[$0.type].fields[$0.position].name }.joined(separator: ".")
    }
}

extension Expression {
    /// The fields that it names, where it is nothing but a path of fields; also of what it counts or filters.
    package func fieldPath(in rowTypes: RowTypes) -> FieldPath? {
        func path(_ row: Expression, _ matches: (FieldSource) -> Bool) -> FieldPath? {
            guard case .row(let type) = row.type, let position = rowTypes[type].fields.firstIndex(where: { matches($0.source) }),
                var path = row.fieldPath(in: rowTypes)
            else { return nil }
            path.steps.append(.init(type: type, position: position))
            return path
        }
        switch self {
        case .variable(let variable, _): return FieldPath(variable: variable, steps: [])
        case .follow(let row, let edge):
            return path(row) { source in
                guard case .toOne(let own, _) = source else { return false }
                return own == edge || own.lookup != nil && own.lookup == edge.lookup
            }
        case .rows(let row, let edge):
            return path(row) { source in
                guard case .toMany(let own, _) = source else { return false }
                return own == edge || own.lookup != nil && own.lookup == edge.lookup
            }
        case .column(let row, let column, _):
            if case .follow(let inner, .valid(let lookup, _)) = row,
                let found = path(
                    inner,
                    { source in
                        guard case .validColumn(let own, column, _) = source else { return false }
                        return own.readsSameRow(as: lookup)
                    })
            {
                return found
            }
            return path(row) { source in
                if case .column(column, _) = source { true } else { false }
            }
        case .derived(let row, let id, _):
            return path(row) { source in
                if case .derived(id, _) = source { true } else { false }
            }
        case .filter(let set, _, _), .optional(let set): return set.fieldPath(in: rowTypes)
        default: return nil
        }
    }
}

extension ToOneEdge {
    fileprivate var lookup: ValidLookup? {
        if case .valid(let lookup, _) = self { lookup } else { nil }
    }
}

extension ToManyEdge {
    fileprivate var lookup: ValidLookup? {
        if case .valid(let lookup, _) = self { lookup } else { nil }
    }
}

extension ValidLookup {
    /// Whether both find the same dated row, wherever they would go on to.
    fileprivate func readsSameRow(as other: ValidLookup) -> Bool {
        (inverse, periodType, fromColumn, toColumn) == (other.inverse, other.periodType, other.fromColumn, other.toColumn)
    }
}
