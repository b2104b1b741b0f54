import StoreColumns

/// One key of an order.
package struct SortKey: Sendable, Hashable {
    /// Over variable 0; a value that has an order (a Boolean's no comes before its yes).
    package var expression: Expression
    package var ascending: Bool
    package var nullsFirst: Bool
    package init(_ expression: Expression, ascending: Bool = true, nullsFirst: Bool = false) {
        self.expression = expression
        self.ascending = ascending
        self.nullsFirst = nullsFirst
    }
}

/// A stretch of rows in an order: behind one of them, before another, and at most so many, counted from either end.
package struct RowStretch: Sendable, Hashable {
    package var after: RowNumber?
    package var before: RowNumber?
    package var limit: Int
    /// Whether the last so many are meant, and not the first. They stand in the same order.
    package var isFromEnd: Bool

    package init(after: RowNumber? = nil, before: RowNumber? = nil, limit: Int, isFromEnd: Bool = false) {
        self.after = after
        self.before = before
        self.limit = limit
        self.isFromEnd = isFromEnd
    }
}

/// A total order of one type's rows: by keys, then by business key, so that no two rows tie.
package struct RowOrder: Sendable {
    package let type: NodeTypeID
    let keys: [CompiledKey]
    let keyOrder: KeyOrder
    private let context: EvaluationContext

    struct CompiledKey: Sendable {
        var expression: Expression
        var program: Program
        /// Set where the key is a string column: its codes are read, and its texts compared.
        var dictionary: StringDictionary?
        var isFloat: Bool
        var ascending: Bool
        var nullsFirst: Bool
    }

    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`.
    package init(_ keys: [SortKey], on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        var compiled: [CompiledKey] = []
        for key in keys {
            let result = key.expression.type
            var dictionary: StringDictionary?
            let program: Program
            switch result {
            case .rows, .enumerationList, .row: throw .illTyped("rows are ordered by values")
            case .string:
                program = try Program(codesOf: key.expression, of: type, context) { dictionary = $0 }
            default: program = try Program(key.expression, of: type, as: result, context)
            }
            compiled.append(
                CompiledKey(
                    expression: key.expression, program: program, dictionary: dictionary, isFloat: result == .float,
                    ascending: key.ascending, nullsFirst: key.nullsFirst))
        }
        self.keys = compiled
        self.type = type
        self.context = context
        keyOrder = KeyOrder(type, in: context.version)
    }

    /// Of lists of rows that lie end to end, those that are not in the order of business keys.
    package func listsOutOfOrder(_ rows: borrowing Span<RowNumber>, ends: borrowing Span<Int>) -> [Int] {
        keyOrder.listsOutOfOrder(rows, ends: ends)
    }

    /// The rows in order, or the first so many of them: then time grows with the rows but hardly with their order.
    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`.
    package func sorted(_ rows: [RowNumber], first limit: Int? = nil) throws(EvaluationError) -> [RowNumber] {
        try sorted(rows, in: RowStretch(limit: limit ?? rows.count))
    }

    /// A stretch of the rows in order. Time grows with the rows, but hardly with the length of a short stretch, at either end.
    /// - Throws: as `sorted(_:first:)`.
    package func sorted(_ rows: [RowNumber], in stretch: RowStretch) throws(EvaluationError) -> [RowNumber] {
        guard context.trace != nil, rows.count >= Self.tracedCount else { return try stretchOf(rows, stretch) }
        let way = picks(from: rows, stretch) ? "the first in one pass" : "all"
        return try context.step(.order, "\(way) by \(name)", estimatedRows: rows.count) { () throws(EvaluationError) in
            try stretchOf(rows, stretch)
        } rows: {
            $0.count
        }
    }

    /// Shorter lists are no step of their own.
    private static let tracedCount = 32

    /// The keys in the words of the model.
    private var name: String {
        let own = keys.map { $0.expression.text(in: context.rowTypes) + ($0.ascending ? "" : " descending") }
        return (own + ["business key"]).joined(separator: ", ")
    }

    /// Whether so few of the rows are wanted that they are picked, and only they are sorted.
    private func picks(from rows: [RowNumber], _ stretch: RowStretch) -> Bool {
        guard stretch.after == nil, stretch.before == nil, stretch.limit > 0, stretch.limit < rows.count / 4 else { return false }
        guard let key = keys.first else { return true }
        if case .integer = key.program.root { return true }
        return false
    }

    private func stretchOf(_ rows: [RowNumber], _ stretch: RowStretch) throws(EvaluationError) -> [RowNumber] {
        if picks(from: rows, stretch) {
            return try sortedWhole(try picked(stretch.limit, of: rows, isFromEnd: stretch.isFromEnd), in: stretch)
        }
        let limit = min(max(stretch.limit, 0), rows.count)
        if keys.isEmpty, stretch.after == nil, stretch.before == nil, keyOrder.isAscending(rows) {
            if limit == rows.count { return rows }
            return Array(stretch.isFromEnd ? rows.suffix(limit) : rows.prefix(limit))
        }
        return try sortedWhole(rows, in: stretch)
    }

    private func sortedWhole(_ rows: [RowNumber], in stretch: RowStretch) throws(EvaluationError) -> [RowNumber] {
        let bounds = [stretch.after, stretch.before].compactMap(\.self)
        let sorter = try Sorter(rows + bounds, keys, keyOrder, context, isBackward: stretch.isFromEnd)
        var positions = Array(rows.indices)
        if stretch.after != nil { positions.removeAll { sorter.order($0, rows.count) <= 0 } }
        if stretch.before != nil { positions.removeAll { sorter.order($0, sorter.rows.count - 1) >= 0 } }
        let count = min(max(stretch.limit, 0), positions.count)
        var sorted: [Int] = []
        if count > 0, sorter.failure == nil {
            sorted = count < positions.count / 4 ? sorter.smallest(count, of: positions) : sorter.all(positions, first: count)
        }
        if let failure = sorter.failure { throw failure }
        if stretch.isFromEnd { sorted.reverse() }
        return sorted.map { sorter.rows[$0] }
    }

    /// The rows that can be among the first (or last) so many, in the order given: one pass, in which each row costs a number
    /// (`RowLead`) and few cost more. All of them where too many tie.
    private func picked(_ limit: Int, of rows: [RowNumber], isFromEnd: Bool) throws(EvaluationError) -> [RowNumber] {
        guard let key = keys.first else { return try keyOrder.picked(limit, of: rows, isFromEnd: isFromEnd, context) }
        guard case .integer(let node) = key.program.root else { return rows }
        var pick = LeastLeads(limit)
        var frame = key.program.makeFrame()
        for row in rows {
            try frame.charge(1)
            frame.rows[Program.rootSlot] = row
            let lead = key.lead(of: try node.value(&frame))
            pick.offer(row, isFromEnd ? ~lead : lead)
        }
        try frame.settle()
        return pick.isOverfull ? rows : pick.rows
    }

    /// Below, at or above 0 as the first row comes before, with or after the second.
    package func compare(_ left: RowNumber, _ right: RowNumber) throws(EvaluationError) -> Int {
        let sorter = try Sorter([left, right], keys, keyOrder, context)
        let order = sorter.order(0, 1)
        if let failure = sorter.failure { throw failure }
        return order
    }
}

