import Bytes
import StoreJournal
import Synchronization

/// Records that were appended are read as they were; a segment in which bytes changed holds the same records or is refused at a byte of it.
/// Of bytes that nobody wrote as a journal no record comes that they do not hold.
enum JournalLaws {
    private static let id = FolderID(high: 1, low: 2)
    private static let model = [UInt8](repeating: 0xAA, count: 32)
    private static let path = "/journal/" + JournalFormat.segmentName(base: 0)

    /// Writing that waits until it is let run.
    private final class Jobs: Sendable {
        private let waiting = Mutex<[@Sendable () -> Void]>([])
        func add(_ job: @escaping @Sendable () -> Void) { waiting.withLock { $0.append(job) } }
        func work() {
            while let job = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { job() }
        }
    }

    private enum Reading: Equatable {
        case records([JournalRecord], JournalEnd)
        case refused(JournalError)
    }

    /// A flag, and a segment behind its header, or all of it; or a program of records and damage.
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let header = SegmentHeader(folder: id, base: 0, chain: 0, modelDigest: model).bytes
        switch input.byte() % 3 {
        case 0: try checkForeign(header + input.rest())
        case 1: try checkForeign(input.rest())
        default: try checkOwn(&input)
        }
    }

    // MARK: Bytes of others

    private static func checkForeign(_ segment: [UInt8]) throws(BrokenLaw) {
        let files = MemoryFileSystem()
        try inMemory { () throws(FileError) in
            try files.makeFolder("/journal")
            try files.writeNew(path, segment)
        }
        let reading = read(files, acknowledged: 0)
        try hold(reading == read(files, acknowledged: 0), "the same bytes are read in two ways")
        guard case .records(let records, let end) = reading else { return try checkPlace(reading, segment.count) }
        try hold(records.map(\.lsn) == (0..<records.count).map { UInt64($0) + 1 }, "records do not follow one another")
        let byteCount = records.reduce(SegmentHeader.byteCount) { $0 + 32 + $1.payload.count }
        try hold(byteCount <= segment.count && end.byteOffset + end.tornByteCount == segment.count, "more is read than is there")
        do throws(JournalError) {
            _ = try JournalReplay.repair(end, quarantine: "/quarantine", on: files)
        } catch {
            throw BrokenLaw("a torn tail cannot be cut off: \(error)")
        }
        guard case .records(records, let again) = read(files, acknowledged: UInt64(records.count)), again.tornByteCount == 0
        else {
            throw BrokenLaw("cutting a torn tail off changes what is before it")
        }
    }

    // MARK: Bytes of ours

    private static func checkOwn(_ input: inout FuzzInput) throws(BrokenLaw) {
        let files = MemoryFileSystem()
        try inMemory { () throws(FileError) in try files.makeFolder("/journal") }
        var records: [JournalRecord] = []
        let jobs = Jobs()
        do throws(JournalError) {
            let end = try Journal.makeSegment(base: 0, chain: 0, in: "/journal", of: id, modelDigest: model, on: files)
            let mark = try AcknowledgedMark("/acked", folder: id, initial: 0, on: files)
            let journal = try Journal(
                end, mark: mark, in: "/journal", of: id, modelDigest: model, on: files,
                schedule: { jobs.add($0) },
                listener: Journal.Listener(durable: { _ in }, stopped: { _, _ in }))
            for _ in 0...input.number(below: 6) {
                let (kind, length) = (max(input.byte(), 1), Int(input.byte()))
                let payload = input.take(length)
                records.append(JournalRecord(lsn: try journal.append(kind: kind, payload), kind: kind, payload: payload))
                // Without this they wait for the next, and share its batch.
                if length.isMultiple(of: 2) { jobs.work() }
            }
            jobs.work()
            try journal.close()
        } catch {
            throw BrokenLaw("a journal in memory fails: \(error)")
        }
        guard case .records(records, _) = read(files, acknowledged: UInt64(records.count)) else {
            throw BrokenLaw("what was appended is not read: \(read(files, acknowledged: 0))")
        }
        try damage(files, &input)
        let byteCount = try inMemory { () throws(FileError) in try files.status(path).byteCount }
        let reading = read(files, acknowledged: UInt64(records.count))
        if case .records(let found, _) = reading { return try hold(found == records, "damage makes other records: \(found)") }
        try checkPlace(reading, byteCount)
    }

    /// Changes up to four bytes that stand together, or cuts the file: what a checksum of 32 bits sees for certain.
    private static func damage(_ files: MemoryFileSystem, _ input: inout FuzzInput) throws(BrokenLaw) {
        let isCut = input.byte() & 1 == 0
        try inMemory { () throws(FileError) in
            let file = try files.open(path, .readAndWrite)
            let byteCount = try file.byteCount()
            let place = input.number(below: byteCount)
            if isCut { return try file.truncate(to: place) }
            var bytes = try file.read(at: place, count: 4)
            for index in bytes.indices { bytes[index] ^= input.byte() }
            try file.write(bytes.span, at: place)
        }
    }

    // MARK: Reading

    private static func read(_ files: MemoryFileSystem, acknowledged: UInt64) -> Reading {
        var records: [JournalRecord] = []
        do throws(JournalError) {
            let end = try JournalReplay.run(
                [JournalFormat.segmentName(base: 0)], in: "/journal", of: id, from: 0, acknowledged: acknowledged, on: files
            ) { records.append($0) }
            return .records(records, end)
        } catch {
            return .refused(error)
        }
    }

    private static func checkPlace(_ reading: Reading, _ byteCount: Int) throws(BrokenLaw) {
        guard case .refused(let error) = reading else { return }
        try hold(
            error.path == path && error.byteOffset.map { (0...max(byteCount, SegmentHeader.byteCount)).contains($0) } ?? false,
            "an error has no place: \(error)")
    }
}

/// Does something in memory, which does not fail.
func inMemory<Value>(_ body: () throws(FileError) -> Value) throws(BrokenLaw) -> Value {
    do throws(FileError) {
        return try body()
    } catch {
        throw BrokenLaw("the memory failed: \(error)")
    }
}
