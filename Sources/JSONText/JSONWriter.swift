import Bytes

/// JSON text, appended to one growing buffer of bytes.
///
/// Nothing is allocated but the buffer itself, which doubles. A caller that must take back what it wrote remembers `mark` and
/// truncates to it. The writer does not check the grammar: it writes what it is told, in order; `separate()` sets the commas.
/// It cannot be copied, because a copy would duplicate the buffer at the next write.
package struct JSONWriter: ~Copyable, Sendable {
    /// Initialised to its end; `count` of it is written, the rest is room.
    @usableFromInline var buffer: [UInt8]
    /// Bytes written.
    @usableFromInline package internal(set) var count = 0

    package init(capacity: Int = 4096) {
        buffer = [UInt8](repeating: 0, count: max(capacity, 64))
    }

    /// Begins with bytes that were written before, the first so many, and has the rest for room. Until the first write they are shared.
    package init(continuing began: [UInt8], count: Int) {
        precondition(count <= began.count, "as many bytes as there are")
        buffer = began
        self.count = count
    }

    /// A place to go back to.
    @inlinable package var mark: Int { count }

    /// Forgets everything written since the mark was taken.
    package mutating func truncate(to mark: Int) {
        precondition(mark >= 0 && mark <= count, "a mark lies in what is written")
        count = mark
    }

    /// The bytes written. The writer's end.
    package consuming func finish() -> [UInt8] {
        buffer.removeLast(buffer.count - count)
        return buffer
    }

    /// Makes room for so many more bytes.
    @inlinable @inline(__always)
    package mutating func reserve(_ byteCount: Int) {
        if buffer.count &- count < byteCount { grow(byteCount) }
    }

    /// Makes room for so many more bytes as are expected, and no more than that.
    package mutating func expect(_ byteCount: Int) {
        if buffer.count &- count < byteCount { grow(to: count + byteCount) }
    }

    @usableFromInline @inline(never)
    mutating func grow(_ byteCount: Int) {
        grow(to: max(buffer.count * 2, count + byteCount))
    }

    private mutating func grow(to wanted: Int) {
        buffer.reserveCapacity(wanted)
        buffer.append(contentsOf: repeatElement(0, count: max(buffer.capacity, wanted) - buffer.count))
    }

    // MARK: Punctuation and prepared bytes

    /// One byte as it is.
    @inlinable package mutating func byte(_ byte: UInt8) {
        reserve(1)
        buffer[count] = byte
        count &+= 1
    }

    @inlinable package mutating func beginObject() { byte(0x7B) }
    @inlinable package mutating func endObject() { byte(0x7D) }
    @inlinable package mutating func beginArray() { byte(0x5B) }
    @inlinable package mutating func endArray() { byte(0x5D) }

    /// A comma, unless nothing stands yet in the object or array that is open.
    @inlinable package mutating func separate() {
        guard count > 0 else { return }
        let last = buffer[count &- 1]
        if last != 0x7B && last != 0x5B { byte(0x2C) }
    }

    /// `"name":` ready for `raw`, so that a name is escaped once and not for every row.
    package static func prepared(name: String) -> [UInt8] {
        var writer = JSONWriter(capacity: name.utf8.count + 16)
        writer.string(name)
        writer.byte(0x3A)
        return writer.finish()
    }

    /// A comma where one is due, and `"name":`.
    package mutating func name(_ name: String) {
        separate()
        string(name)
        byte(0x3A)
    }

    /// Bytes that are JSON already. They must be UTF-8.
    @inlinable package mutating func raw(_ bytes: [UInt8]) { raw(bytes.span) }

    /// Bytes that are JSON already. They must be UTF-8.
    package mutating func raw(_ bytes: Span<UInt8>) {
        let end = bytes.count
        guard end < Self.longCount else { return rawLong(bytes) }
        // The last word may be written whole.
        reserve(end &+ 8)
        var place = count
        var room = buffer.mutableSpan
        var index = 0
        while index &+ 8 <= end {
            EscapeScan.store(EscapeScan.word(bytes, at: index), into: &room, at: place)
            index &+= 8
            place &+= 8
        }
        if index < end {
            EscapeScan.store(EscapeScan.word(bytes, at: index, count: end &- index), into: &room, at: place)
        }
        count &+= end
    }

    /// So many bytes are copied by the system sooner than word by word.
    private static let longCount = 64

    private mutating func rawLong(_ bytes: Span<UInt8>) {
        reserve(bytes.count &+ ByteRoom.stride)
        let written = count
        var out = ByteRoom(buffer.mutableSpan, from: written)
        out.put(bytes, from: 0, to: bytes.count)
        let end = out.place
        count = end
    }

    // MARK: Values

    package mutating func null() { word(0x6C6C_756E, byteCount: 4) }

    package mutating func boolean(_ value: Bool) {
        if value { word(0x6575_7274, byteCount: 4) } else { word(0x65_736C_6166, byteCount: 5) }
    }

    /// Up to eight ASCII bytes, the first in the lowest place.
    private mutating func word(_ word: UInt64, byteCount: Int) {
        reserve(8)
        let place = count
        var room = buffer.mutableSpan
        EscapeScan.store(word, into: &room, at: place)
        count &+= byteCount
    }

    /// A string in quotes, escaped where JSON must.
    package mutating func string(_ text: String) { string(text.utf8Span.span) }

    /// The same from bytes, which must be UTF-8, as every string column holds it. The cost is one pass, eight bytes a step.
    package mutating func string(_ utf8: Span<UInt8>) {
        let end = utf8.count
        reserve(end &+ 10)
        buffer[count] = 0x22
        count &+= 1
        var index = quoteOrStop(utf8, from: 0)
        while index <= end {
            escape(utf8[index &- 1])
            reserve(end &- index &+ 9)
            index = quoteOrStop(utf8, from: index)
        }
    }

    /// Copies bytes and the closing quote behind them; or up to the first that needs an escape, which is then the one before the
    /// index that is given back. There must be room for the rest and nine more.
    private mutating func quoteOrStop(_ bytes: Span<UInt8>, from start: Int) -> Int {
        let end = bytes.count
        var place = count
        var room = buffer.mutableSpan
        var index = start
        while index &+ 8 <= end {
            let word = EscapeScan.word(bytes, at: index)
            guard !EscapeScan.hit(in: word) else { break }
            EscapeScan.store(word, into: &room, at: place)
            index &+= 8
            place &+= 8
        }
        if index &+ 8 > end {
            let word = EscapeScan.word(bytes, at: index, count: end &- index)
            if !EscapeScan.hit(in: word) {
                EscapeScan.store(word, into: &room, at: place)
                room[place &+ end &- index] = 0x22
                count = place &+ end &- index &+ 1
                return end &+ 1
            }
        }
        while !EscapeScan.hit(bytes[index]) {
            room[place] = bytes[index]
            index &+= 1
            place &+= 1
        }
        count = place
        return index &+ 1
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: word(0x225C, byteCount: 2)
        case 0x5C: word(0x5C5C, byteCount: 2)
        case 0x08: word(0x625C, byteCount: 2)
        case 0x09: word(0x745C, byteCount: 2)
        case 0x0A: word(0x6E5C, byteCount: 2)
        case 0x0C: word(0x665C, byteCount: 2)
        case 0x0D: word(0x725C, byteCount: 2)
        default:
            let low = UInt64(byte & 0xF)
            word(
                0x3030_755C | (0x30 + UInt64(byte >> 4)) << 32 | (low < 10 ? 0x30 + low : 0x57 + low) << 40, byteCount: 6)
        }
    }
}
