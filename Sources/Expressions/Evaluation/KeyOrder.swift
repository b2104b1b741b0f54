import StoreColumns

/// The order of a type's rows by business key, part by part; a part that is a reference orders by the other row's key.
final class KeyOrder: Sendable {
    private let first: KeyPartOrder?
    private let others: [KeyPartOrder]

    init(_ type: NodeTypeID, in version: GraphVersion) {
        let table = version[type]
        let parts: [KeyPartOrder] = version.catalog[type].key.compactMap { index in
            switch table.column(index) {
            case .boolean(let column): return BooleanPartOrder(column)
            case .string(let column): return TextPartOrder(column)
            case .reference(let column):
                guard case .reference(let target) = version.catalog[type].columns[index].kind else { return nil }
                // Keys nest only so far: a key that held itself could name no first row.
                return ReferencePartOrder(column, KeyOrder(target, in: version))
            case let column: return ColumnInteger.Storage(column).map { NumberPartOrder($0) }
            }
        }
        first = parts.first
        others = Array(parts.dropFirst())
    }

    /// Below, at or above 0 as the first row comes before, with or after the second. Null comes first.
    func compare(_ left: RowNumber, _ right: RowNumber) -> Int {
        guard left != right, let first else { return 0 }
        let order = first.compare(left, right)
        if order != 0 { return order }
        for part in others {
            let order = part.compare(left, right)
            if order != 0 { return order }
        }
        return 0
    }

    /// A number that says of most rows which comes first: of two rows the one with the lesser number does; equal numbers leave it
    /// open. Numbers come whole into it, texts with their first bytes.
    func lead(of row: RowNumber) -> UInt128 { first?.lead(of: row) ?? 0 }

    /// The same of many rows, in place of what stood there.
    func leads(of rows: borrowing Span<RowNumber>, into leads: inout [UInt128]) {
        if let first { return first.leads(of: rows, into: &leads) }
        leads = Array(repeating: 0, count: rows.count)
    }

    /// Whether rows come in this order.
    func isAscending(_ rows: [RowNumber]) -> Bool {
        guard rows.count > 1 else { return true }
        var last = lead(of: rows[0])
        for index in 1..<rows.count {
            let next = lead(of: rows[index])
            if next < last || next == last && compare(rows[index - 1], rows[index]) > 0 { return false }
            last = next
        }
        return true
    }

    /// Puts a few rows in this order. Cost: that of the square of their number, and little where they are in order already.
    func sortFew(_ rows: inout [RowNumber]) {
        guard !isAscending(rows) else { return }
        for place in 1..<rows.count {
            let row = rows[place]
            var free = place
            while free > 0, compare(rows[free - 1], row) > 0 {
                rows[free] = rows[free - 1]
                free -= 1
            }
            rows[free] = row
        }
    }

    /// Of lists of rows that lie end to end, those that do not come in this order.
    func listsOutOfOrder(_ rows: borrowing Span<RowNumber>, ends: borrowing Span<Int>) -> [Int] {
        guard let first else { return [] }
        var found: [Int] = []
        for list in first.listsNotAscending(rows, ends: ends) {
            for place in (list == 0 ? 1 : ends[list - 1] + 1)..<ends[list] where compare(rows[place - 1], rows[place]) > 0 {
                found.append(list)
                break
            }
        }
        return found
    }
}

/// The order by one part of a key.
///
/// Sendable: here and in every subclass, stored properties are `let` and Sendable. Classes, so that nothing is retained on the way to
/// a column.
private class KeyPartOrder: @unchecked Sendable {
    func compare(_ left: RowNumber, _ right: RowNumber) -> Int { preconditionFailure("a part without an order") }
    func lead(of row: RowNumber) -> UInt128 { preconditionFailure("a part without an order") }

    /// In place of what stood there.
    func leads(of rows: borrowing Span<RowNumber>, into leads: inout [UInt128]) {
        leads.removeAll(keepingCapacity: true)
        for index in rows.indices { leads.append(lead(of: rows[index])) }
    }

    /// Of lists of rows that lie end to end, those in which some row does not come behind the one before.
    func listsNotAscending(_ rows: borrowing Span<RowNumber>, ends: borrowing Span<Int>) -> [Int] {
        var found: [Int] = []
        var start = 0
        for list in ends.indices {
            let end = ends[list]
            for place in start..<end where place > start && compare(rows[place - 1], rows[place]) >= 0 {
                found.append(list)
                break
            }
            start = end
        }
        return found
    }

