import StoreColumns

/// Rows by the text of their keys.
struct KeyTable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = [0]
    private var rows: [RowNumber] = []
    /// Positions among the rows; -1 where a slot is free.
    private var slots = [Int32](repeating: -1, count: 64)

    var count: Int { rows.count }

    /// FNV-1a, mixed: keys are ours, nobody chooses them.
    private static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in text.indices { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01B3 }
        return CounterRandom.mixed(hash)
    }

    private func slot(of text: Span<UInt8>) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: Self.hash(text)) & mask
        while slots[place] >= 0 {
            if isText(Int(slots[place]), text) { return place }
            place = (place + 1) & mask
        }
        return place
    }

    private func isText(_ position: Int, _ text: Span<UInt8>) -> Bool {
        let start = ends[position]
        guard ends[position + 1] - start == text.count else { return false }
        for index in text.indices where bytes[start + index] != text[index] { return false }
        return true
    }

    func row(_ text: Span<UInt8>) -> RowNumber? {
        let place = slots[slot(of: text)]
        return place < 0 ? nil : rows[Int(place)]
    }

    /// - Returns: false for a key that is there.
    mutating func insert(_ text: Span<UInt8>, _ row: RowNumber) -> Bool {
        if (rows.count + 1) * 2 > slots.count { grow() }
        let place = slot(of: text)
        guard slots[place] < 0 else { return false }
        slots[place] = Int32(truncatingIfNeeded: rows.count)
        for index in text.indices { bytes.append(text[index]) }
        ends.append(bytes.count)
        rows.append(row)
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        let bytes = bytes
        let all = bytes.span
        for position in rows.indices {
            let place = slot(of: all.extracting(ends[position]..<ends[position + 1]))
            slots[place] = Int32(truncatingIfNeeded: position)
        }
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        ends.append(0)
        rows.removeAll(keepingCapacity: true)
        for index in slots.indices { slots[index] = -1 }
    }

    /// Takes over all keys of another table; those that are there stay.
    mutating func insertAll(_ other: KeyTable) {
        let all = other.bytes.span
        for position in other.rows.indices {
            _ = insert(all.extracting(other.ends[position]..<other.ends[position + 1]), other.rows[position])
        }
    }
}
