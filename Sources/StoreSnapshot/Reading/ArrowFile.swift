import Bytes

/// An Arrow file of ours, mapped, with its metadata checked: every buffer lies in the file, where the format says.
struct ArrowFile {
    let mapped: MappedFile
    let fields: [ArrowField]
    let dictionaries: [Part]
    let batches: [Batch]

    /// Buffers that one checksum covers: a field's in a batch, or a dictionary's.
    struct Part {
        /// Where they begin and end in the file, padding included.
        var bytes: Range<Int>
        var checksum: UInt32
        var nodes: [ArrowMetadata.Node]
        /// With offsets in the file.
        var buffers: [ArrowMetadata.Buffer]
    }

    struct Batch {
        var rowCount: Int
        /// One a field.
        var parts: [Part]
    }

    /// - Parameters:
    ///   - entry: what the manifest says about the file.
    ///   - fieldCount, batchCount: how many the catalog and its rows ask for.
    init(_ mapped: MappedFile, _ entry: Manifest.Entry, fieldCount: Int, rowCount: Int) throws(SnapshotError) {
        self.mapped = mapped
        let reading = ArrowFileReading(mapped: mapped, fieldCount: fieldCount, rowCount: rowCount)
        let (footer, tailOffset) = try reading.footer(entry)
        fields = footer.fields
        var checksums = try reading.checksums(footer)
        let blocks = footer.dictionaries + footer.batches
        let first = blocks.first?.offset ?? tailOffset
        try reading.checkHead(footer, end: first, checksum: checksums[0][0])
        checksums.removeFirst()
        var place = first
        var dictionaries: [Part] = []
        var batches: [Batch] = []
        for (index, block) in blocks.enumerated() {
            guard block.offset == place else {
                throw reading.damaged(place, "a block begins at byte \(block.offset), not where the one before ends")
            }
            place = block.end
            let isDictionary = index < footer.dictionaries.count
            let batch = try reading.batch(block, checksums[index], tailOffset: tailOffset)
            if isDictionary {
                dictionaries.append(try reading.dictionary(batch, block, id: index, checksum: checksums[index][1]))
            } else {
                batches.append(
                    try reading.recordBatch(
                        batch, block, index: index - footer.dictionaries.count, fields, checksums[index]))
            }
        }
        guard place == tailOffset else {
            throw reading.damaged(place, "bytes that belong to no block, up to byte \(tailOffset)")
        }
        self.dictionaries = dictionaries
        self.batches = batches
    }

    /// An error at a byte of the file.
    func damaged(_ offset: Int?, _ message: String) -> SnapshotError {
        SnapshotError(.damaged, path: mapped.path, at: offset, message)
    }

    /// Compares the bytes of a part with their checksum.
    func check(_ part: Part) throws(SnapshotError) {
        guard CRC32C.checksum(mapped.span.extracting(part.bytes)) == part.checksum else {
            throw damaged(
                part.bytes.lowerBound, "the checksum of \(part.bytes.count) bytes from here on does not match")
        }
    }
}

/// The steps of reading a file's metadata.
struct ArrowFileReading {
    let mapped: MappedFile
    let fieldCount: Int
    let rowCount: Int

    private var batchCount: Int { (rowCount + 65_535) / 65_536 }

    func damaged(_ offset: Int?, _ message: String) -> SnapshotError {
        SnapshotError(.damaged, path: mapped.path, at: offset, message)
    }

    /// Runs a step over a message that begins at `offset`, and says where in the file it went wrong.
    private func decoding<Result>(
        at offset: Int, _ body: () throws(FlatError) -> Result
    ) throws(SnapshotError) -> Result {
        do throws(FlatError) {
            return try body()
        } catch {
            throw damaged(offset + error.byteOffset, error.message)
        }
    }

    private func copy(_ range: Range<Int>) -> [UInt8] {
        var reader = ByteReader(mapped.span.extracting(range))
        return reader.bytes(range.count) ?? []
    }

    // MARK: The tail

