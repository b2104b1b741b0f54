import StoreColumns

/// What an aggregation came to: one group or many, each with its key and its figures. Used on one thread.
package final class Figures {
    package let type: NodeTypeID
    /// Groups are numbered from 0, in the order of their first rows.
    package let count: Int
    let columns: [DerivedColumn]
    /// By figure: what the numbers in its column stand for, where they are texts.
    private let texts: [NumberedTexts?]
    let resultTypes: [ExpressionType]
    private let keys: [KeyReader]
    /// By key and group.
    private let keyValues: [[Int64?]]
    private let rows: [RowNumber]
    private let slotsOfRows: [Int32]
    let context: EvaluationContext

    init(
        type: NodeTypeID, count: Int, columns: [DerivedColumn], texts: [NumberedTexts?], resultTypes: [ExpressionType],
        keys: [KeyReader], maps: [SlotMap], rows: [RowNumber], slotsOfRows: [Int32], _ context: EvaluationContext
    ) {
        self.type = type
        self.count = count
        self.columns = columns
        self.texts = texts
        self.resultTypes = resultTypes
        self.keys = keys
        self.rows = rows
        self.slotsOfRows = slotsOfRows
        self.context = context
        // From the last key back: each number leads to the value it was made from and to the number before it.
        var values: [[Int64?]] = []
        var numbers = (0..<count).map { Int32(truncatingIfNeeded: $0) }
        for map in maps.reversed() {
            values.append(numbers.map { map.isNull[Int($0)] ? nil : map.values[Int($0)] })
            numbers = numbers.map { map.earlier[Int($0)] }
        }
        keyValues = values.reversed()
    }

    /// The type of a figure.
    package func type(of measure: Int) -> ExpressionType { resultTypes[measure] }

    /// A figure of a group; null where there is none.
    /// - Throws: `overflow` where it does not fit.
    package func value(_ measure: Int, of group: Int) throws(EvaluationError) -> Scalar {
        if case .ratio = resultTypes[measure] { return try columns[measure].ratio(at: group).map { .ratio($0) } ?? .null }
        guard let value = try columns[measure].integer(at: group) else { return .null }
        return texts[measure].map { .string($0.text(of: value)) } ?? Scalar(lane: value, resultTypes[measure])
    }

    /// The value of a key of a group: of a period its first day, of an interval its number, of a row the row; null where
    /// the rows have none.
    package func key(_ key: Int, of group: Int) -> Scalar {
        guard let value = keyValues[key][group] else { return .null }
        let reader = keys[key]
        guard reader.compiled.resultType == .string else { return Scalar(lane: value, reader.compiled.resultType) }
        return .string(reader.values.numberedTexts.text(of: value))
    }

    /// The value of a key as it travels in lanes.
    func keyLane(_ key: Int, of group: Int) -> Int64? { keyValues[key][group] }

    /// The rows of some groups, ascending, in the groups' order; only where they were kept.
    package func rows(of groups: [Int]) -> [[RowNumber]] {
        var places = Array(repeating: -1, count: count)
        for (place, group) in groups.enumerated() { places[group] = place }
        var found: [[RowNumber]] = Array(repeating: [], count: groups.count)
        for (index, row) in rows.enumerated() {
            let place = places[Int(slotsOfRows[index])]
            if place >= 0 { found[place].append(row) }
        }
        return found
    }

    // MARK: - Groups that are shown

    /// The groups for which a condition on their figures is TRUE.
    /// - Parameter condition: over variable 0, a group, whose figures are `Measure.value`.
    package func groups(where condition: Expression) throws(EvaluationError) -> [Int] {
        var given: [DerivedID: DerivedColumn] = [:]
        var givenTexts: [DerivedID: NumberedTexts] = [:]
        for (index, column) in columns.enumerated() {
            given[Measure.placeholder(index)] = column
            givenTexts[Measure.placeholder(index)] = texts[index]
        }
        let program = try Program(condition, of: type, as: .boolean, context, given: given, texts: givenTexts)
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        var frame = program.makeFrame()
        var held: [Int] = []
        for group in 0..<count {
            try frame.charge(1)
            frame.rows[Program.rootSlot] = RowNumber(truncatingIfNeeded: group)
            if try node.truth(&frame) == .yes { held.append(group) }
        }
        try frame.settle()
        return held
    }

    /// Groups in order: by what is asked, then by their keys, so that no two tie.
    package func sorted(_ groups: [Int], by order: [GroupSortKey]) throws(EvaluationError) -> [Int] {
        var comparers: [GroupComparer] = []
        for key in order {
            switch key.by {
            case .measure(let measure):
                comparers.append(try GroupComparer(columns[measure], texts[measure], resultTypes[measure], count, key))
            case .key(let index): comparers.append(comparer(index, key))
            }
        }
        for index in keys.indices { comparers.append(comparer(index, GroupSortKey(.key(index)))) }
        var comparisons = 0
        var failure: EvaluationError?
        let sorted = groups.sorted { left, right in
            comparisons += 1
            if comparisons & 4_095 == 0, failure == nil {
                do throws(EvaluationError) { try context.budget.poll() } catch { failure = error }
            }
            guard failure == nil else { return left < right }
            for comparer in comparers {
                let order = comparer.compare(left, right)
                if order != 0 { return order < 0 }
            }
            return false
        }
        if let failure { throw failure }
        return sorted
    }

    private func comparer(_ index: Int, _ key: GroupSortKey) -> GroupComparer {
        let reader = keys[index]
        let values: GroupComparer.Values
        switch reader.compiled.resultType {
        case .string: values = .texts(keyValues[index], reader.values.numberedTexts)
        case .row(let type): values = .rows(keyValues[index], KeyOrder(type, in: context.version))
        case .float: values = .floats(keyValues[index])
        default: values = .integers(keyValues[index])
        }
        return GroupComparer(values, key)
    }
}

