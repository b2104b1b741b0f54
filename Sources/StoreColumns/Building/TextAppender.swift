import Bytes

/// Takes texts, row after row, as UTF-8.
package final class TextAppender {
    /// How the texts of a column relate to one another.
    package enum Repetition: Sendable {
        /// Every text comes once. They are kept as they come, and found to be distinct at the end.
        case none
        /// Texts repeat: each distinct one is kept once.
        case some
    }

    private enum Texts {
        case distinct(SegmentAppender)
        case repeating(StringDictionaryBuilder)
    }

    private let codes = FixedWidthAppender<UInt32>()
    private let texts: Texts
    private let hash: KeyedHash

    init(_ repetition: Repetition, hash: KeyedHash) {
        self.hash = hash
        switch repetition {
        case .none: texts = .distinct(SegmentAppender())
        case .some: texts = .repeating(StringDictionaryBuilder(.empty(hash)))
        }
    }

    /// - Returns: false for a text of more than 65,535 bytes, or one that is not UTF-8; it is not taken.
    package func append(_ text: Span<UInt8>) -> Bool {
        guard text.count <= StringDictionary.maximumByteCount, (try? UTF8Span(validating: text)) != nil else { return false }
        switch texts {
        case .distinct(let segments):
            codes.append(UInt32(truncatingIfNeeded: codes.rowCount))
            segments.append(text)
        case .repeating(let dictionary):
            guard let code = dictionary.intern(text) else { return false }
            codes.append(code)
        }
        return true
    }

    // MARK: Texts that were gathered elsewhere

    /// Whether each text is kept as it comes, under its row's number.
    package var keepsEveryText: Bool { isSelfNumbered }

    /// What `code(of:hash:)` wants to know of a text. May be asked by any thread.
    package func hash32(of text: Span<UInt8>) -> UInt32 { StringDictionary.hash32(text, hash) }

    /// The code of a text in a column whose texts repeat; it is given the next one if it is new.
    /// - Parameters:
    ///   - text: UTF-8; that it is, is the caller's word.
    ///   - hash: its `hash32(of:)`.
    /// - Returns: nil for a text of more than 65,535 bytes, or one too many.
    package func code(of text: Span<UInt8>, hash: UInt32) -> UInt32? {
        guard case .repeating(let dictionary) = texts else { preconditionFailure("a column whose texts repeat") }
        return dictionary.intern(text, hash: hash)
    }

    /// Appends a text by its code, which `code(of:hash:)` gave.
    @inline(__always)
    package func append(code: UInt32) { codes.append(code) }

    /// Appends a text to a column that keeps every text. That it is UTF-8 is the caller's word.
    /// - Returns: false for a text of more than 65,535 bytes.
    package func append(checked text: Span<UInt8>) -> Bool {
        guard case .distinct(let segments) = texts else { preconditionFailure("a column whose texts come once") }
        guard text.count <= StringDictionary.maximumByteCount else { return false }
        codes.append(UInt32(truncatingIfNeeded: codes.rowCount))
        segments.append(text)
        return true
    }

    package func append(_ text: String) -> Bool {
        var text = text
        text.makeContiguousUTF8()
        return append(text.utf8Span.span)
    }

    package func appendNull() {
        codes.appendNull()
        if case .distinct(let segments) = texts { segments.append(Span()) }
    }

    var rowCount: Int { codes.rowCount }
    var isSelfNumbered: Bool {
        if case .distinct = texts { true } else { false }
    }

    func finish() -> DictionaryColumn {
        let codes = codes.finish()
        switch texts {
        case .repeating(let dictionary): return DictionaryColumn(codes: codes, dictionary: dictionary.finish())
        case .distinct(let segments):
            var isHeld: (@Sendable (UInt32) -> Bool)?
            if codes.nullCount > 0 { isHeld = { code in !codes.isNull(at: Int(code)) } }
            let dictionary = StringDictionary(
                segments: segments.finish(), count: codes.rowCount, hash: hash, index: nil, isHeld: isHeld)
            return DictionaryColumn(codes: codes, dictionary: dictionary)
        }
    }
}

/// Texts one after the other, in segments of 65,536.
private final class SegmentAppender {
    private var offsets: [UInt32] = [0]
    private var room = ElementWriter<UInt8>(count: 1 << 16, capacity: 1 << 16)
    private var byteCount = 0
    private var segments: [TextSegment] = []

    func append(_ text: Span<UInt8>) {
        if byteCount + text.count > room.count {
            let capacity = max(room.count * 2, byteCount + text.count)
            room = ElementWriter(copying: room.finish(), count: capacity, capacity: capacity)
        }
        room.copy(text, to: byteCount)
        byteCount += text.count
        // At most 65,536 texts of at most 65,535 bytes.
        offsets.append(UInt32(truncatingIfNeeded: byteCount))
        if offsets.count - 1 == ChunkLayout.rowCount { close() }
    }

    private func close() {
        guard offsets.count > 1 else { return }
        segments.append(
            TextSegment(
                offsets: Elements(copying: offsets), bytes: Elements(copying: room.finish().span.extracting(0..<byteCount))))
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        room = ElementWriter(count: room.count, capacity: room.count)
        byteCount = 0
    }

    func finish() -> [TextSegment] {
        close()
        return segments
    }
}
