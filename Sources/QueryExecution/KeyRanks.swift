import Expressions
import Model
import StoreColumns
import Synchronization

/// Where each row of a type stands in an order: worked out once for a version, so that the next page costs its rows and not its
/// sort. The order of business keys by whoever first asks for a list in it; other orders by whoever turns a page, or asks for the same
/// again and again.
///
/// For one version and one set of parameters' values: keys may be derived fields, which read them.
package final class KeyRanks: Sendable {
    /// Larger tables are sorted anew each time: eight bytes a row are too much to keep for a guess.
    static let rowLimit = 4_000_000
    /// Orders by sort keys that are kept: those of the people who turn pages at the same time.
    static let orderLimit = 8

    enum Ranks: Sendable {
        /// Rows are numbered in the order, as a load from sorted files numbers them.
        case rowNumbers
        case ranked(RankedRows)

        var byteCount: Int {
            switch self {
            case .rowNumbers: 0
            case .ranked(let rows): rows.byteCount
            }
        }
    }

    /// Ranking a row costs about so much as passing it so many times.
    static let payingShare = 2
    /// The same by sort keys, whose values are computed, and of which there are many: lists by them have to have had so many more rows,
    /// and larger tables are ranked for whoever turns pages alone.
    static let sortPayingShare = 16
    static let sortRowLimit = 65_536

    /// What makes two orders of a version the same.
    struct OrderKey: Hashable, Sendable {
        var type: NodeTypeID
        var keys: [SortKey]
        /// Nil where no key reads it.
        var asOf: CivilDate?

        init(_ type: NodeTypeID, _ keys: [SortKey], asOf: CivilDate, in model: Model) {
            self.type = type
            self.keys = keys
            var reads = ReadSet()
            for key in keys { reads.add(key.expression, in: model.rowTypes) }
            self.asOf = reads.readsAsOf ? asOf : nil
        }

        var isOfBusinessKeys: Bool { keys.isEmpty }
    }

    private struct Entry: Sendable {
        var key: OrderKey
        var ranks: Kept<Ranks>
    }

    private let allowance: ByteAllowance
    private let known = Mutex<[NodeTypeID: Kept<Ranks>]>([:])
    /// How many rows lists by business key have had.
    private let asked = Mutex<[NodeTypeID: Int]>([:])
    /// By sort keys; the last one asked for comes last.
    private let orders = Mutex<[Entry]>([])

    /// For one version.
    /// - Parameter allowance: What may be kept, of this and of whatever shares it.
    package init(allowance: ByteAllowance = .unlimited) { self.allowance = allowance }

    /// - Parameter order: Of the key.
    /// - Returns: nil where the table is too large.
    func ranks(of table: Table, _ key: OrderKey, _ order: RowOrder) throws(EvaluationError) -> Ranks? {
        guard table.rowCount <= Self.rowLimit else { return nil }
        if let ranks = known(key) { return ranks }
        // Two threads that ask at once both work it out; the results are the same.
        let live = (0..<RowNumber(truncatingIfNeeded: table.rowCount)).filter { table.isLive($0) }
        let sorted = try order.sorted(live)
        let ranks = sorted == live ? Ranks.rowNumbers : .ranked(RankedRows(sorted, of: table.rowCount))
        keep(ranks, key)
        return ranks
    }

    /// Whether lists in the order of business keys have had so many rows that ranking the table would have cost less.
    func pays(asking count: Int, of table: Table, _ type: NodeTypeID) -> Bool {
        asked.withLock { asked in
            let all = asked[type, default: 0] + count
            asked[type] = all
            return all >= Self.payingShare * table.rowCount
        }
    }

    func known(_ key: OrderKey) -> Ranks? {
        if key.isOfBusinessKeys { return known.withLock { $0[key.type]?.value } }
        return orders.withLock { orders in
            guard let place = orders.lastIndex(where: { $0.key == key }) else { return nil }
            if place < orders.count - 1 { orders.append(orders.remove(at: place)) }
            return orders[orders.count - 1].ranks.value
        }
    }

    private func keep(_ ranks: Ranks, _ key: OrderKey) {
        guard let kept = Kept.make(ranks, byteCount: ranks.byteCount, allowance) else { return }
        guard !key.isOfBusinessKeys else { return known.withLock { $0[key.type] = kept } }
        // What is forgotten is released outside the lock.
        let forgotten: Entry? = orders.withLock { orders in
            let oldest = orders.count == Self.orderLimit ? orders.removeFirst() : nil
            orders.append(Entry(key: key, ranks: kept))
            return oldest
        }
        _ = forgotten
    }
}
