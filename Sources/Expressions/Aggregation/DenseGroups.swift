import StoreColumns

/// Groups by the codes of one enum column, counted and summed straight from the columns: in place of numbering each row's group and
/// carrying every value through lanes, a loop as one would write it by hand. Twice as fast. Used on one thread.
struct DenseGroups {
    /// Codes, at most: what is looked through after each block for groups that are new.
    private static let spaceLimit = 256
    /// Sums of 64 bits take values up to so many bits, block by block, until they are carried over.
    fileprivate static let sumBound: UInt64 = 1 << 62

    private let codes: FixedWidthColumn<UInt16>
    /// The place of rows without a code, behind all codes.
    private let null: Int
    private var counts: CodeTally
    private var seen: [Bool]
    /// Codes in the order of their first rows.
    private(set) var order: [Int] = []
    private var sums: [Sums]

    /// Of one column.
    fileprivate struct Sums {
        var storage: ColumnInteger.Storage
        /// By code: rows without a value, and the values of the others.
        var missing: CodeTally
        var narrow: CodeTally
        var wide: [Int128]
        /// No sum is further from zero.
        var reached: UInt64 = 0
    }

    /// - Parameter columns: what is summed.
    /// - Returns: nil where the key or a column is not of the kind.
    init?(key: CompiledKey, columns: [CompiledFigure]) {
        guard case .value = key.key.unit, case .uint16(let codes)? = key.values.column, let space = key.space,
            space <= Self.spaceLimit
        else { return nil }
        self.codes = codes
        null = space
        counts = CodeTally(space: space + 1)
        seen = Array(repeating: false, count: space + 1)
        sums = []
        for column in columns {
            guard let storage = column.column else { return nil }
            switch storage {
            case .int32, .int64:
                sums.append(
                    Sums(
                        storage: storage, missing: counts, narrow: counts, wide: Array(repeating: 0, count: space + 1)))
            case .uint16, .uint32, .float: return nil
            }
        }
    }

    /// The value that a code's rows have as a key; nil for null.
    func value(of code: Int) -> Int64? { code == null ? nil : Int64(code) }

    /// How many rows a code has; with a value in a column, and the sum of these.
    func count(of code: Int) -> Int64 { Int64(counts[code]) }
    func count(of code: Int, in column: Int) -> Int64 { Int64(counts[code] - sums[column].missing[code]) }
    func sum(of code: Int, in column: Int) -> Int128 { sums[column].wide[code] + sums[column].narrow[code] }

    mutating func add(_ block: Block, _ mask: BlockBits) {
        let chunk = codes.chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let end = Swift.min(offset + block.count, chunk.count)
        let values = chunk.values.extracting(offset..<Swift.max(offset, end))
        let valid = chunk.validity(at: offset, block.count)
        Self.count(values, valid, mask, null, in: counts.mutableLanes)
        for code in seen.indices where !seen[code] && counts.isTouched(code) {
            note(values, valid, mask)
            break
        }
        for index in sums.indices { sums[index].add(values, valid, mask, null, block) }
    }

    /// Puts codes that are new in the order of their rows.
    private mutating func note(_ values: borrowing Span<UInt16>, _ valid: BlockBits, _ mask: BlockBits) {
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            while bits != 0 {
                let row = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                let code = valid[row] ? Int(values[row]) : null
                guard !seen[code] else { continue }
                seen[code] = true
                order.append(code)
            }
        }
    }

    fileprivate static func count(
        _ codes: borrowing Span<UInt16>, _ valid: BlockBits, _ mask: BlockBits, _ null: Int,
        in counts: consuming MutableSpan<Int64>
    ) {
        for word in 0..<Block.wordCount {
            var bits = mask[word: word]
            let known = valid[word: word]
            if bits & known == ~0 {
                for row in word << 6..<word << 6 + 64 { counts.add(1, to: Int(codes[row]), row: row) }
                continue
            }
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                bits &= bits &- 1
                counts.add(1, to: known >> UInt64(bit) & 1 != 0 ? Int(codes[word << 6 + bit]) : null, row: bit)
            }
        }
    }
}

extension DenseGroups.Sums {
    /// - Parameter codes: of the block's rows.
    fileprivate mutating func add(
        _ codes: borrowing Span<UInt16>, _ known: BlockBits, _ mask: BlockBits, _ null: Int, _ block: Block
    ) {
        switch storage {
        case .int32(let column): add(column, codes, known, mask, null, block)
        case .int64(let column): add(column, codes, known, mask, null, block)
        case .uint16, .uint32, .float: preconditionFailure("a column that is not summed so")
        }
    }

    @inline(__always)
    private mutating func add<Value: ColumnElement & FixedWidthInteger & SignedInteger>(
        _ column: FixedWidthColumn<Value>, _ codes: borrowing Span<UInt16>, _ known: BlockBits, _ mask: BlockBits, _ null: Int,
        _ block: Block
    ) {
        let chunk = column.chunk(block.start >> 16)
        let offset = block.start & 0xFFFF
        let end = Swift.min(offset + block.count, chunk.count)
        let values = chunk.values.extracting(offset..<Swift.max(offset, end))
        let rows = mask & chunk.validity(at: offset, block.count)
        let without = mask.without(rows)
        if !without.isEmpty { DenseGroups.count(codes, known, without, null, in: missing.mutableLanes) }
        var bits: Value = 0
        let sign = Value(truncatingIfNeeded: Value.bitWidth - 1)
        for index in values.indices { bits |= values[index] ^ (values[index] &>> sign) }
        // At most so far from zero each, and 1,024 of them.
        let (most, overflows) = (UInt64(truncatingIfNeeded: bits) &+ 1).multipliedReportingOverflow(by: UInt64(Block.rowCount))
        guard !overflows, most < DenseGroups.sumBound else {
            rows.forEachRow { row in
                let code = known[row] ? Int(codes[row]) : null
                wide[code] &+= Int128(values[row])
            }
            return
        }
        if reached &+ most >= DenseGroups.sumBound { carry() }
        reached &+= most
        Self.sum(values, rows, codes, known, null, to: narrow.mutableLanes)
    }

    private mutating func carry() {
        for code in wide.indices { wide[code] &+= narrow[code] }
        narrow.clear()
        reached = 0
    }

    @inline(__always)
    private static func sum<Value: ColumnElement & FixedWidthInteger & SignedInteger>(
        _ values: borrowing Span<Value>, _ rows: BlockBits, _ codes: borrowing Span<UInt16>, _ known: BlockBits, _ null: Int,
        to sums: consuming MutableSpan<Int64>
    ) {
        for word in 0..<Block.wordCount {
            var bits = rows[word: word]
            let there = known[word: word]
            if bits & there == ~0 {
                for row in word << 6..<word << 6 + 64 {
                    sums.add(Int64(truncatingIfNeeded: values[row]), to: Int(codes[row]), row: row)
                }
                continue
            }
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                bits &= bits &- 1
                let row = word << 6 + bit
                let code = there >> UInt64(bit) & 1 != 0 ? Int(codes[row]) : null
                sums.add(Int64(truncatingIfNeeded: values[row]), to: code, row: row)
            }
        }
    }
}

extension CompiledFigure {
    /// The column of the row itself that it is, where it is one.
    var column: ColumnInteger.Storage? {
        guard case .integer(let node) = program.root else { return nil }
        return (node as? ColumnInteger)?.ownStorage
    }
}
