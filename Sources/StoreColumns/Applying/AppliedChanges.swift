/// A change set as it came out: the version it makes, and what its rows are there.
package struct AppliedChanges: Sendable {
    package let version: GraphVersion
    /// What they were applied to.
    package let base: GraphVersion
    /// By entry of `ChangeSet.types`, by row of it. Empty for an entry without columns.
    package let rows: [[AppliedRow]]
}

/// A row of a change set in the version that was made.
package struct AppliedRow: Sendable, Hashable {
    package enum Effect: Sendable, Hashable { case added, changed, unchanged }
    package var row: RowNumber
    package var effect: Effect
}

extension GraphVersion {
    /// As `applying`, and tells what became of each row.
    package func applied(
        _ changes: ChangeSet, number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000
    ) throws(ChangeSetRefused) -> AppliedChanges {
        precondition(number > self.number, "versions count up")
        let (staging, version) = try staged(changes, number: number, publishedAt: publishedAt, problemLimit: problemLimit)
        let agreement = Agreement(inOneLine: self, version)
        var entries: [NodeTypeID: Int] = [:]
        let rows = changes.types.map { type -> [AppliedRow] in
            guard !type.columns.isEmpty else { return [] }
            let entry = entries[type.type, default: 0]
            entries[type.type] = entry + 1
            let old = self[type.type]
            return staging.table(type.type).entries[entry].rows.compactMap { row in
                guard let row else { return nil }
                guard Int(row) < old.rowCount else { return AppliedRow(row: row, effect: .added) }
                let isSame = type.columns.allSatisfy { agreement.isSame($0, of: type.type, Int(row), Int(row)) }
                return AppliedRow(row: row, effect: isSame ? .unchanged : .changed)
            }
        }
        return AppliedChanges(version: version, base: self, rows: rows)
    }

    func staged(
        _ changes: ChangeSet, number: UInt64, publishedAt: Instant, problemLimit: Int
    ) throws(ChangeSetRefused) -> (Staging, GraphVersion) {
        precondition(isWhole, "what nobody sees stays when a version is changed, so a whole one is")
        let staging = Staging(changes, to: self, number: number, problemLimit: problemLimit)
        staging.markDeleted(changes)
        staging.assignRows()
        staging.writeColumns()
        staging.checkUniqueness()
        staging.checkDeletes()
        guard staging.problems.count == 0 else { throw staging.problems.refusal }
        let version = GraphVersion(
            number: number, publishedAt: publishedAt, catalog: catalog, tables: staging.finish(), hash: hash,
            rowLimit: rowLimit)
        return (staging, version)
    }

    /// The same version with other contents: number and time stay. For erasing what must not have been known; nobody else
    /// changes what was published.
    ///
    /// What the changes take away can still lie in this process's memory, in dictionaries that both share. A snapshot of the
    /// result does not hold it.
    package func rewritten(by changes: ChangeSet, problemLimit: Int = 1_000) throws(ChangeSetRefused) -> GraphVersion {
        try staged(changes, number: number, publishedAt: publishedAt, problemLimit: problemLimit).1
    }
}
