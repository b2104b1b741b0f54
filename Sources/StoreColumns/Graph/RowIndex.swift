import Bytes

/// Rows by the values of some columns. Holds row numbers under hashes and compares what the rows hold now, so that nothing
/// has to be taken out when a row is deleted or changes.
struct RowIndex: Sendable {
    let columns: [Int]
    let index: HashIndex
    /// So many rows, from the first on, had their own number as their only lane when the index was made; they are not in
    /// `index`.
    var selfNamedCount = 0

    /// A row with these lanes that `matches` too, or nil.
    /// - Parameter stored: the index's columns of the table, in its order.
    func row(_ lanes: Lanes, _ hash: KeyedHash, in stored: [Column], where matches: (RowNumber) -> Bool) -> RowNumber? {
        let row = index.first(lanes.hash32(hash, count: columns.count)) { row in
            matches(row) && lanes.areHeld(by: Int(row), in: stored)
        }
        return row ?? selfNamed(lanes).flatMap { matches($0) && lanes.areHeld(by: Int($0), in: stored) ? $0 : nil }
    }

    /// The row that these lanes name by themselves, if it still holds them.
    func selfNamed(_ lanes: Lanes) -> RowNumber? {
        lanes[0] < UInt64(selfNamedCount) ? RowNumber(truncatingIfNeeded: lanes[0]) : nil
    }
}

/// The values of a few columns of one row as integers: what key and unique indexes compare.
///
/// A text is its code, a reference its row; so lanes have meaning only beside the columns they were read from.
struct Lanes: Hashable, Sendable {
    static let maximumCount = 4
    private var values = SIMD4<UInt64>(repeating: 0)

    subscript(index: Int) -> UInt64 {
        get { values[index] }
        set { values[index] = newValue }
    }

    func hash32(_ hash: KeyedHash, count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: hash.hash(values, count: count) >> 32)
    }

    /// Whether a row holds exactly these values.
    func areHeld(by row: Int, in stored: [Column]) -> Bool {
        for index in stored.indices where stored[index].lane(at: row) != values[index] { return false }
        return true
    }
}

extension Column {
    /// The value of a row as an integer; nil where it is null or a list.
    func lane(at row: Int) -> UInt64? {
        switch self {
        case .boolean(let column): column[row].map { $0 ? 1 : 0 }
        case .int(let column), .date(let column): column[row].map { UInt64(bitPattern: Int64($0)) }
        case .decimal(let column, _), .dateTime(let column): column[row].map { UInt64(bitPattern: $0) }
        // The two zeros are one value.
        case .float(let column): column[row].map { $0 == 0 ? 0 : $0.bitPattern }
        case .enumeration(let column): column[row].map(UInt64.init)
        case .string(let column): column.codes[row].map(UInt64.init)
        case .reference(let column): column[row].map(UInt64.init)
        case .enumerationList, .referenceList: nil
        }
    }
}

extension KeyPart {
    /// The part as an integer, where it is one by itself; nil for texts, references, and parts of another kind.
    func lane(in kind: ColumnKind) -> UInt64? {
        switch (self, kind) {
        case (.boolean(let value), .boolean): value ? 1 : 0
        case (.int(let value), .int), (.date(let value), .date): UInt64(bitPattern: Int64(value))
        case (.decimal(let value), .decimal), (.dateTime(let value), .dateTime): UInt64(bitPattern: value)
        case (.enumeration(let value), .enumeration): UInt64(value)
        default: nil
        }
    }
}
