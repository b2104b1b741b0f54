import Bytes

/// Builds a whole version out of columns, without cells, keys or a version before it: for generating and for bulk loads.
///
///     let builder = GraphBuilder(catalog: catalog)
///     let people = builder.table(person)
///     let names = people.texts(0)            // an appender a column, taken once
///     for … { _ = names.append(bytes) }      // row after row
///     let version = try builder.finish(number: 1, publishedAt: now)
///
/// References are row numbers: whoever appends rows knows where each one stands. Memory is that of the columns, and at the end
/// that of the largest edge once more. Not for sharing while it is filled, except that different tables may be filled by different
/// tasks.
package final class GraphBuilder {
    private let catalog: Catalog
    private let hash: KeyedHash
    private let tables: [TableBuilder]
    private let scratch: Scratch?

    /// - Parameter scratch: where columns, edges and indexes are put, which then need not fit the machine's memory; nil: on the heap. The
    ///   version keeps the room for as long as it is held.
    package init(catalog: Catalog, hash: KeyedHash = .ofProcess, in scratch: Scratch? = nil) {
        self.catalog = catalog
        self.hash = hash
        self.scratch = scratch
        tables = catalog.nodeTypes.enumerated().map { TableBuilder(NodeTypeID($0), $1, hash: hash, in: scratch) }
    }

    package func table(_ type: NodeTypeID) -> TableBuilder { tables[type.index] }

    /// The version of all rows. The builder is empty after, also where it throws.
    ///
    /// - Throws: `ChangeSetRefused`: values that are missing or out of range, references to rows that are not there, keys and unique
    ///   values that stand twice. A problem's row is the row's number.
    package func finish(
        number: UInt64, publishedAt: Instant, problemLimit: Int = 1_000
    ) throws(ChangeSetRefused) -> GraphVersion {
        let problems = ProblemList(limit: problemLimit)
        let rowCounts = tables.map(\.rowCount)
        var parts: [TableParts] = []
        for table in tables {
            if table.rowCount > GraphVersion.maximumRowCount {
                problems.report(.tooManyRows, type: table.type, row: GraphVersion.maximumRowCount)
                throw problems.refusal
            }
            let (columns, selfNumbered) = table.finish()
            var part = TableParts(
                rowCount: rowCounts[table.type.index], columns: columns, columnVersions: columns.map { _ in number },
                inverses: [], selfNumberedColumns: selfNumbered)
            part.scratch = scratch
            parts.append(part)
        }
        for (index, part) in parts.enumerated() {
            check(part, NodeTypeID(index), rowCounts, problems)
        }
        guard problems.count == 0 else { throw problems.refusal }
        for index in parts.indices {
            parts[index].inverses = catalog.nodeTypes[index].inverses.map { inverse in
                let column = parts[inverse.source.index].columns[inverse.column]
                return .counting(rowCount: parts[index].rowCount, version: number, in: scratch) { body in
                    if case .reference(let references) = column { return references.forEachValue { body($1, $0) } }
                    for row in 0..<RowNumber(truncatingIfNeeded: parts[inverse.source.index].rowCount) {
                        column.forEachReference(at: Int(row)) { body($0, row) }
                    }
                }
            }
        }
        let version = GraphVersion(
            number: number, publishedAt: publishedAt, catalog: catalog, parts: parts, hash: hash)
        for table in version.tables { table.reportRepetitions(catalog[table.type], to: problems) }
        guard problems.count == 0 else { throw problems.refusal }
        return version
    }

    /// Reports missing values, values of no meaning, and references to no row.
    private func check(_ part: TableParts, _ type: NodeTypeID, _ rowCounts: [Int], _ problems: ProblemList) {
        for (index, definition) in catalog[type].columns.enumerated() {
            let column = part.columns[index]
            if column.isWhole(definition, in: catalog, rowCounts) { continue }
            if !definition.isNullable {
                for row in 0..<part.rowCount where column.isNull(at: row) {
                    problems.report(.missingValue, type: type, row: row, column: index)
                }
            }
            if let target = definition.kind.target {
                for row in 0..<part.rowCount {
                    column.forEachReference(at: row) {
                        if Int($0) >= rowCounts[target.index] {
                            problems.report(.danglingReference, type: type, row: row, column: index)
                        }
                    }
                }
            } else {
                for row in 0..<part.rowCount where !column.isMeant(at: row, as: definition.kind, in: catalog) {
                    problems.report(.wrongKind, type: type, row: row, column: index)
                }
            }
        }
    }
}

