import Bytes
import Synchronization

extension GraphVersion {
    /// What makes a version a seen one.
    final class Seeing: Sendable {
        let whole: GraphVersion
        let given: VisibleRows
        /// By `NodeTypeID`; nil where every row is seen.
        let rows: [SeenRows?]
        fileprivate let bytes: SeenBytes

        var number: UInt64 { whole.number }

        fileprivate init(whole: GraphVersion, given: VisibleRows, rows: [SeenRows?], bytes: SeenBytes) {
            self.whole = whole
            self.given = given
            self.rows = rows
            self.bytes = bytes
        }
    }

    /// What seen parts that were made take.
    fileprivate final class SeenBytes: Sendable {
        let count: Atomic<Int>
        init(_ count: Int) { self.count = Atomic(count) }
    }

    /// The version with all its rows, of which this is the part that somebody sees; itself where it is whole. Number, columns and row
    /// numbers are the same in both.
    package var whole: GraphVersion { seeing?.whole ?? self }
    package var isWhole: Bool { seeing == nil }
    /// What restricts it; nil where it is whole.
    package var visibleRows: VisibleRows? { seeing?.given }

    /// The memory that this takes beside the whole version: grows as edges and columns are first read.
    package var seenByteCount: Int { seeing?.bytes.count.load(ordering: .relaxed) ?? 0 }

    /// The version as somebody sees it: rows that are hidden do not exist in it, by no key, in no edge and in no count.
    ///
    /// Hidden is what a rule does not leave, and every row that requires a hidden one: whose reference that may not be null leads there.
    /// References that may be null read as null where they lead to a hidden row; lists of references and edges are without them.
    /// What is not touched is shared: an edge of which each row is seen if and only if its owner is, a column no seen row of which names
    /// a hidden one.
    ///
    /// Cost: of the rows seen, where they are few and edges lead from one to the next; a pass over the references of a type otherwise.
    /// Edges and columns that lose something are made when they are first read.
    /// - Parameter earlier: a seen version of the same line: types of which nothing has changed since take its rows over.
    package func seen(_ rows: VisibleRows, after earlier: GraphVersion? = nil) -> GraphVersion {
        let whole = whole
        let closure = SeenClosure(rows, of: whole, after: earlier?.seeing)
        let bytes = SeenBytes(closure.seen.reduce(0) { $0 + ($1?.byteCount ?? 0) })
        let tables = whole.tables.map { $0.seen(closure.seen, in: whole, bytes) }
        return GraphVersion(
            number: number, publishedAt: publishedAt, catalog: catalog, tables: tables, hash: hash, rowLimit: rowLimit,
            seeing: Seeing(whole: whole, given: rows, rows: closure.seen, bytes: bytes))
    }
}

extension Table {
    /// What of a table is made anew for a seen version.
    private struct Filters: Sendable {
        /// By part: columns, then edges. Nil where it is the table's own.
        var parts: [Filter?]
    }

    private enum Filter: Sendable {
        case column(targets: SeenRows)
        case edge(sources: SeenRows, table: Table, column: Int)
    }

    /// The table as it is seen; itself where nothing of it is hidden.
    fileprivate func seen(_ seen: [SeenRows?], in version: GraphVersion, _ bytes: GraphVersion.SeenBytes) -> Table {
        let definition = version.catalog[type]
        let required = Set(definition.requiredReferences)
        let columns = definition.columns.enumerated().map { index, column -> Filter? in
            guard let target = column.kind.target, !required.contains(index) else { return nil }
            return seen[target.index].map { .column(targets: $0) }
        }
        let edges = definition.inverses.map { inverse -> Filter? in
            guard let sources = seen[inverse.source.index], sources.follows != inverse.column else { return nil }
            return .edge(sources: sources, table: version[inverse.source], column: inverse.column)
        }
        let parts = columns + edges
        let own = seen[type.index]
        let isFiltered = parts.contains { $0 != nil }
        if own == nil, !isFiltered { return self }
        let late = !isFiltered && lateParts.isEmpty ? nil : lateParts(Filters(parts: parts), own, bytes)
        return Table(
            type: type, rowCount: rowCount, live: own?.live ?? live, columns: heldColumns, columnVersions: columnVersions,
            inverses: heldInverses, keyIndex: keyIndex, uniqueIndexes: uniqueIndexes, hash: hash, late: late,
            lateParts: late == nil
                ? [] : parts.indices.map { parts[$0] != nil || !lateParts.isEmpty && lateParts[$0] },
            fewRows: own?.few)
    }

    /// Columns and edges of this table, filtered when they are first read.
    private func lateParts(_ filters: Filters, _ own: SeenRows?, _ bytes: GraphVersion.SeenBytes) -> LateColumns {
        let columnCount = heldColumns.count
        return LateColumns(partCount: filters.parts.count) { part in
            switch filters.parts[part] {
            case .column(let targets)?:
                let column = self.column(part)
                let made = column.seeing(targets, in: own, rowCount: self.rowCount)
                bytes.count.add(made.byteCount(besides: column), ordering: .relaxed)
                return .column(made)
            case .edge(let sources, let table, let column)?:
                let edge = self.inverse(part - columnCount)
                let made = edge.seeing(sources, by: table.column(column), from: own, rowCount: self.rowCount)
                bytes.count.add(made.byteCount(besides: edge), ordering: .relaxed)
                return .edge(made)
            case nil: return part < columnCount ? .column(self.column(part)) : .edge(self.inverse(part - columnCount))
            }
        }
    }
}

extension Adjacency {
    /// What it holds that another does not.
    fileprivate func byteCount(besides other: Adjacency) -> Int {
        chunks.indices.reduce(0) { sum, index in
            let chunk = chunks[index]
            if index < other.chunks.count, chunk.offsets.sharesStorage(with: other.chunks[index].offsets) { return sum }
            return sum + chunk.offsets.count * 4 + chunk.targets.count * 4 + (chunk.patch?.byteCount ?? 0)
        }
    }
}

extension Column {
    /// What it holds that another of the same kind does not.
    fileprivate func byteCount(besides other: Column) -> Int {
        switch (self, other) {
        case (.reference(let column), .reference(let base)):
            column.chunks.indices.reduce(0) { sum, index in
                let chunk = column.chunks[index]
                return chunk.elements.sharesStorage(with: base.chunks[index].elements)
                    ? sum : sum + chunk.count * 4 + chunk.validityWords.count * 8
            }
        case (.referenceList(let column), .referenceList(let base)):
            column.chunks.indices.reduce(0) { sum, index in
                let chunk = column.chunks[index]
                return chunk.offsets.sharesStorage(with: base.chunks[index].offsets)
                    ? sum : sum + chunk.offsets.count * 4 + chunk.elements.count * 4 + chunk.validityWords.count * 8
            }
        default: 0
        }
    }
}
