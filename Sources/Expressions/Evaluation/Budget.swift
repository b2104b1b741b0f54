import Synchronization

/// What one request may spend, and whether it should stop. Shared by its threads and whoever cancels it; holds no clock.
package final class Budget: Sendable {
    package enum Limit: Sendable, Hashable { case rowsVisited, bytes, memory, groups, conditions }
    /// - yielded: The work is to be begun anew, at another place or time.
    package enum StopReason: UInt8, Sendable, Hashable { case deadline = 1, cancelled = 2, yielded = 3 }

    /// What may be spent where work is only tried, as it stands in others' way there. What needs more breaks off (`yielded`), to be
    /// begun anew elsewhere; and so does what comes to a step of which nobody knows how long it takes (`beginUncounted`).
    package struct Allowance: Sendable, Hashable {
        package var rows: Int
        /// Bytes held beside the answer.
        package var memory: Int

        package init(rows: Int, memory: Int) {
            self.rows = rows
            self.memory = memory
        }
    }

    /// Rows looked at, in scans and along edges. Scans are cheap: 50 million take well under a second.
    package static let defaultRowLimit = 50_000_000
    package static let defaultByteLimit = 32 << 20
    /// Bytes held beside the answer: to sort 30 million rows takes 650 MB.
    package static let defaultMemoryLimit = 1 << 30

    package let rowLimit: Int
    package let byteLimit: Int
    package let memoryLimit: Int
    /// What is spent at most before the work breaks off; the limits themselves where nothing is allowed for a try.
    private let rowCeiling: Atomic<Int>
    private let memoryCeiling: Atomic<Int>
    private let brief: Atomic<Bool>
    private let rows = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let memory = Atomic<Int>(0)
    private let stopFlag = Atomic<UInt8>(0)
    /// What spends in this one's name now, and is stopped with it.
    private let spender = Mutex<Budget?>(nil)

    /// - Parameter allowance: Where the work is only tried.
    package init(
        rowLimit: Int = Budget.defaultRowLimit, byteLimit: Int = Budget.defaultByteLimit,
        memoryLimit: Int = Budget.defaultMemoryLimit, allowance: Allowance? = nil
    ) {
        self.rowLimit = rowLimit
        self.byteLimit = byteLimit
        self.memoryLimit = memoryLimit
        rowCeiling = Atomic(min(rowLimit, allowance?.rows ?? .max))
        memoryCeiling = Atomic(min(memoryLimit, allowance?.memory ?? .max))
        brief = Atomic(allowance != nil)
    }

    package var rowsVisited: Int { rows.load(ordering: .relaxed) }
    package var byteCount: Int { bytes.load(ordering: .relaxed) }
    /// Bytes that are claimed now (`MemoryClaim`).
    package var memoryCount: Int { memory.load(ordering: .relaxed) }

    /// Asks the work to end: it does at its next poll. From any thread; the first reason stays.
    package func stop(_ reason: StopReason) {
        _ = stopFlag.compareExchange(expected: 0, desired: reason.rawValue, ordering: .sequentiallyConsistent)
        spender.withLock { $0 }?.stop(reason)
    }

    // MARK: A budget for what is kept from request to request

    /// A budget with the same limits, for what outlives a request and holds on to its budget.
    package func makeSpender() -> Budget { Budget(rowLimit: rowLimit, byteLimit: byteLimit, memoryLimit: memoryLimit) }

    /// Whether another one has the same limits.
    package func hasLimits(of other: Budget) -> Bool {
        rowLimit == other.rowLimit && byteLimit == other.byteLimit && memoryLimit == other.memoryLimit
    }

    /// Has another budget, which begins anew, count what is spent until `end(spending:)`. Stopping this one stops it.
    package func begin(spending other: Budget) {
        other.rows.store(0, ordering: .relaxed)
        other.bytes.store(0, ordering: .relaxed)
        other.memory.store(0, ordering: .relaxed)
        other.stopFlag.store(0, ordering: .relaxed)
        other.rowCeiling.store(rowCeiling.load(ordering: .relaxed), ordering: .relaxed)
        other.memoryCeiling.store(memoryCeiling.load(ordering: .relaxed), ordering: .relaxed)
        other.brief.store(isBrief, ordering: .relaxed)
        spender.withLock { $0 = other }
        // Whoever stops this one sets the flag before looking for a spender: one of both sees the other.
        if let reason = StopReason(rawValue: stopFlag.load(ordering: .sequentiallyConsistent)) { other.stop(reason) }
    }

    /// Counts here what the other one has counted.
    package func end(spending other: Budget) {
        spender.withLock { $0 = nil }
        rows.add(other.rowsVisited, ordering: .relaxed)
        bytes.add(other.byteCount, ordering: .relaxed)
        // Whatever came of it: it is to be begun anew.
        if other.stopReason == .yielded { stop(.yielded) }
    }

    // MARK: Work that is tried

    /// Whether the work is only tried.
    package var isBrief: Bool { brief.load(ordering: .relaxed) }

    /// Called before a step that may take long and of which nothing is counted: what is made for a first time and for all who come
    /// later, what waits for another, what runs a client's pattern. Work that is only tried ends here.
    /// - Throws: `stopped`.
    package func beginUncounted() throws(EvaluationError) {
        try poll()
        if isBrief { throw yielded() }
    }

    /// Called before so many rows are looked at, where room is made for all of them first. Work that is only tried and may not go so far
    /// ends here.
    /// - Throws: `stopped`.
    package func foresee(rows count: Int) throws(EvaluationError) {
        if isBrief, rowsVisited &+ count > rowCeiling.load(ordering: .relaxed) { throw yielded() }
    }

    private func yielded() -> EvaluationError {
        stop(.yielded)
        return .stopped(stopReason ?? .yielded)
    }

    /// Whether it was asked to end.
    package var isStopped: Bool { stopFlag.load(ordering: .relaxed) != 0 }

    /// Why it was asked to end; nil where it was not.
    package var stopReason: StopReason? { StopReason(rawValue: stopFlag.load(ordering: .relaxed)) }

    /// - Throws: `stopped`, when it was.
    package func poll() throws(EvaluationError) {
        if let reason = StopReason(rawValue: stopFlag.load(ordering: .relaxed)) { throw .stopped(reason) }
    }

    /// Counts rows looked at, and polls. Loops call it at least every 1,024 rows.
    /// - Throws: `stopped`, `overBudget`.
    package func charge(rows count: Int) throws(EvaluationError) {
        try poll()
        let visited = rows.add(count, ordering: .relaxed).newValue
        guard visited > rowCeiling.load(ordering: .relaxed) else { return }
        throw visited > rowLimit ? .overBudget(.rowsVisited, limit: rowLimit) : yielded()
    }

    /// Counts bytes of the answer, and polls.
    /// - Throws: `stopped`, `overBudget`.
    package func charge(bytes count: Int) throws(EvaluationError) {
        try poll()
        if bytes.add(count, ordering: .relaxed).newValue > byteLimit { throw .overBudget(.bytes, limit: byteLimit) }
    }

    /// Counts bytes that are about to be held. What is refused counts too, until it is released.
    fileprivate func claim(memory count: Int) throws(EvaluationError) {
        let held = memory.add(count, ordering: .relaxed).newValue
        guard held > memoryCeiling.load(ordering: .relaxed) else { return }
        throw held > memoryLimit ? .overBudget(.memory, limit: memoryLimit) : yielded()
    }

    fileprivate func release(memory count: Int) { memory.subtract(count, ordering: .relaxed) }
}

/// Bytes that a step of a request holds while it lasts: told to the budget before they are allocated, given back when the step
/// lets go. Used on one thread.
package final class MemoryClaim {
    private let budget: Budget
    private var byteCount = 0

    package init(_ budget: Budget) { self.budget = budget }

    /// - Throws: `overBudget`, before the bytes are taken; `stopped`.
    package func add(_ count: Int) throws(EvaluationError) {
        try budget.poll()
        byteCount &+= count
        try budget.claim(memory: count)
    }

    deinit { budget.release(memory: byteCount) }
}
