import StoreColumns

/// The rows of a type by the bytes of their keys' text.
///
/// Rows that came from such a file stand in that order already; that is found out in one pass, and costs nothing further. Of others
/// the first bytes in which keys differ are sorted, then those that are equal so far among themselves: sixteen bytes a row.
enum RowOrder {
    /// - Returns: Nil where the order is that of the rows' numbers.
    static func rows(of type: NodeTypeID, _ source: RowTextSource) -> [RowNumber]? {
        let table = source.version[type]
        guard let shared = sharedByteCount(table, source) else { return nil }
        var entries: [(lead: UInt64, row: RowNumber)] = []
        entries.reserveCapacity(table.liveRowCount)
        var key: [UInt8] = []
        for row in 0..<RowNumber(truncatingIfNeeded: table.rowCount) where table.isLive(row) {
            key.removeAll(keepingCapacity: true)
            source.appendKey(of: row, type, to: &key)
            entries.append((lead(of: key, from: shared), row))
        }
        entries.sort { ($0.lead, $0.row) < ($1.lead, $1.row) }
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end].lead == entries[start].lead { end += 1 }
            if end - start > 1 {
                let sorted = entries[start..<end].map { entry in
                    var key: [UInt8] = []
                    source.appendKey(of: entry.row, type, to: &key)
                    return (key: key, entry: entry)
                }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                for (place, one) in sorted.enumerated() { entries[start + place] = one.entry }
            }
            start = end
        }
        return entries.map(\.row)
    }

    /// With how many equal bytes all keys begin; nil where the rows are in order.
    private static func sharedByteCount(_ table: Table, _ source: RowTextSource) -> Int? {
        var first: [UInt8]?
        var before: [UInt8] = []
        var key: [UInt8] = []
        var shared = 0
        var isAscending = true
        for row in 0..<RowNumber(truncatingIfNeeded: table.rowCount) where table.isLive(row) {
            key.removeAll(keepingCapacity: true)
            source.appendKey(of: row, table.type, to: &key)
            if let first {
                shared = min(shared, key.count)
                while shared > 0, !key[..<shared].elementsEqual(first[..<shared]) { shared -= 1 }
                if isAscending, key.lexicographicallyPrecedes(before) { isAscending = false }
                // Nothing more can be learned.
                if !isAscending, shared == 0 { return 0 }
            } else {
                (first, shared) = (key, key.count)
            }
            swap(&before, &key)
        }
        return isAscending ? nil : shared
    }

    /// Eight bytes as a number that sorts as they do.
    private static func lead(of key: [UInt8], from start: Int) -> UInt64 {
        var lead: UInt64 = 0
        for place in start..<start + 8 { lead = lead << 8 | (place < key.count ? UInt64(key[place]) : 0) }
        return lead
    }
}
