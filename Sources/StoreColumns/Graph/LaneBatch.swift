import Bytes

/// What the rows of a chunk hold in some columns, as integers (`Lanes`): read column by column, because to ask a column for a row costs
/// more than to hash what it says.
struct LaneBatch {
    private var rowCount = 0
    private var lanes: [SIMD4<UInt64>]
    /// False for a row with a null among its values.
    private var isWhole: [Bool]

    /// - Parameter rowCount: of the longest chunk that is read.
    init(rowCount: Int) {
        lanes = Array(repeating: .zero, count: rowCount)
        isWhole = Array(repeating: true, count: rowCount)
    }

    /// - Parameter rowCount: of the chunk.
    mutating func read(_ columns: [Column], chunk: Int, rowCount: Int) {
        self.rowCount = rowCount
        var whole = isWhole.mutableSpan
        for offset in 0..<rowCount { whole[offset] = true }
        for (place, column) in columns.enumerated() { read(column, place, chunk) }
    }

    private mutating func read(_ column: Column, _ place: Int, _ chunk: Int) {
        switch column {
        case .boolean(let column):
            for offset in 0..<rowCount {
                if let value = column[chunk << 16 | offset] {
                    lanes[offset][place] = value ? 1 : 0
                } else {
                    isWhole[offset] = false
                }
            }
        case .int(let column), .date(let column): read(column.chunk(chunk), place) { UInt64(bitPattern: Int64($0)) }
        case .decimal(let column, _), .dateTime(let column): read(column.chunk(chunk), place) { UInt64(bitPattern: $0) }
        // The two zeros are one value.
        case .float(let column): read(column.chunk(chunk), place) { $0 == 0 ? 0 : $0.bitPattern }
        case .enumeration(let column): read(column.chunk(chunk), place) { UInt64($0) }
        case .string(let column): read(column.codes.chunk(chunk), place) { UInt64($0) }
        case .reference(let column): read(column.chunk(chunk), place) { UInt64($0) }
        case .enumerationList, .referenceList: for offset in 0..<rowCount { isWhole[offset] = false }
        }
    }

    @inline(__always)
    private mutating func read<Element: ColumnElement>(_ chunk: Chunk<Element>, _ place: Int, _ word: (Element) -> UInt64) {
        let values = chunk.values
        let count = min(rowCount, values.count)
        var words = lanes.mutableSpan
        for offset in 0..<count { words[offset][place] = word(values[offset]) }
        guard chunk.hasNulls else { return }
        for offset in 0..<count where chunk.isNull(at: offset) { isWhole[offset] = false }
    }

    /// Changes the values of one column.
    /// - Parameter change: takes a value and its row.
    mutating func change(_ place: Int, chunk: Int, _ change: (UInt64, Int) -> UInt64) {
        for offset in 0..<rowCount where isWhole[offset] {
            lanes[offset][place] = change(lanes[offset][place], chunk << 16 | offset)
        }
    }

    /// Appends the rows that have all their values, by what they hold.
    func append(to numbers: inout HashedNumbers, chunk: Int, _ hash: KeyedHash, columnCount: Int) {
        let (words, whole) = (lanes.span, isWhole.span)
        for offset in 0..<rowCount where whole[offset] {
            let hashed = UInt32(truncatingIfNeeded: hash.hash(words[offset], count: columnCount) >> 32)
            numbers.append(UInt32(truncatingIfNeeded: chunk << 16 | offset), hash: hashed)
        }
    }
}
