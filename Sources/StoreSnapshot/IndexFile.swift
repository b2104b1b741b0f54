import Bytes
import StoreColumns

/// An index as a file of its own (`Schema/formats/Snapshot.md`, indexes).
enum IndexFile {
    private static let magic = Array("HRTINDEX".utf8)
    private static let headerByteCount = 64

    /// What an index is over.
    enum Subject: Sendable {
        case key
        case uniqueColumn(String)
        case texts(String)
    }

    /// Its path in the snapshot's folder.
    static func name(_ subject: Subject, of type: String) -> String {
        switch subject {
        case .key: "indexes/\(type).key.index"
        case .uniqueColumn(let column): "indexes/\(type).\(column).unique.index"
        case .texts(let column): "indexes/\(type).\(column).text.index"
        }
    }

    static func write(
        _ index: BucketIndex, _ key: IndexKey, to path: String, as name: String, on files: any FileSystem,
        in written: WrittenFiles
    ) throws(SnapshotError) -> Manifest.Entry {
        let body: [BufferContent] = [.uint32(index.directory), .bytes(index.fingerprints), .uint32(index.numbers)]
        var checksum: UInt32 = 0
        for content in body { checksum = content.checksum(after: checksum) }
        var header = magic
        header.appendLittleEndian(UInt32(SnapshotFormat.indexNumber))
        header.appendLittleEndian(checksum)
        header.appendLittleEndian(UInt64(index.numbers.count))
        header.appendLittleEndian(UInt64(index.directory.count - 1))
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

    /// The index that a file holds, over the mapped bytes; nil where the file is not what it should be.
    /// - Parameter limit: every number is below it.
    static func read(_ file: MappedFile, _ key: IndexKey, numbersBelow limit: Int) -> BucketIndex? {
        var header = ByteReader(file.span)
        guard header.bytes(8) == magic, header.uint32() == UInt32(SnapshotFormat.indexNumber), let checksum = header.uint32(),
            let count = header.uint64(), let bucketCount = header.uint64(), header.uint64() == key.word0,
            header.uint64() == key.word1, header.uint64() == 0, header.uint64() == 0,
            count <= UInt64(file.byteCount), bucketCount <= UInt64(file.byteCount)
        else { return nil }
        let fingerprintStart = headerByteCount + padded((Int(bucketCount) + 1) * 4)
        let numberStart = fingerprintStart + padded(Int(count))
        guard numberStart + padded(Int(count) * 4) == file.byteCount,
            let directory = file.elements(of: UInt32.self, at: headerByteCount, count: Int(bucketCount) + 1),
            let fingerprints = file.elements(of: UInt8.self, at: fingerprintStart, count: Int(count)),
            let numbers = file.elements(of: UInt32.self, at: numberStart, count: Int(count))
        else { return nil }
        let body = file.span.extracting(headerByteCount..<file.byteCount)
        guard CRC32C.checksum(body) == checksum else { return nil }
        return BucketIndex(directory: directory, fingerprints: fingerprints, numbers: numbers, numbersBelow: limit)
    }

    static func padded(_ byteCount: Int) -> Int { (byteCount + 63) / 64 * 64 }
}

/// The hash key of a snapshot's indexes.
struct IndexKey: Hashable, Sendable {
    let word0: UInt64
    let word1: UInt64
    var hash: KeyedHash { KeyedHash(key0: word0, key1: word1) }

    /// From the digests of the Arrow files: whoever does not know every row cannot know it.
    init(arrowFiles: [Manifest.Entry]) {
        var text = ""
        for entry in arrowFiles where entry.tail != nil { text += entry.digest + "\n" }
        let digest = SHA256Digest(of: Array(text.utf8).span).bytes
        word0 = digest.span.littleEndian(at: 0, as: UInt64.self) ?? 0
        word1 = digest.span.littleEndian(at: 8, as: UInt64.self) ?? 0
    }
}

extension BufferContent {
    /// The CRC-32C of the content with its padding to 64.
    func checksum(after earlier: UInt32) -> UInt32 {
        let own =
            switch self {
            case .bytes(let list): CRC32C.checksum(list.span, after: earlier)
            case .uint32(let list): CRC32C.checksum(list.span.elementBytes, after: earlier)
            default: earlier
            }
        return CRC32C.checksum([UInt8](repeating: 0, count: (64 - byteCount % 64) % 64).span, after: own)
    }
}
