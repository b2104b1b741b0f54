import Dispatch
import StoreColumns
import Synchronization

/// Takes pieces in the order of their places, whoever brings them and when: what comes too early waits.
///
/// One thread at a time takes; a thread that finds another at it leaves its piece there and goes on with its work, unless so many wait
/// that it is better to help.
final class Lane<Piece: Sendable>: Sendable {
    private struct Inbox: Sendable {
        var waiting: [Int: Piece] = [:]
        var next = 0
    }

    private let inbox = Mutex(Inbox())
    private let turn = Mutex(())
    private let take: @Sendable (Piece) -> Bool
    private static var waitingLimit: Int { 16 }

    /// - Parameter take: Called with each piece, one at a time; false where it cannot be taken.
    init(_ take: @escaping @Sendable (Piece) -> Bool) { self.take = take }

    /// Hands a piece over. Places count from 0, each once.
    ///
    /// - Returns: false where a piece was refused, this one or one that waited.
    func bring(_ piece: Piece, at place: Int) -> Bool {
        let waitingCount = inbox.withLock { inbox in
            inbox.waiting[place] = piece
            return inbox.waiting.count
        }
        if waitingCount > Self.waitingLimit, !turn.withLock({ _ in drain() }) { return false }
        // Whoever has the turn looks again after giving it back, so no piece is left lying.
        while inbox.withLock({ $0.waiting[$0.next] != nil }) {
            guard let isGood = turn.withLockIfAvailable({ _ in drain() }) else { return true }
            guard isGood else { return false }
        }
        return true
    }

    private func drain() -> Bool {
        while let piece = inbox.withLock({ $0.waiting.removeValue(forKey: $0.next) }) {
            guard take(piece) else { return false }
            inbox.withLock { $0.next += 1 }
        }
        return true
    }
}

/// Works on everything below `count`, the first first, on several threads; whether all went well.
///
/// - Parameter makeWorker: Called once on each thread: what it gives is that thread's own.
func inParallel(_ count: Int, workers: Int, _ tally: Tally, _ makeWorker: @Sendable () -> (Int) -> Bool) -> Bool {
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, count))) { _ in
        let work = makeWorker()
        while tally.isGood {
            let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard position < count else { return }
            if !work(position) { tally.giveUp() }
        }
    }
    return tally.isGood
}

extension Spreading {
    /// Over several threads.
    static func threads(atMost workers: Int) -> Spreading {
        guard workers > 1 else { return .inOrder }
        return Spreading { count, body in
            let next = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: min(workers, count)) { _ in
                while true {
                    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard number < count else { return }
                    body(number)
                }
            }
        }
    }
}

/// How much is done, and whether it is worth going on.
final class Tally: Sendable {
    private let done = Atomic<Int>(0)
    private let rows = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)
    private let total: Atomic<Int>
    private let progress: @Sendable (ImportProgress) -> Void

    /// - Parameter total: Bytes, each as often as it is read.
    init(total: Int, _ progress: @escaping @Sendable (ImportProgress) -> Void) {
        self.total = Atomic(max(1, total))
        self.progress = progress
    }

    var isGood: Bool { !hasFailed.load(ordering: .relaxed) }

    func giveUp() { hasFailed.store(true, ordering: .relaxed) }

    /// - Parameter rowCount: Rows that are in their columns now.
    func add(byteCount: Int, rowCount: Int = 0) {
        let rows = rows.wrappingAdd(rowCount, ordering: .relaxed).newValue
        let done = done.wrappingAdd(byteCount, ordering: .relaxed).newValue
        progress(ImportProgress(share: min(1, Double(done) / Double(total.load(ordering: .relaxed))), rowCount: rows))
    }
}

/// How far an import is.
package struct ImportProgress: Sendable {
    /// What is done, from 0 to 1.
    package var share: Double
    /// Rows of the files that are in their columns.
    package var rowCount: Int
}
