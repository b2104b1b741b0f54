import Bytes
import StoreColumns

/// Writes one Arrow IPC file: the schema, dictionaries, record batches, the tail.
struct ArrowFileWriter {
    private let sink: FileSink
    private let fields: [ArrowField]
    private var dictionaries: [ArrowMetadata.Block] = []
    private var batches: [ArrowMetadata.Block] = []
    /// The value of `hearth.crc32c`, so far.
    private var checksums = ""

    /// - Parameter written: takes the file at its end; it is durable once that is.
    init(
        _ path: String, _ fields: [ArrowField], on files: any FileSystem, in written: WrittenFiles
    ) throws(SnapshotError) {
        sink = try FileSink(path, on: files, in: written, isChecked: true)
        self.fields = fields
        try sink.write(ArrowMetadata.magic + [0, 0])
        try writeMetadata(ArrowMetadata.schemaMessage(fields))
        checksums += sink.takeChecksum().hexadecimal + "\n"
    }

    /// `FF FF FF FF`, length, metadata, zeros up to a multiple of 64 of the file.
    private func writeMetadata(_ metadata: [UInt8]) throws(SnapshotError) {
        let end = (sink.byteCount + 8 + metadata.count + 63) / 64 * 64
        var prefix: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        prefix.appendLittleEndian(UInt32(end - sink.byteCount - 8))
        try sink.write(prefix)
        try sink.write(metadata)
        try sink.pad(to: 64)
    }

    // MARK: Record batches

    mutating func write(_ contents: [FieldContent], rowCount: Int) throws(SnapshotError) {
        var place = 0
        var buffers: [ArrowMetadata.Buffer] = []
        for (content, field) in zip(contents, fields) {
            // Arrow's 32-bit offsets are signed.
            if let last = content.nodes.last, last.count > Int(Int32.max) {
                throw SnapshotError(
                    .tooLarge, path: sink.path,
                    "\(field.name): the lists of \(rowCount) rows have \(last.count) elements, and a batch can hold \(Int32.max)")
            }
            for buffer in content.buffers {
                buffers.append(ArrowMetadata.Buffer(offset: place, byteCount: buffer.byteCount))
                place += Self.padded(buffer.byteCount)
            }
        }
        let start = sink.byteCount
        try writeMetadata(
            ArrowMetadata.recordBatchMessage(
                rowCount: rowCount, nodes: contents.flatMap(\.nodes), buffers: buffers, bodyByteCount: place))
        checksums += sink.takeChecksum().hexadecimal
        let body = sink.byteCount
        for content in contents {
            for buffer in content.buffers {
                try buffer.write(to: sink)
                try sink.pad(to: 64)
            }
            checksums += sink.takeChecksum().hexadecimal
        }
        checksums += "\n"
        batches.append(ArrowMetadata.Block(offset: start, metadataByteCount: body - start, bodyByteCount: place))
    }

    // MARK: Dictionaries

    /// Writes the names of an enumeration.
    mutating func write(_ names: [String]) throws(SnapshotError) {
        var offsets: [UInt8] = []
        var bytes: [UInt8] = []
        offsets.appendLittleEndian(UInt32(0))
        for name in names {
            bytes += Array(name.utf8)
            offsets.appendLittleEndian(UInt32(truncatingIfNeeded: bytes.count))
        }
        try writeDictionary(
            count: names.count, offsetsByteCount: offsets.count, textByteCount: bytes.count,
            { sink throws(SnapshotError) in try sink.write(offsets) },
            { sink throws(SnapshotError) in try sink.write(bytes) })
    }

