import StoreColumns

/// The rows of the least leads, and all that tie with the last of them.
struct LeastLeads: Sendable {
    private var kept: [(lead: UInt128, row: RowNumber)] = []
    private var bound = UInt128.max
    private var room: Int
    private let limit: Int
    /// So many rows tie that the others are hardly fewer than all.
    private(set) var isOverfull = false

    /// Two megabytes.
    private static let roomLimit = 1 << 16

    init(_ limit: Int) {
        self.limit = limit
        room = max(2 * limit, 256)
    }

    @inline(__always)
    mutating func offer(_ row: RowNumber, _ lead: UInt128) {
        guard lead <= bound, !isOverfull else { return }
        kept.append((lead, row))
        if kept.count == room { cut() }
    }

    /// What another one, of other rows, has kept.
    mutating func offer(_ other: LeastLeads) {
        for (lead, row) in other.kept { offer(row, lead) }
        if other.isOverfull { isOverfull = true }
    }

    private mutating func cut() {
        kept.sort { ($0.lead, $0.row) < ($1.lead, $1.row) }
        bound = kept[limit - 1].lead
        kept.removeLast(kept.count - (kept.firstIndex { $0.lead > bound } ?? kept.count))
        // Rows that tie are all kept: more of them need more room.
        if kept.count > room / 2 { room *= 2 }
        isOverfull = room > max(Self.roomLimit, 16 * limit)
    }

    var rows: [RowNumber] { kept.map(\.row) }
}
