import Bytes
import StoreJournal
import Synchronization
import Testing

/// A journal in a file system that can fail, with its writing done by hand.
final class JournalFolder: Sendable {
    static let id = FolderID(high: 0x0001_0203_0405_0607, low: 0x0809_0A0B_0C0D_0E0F)
    static let model = [UInt8](repeating: 0xAA, count: 32)
    let files: MemoryFileSystem
    private let jobs = Mutex<[@Sendable () -> Void]>([])
    private let told = Mutex<(answered: UInt64, failure: JournalError?)>((0, nil))

    init(_ files: MemoryFileSystem) { self.files = files }

    /// Makes an empty journal behind version 0.
    static func make(_ files: MemoryFileSystem) throws {
        try files.makeFolder("/journal")
        try files.synchronizeFolder("/")
        _ = try Journal.makeSegment(base: 0, chain: 0, in: "/journal", of: id, modelDigest: model, on: files)
        _ = try AcknowledgedMark("/acked", folder: id, initial: 0, on: files)
        try files.synchronizeFolder("/")
    }

    /// Everything the journal says, and its end.
    func read(from start: UInt64 = 0) throws -> (records: [JournalRecord], end: JournalEnd) {
        var records: [JournalRecord] = []
        let acknowledged = try AcknowledgedMark.read("/acked", folder: Self.id, on: files) ?? 0
        let end = try JournalReplay.run(
            try files.list("/journal").filter { JournalFormat.base(ofSegment: $0) != nil }, in: "/journal", of: Self.id,
            from: start, acknowledged: acknowledged, on: files
        ) { records.append($0) }
        return (records, end)
    }

    /// Opens the journal for writing, as a start of the server does.
    func open(limits: GroupCommit.Limits = GroupCommit.Limits()) throws -> Journal {
        let (_, end) = try read()
        _ = try JournalReplay.repair(end, quarantine: "/quarantine", on: files)
        let mark = try AcknowledgedMark("/acked", folder: Self.id, initial: 0, on: files)
        told.withLock { $0 = (end.lsn, nil) }
        return try Journal(
            end, mark: mark, in: "/journal", of: Self.id, modelDigest: Self.model, limits: limits, on: files,
            schedule: { [self] job in schedule(job) },
            listener: Journal.Listener(
                durable: { [self] lsn in told.withLock { $0.answered = lsn } },
                stopped: { [self] error, _ in told.withLock { $0.failure = error } }))
    }

    func schedule(_ job: @escaping @Sendable () -> Void) { jobs.withLock { $0.append(job) } }

    /// Lets the writer run until nothing is left to do.
    func work() {
        while true {
            let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let job else { return }
            job()
        }
    }

    var answered: UInt64 { told.withLock { $0.answered } }
    var failure: JournalError? { told.withLock { $0.failure } }
}

/// A payload that tells its record, of a length that changes.
func payload(_ lsn: UInt64) -> [UInt8] {
    (0..<Int(lsn * 37 % 900)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ Int(lsn)) }
}