    static func order(_ left: Int64?, _ right: Int64?) -> Int {
        switch (left, right) {
        case (let a?, let b?): a < b ? -1 : a > b ? 1 : 0
        case (nil, nil): 0
        case (nil, _): -1
        case (_, nil): 1
        }
    }
}

private final class NumberPartOrder: KeyPartOrder, @unchecked Sendable {
    private let storage: ColumnInteger.Storage
    init(_ storage: ColumnInteger.Storage) { self.storage = storage }

    override func compare(_ left: RowNumber, _ right: RowNumber) -> Int {
        Self.order(storage.value(at: Int(left)), storage.value(at: Int(right)))
    }

    override func lead(of row: RowNumber) -> UInt128 { storage.value(at: Int(row)).map { RowLead.of($0) } ?? 0 }
}

private final class BooleanPartOrder: KeyPartOrder, @unchecked Sendable {
    private let column: BooleanColumn
    init(_ column: BooleanColumn) { self.column = column }

    override func compare(_ left: RowNumber, _ right: RowNumber) -> Int { Self.order(number(left), number(right)) }
    override func lead(of row: RowNumber) -> UInt128 { number(row).map { RowLead.of($0) } ?? 0 }
    private func number(_ row: RowNumber) -> Int64? { column[Int(row)].map { $0 ? 1 : 0 } }
}

private final class TextPartOrder: KeyPartOrder, @unchecked Sendable {
    private let column: DictionaryColumn
    private let codes: FixedWidthColumn<UInt32>
    private let dictionary: StringDictionary
    init(_ column: DictionaryColumn) {
        self.column = column
        codes = column.codes
        dictionary = column.dictionary
    }

    override func compare(_ left: RowNumber, _ right: RowNumber) -> Int {
        let dictionary = dictionary
        return switch (codes[left], codes[right]) {
        case (let a?, let b?): a == b ? 0 : dictionary.bytes(of: a).order(against: dictionary.bytes(of: b))
        case (let a, let b): Self.order(a.map { _ in 0 }, b.map { _ in 0 })
        }
    }

    override func lead(of row: RowNumber) -> UInt128 {
        guard let code = codes[row] else { return 0 }
        let dictionary = dictionary
        return RowLead.of(dictionary.bytes(of: code))
    }

    override func listsNotAscending(_ rows: borrowing Span<RowNumber>, ends: borrowing Span<Int>) -> [Int] {
        column.listsNotAscending(rows, ends: ends)
    }

    override func leads(of rows: borrowing Span<RowNumber>, into leads: inout [UInt128]) {
        let (codes, dictionary) = (codes, dictionary)
        // Texts lie anywhere: where all of them stand is found first, so that more reads of memory are on their way at once.
        var places: [DictionaryPlace?] = []
        places.reserveCapacity(rows.count)
        for index in rows.indices { places.append(codes[rows[index]].map { dictionary.place(of: $0) }) }
        leads.removeAll(keepingCapacity: true)
        leads.reserveCapacity(rows.count)
        for place in places { leads.append(place.map { RowLead.of(dictionary.bytes(at: $0)) } ?? 0) }
    }
}

private final class ReferencePartOrder: KeyPartOrder, @unchecked Sendable {
    private let column: FixedWidthColumn<UInt32>
    private let keys: KeyOrder
    init(_ column: FixedWidthColumn<UInt32>, _ keys: KeyOrder) {
        self.column = column
        self.keys = keys
    }

    override func compare(_ left: RowNumber, _ right: RowNumber) -> Int {
        switch (column[left], column[right]) {
        case (let a?, let b?): keys.compare(a, b)
        case (let a, let b): Self.order(a.map { _ in 0 }, b.map { _ in 0 })
        }
    }

    override func lead(of row: RowNumber) -> UInt128 { column[row].map { keys.lead(of: $0) } ?? 0 }
}

/// Values as numbers that keep their order, above 0, which is left for null.
enum RowLead {
    @inline(__always)
    static func of(_ value: Int64) -> UInt128 { 1 << 64 | UInt128(UInt64(bitPattern: value) ^ 1 << 63) }

    /// By the first bytes: texts that begin alike have the same number.
    @inline(__always)
    static func of(_ text: Span<UInt8>) -> UInt128 { text.textLead }
}
