import Bytes

/// A file being written front to back: counts, digests and checksums what passes, and has it go to the disk behind.
final class FileSink {
    private let file: any File
    let path: String
    private var hasher = SHA256Hasher()
    private var checksum: UInt32 = 0
    /// Bytes that wait to be written together.
    private let waiting = ElementWriter<UInt8>(count: waitingLimit, capacity: waitingLimit)
    private var waitingCount = 0
    private var writtenCount = 0
    /// Bytes that were told to go to the disk.
    private var begunCount = 0

    private static let waitingLimit = 1 << 20
    /// So many bytes go to the disk together, while the next ones are made.
    private static let behindLimit = 8 << 20
    private static let zeros = [UInt8](repeating: 0, count: 64)

    init(_ path: String, on files: any FileSystem) throws(SnapshotError) {
        self.path = path
        do throws(FileError) {
            file = try files.open(path, .new)
        } catch {
            throw SnapshotError(error)
        }
    }

    /// Bytes so far.
    var byteCount: Int { writtenCount + waitingCount }

    func write(_ bytes: [UInt8]) throws(SnapshotError) { try write(bytes.span) }

    func write(_ bytes: Span<UInt8>) throws(SnapshotError) {
        guard bytes.count > 0 else { return }
        hasher.update(bytes)
        checksum = CRC32C.checksum(bytes, after: checksum)
        if bytes.count >= Self.waitingLimit / 16 {
            try flush()
            return try put(bytes)
        }
        if waitingCount + bytes.count > Self.waitingLimit { try flush() }
        waiting.copy(bytes, to: waitingCount)
        waitingCount += bytes.count
    }

    /// Writes zeros up to the next multiple of `alignment`, at most 64.
    func pad(to alignment: Int) throws(SnapshotError) {
        let rest = byteCount % alignment
        if rest != 0 { try write(Self.zeros.span.extracting(0..<alignment - rest)) }
    }

    /// The CRC-32C of what was written since it was last taken.
    func takeChecksum() -> UInt32 {
        defer { checksum = 0 }
        return checksum
    }

    private func flush() throws(SnapshotError) {
        guard waitingCount > 0 else { return }
        let count = waitingCount
        waitingCount = 0
        let waiting = waiting
        let bytes = waiting.written(count)
        try put(bytes)
    }

    private func put(_ bytes: Span<UInt8>) throws(SnapshotError) {
        guard bytes.count > 0 else { return }
        do throws(FileError) {
            try file.write(bytes, at: writtenCount)
        } catch {
            throw SnapshotError(error)
        }
        writtenCount += bytes.count
        if writtenCount - begunCount >= Self.behindLimit { beginWriting() }
    }

    private func beginWriting() {
        file.beginWriting(begunCount..<writtenCount)
        begunCount = writtenCount
    }

    /// Ends the file and hands it over to be made durable. Nothing may be written after.
    /// - Parameter name: what the manifest calls it.
    func finish(
        as name: String, tail: Manifest.Tail? = nil, in written: WrittenFiles
    ) throws(SnapshotError) -> Manifest.Entry {
        try flush()
        beginWriting()
        try written.add(file, byteCount: writtenCount)
        return Manifest.Entry(name: name, byteCount: writtenCount, digest: hasher.digest.hexadecimal, tail: tail)
    }
}
