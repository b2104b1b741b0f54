import Synchronization

/// What one request may spend, and whether it should stop. Shared by its threads and whoever cancels it; holds no clock.
package final class Budget: Sendable {
    package enum Limit: Sendable, Hashable { case rowsVisited, bytes, memory, groups, conditions }
    /// - yielded: The work is to be begun anew, at another place or time.
    package enum StopReason: UInt8, Sendable, Hashable { case deadline = 1, cancelled = 2, yielded = 3 }

    /// Rows looked at, in scans and along edges. Scans are cheap: 50 million take well under a second.
    package static let defaultRowLimit = 50_000_000
    package static let defaultByteLimit = 32 << 20
    /// Bytes held beside the answer: to sort 30 million rows takes 650 MB.
    package static let defaultMemoryLimit = 1 << 30

    package let rowLimit: Int
    package let byteLimit: Int
    package let memoryLimit: Int
    private let rows = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let memory = Atomic<Int>(0)
    private let stopFlag = Atomic<UInt8>(0)
    /// What spends in this one's name now, and is stopped with it.
    private let spender = Mutex<Budget?>(nil)

    package init(
        rowLimit: Int = Budget.defaultRowLimit, byteLimit: Int = Budget.defaultByteLimit,
        memoryLimit: Int = Budget.defaultMemoryLimit
    ) {
        self.rowLimit = rowLimit
        self.byteLimit = byteLimit
        self.memoryLimit = memoryLimit
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
        spender.withLock { $0 = other }
        // Whoever stops this one sets the flag before looking for a spender: one of both sees the other.
        if let reason = StopReason(rawValue: stopFlag.load(ordering: .sequentiallyConsistent)) { other.stop(reason) }
    }

    /// Counts here what the other one has counted.
    package func end(spending other: Budget) {
        spender.withLock { $0 = nil }
        rows.add(other.rowsVisited, ordering: .relaxed)
        bytes.add(other.byteCount, ordering: .relaxed)
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
        if rows.add(count, ordering: .relaxed).newValue > rowLimit { throw .overBudget(.rowsVisited, limit: rowLimit) }
    }

    /// Counts bytes of the answer, and polls.
    /// - Throws: `stopped`, `overBudget`.
    package func charge(bytes count: Int) throws(EvaluationError) {
        try poll()
        if bytes.add(count, ordering: .relaxed).newValue > byteLimit { throw .overBudget(.bytes, limit: byteLimit) }
    }

    /// Counts bytes that are about to be held. What is refused counts too, until it is released.
    fileprivate func claim(memory count: Int) throws(EvaluationError) {
        if memory.add(count, ordering: .relaxed).newValue > memoryLimit { throw .overBudget(.memory, limit: memoryLimit) }
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