    func footer(_ entry: Manifest.Entry) throws(SnapshotError) -> (ArrowMetadata.Footer, tailOffset: Int) {
        let bytes = mapped.span
        guard bytes.count == entry.byteCount else {
            throw damaged(
                min(bytes.count, entry.byteCount), "the file has \(bytes.count) bytes; the manifest says \(entry.byteCount)")
        }
        let magic = ArrowMetadata.magic
        guard bytes.count >= 8 + 8 + 4 + magic.count, copy(0..<6) == magic else {
            throw SnapshotError(.foreign, path: mapped.path, at: 0, "this is not an Arrow file")
        }
        guard let tail = entry.tail, tail.offset >= 8, tail.offset <= bytes.count - 18 else {
            throw damaged(nil, "the manifest does not say where the file's tail begins")
        }
        guard CRC32C.checksum(bytes.extracting(tail.offset..<bytes.count)) == tail.checksum else {
            throw damaged(tail.offset, "the checksum of the footer does not match")
        }
        let footerStart = tail.offset + 8
        let footerEnd = bytes.count - 10
        guard copy(bytes.count - 6..<bytes.count) == magic, bytes.littleEndian(at: tail.offset, as: UInt64.self) == 0xFFFF_FFFF,
            bytes.littleEndian(at: footerEnd, as: UInt32.self).map(Int.init) == footerEnd - footerStart
        else { throw damaged(tail.offset, "the file does not end as an Arrow file does") }
        let footer = try decoding(at: footerStart) { () throws(FlatError) in
            try ArrowMetadata.footer(
                copy(footerStart..<footerEnd), fieldLimit: fieldCount, blockLimit: fieldCount + batchCount)
        }
        guard footer.fields.count == fieldCount, footer.batches.count == batchCount,
            footer.dictionaries.count == footer.fields.count(where: { $0.dictionary != nil })
        else { throw damaged(footerStart, "the footer does not list the fields and batches of the manifest") }
        return (footer, tail.offset)
    }

    /// The groups of `hearth.crc32c`: one for the head, then one for each block.
    func checksums(_ footer: ArrowMetadata.Footer) throws(SnapshotError) -> [[UInt32]] {
        var groups: [[UInt32]] = []
        var group: [UInt32] = []
        var digits = 0
        var value: UInt32 = 0
        for byte in footer.checksums.utf8 {
            if byte == UInt8(ascii: "\n"), digits == 0 {
                groups.append(group)
                group = []
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: throw damaged(nil, "the footer's checksums are not hexadecimal")
            }
            value = value << 4 | UInt32(digit)
            digits += 1
            if digits == 8 {
                group.append(value)
                (digits, value) = (0, 0)
            }
        }
        let wanted =
            [1] + footer.dictionaries.map { _ in 2 } + footer.batches.map { _ in 1 + fieldCount }
        guard group.isEmpty, digits == 0, groups.map(\.count) == wanted else {
            throw damaged(nil, "the footer does not have a checksum for each field of each batch")
        }
        return groups
    }

    /// The magic and the schema message, which says the same as the footer.
    func checkHead(_ footer: ArrowMetadata.Footer, end: Int, checksum: UInt32) throws(SnapshotError) {
        guard end >= 64, end <= mapped.byteCount, CRC32C.checksum(mapped.span.extracting(0..<end)) == checksum else {
            throw damaged(0, "the checksum of the schema does not match")
        }
        let message = try self.message(at: 8, byteCount: end - 8)
        let fields = try decoding(at: 16) { () throws(FlatError) in
            try ArrowMetadata.schemaMessage(message, fieldLimit: fieldCount)
        }
        guard fields == footer.fields else { throw damaged(8, "the schema is not the one of the footer") }
    }

    // MARK: Blocks

    /// The metadata of a message, behind its prefix.
    private func message(at offset: Int, byteCount: Int) throws(SnapshotError) -> [UInt8] {
        let bytes = mapped.span
        guard byteCount >= 16, bytes.littleEndian(at: offset, as: UInt32.self) == 0xFFFF_FFFF,
            bytes.littleEndian(at: offset + 4, as: UInt32.self).map(Int.init) == byteCount - 8
        else { throw damaged(offset, "no message of \(byteCount) bytes begins here") }
        return copy(offset + 8..<offset + byteCount)
    }

