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
}

/// The order by one part of a key.
///
/// Sendable: here and in every subclass, stored properties are `let` and Sendable. Classes, so that nothing is retained on the way to
/// a column.
private class KeyPartOrder: @unchecked Sendable {
    func compare(_ left: RowNumber, _ right: RowNumber) -> Int { preconditionFailure("a part without an order") }
    func lead(of row: RowNumber) -> UInt128 { preconditionFailure("a part without an order") }

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
    private let codes: FixedWidthColumn<UInt32>
    private let dictionary: StringDictionary
    init(_ column: DictionaryColumn) {
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
    static let textByteCount = 15

    @inline(__always)
    static func of(_ value: Int64) -> UInt128 { 1 << 64 | UInt128(UInt64(bitPattern: value) ^ 1 << 63) }

    /// By the first bytes: texts that begin alike have the same number.
    @inline(__always)
    static func of(_ text: Span<UInt8>) -> UInt128 {
        // Two words: shifting one of 128 bits byte by byte costs several times as much.
        var (high, low): (UInt64, UInt64) = (1, 0)
        let count = min(text.count, textByteCount)
        let highCount = min(count, 7)
        for index in 0..<highCount { high = high << 8 | UInt64(text[index]) }
        for index in highCount..<count { low = low << 8 | UInt64(text[index]) }
        high <<= UInt64(8 * (7 - highCount))
        low <<= UInt64(8 * (textByteCount - 7 - (count - highCount)))
        return UInt128(high) << 64 | UInt128(low)
    }
}