extension Column {
    /// Whether a value is one that a change set could have brought.
    fileprivate func isMeant(at row: Int, as kind: ColumnKind, in catalog: Catalog) -> Bool {
        switch self {
        case .float(let column): column[row]?.isFinite ?? true
        case .date(let column): column[row].map { CivilDate(days: $0) != nil } ?? true
        case .dateTime(let column): column[row].map { Instant.range.contains(Instant(microseconds: $0)) } ?? true
        case .enumeration(let column):
            if case .enumeration(let id) = kind, let code = column[row] { Int(code) < catalog[id].values.count } else { true }
        case .enumerationList(let column):
            if case .enumerationList(let id) = kind {
                column.list(at: row).areAll { Int($0) < catalog[id].values.count }
            } else {
                true
            }
        default: true
        }
    }
}

extension Span<UInt16> {
    fileprivate func areAll(_ condition: (UInt16) -> Bool) -> Bool {
        for index in indices where !condition(self[index]) { return false }
        return true
    }
}

extension Table {
    /// Reports keys, unique values, and texts that were said to be distinct, where they stand twice.
    fileprivate func reportRepetitions(_ definition: NodeType, to problems: ProblemList) {
        for (index, column) in columns.enumerated() {
            guard case .string(let texts) = column, texts.dictionary.hasOwnNumbers else { continue }
            for (row, first) in texts.dictionary.firstRepetitions(limit: .max) {
                problems.report(
                    definition.key == [index] ? .duplicateKey(firstRow: Int(first)) : .notUnique, type: type, row: Int(row),
                    column: definition.key == [index] ? nil : index)
            }
        }
        for index in [keyIndex] + uniqueIndexes.keys.sorted().compactMap({ uniqueIndexes[$0] })
        where index.selfNamedCount == 0 {
            let isKey = index.columns == definition.key
            let stored = index.columns.map { columns[$0] }
            let repetitions = index.index.repetitions(limit: .max) { left, right in
                Lanes(of: Int(left), in: stored) == Lanes(of: Int(right), in: stored)
            }
            for (row, first) in repetitions {
                problems.report(
                    isKey ? .duplicateKey(firstRow: Int(first)) : .notUnique, type: type, row: Int(row),
                    column: isKey ? nil : index.columns[0])
            }
        }
    }
}

extension FixedWidthColumn {
    /// Calls with each row that has a value, and the value.
    fileprivate func forEachValue(_ body: (RowNumber, Element) -> Void) {
        for index in 0..<chunkCount {
            let chunk = chunk(index)
            let values = chunk.values
            for offset in values.indices where !chunk.isNull(at: offset) {
                body(RowNumber(truncatingIfNeeded: index << 16 | offset), values[offset])
            }
        }
    }

    /// Whether all values lie in a range; what stands under nulls, 0, counts too.
    fileprivate func lies(in range: ClosedRange<Element>) -> Bool where Element: FixedWidthInteger {
        for index in 0..<chunkCount {
            let chunk = chunk(index)
            let values = chunk.values
            var (lowest, highest) = (range.lowerBound, range.lowerBound)
            for offset in values.indices {
                lowest = Swift.min(lowest, values[offset])
                highest = Swift.max(highest, values[offset])
            }
            if lowest < range.lowerBound || highest > range.upperBound { return false }
        }
        return true
    }
}

extension Column {
    /// Whether a quick look already shows that no value is missing and every value means something.
    fileprivate func isWhole(_ definition: ColumnDefinition, in catalog: Catalog, _ rowCounts: [Int]) -> Bool {
        func hasAll(_ nullCount: Int) -> Bool { definition.isNullable || nullCount == 0 }
        switch self {
        case .int(let column): return hasAll(column.nullCount)
        case .decimal(let column, _): return hasAll(column.nullCount)
        case .string(let column): return hasAll(column.codes.nullCount)
        case .date(let column):
            return hasAll(column.nullCount) && column.lies(in: CivilDate.earliest.days...CivilDate.latest.days)
        case .enumeration(let column):
            guard case .enumeration(let id) = definition.kind, let last = UInt16(exactly: catalog[id].values.count - 1) else {
                return false
            }
            return hasAll(column.nullCount) && column.lies(in: 0...last)
        case .reference(let column):
            guard let target = definition.kind.target, let last = UInt32(exactly: rowCounts[target.index] - 1) else {
                return false
            }
            return hasAll(column.nullCount) && column.lies(in: 0...last)
        default: return false
        }
    }
}
