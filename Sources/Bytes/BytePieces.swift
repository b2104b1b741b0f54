import CMemoryHints

/// Pieces of byte lists: where each begins and how long it is, so that many can be found before any of them is read.
///
/// Holds the owners it is told, and with them the bytes. Used on one thread.
@usableFromInline @safe package struct BytePieces: ~Copyable {
    @usableFromInline @safe struct Piece {
        /// Nil for a piece that is none.
        @usableFromInline let start: UnsafeRawPointer?
        @usableFromInline let count: UInt32
        /// Fewer bytes than a put reads at a time may follow in memory.
        @usableFromInline let isAtEnd: Bool

        @usableFromInline init(start: UnsafeRawPointer?, count: UInt32, isAtEnd: Bool) {
            unsafe self.start = start
            self.count = count
            self.isAtEnd = isAtEnd
        }
    }

    @usableFromInline var pieces: UnsafeMutablePointer<Piece>
    @usableFromInline var capacity: Int
    @usableFromInline package private(set) var count = 0
    /// Of all pieces together.
    @usableFromInline package private(set) var byteCount = 0
    /// The first `ownerCount` of them. Those behind were held before and are found here where they are held again, as mostly they are:
    /// then nothing is counted.
    private var owners: [AnyObject] = []
    private var ownerCount = 0

    package init() {
        capacity = 64
        unsafe pieces = .allocate(capacity: capacity)
    }

    deinit { unsafe pieces.deallocate() }

    /// Forgets all pieces. What held them may be held on to until others take its place.
    package mutating func removeAll() {
        (count, byteCount) = (0, 0)
        ownerCount = 0
    }

    /// Makes room for so many more.
    package mutating func reserve(_ more: Int) {
        guard capacity - count < more else { return }
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<Piece>.allocate(capacity: larger)
        // Both are of pieces, which are plain; the first `count` are written.
        unsafe moved.update(from: pieces, count: count)
        unsafe pieces.deallocate()
        unsafe pieces = moved
        capacity = larger
    }

    /// Holds on to what keeps the lists alive that are appended next.
    package mutating func hold(_ owner: AnyObject) {
        if ownerCount > 0, owners[ownerCount - 1] === owner { return }
        if ownerCount < owners.count, owners[ownerCount] === owner {
            ownerCount += 1
            return
        }
        owners.removeLast(owners.count - ownerCount)
        owners.append(owner)
        ownerCount += 1
    }

    /// Holds on to a list, for pieces of it that are appended next.
    package mutating func hold(_ list: Elements<UInt8>) { hold(list.region) }

    /// Bytes `start..<end` of a list whose owner was told to `hold`, into room that `reserve` made.
    @inlinable @inline(__always)
    package mutating func append(_ list: borrowing Span<UInt8>, from start: Int, to end: Int) {
        precondition(start >= 0 && start <= end && end <= list.count && count < capacity, "a piece of the list, and room for it")
        let length = end &- start
        let isAtEnd = list.count &- end < ByteRoom.stride
        let first = unsafe list.withUnsafeBufferPointer { bytes -> UnsafeRawPointer? in
            // Inside the list by the check; the list lies where the owner keeps it.
            unsafe bytes.baseAddress.map { unsafe UnsafeRawPointer($0 + start) }
        }
        guard let first = unsafe first else { return appendEmpty() }
        // It is on its way while the places of others are found.
        unsafe hearth_read_soon(first)
        unsafe (pieces + count).initialize(
            to: Piece(
                start: first, count: UInt32(truncatingIfNeeded: length), isAtEnd: isAtEnd))
        count &+= 1
        byteCount &+= length
    }

    /// A piece of no bytes.
    @usableFromInline mutating func appendEmpty() {
        let list = Elements<UInt8>()
        hold(list)
        unsafe (pieces + count).initialize(to: Piece(start: UnsafeRawPointer(list.start), count: 0, isAtEnd: true))
        count &+= 1
    }

    /// A piece that is none, into room that `reserve` made.
    @inlinable @inline(__always)
    package mutating func appendNone() {
        precondition(count < capacity, "room for a piece")
        unsafe (pieces + count).initialize(to: Piece(start: nil, count: 0, isAtEnd: false))
        count &+= 1
    }

    /// Another list, whole, in place of a piece; the list is held.
    package mutating func replace(_ index: Int, with list: Elements<UInt8>) {
        precondition(index >= 0 && index < count, "a piece that is there")
        hold(list)
        unsafe byteCount += list.count - Int(pieces[index].count)
        unsafe pieces[index] = Piece(
            start: UnsafeRawPointer(list.start), count: UInt32(truncatingIfNeeded: list.count), isAtEnd: true)
    }

    /// Whether there is a piece at a place.
    @inlinable package func isThere(_ index: Int) -> Bool {
        precondition(index >= 0 && index < count, "a piece or none")
        return unsafe pieces[index].start != nil
    }

    /// What `body` says of each eight bytes of a piece, the first byte lowest, put together by OR; nil where there is none. Bytes may be told
    /// of twice, and behind the last byte of a piece stand blanks.
    @inlinable @inline(__always)
    package func words(at index: Int, _ body: (UInt64) -> UInt64) -> UInt64? {
        precondition(index >= 0 && index < count, "a piece or none")
        let piece = unsafe pieces[index]
        guard let start = unsafe piece.start else { return nil }
        let length = Int(piece.count)
        var (done, said) = (0, UInt64(0))
        // Bytes that the owners keep, up to `length`, and a stride more where the piece is not at the end of them.
        while done &+ 8 <= length {
            said |= unsafe body(UInt64(littleEndian: (start + done).loadUnaligned(as: UInt64.self)))
            done &+= 8
        }
        guard done < length else { return said }
        // The last eight, some of which were among those before.
        if length >= 8 { return unsafe said | body(UInt64(littleEndian: (start + (length &- 8)).loadUnaligned(as: UInt64.self))) }
        let blanks: UInt64 = 0x2020_2020_2020_2020
        let rest = UInt64(truncatingIfNeeded: (length &- done) &* 8)
        var word: UInt64 = 0
        if piece.isAtEnd {
            for place in done..<length {
                word |= unsafe UInt64((start + place).load(as: UInt8.self)) &<< UInt64(truncatingIfNeeded: (place &- done) &* 8)
            }
        } else {
            word = unsafe UInt64(littleEndian: (start + done).loadUnaligned(as: UInt64.self))
        }
        return said | body(word & ~(UInt64.max &<< rest) | blanks &<< rest)
    }

    /// What `body` says of each stride of bytes that a put would read of a piece, put together by OR: of the bytes of the piece, and of fewer
    /// than a stride behind it. Nil where there is no piece, or where those may not be read.
    @inlinable @inline(__always)
    package func strides(at index: Int, _ body: (SIMD2<UInt64>) -> SIMD2<UInt64>) -> SIMD2<UInt64>? {
        precondition(index >= 0 && index < count, "a piece or none")
        let piece = unsafe pieces[index]
        guard let start = unsafe piece.start, !piece.isAtEnd else { return nil }
        let length = Int(piece.count)
        var (done, said) = (0, SIMD2<UInt64>.zero)
        // Bytes that the owners keep, up to `length`, and a stride more.
        repeat {
            said |= unsafe body((start + done).loadUnaligned(as: SIMD2<UInt64>.self))
            done &+= ByteRoom.stride
        } while done < length
        return said
    }

    /// The bytes of a piece; none where there is none.
    @_lifetime(borrow self)
    @inlinable package func bytes(at index: Int) -> Span<UInt8> {
        precondition(index >= 0 && index < count, "a piece or none")
        guard let start = unsafe pieces[index].start else { return Span() }
        // Bytes that the owners keep, and `self` keeps these.
        let span = unsafe Span<UInt8>(
            _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: Int(pieces[index].count))
        return unsafe _overrideLifetime(span, borrowing: self)
    }
}