    func batch(
        _ block: ArrowMetadata.Block, _ checksums: [UInt32], tailOffset: Int
    ) throws(SnapshotError) -> ArrowMetadata.Batch {
        guard block.end <= tailOffset, block.offset % 64 == 0, (block.offset + block.metadataByteCount) % 64 == 0 else {
            throw damaged(block.offset, "a block does not lie in the file, or not at a multiple of 64")
        }
        let metadata = mapped.span.extracting(block.offset..<block.offset + block.metadataByteCount)
        guard CRC32C.checksum(metadata) == checksums[0] else {
            throw damaged(block.offset, "the checksum of the batch's metadata does not match")
        }
        let message = try self.message(at: block.offset, byteCount: block.metadataByteCount)
        let batch = try decoding(at: block.offset + 8) { () throws(FlatError) in
            try ArrowMetadata.batch(message, nodeLimit: fieldCount * 2, bufferLimit: fieldCount * 4)
        }
        guard batch.bodyByteCount == block.bodyByteCount else {
            throw damaged(block.offset, "the batch's body is not as long as the footer says")
        }
        return batch
    }

    func dictionary(
        _ batch: ArrowMetadata.Batch, _ block: ArrowMetadata.Block, id: Int, checksum: UInt32
    ) throws(SnapshotError) -> ArrowFile.Part {
        guard batch.dictionary == id, batch.nodes.count == 1, batch.buffers.count == 3,
            batch.nodes[0] == ArrowMetadata.Node(count: batch.rowCount, nullCount: 0)
        else { throw damaged(block.offset, "this is not the batch of dictionary \(id)") }
        var layout = BodyLayout(block)
        let part = try layout.part(nodes: batch.nodes, buffers: batch.buffers[...], checksum: checksum, self)
        try layout.finish(self)
        return part
    }

    func recordBatch(
        _ batch: ArrowMetadata.Batch, _ block: ArrowMetadata.Block, index: Int, _ fields: [ArrowField],
        _ checksums: [UInt32]
    ) throws(SnapshotError) -> ArrowFile.Batch {
        let wanted = min(65_536, rowCount - index * 65_536)
        guard batch.dictionary == nil, batch.rowCount == wanted,
            batch.nodes.count == fields.reduce(0, { $0 + $1.nodeCount }),
            batch.buffers.count == fields.reduce(0, { $0 + $1.bufferCount })
        else { throw damaged(block.offset, "the batch does not have \(wanted) rows of the schema's fields") }
        var layout = BodyLayout(block)
        var parts: [ArrowFile.Part] = []
        var (node, buffer) = (0, 0)
        for (place, field) in fields.enumerated() {
            let nodes = Array(batch.nodes[node..<node + field.nodeCount])
            guard nodes[0].count == wanted, nodes[0].nullCount <= wanted else {
                throw damaged(block.offset, "field \(field.name) does not have \(wanted) rows")
            }
            parts.append(
                try layout.part(
                    nodes: nodes, buffers: batch.buffers[buffer..<buffer + field.bufferCount],
                    checksum: checksums[1 + place], self))
            node += field.nodeCount
            buffer += field.bufferCount
        }
        try layout.finish(self)
        return ArrowFile.Batch(rowCount: wanted, parts: parts)
    }
}

/// Walks the buffers of a body: each begins where the one before, padded to 64, has ended.
private struct BodyLayout {
    private let block: ArrowMetadata.Block
    private let start: Int
    private var place = 0

    init(_ block: ArrowMetadata.Block) {
        self.block = block
        start = block.offset + block.metadataByteCount
    }

    mutating func part(
        nodes: [ArrowMetadata.Node], buffers: ArraySlice<ArrowMetadata.Buffer>, checksum: UInt32,
        _ reading: ArrowFileReading
    ) throws(SnapshotError) -> ArrowFile.Part {
        let first = place
        var placed: [ArrowMetadata.Buffer] = []
        for buffer in buffers {
            guard buffer.offset == place, buffer.byteCount <= block.bodyByteCount - place else {
                throw reading.damaged(block.offset, "a buffer does not lie where the one before ends")
            }
            placed.append(ArrowMetadata.Buffer(offset: start + place, byteCount: buffer.byteCount))
            place += (buffer.byteCount + 63) / 64 * 64
        }
        guard place <= block.bodyByteCount else { throw reading.damaged(block.offset, "a buffer ends beyond its body") }
        return ArrowFile.Part(bytes: start + first..<start + place, checksum: checksum, nodes: nodes, buffers: placed)
    }

    func finish(_ reading: ArrowFileReading) throws(SnapshotError) {
        guard place == block.bodyByteCount else {
            throw reading.damaged(start + place, "bytes of the body that belong to no buffer")
        }
    }
}
