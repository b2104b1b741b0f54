import Bytes

/// A chunk that is being written: a new one, one with more rows behind the old, or a copy once an old row changes.
final class OpenChunk<Element: ColumnElement> {
    private var writer: ElementWriter<Element>
    private var validity: OpenBits

    /// - Parameters:
    ///   - base: the chunk as it is; nil for a new one.
    ///   - count: rows it will have, at least as many as now. New rows are null until they are set.
    init(_ base: Chunk<Element>?, count: Int) {
        if let base {
            writer =
                ElementWriter(extending: base.elements, to: count)
                ?? ElementWriter(copying: base.elements, count: count, capacity: ChunkLayout.capacity(for: count))
            validity = OpenBits(base.validityWords, count: base.count, elseAll: true, extendedTo: count)
        } else {
            writer = ElementWriter(count: count, capacity: ChunkLayout.capacity(for: count))
            validity = OpenBits(count: count)
        }
    }

    /// Sets a row; nil for a null. False if that is what it held.
    func set(_ offset: Int, to value: Element?) -> Bool {
        let wasValid = validity[offset]
        guard let value else {
            validity[offset] = false
            if wasValid { write(offset, Element.placeholder) }
            return wasValid
        }
        // A floating-point zero has two signs that compare equal.
        if wasValid, Element.self != Double.self, writer[offset] == value { return false }
        validity[offset] = true
        write(offset, value)
        return true
    }

    private func write(_ offset: Int, _ value: Element) {
        if offset < writer.firstWritable {
            writer = ElementWriter(
                copying: writer.finish(), count: writer.count, capacity: ChunkLayout.capacity(for: writer.count))
        }
        writer[offset] = value
    }

    func finish() -> Chunk<Element> {
        let nullCount = writer.count - validity.setCount
        return Chunk(
            elements: writer.finish(), validityWords: nullCount == 0 ? Elements() : validity.finish(), nullCount: nullCount)
    }
}

/// A bit a row of a chunk, being written. Always a copy: neighbouring rows share a word, so old words are never written.
struct OpenBits {
    private var words: [UInt64]

    /// All bits 0.
    init(count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    /// A copy of `base`, continued with zeros.
    /// - Parameters:
    ///   - count: bits of `base` that mean something.
    ///   - all: an empty `base` stands for `count` ones.
    init(_ base: Elements<UInt64>, count: Int, elseAll all: Bool, extendedTo newCount: Int) {
        self.init(count: newCount)
        if base.count == 0, all {
            for index in 0..<count / 64 { words[index] = ~0 }
            if count & 63 != 0 { words[count / 64] = 1 << UInt64(count & 63) &- 1 }
        } else {
            let old = base.span
            for index in old.indices { words[index] = old[index] }
        }
    }

    subscript(offset: Int) -> Bool {
        get { words[offset >> 6] >> UInt64(offset & 63) & 1 != 0 }
        set {
            let bit: UInt64 = 1 << UInt64(offset & 63)
            if newValue { words[offset >> 6] |= bit } else { words[offset >> 6] &= ~bit }
        }
    }

    var setCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    func finish() -> Elements<UInt64> { Elements(copying: words) }
}
