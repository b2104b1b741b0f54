import Bytes
import Dispatch
import Synchronization

/// The journal that is being written: takes records from many threads, makes them durable in groups, and says when.
///
/// Records get the LSNs in the order in which they are appended. What is told about them is told in that order, from one
/// thread at a time.
package final class Journal: Sendable {
    /// What the journal has to tell. Neither may wait.
    package struct Listener: Sendable {
        /// Everything up to this LSN is durable and noted as acknowledged: show it, then answer.
        package var durable: @Sendable (UInt64) -> Void
        /// Writing has stopped; nothing after the LSN will be durable, though it may be found at the next start.
        package var stopped: @Sendable (JournalError, _ after: UInt64) -> Void

        package init(
            durable: @escaping @Sendable (UInt64) -> Void, stopped: @escaping @Sendable (JournalError, UInt64) -> Void
        ) {
            self.durable = durable
            self.stopped = stopped
        }
    }

    /// Runs the writing somewhere else, one piece after the other.
    package typealias Schedule = @Sendable (@escaping @Sendable () -> Void) -> Void

    /// What the callers' threads and the writing one share.
    private struct Queue {
        var machine: GroupCommit
        var records: [JournalRecord] = []
        var isRunning = false
        var failure: JournalError?
    }

    /// What only the writing one touches.
    private struct Hands {
        var file: any File
        var offset: Int
        /// The end of what was acknowledged.
        var acknowledgedOffset: Int
        var chain: UInt32
        var acknowledgedChain: UInt32
        var mark: AcknowledgedMark
        /// Counted for those who want to know how many answers share a synchronization.
        var synchronizationCount = 0
    }

    private let queue: Mutex<Queue>
    private let hands: Mutex<Hands>
    private let listener: Listener
    private let schedule: Schedule
    private let files: any FileSystem
    private let folder: String
    private let id: FolderID
    private let seed: UInt32
    private let modelDigest: [UInt8]

    /// Goes on where a journal ends, whose torn tail was repaired.
    /// - Parameters:
    ///   - folder: where the segments lie.
    ///   - schedule: by default a queue of its own; the writing blocks.
    package init(
        _ end: JournalEnd, mark: AcknowledgedMark, in folder: String, of id: FolderID, modelDigest: [UInt8],
        limits: GroupCommit.Limits = GroupCommit.Limits(), on files: any FileSystem, schedule: Schedule? = nil,
        listener: Listener
    ) throws(JournalError) {
        let file = try storing { () throws(FileError) in try files.open(end.path, .readAndWrite) }
        queue = Mutex(Queue(machine: GroupCommit(after: end.lsn, limits: limits)))
        hands = Mutex(
            Hands(
                file: file, offset: end.byteOffset, acknowledgedOffset: end.byteOffset, chain: end.chain,
                acknowledgedChain: end.chain, mark: mark))
        self.listener = listener
        self.files = files
        self.folder = folder
        self.id = id
        self.modelDigest = modelDigest
        seed = RecordHeader.seed(id)
        let thread = DispatchQueue(label: "journal")
        self.schedule = schedule ?? { work in thread.async { work() } }
    }

    /// Makes a segment file, durable with its name. Nothing may be written into it before the folder's manifest names it.
    /// - Parameter chain: the header CRC of the record with LSN `base`; 0 if there is none.
    /// - Returns: its end, for a journal that goes on there.
    package static func makeSegment(
        base: UInt64, chain: UInt32, in folder: String, of id: FolderID, modelDigest: [UInt8], on files: any FileSystem
    ) throws(JournalError) -> JournalEnd {
        let header = SegmentHeader(folder: id, base: base, chain: chain, modelDigest: modelDigest)
        let path = folder + "/" + JournalFormat.segmentName(base: base)
        try storing { () throws(FileError) in try files.replace(path, with: header.bytes, in: folder) }
        return JournalEnd(
            lsn: base, chain: header.checksum, path: path, byteOffset: SegmentHeader.byteCount, recordCount: 0,
            tornByteCount: 0, modelDigest: modelDigest)
    }

    // MARK: Appending

    /// Takes a record; it is not durable when this returns.
    /// - Returns: its LSN.
    /// - Throws: `overloaded`, `stopped` or `tooLarge`; the record was not taken.
    package func append(kind: UInt8, _ payload: [UInt8]) throws(JournalError) -> UInt64 {
        precondition(kind != 0, "kind 0 is no record")
        guard payload.count <= JournalFormat.maximumPayloadByteCount else {
            throw JournalError(
                .tooLarge, path: folder,
                "a record of \(payload.count) bytes; at most \(JournalFormat.maximumPayloadByteCount) are possible")
        }
        let (lsn, mustRun) = try queue.withLock { queue throws(JournalError) in
            if let failure = queue.failure {
                throw JournalError(.stopped, path: failure.path, "writing has stopped: \(failure)")
            }
            guard queue.machine.enqueue(byteCount: payload.count + RecordHeader.byteCount) else {
                throw JournalError(.overloaded, path: folder, "too many changes wait to be written; try again")
            }
            let lsn = queue.machine.enqueued
            queue.records.append(JournalRecord(lsn: lsn, kind: kind, payload: payload))
            defer { queue.isRunning = true }
            return (lsn, !queue.isRunning)
        }
        if mustRun { schedule { [self] in run() } }
        return lsn
    }

    /// Does what the machine says until it says wait.
    private func run() {
        while true {
            let (action, batch) = queue.withLock { queue in
                let action = queue.machine.next()
                if action == .wait { queue.isRunning = false }
                guard case .write(let count) = action else { return (action, [JournalRecord]()) }
                let batch = Array(queue.records[..<count])
                queue.records.removeFirst(count)
                return (action, batch)
            }
            do throws(FileError) {
                switch action {
                case .write: try hands.withLock { hands throws(FileError) in try write(batch, &hands) }
                case .synchronize: try hands.withLock { hands throws(FileError) in try synchronize(&hands) }
                case .acknowledge(let lsn): try hands.withLock { hands throws(FileError) in try acknowledge(lsn, &hands) }
                case .answer(let lsn): listener.durable(lsn)
                case .wait: return
                }
            } catch {
                stop(error)
                continue
            }
            queue.withLock { $0.machine.finished(action) }
        }
    }

    private func write(_ batch: [JournalRecord], _ hands: inout Hands) throws(FileError) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch.reduce(0) { $0 + $1.payload.count + RecordHeader.byteCount + 8 })
        for (index, record) in batch.enumerated() {
            hands.chain = RecordHeader.append(
                record, beginsBatch: index == 0, chain: hands.chain, seed: seed, to: &bytes)
        }
        try hands.file.write(bytes.span, at: hands.offset)
        hands.offset += bytes.count
    }

    private func synchronize(_ hands: inout Hands) throws(FileError) {
        try hands.file.synchronize()
        // A file without a name is gone when we are, whatever was synchronized.
        guard try hands.file.status().nameCount > 0 else {
            throw FileError(.synchronize, hands.file.path, .absent, text: "the file was removed while it was in use")
        }
        hands.synchronizationCount += 1
    }

    private func acknowledge(_ lsn: UInt64, _ hands: inout Hands) throws(FileError) {
        try hands.mark.write(lsn)
        hands.acknowledgedOffset = hands.offset
        hands.acknowledgedChain = hands.chain
    }

    private func stop(_ error: FileError) {
        hands.withLock { hands in
            // What was not acknowledged should not be found again. If this fails too, it may be. First goes the mark: it must
            // never say more than the file holds.
            do throws(FileError) {
                try hands.mark.takeBack()
                try hands.file.truncate(to: hands.acknowledgedOffset)
            } catch {}
            hands.offset = hands.acknowledgedOffset
            hands.chain = hands.acknowledgedChain
        }
        let failure = JournalError(error)
        let durable = queue.withLock { queue in
            queue.failure = failure
            queue.machine.fail()
            queue.records = []
            return queue.machine.acknowledged
        }
        listener.stopped(failure, durable)
    }

    // MARK: Other segments

    /// Why writing has stopped; nil while it goes on.
    package var failure: JournalError? { queue.withLock { $0.failure } }

    /// The highest LSN that was acknowledged.
    package var acknowledged: UInt64 { queue.withLock { $0.machine.acknowledged } }

    /// Synchronizations of the segments so far.
    package var synchronizationCount: Int { hands.withLock { $0.synchronizationCount } }

    /// Begins a new segment behind everything that was acknowledged. Only when nothing waits: the caller appends nothing
    /// meanwhile.
    ///
    /// After a failure for want of space this is how writing goes on.
    /// - Parameter register: makes the folder's manifest name the segment, durably.
    package func beginSegment(
        register: (_ name: String) throws(JournalError) -> Void
    ) throws(JournalError) {
        let base = queue.withLock { queue -> UInt64 in
            precondition(
                queue.failure != nil || queue.machine.acknowledged == queue.machine.enqueued, "records wait to be written")
            return queue.machine.acknowledged
        }
        try hands.withLock { hands throws(JournalError) in
            // An empty segment at this base is as good as a new one, if nothing went wrong in it and the model is the same.
            let name = JournalFormat.segmentName(base: base)
            let isSame = hands.file.path == folder + "/" + name
            let header = isSame ? try SegmentReader(hands.file.path, on: files).header : nil
            if let header, header.modelDigest == modelDigest, failure == nil { return }
            try storing { () throws(FileError) in try hands.mark.takeBack() }
            let chain = header?.chain ?? hands.acknowledgedChain
            let end = try Self.makeSegment(
                base: base, chain: chain, in: folder, of: id, modelDigest: modelDigest, on: files)
            try register(name)
            hands.file = try storing { () throws(FileError) in try files.open(end.path, .readAndWrite) }
            (hands.offset, hands.acknowledgedOffset) = (end.byteOffset, end.byteOffset)
            (hands.chain, hands.acknowledgedChain) = (end.chain, end.chain)
        }
        queue.withLock { queue in
            queue.failure = nil
            queue.records = []
            queue.machine.restart()
        }
    }

    /// Makes `acked` durable. Call when nothing waits any more, before the folder is given up.
    package func close() throws(JournalError) {
        try hands.withLock { hands throws(JournalError) in
            try storing { () throws(FileError) in try hands.mark.synchronize() }
        }
    }
}
