import StoreColumns
import Synchronization

/// A figure of the set behind a plain reference, for every owner at once: one pass over the rows that refer, in place of a walk
/// along the edge of each owner.
///
/// Asked for few owners it stands aside; asked for enough of them (`Frame.pays`) it is computed and kept as a column.
final class SetFigures: Sendable {
    private enum State {
        case open
        case known(DerivedColumn)
        /// Some row's value breaks: asked alone, only its owner's figure does.
        case impossible
    }
    private let measure: Measure
    private let owner: Expression
    private let owners: Table
    private let referring: Table
    private let site: Int
    private let context: EvaluationContext
    private let state = Mutex(State.open)

    /// - Parameters:
    ///   - measure: of the rows that refer.
    ///   - owner: of such a row, over variable 0.
    init(
        _ measure: Measure, of referring: Table, by owner: Expression, _ owners: Table, site: Int, _ context: EvaluationContext
    ) {
        self.measure = measure
        self.owner = owner
        self.owners = owners
        self.referring = referring
        self.site = site
        self.context = context
    }

    /// The figures of all owners, where they are known or now pay.
    func column(_ frame: inout Frame, asking count: Int) throws(EvaluationError) -> DerivedColumn? {
        if let column = frame.columns[site] { return column }
        guard frame.pays(at: site, asked: count, of: owners.rowCount) else { return nil }
        switch state.withLock({ $0 }) {
        case .impossible: return nil
        case .known(let column):
            frame.columns[site] = column
            return column
        case .open: break
        }
        let made: State
        do throws(EvaluationError) {
            made = .known(try makeColumn())
        } catch {
            switch error {
            case .overflow, .patternLimit: made = .impossible
            case .overBudget, .stopped, .patternInvalid, .illTyped: throw error
            }
        }
        state.withLock { $0 = made }
        guard case .known(let column) = made else { return nil }
        frame.columns[site] = column
        return column
    }

    private func makeColumn() throws(EvaluationError) -> DerivedColumn {
        // There are at most as many groups as owners, and one without.
        let aggregation = try Aggregation(
            of: [measure], by: [GroupingKey(owner)], on: referring.type, context, groupLimit: .max)
        let rows = referring.liveRows ?? Bitmap(count: referring.rowCount, all: true)
        let isZeroOfNothing = [.count, .countDistinct, .sum].contains(measure.operation)
        return try aggregation.figures(of: .bitmap(rows)).column(byOwner: owners.rowCount, isZeroOfNothing)
    }
}

extension Figures {
    /// The first figure by the row that is the key.
    fileprivate func column(byOwner count: Int, _ isZeroOfNothing: Bool) throws(EvaluationError) -> DerivedColumn {
        var failures: [Int: EvaluationError] = [:]
        var valid = Array(repeating: isZeroOfNothing ? ~UInt64(0) : 0, count: (count + 63) / 64)
        let isRatio = if case .ratio = resultTypes[0] { true } else { false }
        var integers = Array(repeating: Int64(0), count: isRatio ? 0 : count)
        var ratios = Array(repeating: Ratio.zero, count: isRatio ? count : 0)
        for group in 0..<self.count {
            if group & 1_023 == 0 { try context.budget.poll() }
            guard let owner = keyLane(0, of: group).map({ Int(truncatingIfNeeded: $0) }) else { continue }
            do throws(EvaluationError) {
                if isRatio {
                    guard let figure = try columns[0].ratio(at: group) else { continue }
                    ratios[owner] = figure
                } else {
                    guard let figure = try columns[0].integer(at: group) else { continue }
                    integers[owner] = figure
                }
                valid[owner >> 6] |= 1 << UInt64(owner & 63)
            } catch {
                valid[owner >> 6] &= ~(1 << UInt64(owner & 63))
                failures[owner] = error
            }
        }
        return DerivedColumn(isRatio ? .ratios(ratios) : .integers(integers), valid: valid, failures: failures)
    }
}

/// A figure that is an integer: from the column of all owners where that is there, else along the owner's edge.
final class SetFigureInteger: IntegerNode, @unchecked Sendable {
    private let figures: SetFigures
    private let row: IntegerNode
    private let alone: IntegerNode
    init(_ figures: SetFigures, of row: IntegerNode, alone: IntegerNode) {
        self.figures = figures
        self.row = row
        self.alone = alone
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Int64? {
        guard let column = try figures.column(&frame, asking: 1) else { return try alone.value(&frame) }
        guard let row = try row.value(&frame) else { return nil }
        return try column.integer(at: Int(truncatingIfNeeded: row))
    }

    override func fill(
        _ lanes: inout Lanes, _ block: Block, _ mask: BlockBits, _ frame: inout Frame
    ) throws(EvaluationError) {
        guard let column = try figures.column(&frame, asking: mask.count) else {
            return try super.fill(&lanes, block, mask, &frame)
        }
        try row.fill(&lanes, block, mask, &frame)
        try column.read(at: &lanes, mask)
    }
}

/// The same for ratios: averages.
final class SetFigureRatio: RatioNode, @unchecked Sendable {
    private let figures: SetFigures
    private let row: IntegerNode
    private let alone: RatioNode
    init(_ figures: SetFigures, of row: IntegerNode, alone: RatioNode) {
        self.figures = figures
        self.row = row
        self.alone = alone
    }

    override func value(_ frame: inout Frame) throws(EvaluationError) -> Ratio? {
        guard let column = try figures.column(&frame, asking: 1) else { return try alone.value(&frame) }
        guard let row = try row.value(&frame) else { return nil }
        return try column.ratio(at: Int(truncatingIfNeeded: row))
    }
}

extension Compiler {
    /// What computes an aggregate for all owners at once; nil where its set, its condition or its element does not let it.
    mutating func setFigures(
        _ aggregate: Aggregate, over set: Expression, variable: Int, of element: Expression?
    ) throws(EvaluationError) -> (figures: SetFigures, row: Expression)? {
        guard context.materialisation != .never else { return nil }
        var (set, condition) = (set, Expression?.none)
        if case .filter(let base, let inner, let body) = set {
            // A condition that names an outer row means something else for each owner.
            guard let counted = body.counted(from: inner) else { return nil }
            (set, condition) = (base, counted)
        }
        guard condition != nil || element != nil, case .rows(let row, .inverse(let index, let target)) = set else { return nil }
        let ownerType = try rowType(row)
        guard version.catalog[ownerType].inverses.indices.contains(index) else { return nil }
        let column = version.catalog[ownerType].inverses[index].column
        guard case .reference = version[target].column(column) else { return nil }
        var counted: Expression?
        if let element {
            counted = element.counted(from: variable)
            guard counted != nil else { return nil }
        }
        let operation: Measure.Operation
        switch aggregate {
        case .count: operation = .count
        case .sum: operation = .sum
        case .minimum: operation = .minimum
        case .maximum: operation = .maximum
        case .average: operation = .average
        case .countDistinct: operation = .countDistinct
        case .median: operation = .median
        }
        let measure = Measure(operation, of: counted, where: condition)
        // Sums of ratios are no figures; texts are found owner by owner.
        guard let result = measure.resultType, result != .string else { return nil }
        let owner = Expression.follow(.variable(0, target), .reference(column: column, target: ownerType))
        return (SetFigures(measure, of: version[target], by: owner, version[ownerType], site: makeSite(), context), row)
    }
}
