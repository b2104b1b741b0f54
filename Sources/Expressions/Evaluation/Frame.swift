import Patterns
import StoreColumns

/// No row: the null of row variables inside the evaluator.
let noRow = RowNumber.max

/// How much a frame holds; grows while an expression is compiled.
struct FrameLayout: Sendable {
    var slotCount = 0
    var hoistCount = 0
    var siteCount = 0
    var matcherCount = 0
    var testCount = 0
}

/// The state of one evaluation on one thread: rows bound to variables, memory to reuse, what was found computed already.
///
/// Nothing of it is allocated a row: lists and lanes are taken from the frame and given back. What an error leaves not given
/// back is merely freed.
struct Frame {
    /// A row for each variable.
    var rows: [RowNumber]
    /// Values that do not change within the loop they were hoisted out of.
    var hoisted: [Hoisted]
    /// One for each place that may switch to something computed for a whole type: how often it was asked.
    var counters: [Int]
    /// At the same places: what it switched to.
    var predicates: [TruthBitmaps?]
    var columns: [DerivedColumn?]
    var validRows: [ValidRows?]
    var matchers: [PatternMatcher?]
    /// What the arguments of a condition come to.
    var tests: [ConstantTest]

    let budget: Budget
    let materialisation: Materialisation
    /// Set on the frame that a request's own thread works with.
    let splitting: Splitting?
    let trace: PlanTrace?
    /// Rows of a scan for each one that was looked at: what is asked now will be asked so many times over.
    var extrapolation = 1
    private var uncharged = 0
    private var lists: [[RowNumber]] = []
    private var lanes: [Lanes] = []
    private var byteBuffers: [[UInt8]] = []

    enum Hoisted {
        case open
        case null
        case value(Int64)
    }

    init(_ layout: FrameLayout, _ context: EvaluationContext) {
        rows = Array(repeating: noRow, count: layout.slotCount)
        hoisted = Array(repeating: .open, count: layout.hoistCount)
        counters = Array(repeating: 0, count: layout.siteCount)
        predicates = Array(repeating: nil, count: layout.siteCount)
        columns = Array(repeating: nil, count: layout.siteCount)
        validRows = Array(repeating: nil, count: layout.siteCount)
        matchers = Array(repeating: nil, count: layout.matcherCount)
        tests = Array(repeating: .settled(.unknown), count: layout.testCount)
        budget = context.budget
        materialisation = context.materialisation
        splitting = context.splitting
        trace = context.trace
    }

    /// A frame for a part of a scan, on another thread.
    init(_ seed: FrameSeed) {
        rows = seed.rows
        hoisted = seed.hoisted
        counters = Array(repeating: 0, count: seed.predicates.count)
        predicates = seed.predicates
        columns = seed.columns
        validRows = seed.validRows
        matchers = Array(repeating: nil, count: seed.matcherCount)
        tests = seed.tests
        budget = seed.budget
        materialisation = seed.materialisation
        splitting = nil
        trace = nil
    }

    /// What a frame on another thread begins with.
    var seed: FrameSeed {
        FrameSeed(
            rows: rows, hoisted: hoisted, predicates: predicates, columns: columns, validRows: validRows,
            matcherCount: matchers.count, tests: tests, budget: budget, materialisation: materialisation)
    }

    /// Counts rows looked at; tells the budget every 1,024.
    @inline(__always)
    mutating func charge(_ count: Int) throws(EvaluationError) {
        uncharged &+= count
        if uncharged >= 1_024 { try settle() }
    }

    /// Tells the budget what was not yet told.
    mutating func settle() throws(EvaluationError) {
        let count = uncharged
        uncharged = 0
        try budget.charge(rows: count)
    }

    /// Whether a place has switched to verdicts of a whole type.
    @inline(__always)
    func isKnown(at site: Int) -> Bool {
        if case .some = predicates[site] { true } else { false }
    }

    /// Whether a place that was now asked `count` times more should have its answers computed for all `total` rows.
    mutating func pays(at site: Int, asked count: Int, of total: Int) -> Bool {
        switch materialisation {
        case .always: return true
        case .never: return false
        case .adaptive:
            counters[site] &+= count
            return counters[site].multipliedReportingOverflow(by: extrapolation).partialValue > Self.payingCount(of: total)
        }
    }

    /// So many questions one by one cost about as much as all rows at once.
    static func payingCount(of total: Int) -> Int { max(256, total / 8) }

    mutating func takeList() -> [RowNumber] { lists.popLast() ?? [] }
    mutating func giveBack(_ list: consuming [RowNumber]) {
        list.removeAll(keepingCapacity: true)
        lists.append(list)
    }

    mutating func takeLanes() -> Lanes { lanes.popLast() ?? Lanes() }
    mutating func giveBack(_ taken: consuming Lanes) { lanes.append(taken) }

    mutating func takeBytes() -> [UInt8] { byteBuffers.popLast() ?? [] }
    mutating func giveBack(_ bytes: consuming [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        byteBuffers.append(bytes)
    }

    mutating func open(_ hoists: [Int]) {
        for index in hoists { hoisted[index] = .open }
    }
}

/// What was found computed already when a scan was split: nothing that two threads would write to.
struct FrameSeed: Sendable {
    var rows: [RowNumber]
    var hoisted: [Frame.Hoisted]
    var predicates: [TruthBitmaps?]
    var columns: [DerivedColumn?]
    var validRows: [ValidRows?]
    var matcherCount: Int
    var tests: [ConstantTest]
    var budget: Budget
    var materialisation: Materialisation
}
