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
}

extension Column {
    /// The value of a row as an integer; nil where it is null or a list.
    func lane(at row: Int) -> UInt64? {
        switch self {
        case .boolean(let column): column[row].map { $0 ? 1 : 0 }
        case .int(let column), .date(let column): column[row].map { UInt64(bitPattern: Int64($0)) }
        case .decimal(let column, _), .dateTime(let column): column[row].map { UInt64(bitPattern: $0) }
        case .float(let column): column[row]?.bitPattern
        case .enumeration(let column): column[row].map(UInt64.init)
        case .string(let column): column.codes[row].map(UInt64.init)
        case .reference(let column): column[row].map(UInt64.init)
        case .enumerationList, .referenceList: nil
        }
    }
}
