import CMemoryHints

/// An immutable list of fixed-width elements in a `ByteRegion`, shared by reference and lent as a `Span`.
///
/// Copying costs one retain. Bind a list to a name, then take its span: the span lives as long as that name.
@usableFromInline @safe package struct Elements<Element: FixedWidthElement>: @unchecked Sendable {
    // Sendable: the elements never change once the list exists, and `region` keeps the memory alive.

    @usableFromInline let region: ByteRegion
    @usableFromInline let start: UnsafePointer<Element>
    @usableFromInline package let count: Int

    /// `start` must point to `count` written elements inside `region`.
    init(region: ByteRegion, start: UnsafePointer<Element>, count: Int) {
        self.region = region
        unsafe self.start = start
        self.count = count
    }

    /// No elements.
    package init() {
        let region = ByteRegion.empty
        unsafe self.init(region: region, start: UnsafePointer(region.base.assumingMemoryBound(to: Element.self)), count: 0)
    }

    /// A copy of an array, without spare room.
    package init(copying values: [Element], in scratch: Scratch? = nil) {
        self.init(copying: values.span, in: scratch)
    }

    /// A copy of a span, without spare room.
    package init(copying values: Span<Element>, in scratch: Scratch? = nil) {
        let writer = ElementWriter<Element>(count: values.count, capacity: values.count, in: scratch)
        writer.copy(values, to: 0)
        self = writer.finish()
    }

    /// The element at `index`.
    @inlinable package subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "an index beyond the list")
        // In bounds by the check, and alive because `self` holds the region.
        return unsafe start[index]
    }

    /// Has the machine bring an element near, and goes on without waiting.
    @inlinable package func readSoon(_ index: Int) {
        // An address that is only named; in bounds or not.
        unsafe hearth_read_soon(start + index)
    }

    /// All elements, lent for as long as this list is held.
    @inlinable package var span: Span<Element> {
        @_lifetime(borrow self)
        get {
            // `start` and `count` describe written, constant memory that `region` keeps alive as long as `self`.
            let span = unsafe Span(_unsafeStart: start, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// All elements, lent for as long as `owner`, which must be the value that holds this list (in an array, say).
    ///
    /// Swift 6.3 cannot see that an element of an array lives as long as the array; this says so.
    @_lifetime(borrow owner)
    @inlinable package func span<Owner: ~Copyable>(heldBy owner: borrowing Owner) -> Span<Element> {
        // As above; that `owner` holds `region` is the caller's word.
        let span = unsafe Span(_unsafeStart: start, count: count)
        return unsafe _overrideLifetime(span, borrowing: owner)
    }

    /// The elements in `range` as a list of their own, sharing the memory.
    package func slice(_ range: Range<Int>) -> Elements {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a slice beyond the list")
        // Inside the list by the check.
        return unsafe Elements(region: region, start: start + range.lowerBound, count: range.count)
    }

    /// Whether both lists begin at the same place in memory (one may be longer).
    package func sharesStorage(with other: Elements) -> Bool {
        unsafe start == other.start
    }

    /// Where the list ends, as an offset in its region.
    var endOffset: Int {
        // Both point into `region`.
        unsafe UnsafeRawPointer(start + count) - UnsafeRawPointer(region.base)
    }
}

extension Span where Element: FixedWidthElement {
    /// The elements as bytes, in the machine's order, which is little-endian on every machine we run on.
    package var elementBytes: Span<UInt8> {
        @_lifetime(copy self)
        get {
            // Fixed-width elements have no padding: every byte of them is written.
            let bytes = unsafe self.bytes
            return unsafe _overrideLifetime(Span<UInt8>(_bytes: bytes), copying: self)
        }
    }
}
