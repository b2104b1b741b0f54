import Patterns
import StoreColumns

/// A Boolean expression over the rows of one type, bound to a version and an as-of date: constants are codes, patterns are
/// compiled. Any number of threads may ask it; loops take an evaluator of their own.
package struct CompiledPredicate: Sendable {
    package let type: NodeTypeID
    package let expression: Expression
    let program: Program
    let node: TruthNode

    /// Binds an expression over variable 0, a row of `type`.
    /// - Throws: `patternInvalid`, `patternLimit`, `illTyped`.
    package init(_ expression: Expression, on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        program = try Program(expression, of: type, as: .boolean, context)
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        self.node = node
        self.type = type
        self.expression = expression
    }

    package var context: EvaluationContext { program.context }

    /// For a loop on one thread.
    package func makeEvaluator() -> PredicateEvaluator {
        PredicateEvaluator(node: node, frame: program.makeFrame())
    }

    /// The verdict for one live row. Makes an evaluator: for single questions.
    package func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        var evaluator = makeEvaluator()
        let truth = try evaluator.truth(of: row)
        try evaluator.finish()
        return truth
    }

    /// What one row costs, in column reads, roughly.
    package var estimatedRowCost: Int { expression.cost }

    /// The rows for which the predicate is TRUE, among the live rows of the type: from few candidates where keys, indexes or
    /// edges name them, else from the verdicts of the whole type, which are kept for others who ask the same.
    package func rows() throws(EvaluationError) -> RowSelection {
        let table = context.version[type]
        guard context.trace == nil else { return try tracedRows(table) }
        if let candidates = try candidates(in: table)?.rows { return .list(try rows(among: candidates)) }
        return .bitmap(Bitmap(words: try verdicts().yes, count: table.rowCount))
    }

    private func tracedRows(_ table: Table) throws(EvaluationError) -> RowSelection {
        let text = expression.text(in: context.rowTypes)
        let found = try context.step(.phase, "choose where to begin") { () throws(EvaluationError) in
            try candidates(in: table)
        } rows: {
            $0?.rows.count
        }
        guard let found else {
            let sample = SampledOrder.sample(of: table)
            var inner = context
            (inner.trace, inner.materialisation) = (nil, .never)
            let passing = try SampledOrder.sampled(expression, sample, on: type, inner).passing
            let estimate = Int((passing * Double(table.liveRowCount)).rounded())
            return try context.step(.set, "all of \(context.rowTypes[type].name)", estimatedRows: estimate) {
                () throws(EvaluationError) in
                RowSelection.bitmap(Bitmap(words: try verdicts().yes, count: table.rowCount))
            } rows: {
                $0.count
            }
        }
        for step in found.way { context.trace?.note(step.mode, step.name, estimatedRows: step.rowCount, rows: step.rowCount) }
        return try context.step(.rows, text, estimatedRows: found.rows.count) { () throws(EvaluationError) in
            RowSelection.list(try rows(among: found.rows))
        } rows: {
            $0.count
        }
    }

    /// Few rows, which the predicate can be TRUE for. Asking a row costs some thirty times what it costs in a scan.
    private func candidates(
        in table: Table
    ) throws(EvaluationError) -> (rows: [RowNumber], way: [CandidateFinder.Step])? {
        let limit = max(64, table.liveRowCount / 32)
        let scanLimit = table.liveRowCount >= Self.lookingAheadRowCount || context.materialisation == .always
        var finder = CandidateFinder(context, limit: limit, scanLimit: scanLimit ? table.liveRowCount : nil)
        let found = try finder.candidates(of: expression, variable: 0, type: type)
        // Who sees few rows of many asks those.
        if let few = table.fewRows, few.count < found?.count ?? max(Self.fewRowCount, table.rowCount / 32) { return (few, []) }
        guard let found else { return nil }
        return (found, finder.way)
    }

    private static let fewRowCount = 256

    /// Types below are scanned in the time it takes to compile what another type is asked.
    private static let lookingAheadRowCount = 8_192

    /// Whether the verdicts for every row of the type are kept now.
    package var isKept: Bool { context.derived.verdicts.known(KeptVerdicts.Key(type: type, condition: expression)) != nil }

    /// The verdicts for every row of the type: kept ones, or by a scan.
    func verdicts() throws(EvaluationError) -> TruthBitmaps {
        let table = context.version[type]
        var frame = program.makeFrame()
        let key = KeptVerdicts.Key(type: type, condition: expression)
        let verdicts = try context.verdicts(key, &frame) { (frame) throws(EvaluationError) in
            let conjuncts = expression.conjuncts
            let isLarge = table.liveRowCount >= SampledOrder.minimumRowCount || context.materialisation == .always
            guard conjuncts.count > 1, isLarge, conjuncts.contains(where: { $0.cost > 4 }) else {
                return try node.bitmaps(over: table, slot: Program.rootSlot, &frame)
            }
            return try orderedVerdicts(conjuncts, over: table)
        }
        try frame.settle()
        return verdicts
    }

    private func orderedVerdicts(_ conjuncts: [Expression], over table: Table) throws(EvaluationError) -> TruthBitmaps {
        let order = try SampledOrder(conjuncts, on: type, context)
        if let trace = context.trace {
            for part in order.parts {
                let estimate = Int((part.passing * Double(table.liveRowCount)).rounded())
                trace.note(.phase, "in this order: \(part.expression.text(in: context.rowTypes))", estimatedRows: estimate)
            }
        }
        let program = try Program(inOrder: order.parts.map(\.expression), of: type, context)
        guard case .truth(let node) = program.root else { throw .illTyped("a Boolean was expected") }
        var frame = program.makeFrame()
        let verdicts = try node.bitmaps(over: table, slot: Program.rootSlot, &frame)
        try frame.settle()
        return verdicts
    }

    /// The rows of a list for which the predicate is TRUE, in the list's order. The rows are live.
    package func rows(among candidates: [RowNumber]) throws(EvaluationError) -> [RowNumber] {
        var evaluator = makeEvaluator()
        var rows: [RowNumber] = []
        for row in candidates where try evaluator.truth(of: row) == .yes { rows.append(row) }
        try evaluator.finish()
        return rows
    }

    /// How many rows of a list it is TRUE for, and how many texts a pattern had to be matched with for that.
    func sampled(_ rows: [RowNumber]) throws(EvaluationError) -> (passing: Int, matched: Int) {
        var evaluator = makeEvaluator()
        var passing = 0
        for row in rows where try evaluator.truth(of: row) == .yes { passing += 1 }
        try evaluator.finish()
        return (passing, evaluator.frame.matchers.reduce(0) { $0 + ($1?.matchCount ?? 0) })
    }

    /// A superset of the rows for which the predicate can be TRUE, ascending, where unique values, keys or references to such
    /// rows name at most `limit` of them; nil where a scan is the way.
    package func exactCandidates(limit: Int) throws(EvaluationError) -> [RowNumber]? {
        var finder = CandidateFinder(context, limit: limit)
        return try finder.candidates(of: expression, variable: 0, type: type)
    }
}

