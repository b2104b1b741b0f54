import Bytes
import StoreColumns

/// The rows of a plain text column whose text an earlier row holds, as a file of its own (`Schema/formats/Snapshot.md`, repeated texts).
///
/// It says nothing that the texts do not say: where it is missing or damaged, it is made anew from them.
enum RepeatFile {
    private static let magic = Array("HRTAGAIN".utf8)
    private static let headerByteCount = 64

    /// Its path in the snapshot's folder.
    static func name(_ column: String, of type: String) -> String { "indexes/\(type).\(column).repeats" }

    /// How long the file of so many rows is.
    static func byteCount(_ count: Int) -> Int { headerByteCount + 2 * IndexFile.padded(count * 4) }

    static func write(
        _ repeated: RepeatedTexts, _ key: IndexKey, to path: String, as name: String, on files: any FileSystem,
        in written: WrittenFiles
    ) throws(SnapshotError) -> Manifest.Entry {
        let body: [BufferContent] = [.uint32(repeated.rows), .uint32(repeated.firsts)]
        var checksum: UInt32 = 0
        for content in body { checksum = content.checksum(after: checksum) }
        var header = magic
        header.appendLittleEndian(UInt32(SnapshotFormat.repeatNumber))
        header.appendLittleEndian(checksum)
        header.appendLittleEndian(UInt64(repeated.count))
        header.appendLittleEndian(UInt64(0))
        header.appendLittleEndian(key.word0)
        header.appendLittleEndian(key.word1)
        let sink = try FileSink(path, on: files, in: written)
        try sink.write(header)
        try sink.pad(to: headerByteCount)
        for content in body {
            try content.write(to: sink)
            try sink.pad(to: 64)
        }
        return try sink.finish(as: name)
    }

    /// What a file lists, over the mapped bytes: as many rows as are wanted, each with another one. What they mean is the caller's to check.
    static func read(_ file: MappedFile, _ key: IndexKey, count: Int) throws(SnapshotError) -> RepeatedTexts {
        func damaged(_ offset: Int, _ message: String) -> SnapshotError {
            SnapshotError(.damaged, path: file.path, at: offset, message)
        }
        var header = ByteReader(file.span)
        guard header.bytes(8) == magic else { throw damaged(0, "this is not a list of repeated texts") }
        guard let number = header.uint32(), number == UInt32(SnapshotFormat.repeatNumber) else {
            throw damaged(8, "the list is not of format \(SnapshotFormat.repeatNumber)")
        }
        guard let checksum = header.uint32(), let listed = header.uint64(), listed == UInt64(count) else {
            throw damaged(16, "the list does not have the \(count) rows that the schema of the Arrow file says")
        }
        guard header.uint64() == 0, let word0 = header.uint64(), let word1 = header.uint64(), header.uint64() == 0,
            header.uint64() == 0
        else { throw damaged(24, "bytes that mean nothing are not zero") }
        guard word0 == key.word0, word1 == key.word1 else { throw damaged(32, "the list belongs to other Arrow files") }
        guard file.byteCount == byteCount(count),
            let rows = file.elements(of: UInt32.self, at: headerByteCount, count: count),
            let firsts = file.elements(of: UInt32.self, at: headerByteCount + IndexFile.padded(count * 4), count: count)
        else {
            throw damaged(file.byteCount, "the file has \(file.byteCount) bytes, not the \(byteCount(count)) of \(count) rows")
        }
        guard CRC32C.checksum(file.span.extracting(headerByteCount..<file.byteCount)) == checksum else {
            throw damaged(headerByteCount, "the checksum of the list does not match")
        }
        return RepeatedTexts(rows: rows, firsts: firsts)
    }
}
