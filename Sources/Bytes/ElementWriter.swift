/// Writes a list of elements, once: a new one, a copy to be changed, or more at the end of one that exists.
///
/// Not for sharing: one writer, one task. After `finish()` it writes no more.
@usableFromInline @safe package final class ElementWriter<Element: FixedWidthElement> {
    private let region: ByteRegion
    @usableFromInline let start: UnsafeMutablePointer<Element>
    @usableFromInline package let count: Int
    /// Elements before this one belong to others and are only read.
    @usableFromInline package let firstWritable: Int
    @usableFromInline var isFinished = false

    /// A new list of `count` zeros, with room to grow in place up to `capacity`.
    /// - Parameter scratch: where the room is taken from; nil: the heap.
    package init(count: Int, capacity: Int, in scratch: Scratch? = nil) {
        precondition(count >= 0 && count <= capacity, "a list longer than its room")
        let stride = MemoryLayout<Element>.stride
        region = scratch?.region(byteCount: capacity * stride) ?? ByteRegion(byteCount: capacity * stride)
        // A fresh region is aligned for every element and long enough.
        unsafe start = region.base.bindMemory(to: Element.self, capacity: region.byteCount / stride)
        self.count = count
        firstWritable = 0
        let claimed = region.claim(from: 0, to: count * stride)
        precondition(claimed, "nobody else knows a new region")
    }

    /// A copy of `list`, cut or continued with zeros to `count`, with room to grow in place up to `capacity`.
    package convenience init(copying list: Elements<Element>, count: Int, capacity: Int) {
        self.init(count: count, capacity: capacity)
        let kept = list.slice(0..<min(list.count, count))
        copy(kept.span, to: 0)
    }

    /// The room behind `list`, as far as `count`: the list's own elements are read, the new ones written. Nil if there is
    /// no spare room, or another writer has taken it.
    package init?(extending list: Elements<Element>, to count: Int) {
        precondition(count >= list.count, "an extension cannot shrink")
        let stride = MemoryLayout<Element>.stride
        let end = list.endOffset
        guard list.region.claim(from: end, to: end + (count - list.count) * stride) else { return nil }
        region = list.region
        // The list lies in `region`, whose bytes up to `count` elements from its start are now the list's or ours.
        unsafe start = UnsafeMutablePointer(mutating: list.start)
        self.count = count
        firstWritable = list.count
    }

    /// The element at `index`. Only elements from `firstWritable` on may be set, and only before `finish()`.
    @inlinable package subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "an index beyond the list")
            // In bounds by the check; `region` is held.
            return unsafe start[index]
        }
        set {
            precondition(index >= firstWritable && index < count && !isFinished, "an element that is not ours to write")
            // In bounds, claimed by this writer, and not yet shown to anyone.
            unsafe start[index] = newValue
        }
    }

    /// Lends all elements of a new list to one who sets many: what is asked for each by the subscript is asked once.
    @inlinable package func setting(_ body: (inout MutableSpan<Element>) -> Void) {
        precondition(firstWritable == 0 && !isFinished, "elements that are not ours to write")
        // Claimed by this writer and not yet shown to anyone; `self` holds the region while `body` runs.
        var elements = unsafe MutableSpan(_unsafeStart: start, count: count)
        body(&elements)
    }

    /// Writes `values` from `index` on.
    package func copy(_ values: Span<Element>, to index: Int) {
        precondition(
            index >= firstWritable && index <= count && values.count <= count - index && !isFinished,
            "elements that are not ours to write")
        unsafe values.withUnsafeBufferPointer { source in
            guard let from = source.baseAddress else { return }
            // `values` is memory that others read; ours is not shown yet, so the two do not overlap.
            unsafe (start + index).update(from: from, count: source.count)
        }
    }

    /// Sets the bits of every element from `range` to those of `value`.
    package func fill(_ range: Range<Int>, with value: Element) {
        precondition(
            range.lowerBound >= firstWritable && range.upperBound <= count && !isFinished,
            "elements that are not ours to write")
        // In bounds, claimed, not shown.
        unsafe (start + range.lowerBound).update(repeating: value, count: range.count)
    }

    /// The first elements as they are now, for whoever writes them somewhere before writing over them.
    @_lifetime(borrow self)
    package func written(_ count: Int) -> Span<Element> {
        precondition(count >= 0 && count <= self.count && !isFinished, "elements that are not ours")
        // In bounds, and `region` lives as long as `self`.
        let span = unsafe Span(_unsafeStart: UnsafePointer(start), count: count)
        return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The list, from now on constant.
    package func finish() -> Elements<Element> {
        isFinished = true
        return unsafe Elements(region: region, start: UnsafePointer(start), count: count)
    }
}