/// One sort: the keys' values are computed for all rows, a later key only when an earlier one ties.
private final class Sorter {
    private enum Values {
        case integers([Int64], isThere: [Bool])
        case ratios([Ratio?])
        case texts([[UInt8]?])
    }
    let rows: [RowNumber]
    private let keys: [RowOrder.CompiledKey]
    private let keyOrder: KeyOrder
    private let isBackward: Bool
    private let memory: MemoryClaim
    private let budget: Budget
    private var values: [Values] = []
    private var comparisonCount = 0
    /// The first error; from then on the order means nothing.
    private(set) var failure: EvaluationError?

    /// - Parameter isBackward: Whether positions come out with the greatest first.
    init(
        _ rows: [RowNumber], _ keys: [RowOrder.CompiledKey], _ keyOrder: KeyOrder, _ context: EvaluationContext,
        isBackward: Bool = false
    ) throws(EvaluationError) {
        self.rows = rows
        self.keys = keys
        self.keyOrder = keyOrder
        self.isBackward = isBackward
        budget = context.budget
        memory = MemoryClaim(budget)
        // The rows, and positions in their order.
        try memory.add(rows.count * (MemoryLayout<RowNumber>.stride + MemoryLayout<Int>.stride))
    }

    /// The first of some positions, in order.
    func all(_ positions: [Int], first count: Int) -> [Int] {
        Array(positions.sorted { directedOrder($0, $1) < 0 }.prefix(count))
    }

    /// The same by a heap of the smallest so far, the greatest of them on top.
    func smallest(_ count: Int, of positions: [Int]) -> [Int] {
        var heap: [Int] = []
        heap.reserveCapacity(count)
        for position in positions {
            if heap.count < count {
                heap.append(position)
                if heap.count == count { for root in (0..<count / 2).reversed() { sink(&heap, root) } }
            } else if directedOrder(position, heap[0]) < 0 {
                heap[0] = position
                sink(&heap, 0)
            }
            if failure != nil { return [] }
        }
        return heap.sorted { directedOrder($0, $1) < 0 }
    }

    private func sink(_ heap: inout [Int], _ start: Int) {
        var parent = start
        while true {
            var greatest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && directedOrder(heap[child], heap[greatest]) > 0 { greatest = child }
            if greatest == parent { return }
            heap.swapAt(parent, greatest)
            parent = greatest
        }
    }

    /// The order in which positions come out.
    private func directedOrder(_ left: Int, _ right: Int) -> Int { isBackward ? order(right, left) : order(left, right) }

