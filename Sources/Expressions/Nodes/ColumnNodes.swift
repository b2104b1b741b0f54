import StoreColumns

/// A stored column whose values travel as integers, read at a row; null where the row is.
final class ColumnInteger: IntegerNode, @unchecked Sendable {
    enum Storage: Sendable {
        case int32(FixedWidthColumn<Int32>)
        case int64(FixedWidthColumn<Int64>)
        case uint16(FixedWidthColumn<UInt16>)
        case uint32(FixedWidthColumn<UInt32>)
        case float(FixedWidthColumn<Double>)

        /// Nil for columns of another shape: Booleans, lists.
        init?(_ column: Column) {
            switch column {
            case .int(let column), .date(let column): self = .int32(column)
            case .decimal(let column, _), .dateTime(let column): self = .int64(column)
            case .enumeration(let column): self = .uint16(column)
            case .reference(let column): self = .uint32(column)
            case .string(let column): self = .uint32(column.codes)
            case .float(let column): self = .float(column)
            case .boolean, .enumerationList, .referenceList: return nil
            }
        }

        var nullCount: Int {
            switch self {
            case .int32(let column): column.nullCount
            case .int64(let column): column.nullCount
            case .uint16(let column): column.nullCount
            case .uint32(let column): column.nullCount
            case .float(let column): column.nullCount
            }
        }

        @inline(__always)
        func value(at row: Int) -> Int64? {
            switch self {
            case .int32(let column): column[row].map { Int64($0) }
            case .int64(let column): column[row]
            case .uint16(let column): column[row].map { Int64($0) }
            case .uint32(let column): column[row].map { Int64($0) }
            case .float(let column): column[row].map(\.lane)
            }
        }
    }
    private let storage: Storage
    private let row: IntegerNode
    /// So few rows of a block are read each where it stands.
    private static let sparseCount = 64
    /// The slot of the variable that is the row, where it is one.
    private let slot: Int?

    init(_ storage: Storage, of row: IntegerNode) {
        self.storage = storage
        self.row = row
        slot = (row as? VariableNode)?.slot
    }

    /// Whether it is a column of the row that a slot holds.
    func isColumn(ofRowsIn slot: Int) -> Bool { self.slot == slot }

    /// Whether each row that a variable may be bound to has a value.
    var isNeverNull: Bool { slot != nil && storage.nullCount == 0 }

    /// The column, where it is one of variable 0.
    var ownStorage: Storage? { slot == Program.rootSlot ? storage : nil }

    /// What the column holds at a row.
    @inline(__always)
    func stored(at row: Int) -> Int64? { storage.value(at: row) }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        if let slot {
            let row = frame.rows[slot]
            return row == noRow ? nil : storage.value(at: Int(row))
        }
        guard let row = try row.value(&frame) else { return nil }
        return storage.value(at: Int(truncatingIfNeeded: row))
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        guard slot == block.slot else {
            try row.fill(&lanes, block, mask, &frame)
            let rows = lanes.valid & mask
            lanes.valid = .none
            try rows.forEach { index in
                guard let value = storage.value(at: Int(truncatingIfNeeded: lanes.values[index])) else { return }
                lanes.values[index] = value
                lanes.valid.insert(index)
            }
            return
        }
        guard mask.count > Self.sparseCount else {
            lanes.valid = .none
            try mask.forEach { index in
                guard let value = storage.value(at: block.start + index) else { return }
                lanes.values[index] = value
                lanes.valid.insert(index)
            }
            return
        }
        switch storage {
        case .int32(let column): lanes.fill(from: column, block) { Int64($0) }
        case .int64(let column): lanes.fill(from: column, block) { $0 }
        case .uint16(let column): lanes.fill(from: column, block) { Int64($0) }
        case .uint32(let column): lanes.fill(from: column, block) { Int64($0) }
        case .float(let column): lanes.fill(from: column, block) { $0.lane }
        }
    }

    override func presence(
        _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockBits {
        guard slot == block.slot else { return try super.presence(block, mask, &frame) }
        return switch storage {
        case .int32(let column): mask & column.presence(block)
        case .int64(let column): mask & column.presence(block)
        case .uint16(let column): mask & column.presence(block)
        case .uint32(let column): mask & column.presence(block)
        case .float(let column): mask & column.presence(block)
        }
    }

    /// The verdicts of the rows that a block's rows refer to, where it is a column of the block's own rows that refers, and no verdict is
    /// in doubt: read without lanes between. `there` are the rows that refer at all.
    func verdicts(
        of known: TruthBitmaps, _ block: Block, _ mask: BlockBits
    ) -> (yes: BlockBits, there: BlockBits)? {
        guard slot == block.slot, known.unknown.isEmpty, case .uint32(let column) = storage else { return nil }
        let yes = known.yes
        return column.verdicts(of: yes.span, block, mask)
    }

    /// The verdicts of a range for a block of the column's own rows, in one pass; nil for others.
    func within(_ least: Int64, _ greatest: Int64, _ block: Block, _ mask: BlockBits) -> BlockTruth? {
        guard slot == block.slot else { return nil }
        switch storage {
        case .int32(let column):
            guard let least = Int32(exactly: least), let greatest = Int32(exactly: greatest) else { return nil }
            return column.within(least, greatest, block, mask)
        case .int64(let column): return column.within(least, greatest, block, mask)
        case .uint16, .uint32, .float: return nil
        }
    }

    override func compare(
        _ comparison: Comparison, _ constant: Int64, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) -> BlockTruth {
        // The loop over the column's own width reads half or a quarter of the bytes that lanes would.
        if slot == block.slot {
            switch storage {
            case .int32(let column):
                if let constant = Int32(exactly: constant) { return column.compare(comparison, constant, block, mask) }
            case .int64(let column): return column.compare(comparison, constant, block, mask)
            case .uint16(let column):
                if let constant = UInt16(exactly: constant) { return column.compare(comparison, constant, block, mask) }
            case .uint32(let column):
                if let constant = UInt32(exactly: constant) { return column.compare(comparison, constant, block, mask) }
            case .float: break
            }
        }
        return try super.compare(comparison, constant, block, mask, &frame)
    }
}
