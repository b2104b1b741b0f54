import StoreColumns

/// A derived field compiled into the expression that reads it: evaluated for one row where its column is not there.
struct DerivedUnit: Sendable {
    let id: DerivedID
    /// Where the field's own row is bound.
    let slot: Int
    let root: RootNode
    let rowCount: Int
}

/// What all readers of a derived field share: the row, and whether the whole column is there, or now pays.
struct DerivedReader: Sendable {
    let unit: DerivedUnit
    let row: IntegerNode
    let context: EvaluationContext
    let site: Int
    /// False where reading the kept value would cost as much as computing it, row by neighbouring row.
    let isWorthKeeping: Bool

    /// The column, once enough rows were asked for.
    func column(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> DerivedColumn? {
        if let column = frame.columns[site] { return column }
        guard isWorthKeeping || context.materialisation == .always else { return nil }
        guard
            let column = try context.derived.column(
                unit.id, context, asking: count, of: unit.rowCount,
                ifPaying: frame.pays(at: site, asked: count, of: unit.rowCount))
        else { return nil }
        frame.columns[site] = column
        return column
    }
}

final class DerivedInteger: IntegerNode, @unchecked Sendable {
    private let reader: DerivedReader
    private let node: IntegerNode
    init(_ reader: DerivedReader, _ node: IntegerNode) {
        self.reader = reader
        self.node = node
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let row = try reader.row.value(&frame) else { return nil }
        if let column = try reader.column(&frame, asking: 1) { return try column.integer(at: Int(truncatingIfNeeded: row)) }
        frame.rows[reader.unit.slot] = RowNumber(truncatingIfNeeded: row)
        return try node.value(&frame)
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        if !reader.isWorthKeeping, reader.context.materialisation != .always, (reader.row as? VariableNode)?.slot == block.slot {
            return try node.fill(&lanes, Block(slot: reader.unit.slot, start: block.start, count: block.count), mask, &frame)
        }
        guard let column = try reader.column(&frame, asking: mask.count) else {
            return try super.fill(&lanes, block, mask, &frame)
        }
        try reader.row.fill(&lanes, block, mask, &frame)
        try column.read(at: &lanes, mask)
    }
}

final class DerivedTruth: TruthNode, @unchecked Sendable {
    private let reader: DerivedReader
    private let node: TruthNode
    init(_ reader: DerivedReader, _ node: TruthNode) {
        self.reader = reader
        self.node = node
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try reader.row.value(&frame) else { return .unknown }
        if let column = try reader.column(&frame, asking: 1) {
            guard let value = try column.integer(at: Int(truncatingIfNeeded: row)) else { return .unknown }
            return Truth(value != 0)
        }
        frame.rows[reader.unit.slot] = RowNumber(truncatingIfNeeded: row)
        return try node.truth(&frame)
    }
}

final class DerivedRatio: RatioNode, @unchecked Sendable {
    private let reader: DerivedReader
    private let node: RatioNode
    init(_ reader: DerivedReader, _ node: RatioNode) {
        self.reader = reader
        self.node = node
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let row = try reader.row.value(&frame) else { return nil }
        if let column = try reader.column(&frame, asking: 1) { return try column.ratio(at: Int(truncatingIfNeeded: row)) }
        frame.rows[reader.unit.slot] = RowNumber(truncatingIfNeeded: row)
        return try node.value(&frame)
    }
}

// MARK: - Where the column was there when the expression was compiled

final class KnownInteger: IntegerNode, @unchecked Sendable {
    private let column: DerivedColumn
    private let row: IntegerNode
    init(_ column: DerivedColumn, of row: IntegerNode) {
        self.column = column
        self.row = row
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let row = try row.value(&frame) else { return nil }
        return try column.integer(at: Int(truncatingIfNeeded: row))
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        try row.fill(&lanes, block, mask, &frame)
        try column.read(at: &lanes, mask)
    }
}

final class KnownTruth: TruthNode, @unchecked Sendable {
    private let column: DerivedColumn
    private let row: IntegerNode
    init(_ column: DerivedColumn, of row: IntegerNode) {
        self.column = column
        self.row = row
    }

    override func truth(_ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame), let value = try column.integer(at: Int(truncatingIfNeeded: row)) else {
            return .unknown
        }
        return Truth(value != 0)
    }
}

final class KnownRatio: RatioNode, @unchecked Sendable {
    private let column: DerivedColumn
    private let row: IntegerNode
    init(_ column: DerivedColumn, of row: IntegerNode) {
        self.column = column
        self.row = row
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let row = try row.value(&frame) else { return nil }
        return try column.ratio(at: Int(truncatingIfNeeded: row))
    }
}

/// A derived text is computed row by row: as a column it would hold a string a row.
final class DerivedText: TextNode, @unchecked Sendable {
    private let unit: DerivedUnit
    private let row: IntegerNode
    private let node: TextNode
    init(_ unit: DerivedUnit, of row: IntegerNode, _ node: TextNode) {
        self.unit = unit
        self.row = row
        self.node = node
    }

    override func append(to bytes: inout [UInt8], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let row = try row.value(&frame) else { return false }
        frame.rows[unit.slot] = RowNumber(truncatingIfNeeded: row)
        return try node.append(to: &bytes, &frame)
    }
}