    func order(_ left: Int, _ right: Int) -> Int {
        guard failure == nil else { return left - right }
        comparisonCount += 1
        if comparisonCount & 4_095 == 0 { attempt { () throws(EvaluationError) in try budget.poll() } }
        for index in keys.indices {
            if index == values.count { attempt { () throws(EvaluationError) in values.append(try compute(keys[index])) } }
            guard failure == nil else { return left - right }
            let order = order(left, right, by: index)
            if order != 0 { return order }
        }
        return keyOrder.compare(rows[left], rows[right])
    }

    private func attempt(_ body: () throws(EvaluationError) -> Void) {
        do throws(EvaluationError) { try body() } catch { failure = error }
    }

    private func order(_ left: Int, _ right: Int, by index: Int) -> Int {
        let key = keys[index]
        switch values[index] {
        case .integers(let values, let isThere):
            guard isThere[left], isThere[right] else { return key.order(isThere[left], isThere[right]) }
            return key.order(values[left], values[right])
        case .ratios(let values):
            guard let a = values[left], let b = values[right] else {
                return key.order(values[left] != nil, values[right] != nil)
            }
            return a == b ? 0 : key.directed(a < b ? -1 : 1)
        case .texts(let values):
            guard let a = values[left], let b = values[right] else {
                return key.order(values[left] != nil, values[right] != nil)
            }
            return key.directed(a.span.order(against: b.span))
        }
    }

    private func compute(_ key: RowOrder.CompiledKey) throws(EvaluationError) -> Values {
        var frame = key.program.makeFrame()
        let computed: Values
        switch key.program.root {
        case .truth(let node): computed = try integers(IntegerOfTruth(node), &frame)
        case .integer(let node): computed = try integers(node, &frame)
        case .ratio(let node):
            try memory.add(rows.count * MemoryLayout<Ratio?>.stride)
            var ratios: [Ratio?] = []
            ratios.reserveCapacity(rows.count)
            for row in rows {
                try frame.charge(1)
                frame.rows[Program.rootSlot] = row
                ratios.append(try node.value(&frame))
            }
            computed = .ratios(ratios)
        case .text(let node):
            var texts: [[UInt8]?] = []
            texts.reserveCapacity(rows.count)
            for row in rows {
                try frame.charge(1)
                frame.rows[Program.rootSlot] = row
                var bytes: [UInt8] = []
                let isThere = try node.append(to: &bytes, &frame)
                // An array of its own has a header of 32 bytes beside its reference.
                try memory.add(isThere ? 40 + bytes.count : 8)
                texts.append(isThere ? bytes : nil)
            }
            computed = .texts(texts)
        case .rows: throw .illTyped("rows are ordered by values")
        }
        try frame.settle()
        return computed
    }

    private func integers(_ node: IntegerNode, _ frame: inout Frame) throws(EvaluationError) -> Values {
        try memory.add(rows.count * (MemoryLayout<Int64>.stride + 1))
        var values = Array(repeating: Int64(0), count: rows.count)
        var isThere = Array(repeating: false, count: rows.count)
        for position in rows.indices {
            try frame.charge(1)
            frame.rows[Program.rootSlot] = rows[position]
            guard let value = try node.value(&frame) else { continue }
            values[position] = value
            isThere[position] = true
        }
        return .integers(values, isThere: isThere)
    }
}

extension RowOrder.CompiledKey {
    /// A number of which the lesser comes first; values that come together have the same.
    @inline(__always)
    fileprivate func lead(of value: Int64?) -> UInt128 {
        guard let value else { return nullsFirst ? 0 : .max }
        var lead: UInt128
        if let dictionary {
            lead = RowLead.of(dictionary.bytes(of: UInt32(truncatingIfNeeded: value)))
        } else if isFloat {
            // Of a double's bits without its sign the greater is further from zero; the two zeros are one.
            let bits = Double(lane: value) == 0 ? 0 : UInt64(bitPattern: value)
            lead = 1 << 64 | UInt128(bits >> 63 == 0 ? bits | 1 << 63 : ~bits)
        } else {
            lead = RowLead.of(value)
        }
        if !ascending { lead = (1 << 122) - lead }
        return lead
    }

    /// Of two integers that travel for values.
    func order(_ left: Int64, _ right: Int64) -> Int {
        if left == right { return 0 }
        if let dictionary {
            let (first, second) = (UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right))
            return directed(dictionary.bytes(of: first).order(against: dictionary.bytes(of: second)))
        }
        if isFloat {
            let (a, b) = (Double(lane: left), Double(lane: right))
            return a == b ? 0 : directed(a < b ? -1 : 1)
        }
        return directed(left < right ? -1 : 1)
    }

    func directed(_ order: Int) -> Int { ascending ? order : -order }

    /// Where at least one side is null.
    func order(_ left: Bool, _ right: Bool) -> Int {
        if left == right { return 0 }
        return left == nullsFirst ? 1 : -1
    }
}
