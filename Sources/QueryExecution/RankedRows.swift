import Expressions
import StoreColumns

/// The live rows of a type in an order, and where each stands in it: so that a page of a list is found without sorting the list.
struct RankedRows: Sendable {
    /// In the order.
    private let rows: [RowNumber]
    /// By row number; dead rows stand behind all others.
    private let places: [UInt32]

    /// - Parameters:
    ///   - rows: In the order.
    ///   - rowCount: Of the table, dead rows with the others.
    init(_ rows: [RowNumber], of rowCount: Int) {
        self.rows = rows
        var places = [UInt32](repeating: .max, count: rowCount)
        for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(truncatingIfNeeded: place) }
        self.places = places
    }

    var byteCount: Int { rows.count * MemoryLayout<RowNumber>.stride + places.count * MemoryLayout<UInt32>.stride }

    /// Whether so many rows of a set are met sooner on a walk along the order than they are picked from the set: where a walk of a page
    /// passes no more rows than the set has.
    func isWalked(for limit: Int, of setCount: Int) -> Bool {
        setCount > 0 && limit <= setCount / max(1, rows.count / setCount)
    }

    /// A stretch of a set, met on a walk along the order.
    func walked(_ stretch: RowStretch, through set: Bitmap) -> [RowNumber] {
        let first = stretch.after.map { Int(places[Int($0)]) + 1 } ?? 0
        let end = stretch.before.map { Int(places[Int($0)]) } ?? rows.count
        var found: [RowNumber] = []
        guard first < end, stretch.limit > 0 else { return found }
        found.reserveCapacity(min(stretch.limit, end - first))
        if stretch.isFromEnd {
            for place in stride(from: end - 1, through: first, by: -1) where set[Int(rows[place])] {
                found.append(rows[place])
                if found.count == stretch.limit { break }
            }
            found.reverse()
        } else {
            for place in first..<end where set[Int(rows[place])] {
                found.append(rows[place])
                if found.count == stretch.limit { break }
            }
        }
        return found
    }

    /// A stretch of a list, picked by where its rows stand.
    func picked(_ stretch: RowStretch, from list: consuming [RowNumber]) -> [RowNumber] {
        if let after = stretch.after {
            let place = places[Int(after)]
            list.removeAll { places[Int($0)] <= place }
        }
        if let before = stretch.before {
            let place = places[Int(before)]
            list.removeAll { places[Int($0)] >= place }
        }
        guard stretch.isFromEnd else { return Self.least(stretch.limit, of: list) { places[Int($0)] } }
        return Self.least(stretch.limit, of: list) { ~places[Int($0)] }.reversed()
    }

    /// The rows of the smallest places, in their order. A page of a long list is picked in one pass: rows that stand behind
    /// everything a page can hold are passed over, and only what is picked is sorted.
    private static func least(_ limit: Int, of rows: [RowNumber], by place: (RowNumber) -> UInt32) -> [RowNumber] {
        var picked: [RowNumber] = []
        var bound: UInt32?
        for row in rows {
            if let bound, place(row) >= bound { continue }
            picked.append(row)
            if picked.count / 2 > limit {
                picked.sort { place($0) < place($1) }
                picked.removeLast(picked.count - limit)
                bound = picked.last.map(place) ?? 0
            }
        }
        picked.sort { place($0) < place($1) }
        return Array(picked.prefix(limit))
    }
}
