import Bytes

extension Column {
    /// Whether a value is one that a change set could have brought.
    func isMeant(at row: Int, as kind: ColumnKind, in catalog: Catalog) -> Bool {
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

extension BooleanColumn {
    /// Rows without a value.
    fileprivate var nullCount: Int {
        var valueCount = 0
        for chunk in chunks {
            let words = chunk.validity.span
            for index in words.indices { valueCount += words[index].nonzeroBitCount }
        }
        return rowCount - valueCount
    }
}

extension ListColumn where Element: FixedWidthInteger {
    /// Whether no row is null, unless that is allowed, and all elements are below a limit.
    fileprivate func isWhole(isNullable: Bool, below limit: Int) -> Bool {
        for chunk in chunks {
            if !isNullable, chunk.validityWords.count != 0 { return false }
            let elements = chunk.elements.span
            var highest: Element = 0
            for index in elements.indices { highest = Swift.max(highest, elements[index]) }
            if elements.count > 0, Int(highest) >= limit { return false }
        }
        return true
    }
}

extension FixedWidthColumn {
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
    func isWhole(_ definition: ColumnDefinition, in catalog: Catalog, _ rowCounts: [Int]) -> Bool {
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
        case .boolean(let column): return definition.isNullable || column.nullCount == 0
        case .referenceList(let column):
            return definition.kind.target.map { column.isWhole(isNullable: definition.isNullable, below: rowCounts[$0.index]) }
                ?? false
        case .enumerationList(let column):
            guard case .enumerationList(let id) = definition.kind else { return false }
            return column.isWhole(isNullable: definition.isNullable, below: catalog[id].values.count)
        case .float, .dateTime: return false
        }
    }
}

extension Column {
    /// Calls with each reference of a column: the row that is named, and the row that names it, ascending. A row that a list names twice
    /// comes once.
    func forEachReference(_ body: (RowNumber, RowNumber) -> Void) {
        switch self {
        case .reference(let column):
            for index in 0..<column.chunkCount {
                let chunk = column.chunk(index)
                let values = chunk.values
                let first = RowNumber(truncatingIfNeeded: index << 16)
                if chunk.nullCount == 0 {
                    for offset in values.indices { body(values[offset], first | RowNumber(truncatingIfNeeded: offset)) }
                } else {
                    for offset in values.indices where !chunk.isNull(at: offset) {
                        body(values[offset], first | RowNumber(truncatingIfNeeded: offset))
                    }
                }
            }
        case .referenceList(let column):
            for (index, chunk) in column.chunks.enumerated() {
                let (offsets, elements) = (chunk.offsets.span, chunk.elements.span)
                let first = RowNumber(truncatingIfNeeded: index << 16)
                for offset in 0..<offsets.count - 1 {
                    let (start, end) = (Int(offsets[offset]), Int(offsets[offset + 1]))
                    let row = first | RowNumber(truncatingIfNeeded: offset)
                    if end == start + 1 {
                        body(elements[start], row)
                    } else if end > start {
                        forEachReference(at: Int(row)) { body($0, row) }
                    }
                }
            }
        default: break
        }
    }
}