    /// Writes the texts that a plan keeps.
    mutating func write(_ dictionary: StringDictionary, _ plan: TextPlan) throws(SnapshotError) {
        let width = plan.needsLargeOffsets ? 8 : 4
        try writeDictionary(
            count: plan.count, offsetsByteCount: (plan.count + 1) * width, textByteCount: plan.byteCount,
            { sink throws(SnapshotError) in
                try Self.writeOffsets(dictionary, plan, width, to: sink)
            },
            { sink throws(SnapshotError) in
                for (index, segment) in dictionary.segments.enumerated() {
                    let (offsets, bytes) = (segment.offsets.span, segment.bytes.span)
                    if plan.isWhole {
                        try sink.write(bytes.extracting(Int(offsets[0])..<Int(offsets[offsets.count - 1])))
                        continue
                    }
                    for local in 0..<offsets.count - 1 where plan.isHeld(index << 16 | local) {
                        try sink.write(bytes.extracting(Int(offsets[local])..<Int(offsets[local + 1])))
                    }
                }
            })
    }

    private static func writeOffsets(
        _ dictionary: StringDictionary, _ plan: TextPlan, _ width: Int, to sink: FileSink
    ) throws(SnapshotError) {
        var end: UInt64 = 0
        try sink.write([UInt8](repeating: 0, count: width))
        let narrow = ElementWriter<UInt32>(count: ChunkLayout.rowCount, capacity: ChunkLayout.rowCount)
        let wide = width == 8 ? ElementWriter<UInt64>(count: ChunkLayout.rowCount, capacity: ChunkLayout.rowCount) : nil
        for (index, segment) in dictionary.segments.enumerated() {
            let offsets = segment.offsets.span
            var count = 0
            for local in 0..<offsets.count - 1 where plan.isHeld(index << 16 | local) {
                end += UInt64(offsets[local + 1] &- offsets[local])
                if let wide { wide[count] = end } else { narrow[count] = UInt32(truncatingIfNeeded: end) }
                count += 1
            }
            if let wide {
                let ends = wide.written(count)
                try sink.write(ends.elementBytes)
            } else {
                let ends = narrow.written(count)
                try sink.write(ends.elementBytes)
            }
        }
    }

    private mutating func writeDictionary(
        count: Int, offsetsByteCount: Int, textByteCount: Int,
        _ writeOffsets: (FileSink) throws(SnapshotError) -> Void, _ writeTexts: (FileSink) throws(SnapshotError) -> Void
    ) throws(SnapshotError) {
        let textStart = Self.padded(offsetsByteCount)
        let bodyByteCount = textStart + Self.padded(textByteCount)
        let start = sink.byteCount
        try writeMetadata(
            ArrowMetadata.dictionaryBatchMessage(
                id: dictionaries.count, count: count,
                buffers: [
                    ArrowMetadata.Buffer(offset: 0, byteCount: 0),
                    ArrowMetadata.Buffer(offset: 0, byteCount: offsetsByteCount),
                    ArrowMetadata.Buffer(offset: textStart, byteCount: textByteCount),
                ], bodyByteCount: bodyByteCount))
        checksums += sink.takeChecksum().hexadecimal
        let body = sink.byteCount
        try writeOffsets(sink)
        try sink.pad(to: 64)
        try writeTexts(sink)
        try sink.pad(to: 64)
        precondition(sink.byteCount == body + bodyByteCount, "the texts are as long as their plan says")
        checksums += sink.takeChecksum().hexadecimal + "\n"
        dictionaries.append(
            ArrowMetadata.Block(offset: start, metadataByteCount: body - start, bodyByteCount: bodyByteCount))
    }

    // MARK: The tail

    func finish(as name: String) throws(SnapshotError) -> Manifest.Entry {
        let offset = sink.byteCount
        try sink.write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
        let footer = ArrowMetadata.footer(fields, dictionaries: dictionaries, batches: batches, checksums: checksums)
        var end = footer
        end.appendLittleEndian(UInt32(truncatingIfNeeded: footer.count))
        try sink.write(end + ArrowMetadata.magic)
        return try sink.finish(as: name, tail: Manifest.Tail(offset: offset, checksum: sink.takeChecksum()))
    }

    private static func padded(_ byteCount: Int) -> Int { (byteCount + 63) / 64 * 64 }
}

extension UInt32 {
    /// Eight lower-case digits.
    var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
