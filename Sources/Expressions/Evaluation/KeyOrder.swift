import StoreColumns

/// The order of a type's rows by business key, part by part; a part that is a reference orders by the other row's key.
final class KeyOrder: Sendable {
    private enum Part: Sendable {
        case number(ColumnInteger.Storage)
        case boolean(BooleanColumn)
        case text(FixedWidthColumn<UInt32>, StringDictionary)
        case reference(FixedWidthColumn<UInt32>, KeyOrder)
    }
    private let parts: [Part]

    init(_ type: NodeTypeID, in version: GraphVersion) {
        let table = version[type]
        parts = version.catalog[type].key.compactMap { index in
            switch table.column(index) {
            case .boolean(let column): return .boolean(column)
            case .string(let column): return .text(column.codes, column.dictionary)
            case .reference(let column):
                guard case .reference(let target) = version.catalog[type].columns[index].kind else { return nil }
                // Keys nest only so far: a key that held itself could name no first row.
                return .reference(column, KeyOrder(target, in: version))
            case let column: return ColumnInteger.Storage(column).map { .number($0) }
            }
        }
    }

    /// Below, at or above 0 as the first row comes before, with or after the second. Null comes first.
    func compare(_ left: RowNumber, _ right: RowNumber) -> Int {
        if left == right { return 0 }
        let (first, second) = (Int(left), Int(right))
        for part in parts {
            let order: Int
            switch part {
            case .number(let storage): order = Self.order(storage.value(at: first), storage.value(at: second))
            case .boolean(let column):
                order = Self.order(column[first].map { $0 ? 1 : 0 }, column[second].map { $0 ? 1 : 0 })
            case .text(let codes, let dictionary):
                switch (codes[first], codes[second]) {
                case (let a?, let b?):
                    order = a == b ? 0 : dictionary.bytes(of: a).order(against: dictionary.bytes(of: b))
                case (let a, let b): order = Self.order(a.map { _ in 0 }, b.map { _ in 0 })
                }
            case .reference(let column, let keys):
                switch (column[first], column[second]) {
                case (let a?, let b?): order = keys.compare(a, b)
                case (let a, let b): order = Self.order(a.map { _ in 0 }, b.map { _ in 0 })
                }
            }
            if order != 0 { return order }
        }
        return 0
    }

    private static func order(_ left: Int64?, _ right: Int64?) -> Int {
        switch (left, right) {
        case (let a?, let b?): a < b ? -1 : a > b ? 1 : 0
        case (nil, nil): 0
        case (nil, _): -1
        case (_, nil): 1
        }
    }
}
