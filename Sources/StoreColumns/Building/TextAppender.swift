import Bytes

/// Takes texts, row after row, as UTF-8.
package final class TextAppender {
    /// How the texts of a column relate to one another.
    package enum Repetition: Sendable {
        /// Every text comes once. They are kept as they come, and found to be distinct at the end.
        case none
        /// Texts repeat: each distinct one is kept once.
        case some
        /// Nobody knows: what the first texts do decides. Where they hardly repeat, all are kept as they come until the end, when those
        /// that do repeat after all are kept once.
        case unknown
    }

    private enum Texts {
        case distinct(SegmentAppender)
        case repeating(StringDictionaryBuilder)
        /// As they come, so far.
        case undecided(SegmentAppender, isSettled: Bool)
    }

    private var codes: FixedWidthAppender<UInt32>
    private var texts: Texts
    private let hash: KeyedHash
    private let scratch: Scratch?

    /// So many rows decide, and of this share of them the texts are distinct where they are kept as they come.
    private static let decidingRowCount = 1 << 17
    private static let decidingShare = (texts: 7, rows: 8)

    init(_ repetition: Repetition, hash: KeyedHash, in scratch: Scratch? = nil) {
        self.hash = hash
        self.scratch = scratch
        codes = FixedWidthAppender(in: scratch)
        switch repetition {
        case .none: texts = .distinct(SegmentAppender(in: scratch))
        case .some: texts = .repeating(StringDictionaryBuilder(.empty(hash)))
        case .unknown: texts = .undecided(SegmentAppender(in: scratch), isSettled: false)
        }
    }

    /// - Returns: false for a text of more than 65,535 bytes, or one that is not UTF-8; it is not taken.
    package func append(_ text: Span<UInt8>) -> Bool {
        (try? UTF8Span(validating: text)) != nil && append(checked: text)
    }

    /// As above, of a text that is UTF-8, which is the caller's word.
    package func append(checked text: Span<UInt8>) -> Bool {
        guard text.count <= StringDictionary.maximumByteCount else { return false }
        switch texts {
        case .distinct(let segments):
            codes.append(UInt32(truncatingIfNeeded: codes.rowCount))
            segments.append(text)
        case .undecided(let segments, let isSettled):
            codes.append(UInt32(truncatingIfNeeded: codes.rowCount))
            segments.append(text)
            if !isSettled, codes.rowCount == Self.decidingRowCount { decide(segments) }
        case .repeating(let dictionary):
            guard let code = dictionary.intern(text) else { return false }
            codes.append(code)
        }
        return true
    }

    // MARK: Texts that were gathered elsewhere

    /// Whether each text is kept as it comes, under its row's number, so far.
    package var keepsEveryText: Bool { isSelfNumbered }

    /// The code of a text in a column whose texts repeat; it is given the next one if it is new.
    /// - Parameters:
    ///   - text: UTF-8; that it is, is the caller's word.
    ///   - hash: the upper half of its hash under the builder's.
    /// - Returns: nil for a text of more than 65,535 bytes, or one too many.
    package func code(of text: Span<UInt8>, hash: UInt32) -> UInt32? {
        guard case .repeating(let dictionary) = texts else { preconditionFailure("a column whose texts repeat") }
        return dictionary.intern(text, hash: hash)
    }

    /// Appends rows by their texts' codes, which `code(of:hash:)` gave.
    /// - Parameters:
    ///   - values: of the rows that have a text, in their order.
    ///   - validity: a bit a row, 1 for a text.
    package func append(rowCount: Int, codes values: Span<Int64>, validity: Span<UInt64>) {
        codes.append(rowCount: rowCount, values, validity: validity)
    }

    /// Appends rows with their texts, in a column that keeps each text as it comes, or did so until now.
    /// - Parameters:
    ///   - texts: of the rows that have one, one after the other; that they are UTF-8 is the caller's word.
    ///   - ends: where each ends.
    ///   - validity: a bit a row, 1 for a text.
    /// - Returns: false for a text of more than 65,535 bytes, or one too many; some rows before it are taken.
    package func append(rowCount: Int, texts: Span<UInt8>, ends: Span<Int>, validity: Span<UInt64>) -> Bool {
        var start = 0
        for place in ends.indices {
            guard ends[place] - start <= StringDictionary.maximumByteCount else { return false }
            start = ends[place]
        }
        var (row, place) = (0, 0)
        while row < rowCount {
            switch self.texts {
            case .distinct(let segments), .undecided(let segments, _):
                // Up to the end of a segment, at which alone anything is decided.
                let end = min(rowCount, row + segments.roomCount)
                let first = place
                segments.append(row..<end, texts, ends, validity, &place)
                codes.appendOwnNumbers(row..<end, validity, valueCount: place - first)
                row = end
                if case .undecided(_, isSettled: false) = self.texts, codes.rowCount == Self.decidingRowCount { decide(segments) }
            case .repeating:
                if validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0 {
                    guard append(checked: texts.extracting((place == 0 ? 0 : ends[place - 1])..<ends[place])) else {
                        return false
                    }
                    place += 1
                } else {
                    appendNull()
                }
                row += 1
            }
        }
        return true
    }

    package func append(_ text: String) -> Bool {
        var text = text
        text.makeContiguousUTF8()
        return append(text.utf8Span.span)
    }

    package func appendNull() {
        codes.appendNull()
        switch texts {
        case .distinct(let segments): segments.append(Span())
        case .undecided(let segments, let isSettled):
            segments.append(Span())
            if !isSettled, codes.rowCount == Self.decidingRowCount { decide(segments) }
        case .repeating: break
        }
    }

    var rowCount: Int { codes.rowCount }
    /// Whether each row's text has the row's number; final once `finish` was called.
    var isSelfNumbered: Bool {
        if case .repeating = texts { false } else { true }
    }

    // MARK: Deciding

    /// Gives each distinct text its code if they repeat enough.
    private func decide(_ segments: SegmentAppender) {
        let known = codes.finish()
        let (dictionary, own) = interned(segments.finish(), known)
        let valueCount = known.rowCount - known.nullCount
        if dictionary.textCount * Self.decidingShare.rows >= valueCount * Self.decidingShare.texts {
            codes = FixedWidthAppender(continuing: known, in: scratch)
            texts = .undecided(segments, isSettled: true)
        } else {
            codes = own
            texts = .repeating(dictionary)
        }
    }

    /// A dictionary of texts that came one a row, and the codes of the rows.
    private func interned(
        _ segments: [TextSegment], _ rows: FixedWidthColumn<UInt32>
    ) -> (StringDictionaryBuilder, FixedWidthAppender<UInt32>) {
        let dictionary = StringDictionaryBuilder(.empty(hash))
        let own = FixedWidthAppender<UInt32>(in: scratch)
        for row in 0..<rows.rowCount {
            let segment = segments[row >> 16]
            let bytes = segment.bytes.span
            // There are no more distinct texts than rows, so none is one too many.
            own.append(rows.isNull(at: row) ? nil : dictionary.intern(bytes.extracting(segment.range(of: row & 0xFFFF))))
        }
        return (dictionary, own)
    }

    // MARK: The end

    /// The column, which holds its memory alone from now on.
    func finish() -> DictionaryColumn {
        let column = finishedColumn()
        texts = isSelfNumbered ? .distinct(SegmentAppender(in: nil)) : .repeating(StringDictionaryBuilder(.empty(hash)))
        return column
    }

    private func finishedColumn() -> DictionaryColumn {
        if case .undecided(let segments, _) = texts {
            let rows = codes.finish()
            let column = column(segments.finish(), rows)
            // Two rows with one text make a dictionary of all.
            guard column.dictionary.hasRepetition else { return column }
            let (dictionary, own) = interned(column.dictionary.segments, rows)
            texts = .repeating(dictionary)
            return DictionaryColumn(codes: own.finish(), dictionary: dictionary.finish(in: scratch))
        }
        let rows = codes.finish()
        switch texts {
        case .repeating(let dictionary): return DictionaryColumn(codes: rows, dictionary: dictionary.finish(in: scratch))
        case .distinct(let segments), .undecided(let segments, _): return column(segments.finish(), rows)
        }
    }

    private func column(_ segments: [TextSegment], _ rows: FixedWidthColumn<UInt32>) -> DictionaryColumn {
        var isHeld: (@Sendable (UInt32) -> Bool)?
        if rows.nullCount > 0 { isHeld = { code in !rows.isNull(at: Int(code)) } }
        let dictionary = StringDictionary(
            segments: segments, count: rows.rowCount, hash: hash, index: nil, isHeld: isHeld, scratch: scratch)
        return DictionaryColumn(codes: rows, dictionary: dictionary)
    }
}