/// A predicate with the memory to ask it of row after row, on one thread.
package struct PredicateEvaluator {
    fileprivate let node: TruthNode
    fileprivate var frame: Frame

    /// - Throws: `overBudget`, `stopped`, `overflow`, `patternLimit`.
    package mutating func truth(of row: RowNumber) throws(EvaluationError) -> Truth {
        try frame.charge(1)
        frame.rows[Program.rootSlot] = row
        return try node.truth(&frame)
    }

    /// Tells the budget of the last rows, fewer than 1,024. After a loop.
    package mutating func finish() throws(EvaluationError) { try frame.settle() }
}

/// Rows of one type, as what is smaller.
package enum RowSelection: Sendable {
    /// Ascending.
    case list([RowNumber])
    case bitmap(Bitmap)

    package var count: Int {
        switch self {
        case .list(let rows): rows.count
        case .bitmap(let bitmap): bitmap.setCount
        }
    }

    package var byteCount: Int {
        switch self {
        case .list(let rows): rows.count * MemoryLayout<RowNumber>.stride
        case .bitmap(let bitmap): bitmap.words.count * MemoryLayout<UInt64>.stride
        }
    }

    package var isEmpty: Bool {
        switch self {
        case .list(let rows): rows.isEmpty
        case .bitmap(let bitmap): bitmap.isEmpty
        }
    }

    /// The rows, ascending.
    package consuming func array() -> [RowNumber] {
        switch self {
        case .list(let rows): return rows
        case .bitmap(let bitmap):
            var rows: [RowNumber] = []
            rows.reserveCapacity(bitmap.setCount)
            bitmap.forEachSet { rows.append(RowNumber(truncatingIfNeeded: $0)) }
            return rows
        }
    }
}
