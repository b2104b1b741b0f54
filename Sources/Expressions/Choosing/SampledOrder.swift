import StoreColumns

/// The order in which the parts of a conjunction are asked of a whole type: what costs little and rules out much comes first.
///
/// A part's share of TRUE is what it came to in a sample of rows spread evenly over the type; asking it costs what its expression
/// says, a text test once a distinct text. Parts whose verdicts are kept come first of all.
struct SampledOrder {
    struct Part {
        var expression: Expression
        /// For each row, roughly, in column reads.
        var cost: Double
        /// Of the sample; unknown and no alike.
        var passing: Double
    }
    private(set) var parts: [Part] = []
    /// Rows in the sample.
    let sampleCount: Int

    /// Below, an order that is wrong costs less than a sample.
    static let minimumRowCount = 32_768
    static let rowCount = 192

    init(_ conjuncts: [Expression], on type: NodeTypeID, _ context: EvaluationContext) throws(EvaluationError) {
        let rows = Self.sample(of: context.version[type])
        sampleCount = rows.count
        var inner = context
        // Row by row, and nothing noted: the sample is to cost little, and is no step of its own.
        inner.materialisation = .never
        inner.trace = nil
        for conjunct in conjuncts {
            let key = KeptVerdicts.Key(type: type, condition: conjunct)
            if let known = context.derived.verdicts.known(key) {
                let passing = Double(known.yesCount) / Double(max(1, context.version[type].liveRowCount))
                parts.append(Part(expression: conjunct, cost: 0.1, passing: passing))
                continue
            }
            let sampled = try Self.sampled(conjunct, rows, on: type, inner)
            let prices = ScanPrices(
                rowCount: context.version[type].liveRowCount, version: context.version, matchedShare: sampled.matched)
            parts.append(Part(expression: conjunct, cost: conjunct.scanCost(prices), passing: sampled.passing))
        }
        // A part that is dearer is worth it where it leaves less to ask: cost for each row that it rules out.
        let ranks = parts.map { $0.cost / max(1 - $0.passing, 0.001) }
        parts = parts.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { parts[$0] }
    }

    static func sample(of table: Table) -> [RowNumber] {
        let step = max(1, table.rowCount / rowCount)
        return stride(from: step / 2, to: table.rowCount, by: step).map { RowNumber(truncatingIfNeeded: $0) }
            .filter { table.isLive($0) }
    }

    /// The share of some rows for which a condition is TRUE, and of those whose texts a pattern had to be matched with, which it need
    /// not be where a text's ends rule it out; all where a row's values are in the way.
    static func sampled(
        _ condition: Expression, _ rows: [RowNumber], on type: NodeTypeID, _ context: EvaluationContext
    ) throws(EvaluationError) -> (passing: Double, matched: Double) {
        guard !rows.isEmpty else { return (1, 1) }
        do throws(EvaluationError) {
            let found = try CompiledPredicate(condition, on: type, context).sampled(rows)
            return (Double(found.passing) / Double(rows.count), Double(found.matched) / Double(rows.count))
        } catch {
            switch error {
            case .overflow, .patternLimit: return (1, 1)
            case .overBudget, .stopped, .patternInvalid, .illTyped: throw error
            }
        }
    }
}

/// What asking a whole type costs depends on.
struct ScanPrices {
    var rowCount: Int
    var version: GraphVersion
    /// Of the rows: those whose text is matched with a pattern.
    var matchedShare: Double
}

extension Expression {
    /// What a row costs where a whole type is asked: a text test is made once a distinct text, and conditions on the rows of sets
    /// once a row of their type.
    func scanCost(_ prices: ScanPrices) -> Double {
        switch self {
        case .and(let operands), .or(let operands): operands.reduce(0.5) { $0 + $1.scanCost(prices) }
        case .not(let operand): operand.scanCost(prices)
        case .text(let match, .column(let row, let column, _)): Self.textCost(match, row, column, prices)
        case .quantified(_, .optional(let row), _, let body): Double(row.cost + 1) + body.scanCost(prices)
        default: Double(cost)
        }
    }

    private static func textCost(_ match: TextMatch, _ row: Expression, _ column: Int, _ prices: ScanPrices) -> Double {
        let test = match.kind == .regex ? 6 + 60 * prices.matchedShare : 6
        guard case .row(let type) = row.type, case .string(let texts) = prices.version[type].column(column) else { return test }
        // Few texts under many rows: most rows cost a bit.
        let share = min(1, Double(texts.dictionary.count) / Double(max(1, prices.rowCount)))
        return Double(row.cost) + 2 + test * share
    }
}
