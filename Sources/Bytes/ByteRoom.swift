/// Room for bytes that are put one behind the other. Asked for once and filled without growing: who puts more than there is room for ends
/// the process.
///
/// Sixteen bytes are copied at a time, so that many behind the last that was put may be written over; they count as room.
@usableFromInline @safe package struct ByteRoom: ~Copyable, ~Escapable {
    /// What a put reads and writes at a time, and how much more room than bytes there has to be.
    @inlinable package static var stride: Int { 16 }

    @usableFromInline let start: UnsafeMutableRawPointer
    @usableFromInline let byteCount: Int
    /// Where the next byte is put.
    @usableFromInline package private(set) var place: Int

    /// - Parameter place: Bytes before it stay.
    @_lifetime(copy bytes)
    @inlinable package init(_ bytes: consuming MutableSpan<UInt8>, from place: Int) {
        precondition(place >= 0 && place <= bytes.count, "a place among the bytes")
        byteCount = bytes.count
        self.place = place
        // Nobody else reaches the bytes for as long as this lives.
        unsafe start = bytes.withUnsafeMutableBufferPointer { unsafe UnsafeMutableRawPointer($0.baseAddress ?? Self.nowhere) }
    }

    @usableFromInline static var nowhere: UnsafeMutablePointer<UInt8> {
        preconditionFailure("room of no bytes")
    }

    @inlinable @inline(__always)
    package mutating func put(_ byte: UInt8) {
        precondition(place < byteCount, "room for a byte")
        unsafe (start + place).storeBytes(of: byte, as: UInt8.self)
        place &+= 1
    }

    /// The first bytes of a word, the lowest first.
    @inlinable @inline(__always)
    package mutating func put(word: UInt64, count: Int) {
        precondition(count >= 0 && count <= 8 && byteCount &- place >= 8, "room for a word")
        unsafe (start + place).storeBytes(of: word.littleEndian, as: UInt64.self)
        place &+= count
    }

    /// A piece; nothing where there is none.
    @inlinable @inline(__always)
    package mutating func put(_ pieces: borrowing BytePieces, at index: Int) {
        precondition(index >= 0 && index < pieces.count, "a piece or none")
        let piece = unsafe pieces.pieces[index]
        guard let from = unsafe piece.start else { return }
        unsafe put(from, Int(piece.count), isAtEnd: piece.isAtEnd)
    }

    /// A piece between two bytes, as a text stands between quotes.
    /// - Returns: false, with nothing put, where there is none.
    @inlinable @inline(__always)
    package mutating func put(_ pieces: borrowing BytePieces, at index: Int, between edge: UInt8) -> Bool {
        precondition(index >= 0 && index < pieces.count, "a piece or none")
        let piece = unsafe pieces.pieces[index]
        guard let from = unsafe piece.start else { return false }
        let length = Int(piece.count)
        // Both edges, and what a put of the piece asks for.
        precondition(byteCount &- place &- Self.stride &- 2 >= length, "room for bytes, two edges and a stride")
        unsafe (start + place).storeBytes(of: edge, as: UInt8.self)
        place &+= 1
        unsafe copy(from, length, isAtEnd: piece.isAtEnd)
        unsafe (start + place).storeBytes(of: edge, as: UInt8.self)
        place &+= 1
        return true
    }

    /// Bytes of a list.
    @inlinable @inline(__always)
    package mutating func put(_ bytes: borrowing Span<UInt8>, from first: Int, to end: Int) {
        precondition(first >= 0 && first <= end && end <= bytes.count, "bytes of the list")
        let isAtEnd = bytes.count &- end < Self.stride
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress else { return }
            unsafe put(UnsafeRawPointer(base + first), end &- first, isAtEnd: isAtEnd)
        }
    }

    /// `from` is the first of `count` bytes that may be read, and of `stride` more unless it is at the end.
    @inlinable @inline(__always)
    mutating func put(_ from: UnsafeRawPointer, _ count: Int, isAtEnd: Bool) {
        precondition(byteCount &- place &- Self.stride >= count, "room for bytes and a stride")
        unsafe copy(from, count, isAtEnd: isAtEnd)
    }

    /// As `put`, where the room has been checked for.
    @inlinable @inline(__always)
    mutating func copy(_ from: UnsafeRawPointer, _ count: Int, isAtEnd: Bool) {
        let to = unsafe start + place
        if isAtEnd {
            unsafe to.copyMemory(from: from, byteCount: count)
        } else {
            // Reads and writes less than a stride beyond the bytes, which the source has and the room was checked for.
            var done = 0
            repeat {
                let part = unsafe (from + done).loadUnaligned(as: SIMD2<UInt64>.self)
                unsafe (to + done).storeBytes(of: part, as: SIMD2<UInt64>.self)
                done &+= Self.stride
            } while done < count
        }
        place &+= count
    }
}
