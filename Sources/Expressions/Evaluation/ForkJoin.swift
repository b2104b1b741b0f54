/// Threads that take parts of a scan off the caller's hands. Handed in from above: nothing below starts a thread or waits for
/// one that may never come.
package protocol ForkJoin: Sendable {
    /// Runs the body once for each part, on the calling thread and on threads that are idle, in no order, and returns when
    /// every part has ended. Where none is idle, all of it runs on the calling thread.
    func run(parts count: Int, _ body: @escaping @Sendable (Int) -> Void)
}

/// Which scans are split, and how finely.
package struct Splitting: Sendable {
    package var threads: any ForkJoin
    /// Smaller types are scanned by one thread: waking another costs what it takes to look at a hundred thousand rows.
    package var minimumRowCount: Int
    /// A multiple of 1,024.
    package var partRowCount: Int

    package init(_ threads: any ForkJoin, minimumRowCount: Int = 1 << 18, partRowCount: Int = 1 << 16) {
        precondition(partRowCount > 0 && partRowCount.isMultiple(of: Block.rowCount), "parts are made of whole blocks")
        self.threads = threads
        self.minimumRowCount = minimumRowCount
        self.partRowCount = partRowCount
    }

    /// Whether a type of so many rows is split.
    func splits(_ rowCount: Int) -> Bool { rowCount >= minimumRowCount && rowCount > Block.rowCount }

    /// The same for rows of which each costs so many column reads: few rows are split too where each is a walk over many others, and
    /// then into smaller parts. Nil: not at all.
    func splitting(_ rowCount: Int, cost: Int) -> Splitting? {
        guard rowCount > Block.rowCount, rowCount * max(1, cost / 4) >= minimumRowCount else { return nil }
        var finer = self
        let share = (rowCount / 16 + Block.rowCount - 1) / Block.rowCount * Block.rowCount
        finer.partRowCount = min(partRowCount, max(Block.rowCount, share))
        return finer
    }

    /// Makes a value of each part of some rows, in the order of the parts. Where parts fail, the first one's error is thrown.
    ///
    /// - Parameter partLimit: how many parts at most, where each costs memory.
    func parts<Value: Sendable>(
        of rows: Range<Int>, atMost partLimit: Int = .max, _ frame: inout Frame,
        _ make: @escaping @Sendable (Range<Int>, inout Frame) throws(EvaluationError) -> Value
    ) throws(EvaluationError) -> [Value] {
        let ranges = Self.ranges(of: rows, partRowCount: partRowCount, atMost: partLimit)
        try frame.settle()
        // Parts that others have begun are waited for.
        try frame.budget.beginUncounted()
        let seed = frame.seed
        let outcomes = Outcomes<Value>(count: ranges.count)
        threads.run(parts: ranges.count) { part in
            var frame = Frame(seed)
            do throws(EvaluationError) {
                let value = try make(ranges[part], &frame)
                try frame.settle()
                outcomes.keep(.success(value), of: part)
            } catch {
                outcomes.keep(.failure(error), of: part)
            }
        }
        var values: [Value] = []
        values.reserveCapacity(ranges.count)
        for outcome in outcomes.all() { values.append(try outcome.get()) }
        return values
    }

    private static func ranges(of rows: Range<Int>, partRowCount: Int, atMost limit: Int) -> [Range<Int>] {
        var size = partRowCount
        while (rows.count + size - 1) / size > limit { size *= 2 }
        return stride(from: rows.lowerBound, to: rows.upperBound, by: size).map { $0..<min($0 + size, rows.upperBound) }
    }
}
