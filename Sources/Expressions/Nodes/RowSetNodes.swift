import StoreColumns

/// The rows that refer to a row by one of their columns.
final class InverseSet: RowSetNode, @unchecked Sendable {
    let row: IntegerNode
    let adjacency: Adjacency
    /// The column by which they refer.
    let column: Column
    init(of row: IntegerNode, _ adjacency: Adjacency, by column: Column) {
        self.row = row
        self.adjacency = adjacency
        self.column = column
    }

    override func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let row = try row.value(&frame) else { return false }
        let adjacency = adjacency
        let targets = adjacency.targets(of: RowNumber(truncatingIfNeeded: row))
        list.reserveCapacity(targets.count)
        for index in targets.indices { list.append(targets[index]) }
        return true
    }

    /// What a quantifier says of the set, without listing it.
    func truth(askedBy node: QuantifierNode, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        return try node.truth(ofRowsAt: adjacency, RowNumber(truncatingIfNeeded: row), &frame)
    }

    override func count(_ frame: inout Frame) throws(EvaluationError) -> Int? {
        try row.value(&frame).map { adjacency.count(of: RowNumber(truncatingIfNeeded: $0)) }
    }

    override func contains(_ candidate: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        let owner = RowNumber(truncatingIfNeeded: row)
        switch column {
        case .reference(let column): return Truth(column[Int(candidate)] == owner)
        case .referenceList(let column):
            let owners = column.list(at: Int(candidate))
            for index in owners.indices where owners[index] == owner { return .yes }
            return .no
        default: return .no
        }
    }
}

/// The rows that a row's list column refers to.
final class ListSet: RowSetNode, @unchecked Sendable {
    private let row: IntegerNode
    private let column: ListColumn<UInt32>
    init(of row: IntegerNode, _ column: ListColumn<UInt32>) {
        self.row = row
        self.column = column
    }

    override func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let row = try row.value(&frame) else { return false }
        let index = Int(truncatingIfNeeded: row)
        guard !column.isNull(at: index) else { return false }
        let column = column
        let targets = column.list(at: index)
        list.reserveCapacity(list.count + targets.count)
        for position in targets.indices { list.append(targets[position]) }
        list.sortUnlessSorted()
        return true
    }

    override func contains(_ candidate: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        guard let row = try row.value(&frame) else { return .unknown }
        let index = Int(truncatingIfNeeded: row)
        guard !column.isNull(at: index) else { return .unknown }
        let column = column
        let targets = column.list(at: index)
        for position in targets.indices where targets[position] == candidate { return .yes }
        return .no
    }
}

/// The dated rows of an owner that hold on a date, or the rows they refer to, each once.
final class ValidSet: RowSetNode, @unchecked Sendable {
    private let owner: IntegerNode
    private let lookup: PeriodLookup
    private let target: FixedWidthColumn<UInt32>?
    init(of owner: IntegerNode, _ lookup: PeriodLookup, through target: FixedWidthColumn<UInt32>?) {
        self.owner = owner
        self.lookup = lookup
        self.target = target
    }

    override func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard let owner = try owner.value(&frame) else { return false }
        let adjacency = lookup.periods
        let periods = adjacency.targets(of: RowNumber(truncatingIfNeeded: owner))
        try frame.charge(periods.count)
        for index in periods.indices where lookup.holds(periods[index]) {
            guard let target else {
                list.append(periods[index])
                continue
            }
            if let row = target[Int(periods[index])] { list.append(row) }
        }
        if target != nil { list.sortUnlessSorted() }
        return true
    }
}

/// The rows of a set for which a condition holds: yes, not unknown.
final class FilterSet: RowSetNode, @unchecked Sendable {
    private let base: RowSetNode
    private let condition: LoopCondition
    init(_ base: RowSetNode, _ condition: LoopCondition) {
        self.base = base
        self.condition = condition
    }

    override func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        guard try base.collect(&list, &frame) else { return false }
        try condition.begin(&frame, asking: list.count)
        var kept = 0
        for index in list.indices where try condition.truth(of: list[index], &frame) == .yes {
            list[kept] = list[index]
            kept += 1
        }
        list.removeLast(list.count - kept)
        return true
    }

    override func contains(_ row: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        let truth = try base.contains(row, &frame)
        guard truth == .yes else { return truth }
        try condition.begin(&frame, asking: 1)
        return Truth(try condition.truth(of: row, &frame) == .yes)
    }
}

/// A row as a set of one, or of none where it is null.
final class OptionalSet: RowSetNode, @unchecked Sendable {
    private let row: IntegerNode
    init(_ row: IntegerNode) { self.row = row }

    override func collect(_ list: inout [RowNumber], _ frame: inout Frame) throws(EvaluationError) -> Bool {
        if let row = try row.value(&frame) { list.append(RowNumber(truncatingIfNeeded: row)) }
        return true
    }

    override func contains(_ candidate: RowNumber, _ frame: inout Frame) throws(EvaluationError) -> Truth {
        Truth(try row.value(&frame) == Int64(candidate))
    }
}

extension [RowNumber] {
    /// Ascending, each once. Lists are short, and most come so.
    mutating func sortUnlessSorted() {
        var isSorted = true
        for index in indices.dropFirst() where self[index - 1] >= self[index] { isSorted = false }
        guard !isSorted else { return }
        sort()
        var kept = 1
        for index in indices.dropFirst() where self[index] != self[kept - 1] {
            self[kept] = self[index]
            kept += 1
        }
        removeLast(count - kept)
    }
}
