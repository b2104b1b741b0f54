import Bytes
import Dispatch
import StoreColumns
import StoreJournal
import Synchronization

/// The life of the data: which version is current, how the next one comes to be, and what of it lasts.
///
/// Readers take a version and keep it as long as they like; it never changes. Writers queue: one change set is checked
/// and applied at a time, outside the readers' way, to a version that nobody sees yet; many of them become durable
/// together. The order of a commit is fixed: durable, then visible, then acknowledged, which is when `commit` returns.
///
/// Without a folder versions last as long as the process.
package final class Store: Sendable {
    struct Published: Sendable {
        var current: GraphVersion
        /// Newest first, the current one among them.
        var kept: [GraphVersion]
        /// Numbers and times of versions, ascending.
        var log: [VersionMoment]
    }
    let published: Mutex<Published>
    /// How many versions stay readable in memory; at least 1.
    package let keptVersionCount: Int

    typealias Completion = @Sendable (Result<Committed, CommitError>) -> Void

    /// The versions that were made and are not visible yet.
    struct Line: Sendable {
        /// The newest one; nothing can come between it and the next.
        var tip: GraphVersion
        var waiting: [(version: GraphVersion, completions: [(Completion, Committed)])] = []
        var remembered = RememberedChanges()
        /// Why nothing can be written.
        var readOnlyReason: String?
        /// Told when nothing waits any more.
        var idle: [DispatchSemaphore] = []
    }
    let line: Mutex<Line>
    /// One after the other: changes are staged here, and everything that must not meet a change.
    let staging = StagingLine()
    let durability: Durability?
    /// The snapshots of the folder, if there is one.
    let shelf: VersionShelf?
    /// What a folder's manifest said when it was opened for reading only.
    let manifestRead: FolderManifest?
    let verification: Mutex<Verification>
    private let clock: @Sendable () -> Instant

    /// A store without a folder.
    /// - Parameter version: what is current from the start.
    package convenience init(_ version: GraphVersion, keptVersionCount: Int = 8) {
        self.init(version, keptVersionCount: keptVersionCount, clock: { version.publishedAt }, durability: nil)
    }

    init(
        _ version: GraphVersion, keptVersionCount: Int, clock: @escaping @Sendable () -> Instant, durability: Durability?,
        shelf: VersionShelf? = nil, manifestRead: FolderManifest? = nil
    ) {
        precondition(keptVersionCount >= 1, "the current version is always kept")
        self.keptVersionCount = keptVersionCount
        self.clock = clock
        self.durability = durability
        self.shelf = shelf
        self.manifestRead = manifestRead
        let moment = VersionMoment(number: version.number, publishedAt: version.publishedAt)
        published = Mutex(Published(current: version, kept: [version], log: [moment]))
        line = Mutex(Line(tip: version))
        verification = Mutex(version.hasUncheckedColumns ? .waiting : .passed)
    }

    package var current: GraphVersion { published.withLock { $0.current } }

    /// Why nothing can be written; nil while it can.
    package var readOnlyReason: String? { line.withLock { $0.readOnlyReason } }

    // MARK: Committing

    /// Makes and publishes the next version. No thread waits meanwhile.
    /// - Throws: `CommitError`; no version was made.
    package func commit(_ commit: Commit) async throws(CommitError) -> Committed {
        let result = await withCheckedContinuation { continuation in
            submit(commit, isLent: false) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// As above, for callers that may wait on their thread: commands and tests.
    package func commitWaiting(_ commit: Commit) throws(CommitError) -> Committed {
        let done = DispatchSemaphore(value: 0)
        let box = Mutex<Result<Committed, CommitError>?>(nil)
        submit(commit) { result in
            box.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = box.withLock({ $0 }) else { preconditionFailure("a commit ends with a result") }
        return try result.get()
    }

    /// Applies a change set as it is, waiting on the caller's thread.
    /// - Parameters:
    ///   - publishedAt: the time of the commit, handed in.
    ///   - expectedNumber: the version that the writer has seen; another current one refuses the change.
    /// - Returns: the version that is now current.
    /// - Throws: `CommitError`; the current version stays as it was.
    package func commit(
        _ changes: ChangeSet, publishedAt: Instant, expecting expectedNumber: UInt64? = nil, problemLimit: Int = 1_000
    ) throws(CommitError) -> GraphVersion {
        let commit = Commit(
            changes, publishedAt: publishedAt, expecting: expectedNumber, problemLimit: problemLimit)
        switch try commitWaiting(commit) {
        case .applied(let version), .nothing(let version), .repeated(_, _, let version): return version
        }
    }

    /// As above, for a thread that has the time to stage a few rows, its own and others'; nobody waits meanwhile.
    ///
    /// - Parameter completion: called once, from any thread, and perhaps before this returns. It must not wait.
    package func submit(
        _ commit: Commit, _ completion: @escaping @Sendable (Result<Committed, CommitError>) -> Void
    ) {
        submit(commit, isLent: true, completion)
    }

    private func submit(_ commit: Commit, isLent: Bool, _ completion: @escaping Completion) {
        staging.add(isSmall: commit.changes.isSmall, isLent: isLent) { [self] in
            do throws(CommitError) {
                try stage(commit, completion)
            } catch {
                completion(.failure(error))
            }
        }
    }

    /// Makes the next version and sends it on its way. On the staging queue.
    private func stage(_ commit: Commit, _ completion: @escaping Completion) throws(CommitError) {
        guard commit.changeID.utf8.count <= RecordHead.changeIDByteLimit else {
            throw .tooLong(limit: RecordHead.changeIDByteLimit)
        }
        guard commit.fingerprint.count <= RecordHead.fingerprintByteLimit else {
            throw .tooLong(limit: RecordHead.fingerprintByteLimit)
        }
        let (base, reason, before) = line.withLock { ($0.tip, $0.readOnlyReason, $0.remembered[commit.changeID]) }
        if let before {
            guard before.isOf(commit.fingerprint) else { throw .changeIDReused(number: before.version) }
            let result = Committed.repeated(number: before.version, receipt: before.receipt, current: base)
            return answer(completion, result, when: base)
        }
        if let reason { throw .readOnly(reason) }
        let moment = max(commit.publishedAt ?? clock(), base.publishedAt)
        let number = base.number + 1
        let staged = try commit.stage(base, number, moment)
        // What is damaged was read as nulls: nothing that was made of it may last.
        if let damage = base.damage { throw .readOnly("\(damage)") }
        switch staged {
        case .nothing: answer(completion, .nothing(base), when: base)
        case .version(let next, let receipt):
            precondition(next.number == number && next.publishedAt == moment, "the stage makes the version it was asked for")
            let head = RecordHead(
                publishedAt: moment, changeID: commit.changeID, fingerprint: commit.fingerprint, note: commit.note,
                receipt: commit.changeID.isEmpty || receipt.count > RecordHead.receiptByteLimit ? [] : receipt)
            try send(next, after: base, head, commit.changes, completion)
        }
    }

    /// Answers once everything that the answer was made from is visible.
    private func answer(_ completion: @escaping Completion, _ result: Committed, when base: GraphVersion) {
        let waits = line.withLock { line in
            guard let place = line.waiting.firstIndex(where: { $0.version === base }) else { return false }
            line.waiting[place].completions.append((completion, result))
            return true
        }
        if !waits { completion(.success(result)) }
    }

    private func send(
        _ next: GraphVersion, after base: GraphVersion, _ head: RecordHead, _ changes: ChangeSet,
        _ completion: @escaping Completion
    ) throws(CommitError) {
        let record: Durability.Record?
        if let durability {
            do throws(StoreError) {
                record = try durability.record(of: next, head, changes, after: base)
            } catch {
                throw .readOnly("\(error)")
            }
        } else {
            record = nil
        }
        try line.withLock { line throws(CommitError) in
            if let reason = line.readOnlyReason { throw .readOnly(reason) }
            if let durability, let record {
                do throws(JournalError) {
                    let lsn = try durability.journal.append(kind: record.kind, record.payload)
                    precondition(lsn == next.number, "records and versions count together")
                } catch {
                    throw error.reason == .overloaded ? .overloaded : .readOnly("\(error)")
                }
            }
            line.tip = next
            line.remembered.add(head.changeID, RememberedChanges.Entry(head, version: next.number))
            line.waiting.append((next, [(completion, .applied(next))]))
        }
        if let durability, let entry = record?.snapshot {
            durability.unnamed.withLock { $0.append(entry) }
            staging.add { [self] in nameSnapshotsWhenVisible(durability) }
        }
        if durability == nil { publish(upTo: next.number) }
    }

    /// Shows everything up to a version, then answers.
    func publish(upTo number: UInt64) {
        let done = line.withLock { line in
            let count = line.waiting.prefix { $0.version.number <= number }.count
            let done = Array(line.waiting[..<count])
            line.waiting.removeFirst(count)
            return done
        }
        guard let last = done.last else { return }
        published.withLock { state in
            state.current = last.version
            state.kept = Array((done.reversed().map(\.version) + state.kept).prefix(keptVersionCount))
            state.log += done.map { VersionMoment(number: $0.version.number, publishedAt: $0.version.publishedAt) }
        }
        for entry in done { for (completion, result) in entry.completions { completion(.success(result)) } }
        signalIdle()
    }

    /// Writing has stopped: what waits is not made.
    func stop(_ reason: String) {
        let current = current
        let failed = line.withLock { line in
            line.readOnlyReason = reason
            line.tip = current
            let failed = line.waiting
            line.waiting = []
            for entry in failed { line.remembered.forget(version: entry.version.number) }
            return failed
        }
        for entry in failed { for (completion, _) in entry.completions { completion(.failure(.readOnly(reason))) } }
        signalIdle()
    }

    private func signalIdle() {
        let idle = line.withLock { line in
            guard line.waiting.isEmpty else { return [DispatchSemaphore]() }
            defer { line.idle = [] }
            return line.idle
        }
        for semaphore in idle { semaphore.signal() }
    }

    /// Runs something while nothing is staged and nothing waits to become durable. The caller's thread waits.
    func alone<Value: Sendable>(_ body: @Sendable () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try staging.alone { () throws(StoreError) in
            let semaphore = DispatchSemaphore(value: 0)
            let mustWait = line.withLock { line in
                guard !line.waiting.isEmpty else { return false }
                line.idle.append(semaphore)
                return true
            }
            if mustWait { semaphore.wait() }
            return try body()
        }
    }
}

extension ChangeSet {
    /// More rows than this are not staged on a thread that has other things to do.
    private static let smallRowCount = 16

    /// Whether it takes some microseconds: deletes look at whole columns.
    fileprivate var isSmall: Bool {
        types.allSatisfy { $0.deletedKeys.isEmpty } && types.reduce(0) { $0 + $1.rowCount } <= Self.smallRowCount
    }
}
