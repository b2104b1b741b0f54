import Bytes
import Store
import StoreColumns
import StoreJournal

/// A record with whatever payload is a change of the graph, which a snapshot then keeps, or is refused at its place.
enum RecordLaws {
    /// The record's kind and its payload.
    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        var input = FuzzInput(bytes)
        let kind = max(input.byte(), 1)
        let files = SampleFolder.made.afterKill()
        try append(kind, input.rest(), files)
        let opening = SampleFolder.opening(files)
        try hold(opening == SampleFolder.opening(files), "the same record is read in two ways")
        switch opening {
        case .refused(let error):
            try hold(
                error.exitCode == 65 && error.path.hasPrefix(SampleFolder.path) && !error.message.isEmpty,
                "a record is refused without a place: \(error)")
        case .version(let number, let text):
            try hold(number == 4, "a record is passed over")
            do throws(StoreError) {
                let store = try Store.open(SampleFolder.path, SampleFolder.options(files)).store
                _ = try store.snapshot()
                try store.close()
                _ = try Store.verify(SampleFolder.path, SampleFolder.options(files))
            } catch {
                throw BrokenLaw("what a record makes cannot be kept: \(error)")
            }
            try hold(SampleFolder.opening(files) == .version(4, text), "a snapshot changes what a record made")
        }
    }

    /// The records of the sample.
    static var samples: [[UInt8]] {
        var samples: [[UInt8]] = []
        let folder = SampleFolder.path + "/journal"
        guard let names = try? SampleFolder.made.list(folder) else { return [] }
        _ = try? JournalReplay.run(
            names, in: folder, of: SampleFolder.id, from: 1, acknowledged: 0, on: SampleFolder.made
        ) { samples.append([$0.kind] + $0.payload) }
        return samples
    }

    /// With the framing that the journal gives it.
    private static func append(_ kind: UInt8, _ payload: [UInt8], _ files: MemoryFileSystem) throws(BrokenLaw) {
        let folder = SampleFolder.path + "/journal"
        let names = try inMemory { () throws(FileError) in try files.list(folder) }
        do throws(JournalError) {
            let end = try JournalReplay.run(names, in: folder, of: SampleFolder.id, from: 1, acknowledged: 0, on: files) { _ in }
            let mark = try AcknowledgedMark(SampleFolder.path + "/acked", folder: SampleFolder.id, initial: 0, on: files)
            let journal = try Journal(
                end, mark: mark, in: folder, of: SampleFolder.id, modelDigest: end.modelDigest, on: files, schedule: { $0() },
                listener: Journal.Listener(durable: { _ in }, stopped: { _, _ in }))
            _ = try journal.append(kind: kind, payload)
            try journal.close()
        } catch {
            throw BrokenLaw("the journal of the sample fails: \(error)")
        }
    }
}
