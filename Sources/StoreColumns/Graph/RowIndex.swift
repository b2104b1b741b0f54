/// Rows by the values of some columns: a hash table that holds row numbers and compares what the rows hold, so that it
/// costs four bytes and a half-full table a row.
///
/// A large shared base, and the rows that came since; joined when those grow.
struct RowIndex: Sendable {
    let columns: [Int]
    private let base: Base
    private let recent: [Lanes: RowNumber]

    private struct Base: Sendable {
        /// Row + 1, or 0 for a free slot; a power of two of them, at most half full.
        var slots: [UInt32]
        /// Rows from here on are not in the base.
        var rowCount: Int
    }

    init(columns: [Int]) {
        self.columns = columns
        base = Base(slots: [], rowCount: 0)
        recent = [:]
    }

    private init(columns: [Int], base: Base, recent: [Lanes: RowNumber]) {
        self.columns = columns
        self.base = base
        self.recent = recent
    }

    /// The newest row that holds these lanes, live or not; nil where none does.
    /// - Parameter stored: the index's columns of the table, in its order.
    func row(_ lanes: Lanes, in stored: [Column]) -> RowNumber? {
        if let row = recent[lanes] { return row }
        guard !base.slots.isEmpty else { return nil }
        let mask = base.slots.count - 1
        var slot = RowIndex.hash(lanes) & mask
        while base.slots[slot] != 0 {
            let row = base.slots[slot] - 1
            if RowIndex.lanes(of: Int(row), in: stored) == lanes { return row }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The lanes of a row; nil if one of its values is null.
    static func lanes(of row: Int, in stored: [Column]) -> Lanes? {
        var lanes = Lanes()
        for (index, column) in stored.enumerated() {
            guard let lane = column.lane(at: row) else { return nil }
            lanes[index] = lane
        }
        return lanes
    }

    private static func hash(_ lanes: Lanes) -> Int {
        // Swift seeds this for each process.
        lanes.hashValue & Int.max
    }

    /// With rows added whose lanes no live row holds. Rebuilt where the additions are many.
    func adding(_ rows: [(Lanes, RowNumber)], in stored: [Column], rowCount: Int) -> RowIndex {
        guard !rows.isEmpty else { return self }
        if recent.count + rows.count <= max(1_024, base.rowCount / 8) {
            return RowIndex(columns: columns, base: base, recent: recent.merging(rows.map { ($0, $1) }) { $1 })
        }
        var slots = [UInt32](repeating: 0, count: 16)
        var size = 16
        while size < rowCount * 2 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        let mask = size - 1
        // The newest row with some lanes is found first: older ones with the same are dead.
        for row in stride(from: rowCount - 1, through: 0, by: -1) {
            guard let lanes = RowIndex.lanes(of: row, in: stored) else { continue }
            var slot = RowIndex.hash(lanes) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(row) + 1
        }
        return RowIndex(columns: columns, base: Base(slots: slots, rowCount: rowCount), recent: [:])
    }
}
