import Bytes
import Model
import Store
import StoreColumns
import StoreJournal

/// Data folders in memory with the sample's rows.
enum SampleFolder {
    static let path = "/data"
    static let id = FolderID(high: 3, low: 4)
    static let model = Array(SampleData.sdl.utf8)

    static func options(_ files: MemoryFileSystem, reads: Bool = false) -> StoreOptions {
        var options = StoreOptions(
            files: files, catalog: SampleData.model.catalog, model: model, process: "1", clock: { SampleData.moment })
        options.reserveByteCount = 0
        options.isReadOnly = reads
        return options
    }

    /// Version 1 as a snapshot, and two changes in the journal, of which one has a name.
    static let made: MemoryFileSystem = {
        let files = MemoryFileSystem()
        do throws(StoreError) {
            try Store.make(path, SampleData.version, id: id, options(files))
            let store = try Store.open(path, options(files)).store
            for number in 2...3 {
                let change = Commit(change(number), changeID: number == 2 ? "change 2" : "", fingerprint: [1], note: [2, 3])
                guard case .applied? = try? store.commitWaiting(change) else { preconditionFailure("no change can be made") }
            }
            try store.close()
        } catch {
            preconditionFailure("no sample folder can be made: \(error)")
        }
        return files
    }()

    private static func change(_ number: Int) -> ChangeSet {
        guard let room = SampleData.model.type(named: "Room"), let exhibit = SampleData.model.type(named: "Exhibit") else {
            return ChangeSet()
        }
        let key = Key([.string("r\(number)")])
        return ChangeSet(types: [
            TypeChanges(type: room.nodeType, columns: [0, 1], cells: [.string("r\(number)"), .string("大厅 \(number)")]),
            TypeChanges(
                type: exhibit.nodeType, columns: Array(0..<12),
                cells: [
                    .reference(key), .int(7), .string("瓶"), .string("b\(number)0"), .decimal(125), .float(0.5), .date(7_000),
                    .dateTime(1), .enumeration(1), .enumerationList([0, 2]), .boolean(true), .referenceList([key]),
                ]),
        ])
    }

    /// What opening it for reading comes to: the rows, or why not.
    enum Opening: Equatable {
        case version(UInt64, [UInt8])
        case refused(StoreError)
    }

    static func opening(_ files: MemoryFileSystem) -> Opening {
        do throws(StoreError) {
            let version = try Store.open(path, options(files, reads: true)).store.current
            return .version(version.number, SampleData.text(version))
        } catch {
            return .refused(error)
        }
    }

    /// The rows that a change set makes of an empty folder, after they went through the journal, a start, a snapshot and another start.
    static func kept(_ changes: ChangeSet) throws(BrokenLaw) -> [UInt8] {
        let files = MemoryFileSystem()
        var texts: [[UInt8]] = []
        do throws(StoreError) {
            let empty = GraphVersion.empty(catalog: SampleData.model.catalog)
            try Store.make(path, empty, id: id, options(files))
            for start in 0..<3 {
                let store = try Store.open(path, options(files)).store
                if start == 0, (try? store.commitWaiting(Commit(changes))) == nil { throw StoreError.refusedChange }
                if start == 1 { _ = try store.snapshot() }
                texts.append(SampleData.text(store.current))
                try store.close()
            }
            _ = try Store.verify(path, options(files))
        } catch {
            throw BrokenLaw("what was applied is not kept: \(error)")
        }
        try hold(texts.allSatisfy { $0 == texts[0] }, "a start or a snapshot changes rows")
        return texts[0]
    }
}

extension StoreError {
    fileprivate static let refusedChange = StoreError(.damaged, path: SampleFolder.path, at: nil, "the change is refused")
}
