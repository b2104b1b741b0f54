import Expressions
import StoreColumns

extension FieldSource {
    /// The value of a leaf field of a row.
    ///
    /// - Parameter date: The date that a dated field is read on; nil: the as-of date.
    /// - Returns: nil for an edge.
    package func value(of row: Expression, on date: CivilDate? = nil) -> Expression? {
        switch self {
        case .column(let column, let type): .column(of: row, column: column, type)
        case .validColumn(let lookup, let column, let type):
            // The dated row itself holds the column, whatever the look-up would go on to.
            .column(of: .follow(row, .valid(lookup.toDatedRow, on: date)), column: column, type)
        case .derived(let id, let type): .derived(of: row, id, type)
        case .toOne, .toMany: nil
        }
    }

    /// What of a row figures are made of: a value, or the row that an edge leads to.
    /// - Returns: nil for an edge to many rows.
    package func element(of row: Expression) -> Expression? {
        if case .toOne(let edge, _) = self { return .follow(row, edge) }
        return value(of: row)
    }
}

extension ValidLookup {
    /// The look-up that ends at the dated row itself.
    package var toDatedRow: ValidLookup {
        var lookup = self
        lookup.thenReference = nil
        lookup.target = periodType
        return lookup
    }
}

extension ToOneEdge {
    /// The edge read on another date than the as-of date, where it is dated.
    package func on(_ date: CivilDate?) -> ToOneEdge {
        guard case .valid(let lookup, _) = self, date != nil else { return self }
        return .valid(lookup, on: date)
    }
}

extension ToManyEdge {
    /// The edge read on another date than the as-of date, where it is dated.
    package func on(_ date: CivilDate?) -> ToManyEdge {
        guard case .valid(let lookup, _) = self, date != nil else { return self }
        return .valid(lookup, on: date)
    }
}
