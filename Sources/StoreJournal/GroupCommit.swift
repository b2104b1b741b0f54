/// When to write, to synchronize and to answer, so that many records share one synchronization: it decides, and whoever
/// holds the file does.
///
/// `answered ≤ acknowledged ≤ durable ≤ written ≤ enqueued` always holds.
package struct GroupCommit: Sendable {
    package struct Limits: Sendable {
        /// What one write may bring: a bound to how long the first of many waits for the last.
        package var batchRecordCount = 256
        package var batchByteCount = 4 << 20
        /// What may wait: a bound to memory, and to how late an answer can be.
        package var waitingRecordCount = 4_096
        package var waitingByteCount = 64 << 20
        package init() {}
    }

    package enum Action: Sendable, Hashable {
        /// Write the next records, in their order, with one write.
        case write(recordCount: Int)
        case synchronize
        /// Note in `acked` that everything up to this LSN is durable.
        case acknowledge(UInt64)
        /// Show everything up to this LSN and answer.
        case answer(UInt64)
        /// Nothing is to be done until a record comes.
        case wait
    }

    package let limits: Limits
    package private(set) var enqueued: UInt64
    package private(set) var written: UInt64
    package private(set) var durable: UInt64
    package private(set) var acknowledged: UInt64
    package private(set) var answered: UInt64
    package private(set) var hasFailed = false
    /// The sizes of the records after `written`, oldest first.
    private var waiting: [Int] = []
    private var waitingByteCount = 0

    /// - Parameter lsn: everything up to it is durable.
    package init(after lsn: UInt64, limits: Limits = Limits()) {
        self.limits = limits
        (enqueued, written, durable, acknowledged, answered) = (lsn, lsn, lsn, lsn, lsn)
    }

    /// Takes the next record in. False if too much waits, or writing has failed; then it was not taken.
    package mutating func enqueue(byteCount: Int) -> Bool {
        guard !hasFailed, waiting.count < limits.waitingRecordCount,
            waiting.isEmpty || waitingByteCount + byteCount <= limits.waitingByteCount
        else { return false }
        waiting.append(byteCount)
        waitingByteCount += byteCount
        enqueued += 1
        return true
    }

    /// What to do now. Ask again when it is done and `finished` was told.
    package func next() -> Action {
        if answered < acknowledged { return .answer(acknowledged) }
        if hasFailed { return .wait }
        if acknowledged < durable { return .acknowledge(durable) }
        if durable < written { return .synchronize }
        if written < enqueued { return .write(recordCount: batchCount()) }
        return .wait
    }

    private func batchCount() -> Int {
        var (count, bytes) = (0, 0)
        for size in waiting {
            guard count == 0 || (count < limits.batchRecordCount && bytes + size <= limits.batchByteCount) else { break }
            count += 1
            bytes += size
        }
        return count
    }

    package mutating func finished(_ action: Action) {
        switch action {
        case .write(let count):
            written += UInt64(count)
            waitingByteCount -= waiting[..<count].reduce(0, +)
            waiting.removeFirst(count)
        case .synchronize: durable = written
        case .acknowledge(let lsn): acknowledged = lsn
        case .answer(let lsn): answered = lsn
        case .wait: break
        }
    }

    /// Something failed: what is not acknowledged yet will not be.
    package mutating func fail() {
        hasFailed = true
        durable = acknowledged
    }

    /// Begins again after a failure, in a new file behind what is durable. What waited is forgotten.
    package mutating func restart() {
        (enqueued, written, acknowledged, answered) = (durable, durable, durable, durable)
        waiting = []
        waitingByteCount = 0
        hasFailed = false
    }
}
