import Bytes
import Generation
import Model
import StoreColumns
import StoreSnapshot

extension GenerateCommand {
    /// What a data folder takes on the disk, about, as far as its first part tells.
    struct Room {
        /// Once it is made.
        var folderByteCount: Int
        /// At most, while it is made: the columns of all rows as they lie in the scratch, and the first files.
        var byteCount: Int { folderByteCount / 10 * Self.tenthsWhileMaking }

        /// Measured with three million of what the shipped recipe counts, and a tenth more: `Bench/Runs/2026-11-21-room.md`.
        private static let tenthsWhileMaking = 13
    }

    /// Fewer rows than those of so many parts are made without asking for room.
    private static let leastPartCount = 20

    /// Looks whether the disk has room for all that is going to be made.
    /// - Throws: with both numbers, where it has not.
    func checkRoom(for register: RegisterGenerator, _ model: Model, _ text: [UInt8], in folder: String) throws {
        guard !ignoresRoom, register.partCount >= Self.leastPartCount else { return }
        let room = try room(for: register, model, text)
        let free = try POSIXFileSystem().space(folder).freeByteCount
        let told =
            "about \(gigabytes(room.byteCount)) of disk are needed while it is made, and \(gigabytes(room.folderByteCount)) once it is"
        guard UInt64(room.byteCount) <= free else {
            throw Failure(
                code: .system,
                message:
                    "\(told); \(folder) has \(gigabytes(Int(clamping: free))) free. Name a folder on another disk, make fewer, or "
                    + "begin nevertheless with --despite-room")
        }
        Terminal.tell(told)
    }

    /// The first part is made, written in memory, and counts as often as it is in the whole.
    private func room(for register: RegisterGenerator, _ model: Model, _ text: [UInt8]) throws -> Room {
        let builder = GraphBuilder(catalog: model.catalog)
        let loader = try RowLoader(register, catalog: model.catalog, into: builder)
        try loader.append(try register.rows(ofPart: 0))
        let graph = try builder.finishForPassing(number: 1, publishedAt: Clock.now())
        let files = MemoryFileSystem()
        let manifest = try Snapshot.write(graph, Snapshot.Description(model: text), to: "/1", on: files)
        let byteCount = manifest.files.reduce(0) { $0 + $1.byteCount }
        return Room(folderByteCount: byteCount * register.scale / max(1, register.share(ofPart: 0)))
    }

    private func gigabytes(_ byteCount: Int) -> String { "\(tenths(Double(byteCount) / 1e9)) GB" }
}
