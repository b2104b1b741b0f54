import Synchronization

/// The columns and edges of a table whose bytes have not been checked yet, and the check that each must pass before it is lent.
///
/// Parts are numbered: the columns of the type, then its inverse edges. Versions that share a table's columns share its checks.
package final class ColumnChecks: Sendable {
    private let partCount: Int
    private let check: @Sendable (Int) -> Void
    /// Parts that have passed, as bits; those past the 64th stand in `passed` alone.
    private let firstPassed = Atomic<UInt64>(0)
    private let haveAllPassed = Atomic<Bool>(false)
    private let passed = Mutex<Set<Int>>([])

    /// - Parameter check: called once for each part; does not return if the part's bytes are wrong.
    package init(partCount: Int, check: @escaping @Sendable (Int) -> Void) {
        self.partCount = partCount
        self.check = check
    }

    /// Returns when the part has passed. Whoever asks while another checks waits for it.
    func require(_ part: Int) {
        if haveAllPassed.load(ordering: .acquiring) { return }
        if part < 64, firstPassed.load(ordering: .acquiring) >> UInt64(part) & 1 != 0 { return }
        passed.withLock { passed in
            guard !passed.contains(part) else { return }
            check(part)
            passed.insert(part)
            if part < 64 { firstPassed.bitwiseOr(1 << UInt64(part), ordering: .releasing) }
            if passed.count == partCount { haveAllPassed.store(true, ordering: .releasing) }
        }
    }

    func requireAll() {
        for part in 0..<partCount { require(part) }
    }
}

extension GraphVersion {
    /// Checks every column and edge that has not been checked yet: for a pass in the background after opening.
    package func checkColumns() {
        for table in tables { table.checks?.requireAll() }
    }
}
