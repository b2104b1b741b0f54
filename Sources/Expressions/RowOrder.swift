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

/// A total order of one type's rows: by keys, then by business key, so that no two rows tie.
package struct RowOrder: Sendable {
    package let type: NodeTypeID
    private let keys: [CompiledKey]
    private let keyOrder: KeyOrder
    private let context: EvaluationContext

    fileprivate struct CompiledKey: Sendable {
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
                    program: program, dictionary: dictionary, isFloat: result == .float, ascending: key.ascending,
                    nullsFirst: key.nullsFirst))
        }
        self.keys = compiled
        self.type = type
        self.context = context
        keyOrder = KeyOrder(type, in: context.version)
    }

    /// The rows in order, or the first so many of them: then time grows with the rows but hardly with their order.
    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`.
    package func sorted(_ rows: [RowNumber], first limit: Int? = nil) throws(EvaluationError) -> [RowNumber] {
        let sorter = Sorter(rows, keys, keyOrder, context)
        return try sorted(Array(rows.indices), by: sorter, first: limit)
    }

    /// The rows that come after one of the type's rows, in order, or the first so many of them.
    /// - Throws: as `sorted(_:first:)`.
    package func sorted(
        _ rows: [RowNumber], after last: RowNumber, first limit: Int? = nil
    ) throws(EvaluationError) -> [RowNumber] {
        let sorter = Sorter(rows + [last], keys, keyOrder, context)
        return try sorted(rows.indices.filter { sorter.order($0, rows.count) > 0 }, by: sorter, first: limit)
    }

    private func sorted(_ positions: [Int], by sorter: Sorter, first limit: Int?) throws(EvaluationError) -> [RowNumber] {
        let count = min(max(limit ?? positions.count, 0), positions.count)
        var sorted: [Int] = []
        if count > 0 {
            sorted = count < positions.count / 4 ? sorter.smallest(count, of: positions) : sorter.all(positions, first: count)
        }
        if let failure = sorter.failure { throw failure }
        return sorted.map { sorter.rows[$0] }
    }

    /// Below, at or above 0 as the first row comes before, with or after the second.
    package func compare(_ left: RowNumber, _ right: RowNumber) throws(EvaluationError) -> Int {
        let sorter = Sorter([left, right], keys, keyOrder, context)
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
    private let budget: Budget
    private var values: [Values] = []
    private var comparisonCount = 0
    /// The first error; from then on the order means nothing.
    private(set) var failure: EvaluationError?

    init(_ rows: [RowNumber], _ keys: [RowOrder.CompiledKey], _ keyOrder: KeyOrder, _ context: EvaluationContext) {
        self.rows = rows
        self.keys = keys
        self.keyOrder = keyOrder
        budget = context.budget
    }

    /// The first of some positions, in order.
    func all(_ positions: [Int], first count: Int) -> [Int] {
        Array(positions.sorted { order($0, $1) < 0 }.prefix(count))
    }

    /// The same by a heap of the smallest so far, the greatest of them on top.
    func smallest(_ count: Int, of positions: [Int]) -> [Int] {
        var heap: [Int] = []
        heap.reserveCapacity(count)
        for position in positions {
            if heap.count < count {
                heap.append(position)
                if heap.count == count { for root in (0..<count / 2).reversed() { sink(&heap, root) } }
            } else if order(position, heap[0]) < 0 {
                heap[0] = position
                sink(&heap, 0)
            }
            if failure != nil { return [] }
        }
        return heap.sorted { order($0, $1) < 0 }
    }

    private func sink(_ heap: inout [Int], _ start: Int) {
        var parent = start
        while true {
            var greatest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && order(heap[child], heap[greatest]) > 0 { greatest = child }
            if greatest == parent { return }
            heap.swapAt(parent, greatest)
            parent = greatest
        }
    }

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
            let (a, b) = (values[left], values[right])
            if a == b { return 0 }
            if let dictionary = key.dictionary {
                let (first, second) = (UInt32(truncatingIfNeeded: a), UInt32(truncatingIfNeeded: b))
                return key.directed(dictionary.bytes(of: first).order(against: dictionary.bytes(of: second)))
            }
            if key.isFloat {
                let (a, b) = (Double(lane: a), Double(lane: b))
                return a == b ? 0 : key.directed(a < b ? -1 : 1)
            }
            return key.directed(a < b ? -1 : 1)
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
                texts.append(try node.append(to: &bytes, &frame) ? bytes : nil)
            }
            computed = .texts(texts)
        case .rows: throw .illTyped("rows are ordered by values")
        }
        try frame.settle()
        return computed
    }

    private func integers(_ node: IntegerNode, _ frame: inout Frame) throws(EvaluationError) -> Values {
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
    func directed(_ order: Int) -> Int { ascending ? order : -order }

    /// Where at least one side is null.
    func order(_ left: Bool, _ right: Bool) -> Int {
        if left == right { return 0 }
        return left == nullsFirst ? 1 : -1
    }
}
