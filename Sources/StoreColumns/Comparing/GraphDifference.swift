/// What differs between two versions of one catalog, row by row; rows are the same row where their business keys are the
/// same.
///
/// Chunks whose memory both versions share are not looked at, so that the cost follows what was changed between two
/// versions of one line, and the size of the graph otherwise.
package struct GraphDifference: Sendable {
    package let old: GraphVersion
    package let new: GraphVersion
    /// By `NodeTypeID`.
    package let types: [TypeDifference]
    private let agreement: Agreement

    /// Compares two versions.
    /// - Parameter charge: told of rows before they are looked at, at most 65,536 at a time; what it throws ends the work.
    package init<Failure>(
        from old: GraphVersion, to new: GraphVersion, charge: (_ rows: Int) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(old.catalog == new.catalog, "versions are compared under one catalog")
        self.old = old
        self.new = new
        let agreement = Agreement(old, new)
        self.agreement = agreement
        var types: [TypeDifference] = []
        for index in old.catalog.nodeTypes.indices {
            types.append(try TypeComparison(NodeTypeID(index), agreement).compare(charge: charge))
        }
        self.types = types
    }

    /// The row of the new version that is a row of the old one; nil where there is none.
    package func counterpart(ofOld row: RowNumber, _ type: NodeTypeID) -> RowNumber? {
        if agreement.rowsAgree(type), old[type].isLive(row), new[type].isLive(row) { return row }
        return new.row(of: type, forKey: old.key(of: row, type: type))
    }

    /// The row of the old version that is a row of the new one; nil where there is none.
    package func counterpart(ofNew row: RowNumber, _ type: NodeTypeID) -> RowNumber? {
        if agreement.rowsAgree(type), old[type].isLive(row), new[type].isLive(row) { return row }
        return old.row(of: type, forKey: new.key(of: row, type: type))
    }

    /// Whether a column holds something else in a row of both versions.
    package func differs(_ column: Int, of type: NodeTypeID, _ pair: RowPair) -> Bool {
        !agreement.isSame(column, of: type, Int(pair.old), Int(pair.new))
    }
}

/// The rows of a type that differ, each list in the order of row numbers.
package struct TypeDifference: Sendable, Hashable {
    package internal(set) var type: NodeTypeID
    /// Rows of the newer version that the older one does not have.
    package internal(set) var added: [RowNumber] = []
    /// Rows of the older version that the newer one does not have.
    package internal(set) var removed: [RowNumber] = []
    /// Rows of both that hold something else in at least one column.
    package internal(set) var changed: [RowPair] = []

    package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
}

/// One row by its numbers in an older and a newer version.
package struct RowPair: Sendable, Hashable {
    package var old: RowNumber
    package var new: RowNumber
    package init(old: RowNumber, new: RowNumber) {
        self.old = old
        self.new = new
    }
}
