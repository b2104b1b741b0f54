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
    private var owners: [AnyObject] = []

    package init() {
        capacity = 64
        unsafe pieces = .allocate(capacity: capacity)
    }

    deinit { unsafe pieces.deallocate() }

    /// Forgets all pieces and owners.
    package mutating func removeAll() {
        (count, byteCount) = (0, 0)
        owners.removeAll(keepingCapacity: true)
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
        if let last = owners.last, last === owner { return }
        owners.append(owner)
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