/// Texts one after the other, in segments of 65,536.
private final class SegmentAppender {
    private var offsets: [UInt32] = [0]
    private var room = ElementWriter<UInt8>(count: 1 << 16, capacity: 1 << 16)
    private var byteCount = 0
    private var segments: [TextSegment] = []
    private let scratch: Scratch?

    init(in scratch: Scratch?) { self.scratch = scratch }

    func append(_ text: Span<UInt8>) {
        makeRoom(for: text.count)
        room.copy(text, to: byteCount)
        byteCount += text.count
        // At most 65,536 texts of at most 65,535 bytes.
        offsets.append(UInt32(truncatingIfNeeded: byteCount))
        if offsets.count - 1 == ChunkLayout.rowCount { close() }
    }

    /// Rows that the open segment takes before it is full.
    var roomCount: Int { ChunkLayout.rowCount - offsets.count + 1 }

    /// Appends rows that the open segment takes; `place` is that of the next text.
    func append(_ rows: Range<Int>, _ texts: Span<UInt8>, _ ends: Span<Int>, _ validity: Span<UInt64>, _ place: inout Int) {
        let start = place == 0 ? 0 : ends[place - 1]
        let base = byteCount - start
        // In hand while rows are appended: what a class holds is guarded at each access.
        var offsets = offsets
        self.offsets = []
        var end = start
        for row in rows {
            if validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0 {
                end = ends[place]
                place += 1
            }
            offsets.append(UInt32(truncatingIfNeeded: base + end))
        }
        self.offsets = offsets
        offsets = []
        makeRoom(for: end - start)
        room.copy(texts.extracting(start..<end), to: byteCount)
        byteCount += end - start
        if self.offsets.count - 1 == ChunkLayout.rowCount { close() }
    }

    private func makeRoom(for count: Int) {
        guard byteCount + count > room.count else { return }
        let capacity = max(room.count * 2, byteCount + count)
        room = ElementWriter(copying: room.finish(), count: capacity, capacity: capacity)
    }

    private func close() {
        guard offsets.count > 1 else { return }
        segments.append(
            TextSegment(
                offsets: Elements(copying: offsets, in: scratch),
                bytes: Elements(copying: room.written(byteCount), in: scratch)))
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        byteCount = 0
    }

    /// All segments. More texts may come after if the last one is full.
    func finish() -> [TextSegment] {
        close()
        return segments
    }
}