/// One key of an order of groups.
package struct GroupSortKey: Sendable, Hashable {
    package enum By: Sendable, Hashable { case key(Int), measure(Int) }
    package var by: By
    package var ascending: Bool
    package var nullsFirst: Bool
    package init(_ by: By, ascending: Bool = true, nullsFirst: Bool = false) {
        self.by = by
        self.ascending = ascending
        self.nullsFirst = nullsFirst
    }
}

/// Compares groups by one of their keys or figures.
private struct GroupComparer {
    enum Values {
        case integers([Int64?])
        case floats([Int64?])
        case ratios([Ratio?])
        case texts([Int64?], NumberedTexts)
        case rows([Int64?], KeyOrder)
    }
    private let values: Values
    private let ascending: Bool
    private let nullsFirst: Bool

    init(_ values: Values, _ key: GroupSortKey) {
        self.values = values
        ascending = key.ascending
        nullsFirst = key.nullsFirst
    }

    init(
        _ column: DerivedColumn, _ texts: NumberedTexts?, _ type: ExpressionType, _ count: Int, _ key: GroupSortKey
    ) throws(EvaluationError) {
        if case .ratio = type {
            var ratios: [Ratio?] = []
            for group in 0..<count { ratios.append(try column.ratio(at: group)) }
            self.init(.ratios(ratios), key)
        } else {
            var integers: [Int64?] = []
            for group in 0..<count { integers.append(try column.integer(at: group)) }
            self.init(texts.map { .texts(integers, $0) } ?? (type == .float ? .floats(integers) : .integers(integers)), key)
        }
    }

    func compare(_ left: Int, _ right: Int) -> Int {
        switch values {
        case .integers(let values): order(values[left], values[right]) { $0 < $1 ? -1 : $0 == $1 ? 0 : 1 }
        case .floats(let values):
            order(values[left], values[right]) {
                let (a, b) = (Double(lane: $0), Double(lane: $1))
                return a < b ? -1 : a == b ? 0 : 1
            }
        case .ratios(let values): order(values[left], values[right]) { $0 < $1 ? -1 : $0 == $1 ? 0 : 1 }
        case .texts(let values, let texts): order(values[left], values[right]) { texts.order($0, $1) }
        case .rows(let values, let keyOrder):
            order(values[left], values[right]) {
                keyOrder.compare(RowNumber(truncatingIfNeeded: $0), RowNumber(truncatingIfNeeded: $1))
            }
        }
    }

    private func order<Value>(_ left: Value?, _ right: Value?, _ compare: (Value, Value) -> Int) -> Int {
        guard let left, let right else {
            if (left == nil) == (right == nil) { return 0 }
            return (left == nil) == nullsFirst ? -1 : 1
        }
        let order = compare(left, right)
        return ascending ? order : -order
    }
}
