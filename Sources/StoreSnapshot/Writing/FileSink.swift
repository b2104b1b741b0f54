import Bytes

/// A file being written front to back: counts, digests and checksums what passes, and has it go to the disk behind.
final class FileSink {
    let path: String
    private let file: any File
    private let written: WrittenFiles
    private let behind: BlocksBehind
    /// What was not handed on yet.
    private var block: PageBuffer
    private let isChecked: Bool
    private var checksum: UInt32 = 0
    /// Bytes so far.
    private(set) var byteCount = 0

    private static let zeros = [UInt8](repeating: 0, count: 64)

    /// - Parameters:
    ///   - written: takes the file when it is finished.
    ///   - isChecked: whether somebody will take checksums.
    init(
        _ path: String, on files: any FileSystem, in written: WrittenFiles, isChecked: Bool = false
    ) throws(SnapshotError) {
        self.path = path
        self.written = written
        self.isChecked = isChecked
        do throws(FileError) {
            file = try files.open(path, .new)
        } catch {
            throw SnapshotError(error)
        }
        behind = BlocksBehind(file, written.buffers)
        block = written.buffers.take()
    }

    func write(_ bytes: [UInt8]) throws(SnapshotError) { try write(bytes.span) }

    func write(_ bytes: Span<UInt8>) throws(SnapshotError) {
        var taken = 0
        while taken < bytes.count {
            // A part at a time, so that it is copied while the processor's cache still holds it.
            let part = bytes.extracting(taken..<min(bytes.count, taken + block.capacity - block.count))
            if isChecked { checksum = CRC32C.checksum(part, after: checksum) }
            taken += block.append(part)
            guard block.count == block.capacity else { continue }
            try behind.put(block)
            block = written.buffers.take()
        }
        byteCount += bytes.count
    }

    /// Writes zeros up to the next multiple of `alignment`, at most 64.
    func pad(to alignment: Int) throws(SnapshotError) {
        let rest = byteCount % alignment
        if rest != 0 { try write(Self.zeros.span.extracting(0..<alignment - rest)) }
    }

    /// The CRC-32C of what was written since it was last taken.
    func takeChecksum() -> UInt32 {
        precondition(isChecked, "a file whose bytes are checked")
        defer { checksum = 0 }
        return checksum
    }

    /// Ends the file and hands it over to be made durable. Nothing may be written after.
    /// - Parameter name: what the manifest calls it.
    func finish(as name: String, tail: Manifest.Tail? = nil) throws(SnapshotError) -> Manifest.Entry {
        let digest = try behind.finish(block)
        try written.add(file, byteCount: byteCount)
        return Manifest.Entry(name: name, byteCount: byteCount, digest: digest.hexadecimal, tail: tail)
    }
}
