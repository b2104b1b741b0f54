import Bytes
import StoreColumns

// Texts: one a row, or codes and a dictionary.

extension FieldReading {
    private func segment(
        _ field: String, _ offsets: Elements<UInt32>, _ buffer: ArrowMetadata.Buffer
    ) throws(SnapshotError) -> TextSegment {
        let bytes = try list(UInt8.self, buffer, count: buffer.byteCount)
        let areRight =
            ValueChecks.areOffsets(offsets.span, to: bytes.count, limit: StringDictionary.maximumByteCount)
            && ValueChecks.areTexts(bytes.span, offsets.span)
        guard areRight else { throw file.damaged(buffer.offset, "the texts of \(field) are not cut into valid UTF-8") }
        return TextSegment(offsets: offsets, bytes: bytes)
    }

    /// A text a row, under the row's number. A row whose text came before has the number of the first row that holds it.
    func plainTexts(
        _ field: Int, _ textIndex: ((StringDictionary) -> LateIndex)?
    ) throws(SnapshotError) -> DictionaryColumn {
        var chunks: [Chunk<UInt32>] = []
        var segments: [TextSegment] = []
        for batch in file.batches.indices {
            let part = try part(field, batch)
            let count = part.nodes[0].count
            let validity = try validity(field, part)
            let offsets = try list(UInt32.self, part.buffers[1], count: count + 1)
            segments.append(try segment(file.fields[field].name, offsets, part.buffers[2]))
            let codes = rowNumbers.slice(batch << 16..<batch << 16 + count)
            chunks.append(Chunk(elements: codes, validityWords: validity, nullCount: part.nodes[0].nullCount))
        }
        let own = FixedWidthColumn(chunks: chunks, rowCount: rowCount)
        guard file.fields[field].repeatCount > 0 else {
            var isHeld: (@Sendable (UInt32) -> Bool)?
            if own.nullCount > 0 { isHeld = { code in !own.isNull(at: Int(code)) } }
            return DictionaryColumn(codes: own, dictionary: dictionary(segments, count: rowCount, textIndex, isHeld: isHeld))
        }
        let texts = StringDictionary(
            segments: segments, count: rowCount, hash: hash, index: nil, isHeld: { code in !own.isNull(at: Int(code)) })
        let codes = try repeatingCodes(field, texts, own)
        return DictionaryColumn(
            codes: codes,
            dictionary: dictionary(segments, count: rowCount, textIndex, isHeld: { code in codes[Int(code)] == code }))
    }

    private func dictionary(
        _ segments: [TextSegment], count: Int, _ textIndex: ((StringDictionary) -> LateIndex)?,
        isHeld: (@Sendable (UInt32) -> Bool)? = nil
    ) -> StringDictionary {
        let texts = StringDictionary(segments: segments, count: count, hash: hash, index: nil, isHeld: isHeld)
        guard let textIndex else { return texts }
        // The index is made from the texts alone, if it must be, so that nothing holds itself.
        return StringDictionary(segments: segments, count: count, hash: hash, index: textIndex(texts), isHeld: isHeld)
    }

    func dictionaryTexts(
        _ field: Int, _ id: Int, isLarge: Bool, _ textIndex: ((StringDictionary) -> LateIndex)?
    ) throws(SnapshotError) -> DictionaryColumn {
        let part = file.dictionaries[id]
        try file.check(part)
        let count = part.nodes[0].count
        let name = file.fields[field].name
        let segments = try isLarge ? largeSegments(name, part, count) : smallSegments(name, part, count)
        let codes = try values(field) { (codes: Span<UInt32>) in ValueChecks.areBelow(UInt64(count), codes) }
        return DictionaryColumn(codes: codes, dictionary: dictionary(segments, count: count, textIndex))
    }

    /// Segments that share the dictionary's bytes: each knows its own part of the offsets.
    func smallSegments(_ name: String, _ part: ArrowFile.Part, _ count: Int) throws(SnapshotError) -> [TextSegment] {
        let whole = try segment(name, try list(UInt32.self, part.buffers[1], count: count + 1), part.buffers[2])
        return stride(from: 0, to: count, by: 65_536).map { first in
            TextSegment(
                offsets: whole.offsets.slice(first..<min(first + 65_536, count) + 1), bytes: whole.bytes)
        }
    }

    /// Offsets of 64 bits are made 32 bits wide, segment by segment; the texts stay where they are.
    private func largeSegments(_ name: String, _ part: ArrowFile.Part, _ count: Int) throws(SnapshotError) -> [TextSegment] {
        let wide = try list(UInt64.self, part.buffers[1], count: count + 1)
        let bytes = try list(UInt8.self, part.buffers[2], count: part.buffers[2].byteCount)
        guard ValueChecks.areOffsets(wide.span, to: bytes.count, limit: StringDictionary.maximumByteCount) else {
            throw file.damaged(part.buffers[1].offset, "the offsets of \(name) do not cut its texts")
        }
        var segments: [TextSegment] = []
        for first in stride(from: 0, to: count, by: 65_536) {
            let last = min(first + 65_536, count)
            let start = Int(wide[first])
            let writer = ElementWriter<UInt32>(count: last - first + 1, capacity: last - first + 1)
            // At most 65,536 texts of at most 65,535 bytes.
            for index in first...last { writer[index - first] = UInt32(truncatingIfNeeded: Int(wide[index]) - start) }
            let segment = TextSegment(offsets: writer.finish(), bytes: bytes.slice(start..<Int(wide[last])))
            guard ValueChecks.areTexts(segment.bytes.span, segment.offsets.span) else {
                throw file.damaged(part.buffers[2].offset + start, "the texts of \(name) are not UTF-8")
            }
            segments.append(segment)
        }
        return segments
    }
}
