import Bytes

/// Takes the values of a column of one width, row after row, chunk by chunk into aligned memory.
@usableFromInline package final class FixedWidthAppender<Element: ColumnElement> {
    @usableFromInline var writer: ElementWriter<Element>
    @usableFromInline var validity = [UInt64](repeating: 0, count: ChunkLayout.wordCount)
    /// Rows in the chunk that is open.
    @usableFromInline var count = 0
    @usableFromInline var valueCount = 0
    private var chunks: [Chunk<Element>] = []
    private let scratch: Scratch?

    init(in scratch: Scratch? = nil) {
        self.scratch = scratch
        writer = ElementWriter(count: ChunkLayout.rowCount, capacity: ChunkLayout.rowCount, in: scratch)
    }

    /// Goes on behind whole chunks.
    init(continuing column: FixedWidthColumn<Element>, in scratch: Scratch?) {
        precondition(column.rowCount % ChunkLayout.rowCount == 0, "whole chunks")
        self.scratch = scratch
        chunks = (0..<column.chunkCount).map(column.chunk)
        writer = ElementWriter(count: ChunkLayout.rowCount, capacity: ChunkLayout.rowCount, in: scratch)
    }

    @inlinable package func append(_ value: Element) {
        writer[count] = value
        validity[count >> 6] |= 1 << UInt64(truncatingIfNeeded: count & 63)
        valueCount += 1
        count += 1
        if count == ChunkLayout.rowCount { close() }
    }

    @inlinable package func appendNull() {
        count += 1
        if count == ChunkLayout.rowCount { close() }
    }

    @inlinable package func append(_ value: Element?) {
        if let value { append(value) } else { appendNull() }
    }

    var rowCount: Int { chunks.count * ChunkLayout.rowCount + count }

    @usableFromInline func close() {
        guard count > 0 else { return }
        let nullCount = count - valueCount
        chunks.append(
            Chunk(
                elements: writer.finish().slice(0..<count),
                validityWords: nullCount == 0
                    ? Elements() : Elements(copying: Array(validity[..<((count + 63) / 64)]), in: scratch),
                nullCount: nullCount))
        writer = ElementWriter(count: ChunkLayout.rowCount, capacity: ChunkLayout.rowCount, in: scratch)
        for index in validity.indices { validity[index] = 0 }
        (count, valueCount) = (0, 0)
    }

    /// The column, which holds its memory alone from now on.
    func finish() -> FixedWidthColumn<Element> {
        let rows = rowCount
        close()
        defer { (chunks, writer) = ([], ElementWriter(count: 0, capacity: 0)) }
        return FixedWidthColumn(chunks: chunks, rowCount: rows)
    }
}

/// Takes Booleans, row after row.
package final class BooleanAppender {
    private var values: [UInt64] = []
    private var validity: [UInt64] = []
    private var chunks: [BooleanChunk] = []
    private var count = 0
    private let scratch: Scratch?

    init(in scratch: Scratch? = nil) { self.scratch = scratch }

    package func append(_ value: Bool?) {
        if count & 63 == 0 {
            values.append(0)
            validity.append(0)
        }
        if let value {
            let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: count & 63)
            validity[count >> 6] |= bit
            if value { values[count >> 6] |= bit }
        }
        count += 1
        if count == ChunkLayout.rowCount { close() }
    }

    var rowCount: Int { chunks.count * ChunkLayout.rowCount + count }

    private func close() {
        guard count > 0 else { return }
        chunks.append(
            BooleanChunk(values: Elements(copying: values, in: scratch), validity: Elements(copying: validity, in: scratch)))
        values.removeAll(keepingCapacity: true)
        validity.removeAll(keepingCapacity: true)
        count = 0
    }

    func finish() -> BooleanColumn {
        let rows = rowCount
        close()
        defer { chunks = [] }
        return BooleanColumn(chunks: chunks, rowCount: rows)
    }
}

/// Takes lists, row after row.
package final class ListAppender<Element: ColumnElement> {
    private var offsets: [UInt32] = [0]
    private var elements: [Element] = []
    private var validity = OpenBits(count: ChunkLayout.rowCount)
    private var nullCount = 0
    private var chunks: [ListChunk<Element>] = []
    private let scratch: Scratch?

    init(in scratch: Scratch? = nil) { self.scratch = scratch }

    /// - Returns: false for a list of more than 65,535 elements, which is not taken.
    package func append(_ list: [Element]?) -> Bool {
        let row = offsets.count - 1
        if let list {
            guard list.count <= ListColumn<Element>.maximumListCount else { return false }
            elements += list
            validity[row] = true
        } else {
            nullCount += 1
        }
        offsets.append(UInt32(truncatingIfNeeded: elements.count))
        if offsets.count - 1 == ChunkLayout.rowCount { close() }
        return true
    }

    /// Appends lists at once.
    /// - Parameters:
    ///   - values: the elements of all, one list after the other; the lower bits count.
    ///   - ends: where each row's list ends; a null's where the one before does.
    ///   - validity: a bit a row, 1 for a list.
    /// - Returns: false for a list of more than 65,535 elements; some rows before it are taken.
    @_specialize(where Element == UInt16)
    @_specialize(where Element == UInt32)
    package func append(
        _ values: Span<Int64>, ends: Span<Int>, validity bits: Span<UInt64>
    ) -> Bool where Element: FixedWidthInteger {
        var start = 0
        for row in ends.indices {
            let place = offsets.count - 1
            if bits[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0 {
                guard ends[row] - start <= ListColumn<Element>.maximumListCount else { return false }
                while start < ends[row] {
                    elements.append(Element(truncatingIfNeeded: values[start]))
                    start += 1
                }
                validity[place] = true
            } else {
                nullCount += 1
            }
            offsets.append(UInt32(truncatingIfNeeded: elements.count))
            if place + 1 == ChunkLayout.rowCount { close() }
        }
        return true
    }

    var rowCount: Int { chunks.count * ChunkLayout.rowCount + offsets.count - 1 }

    private func close() {
        let count = offsets.count - 1
        guard count > 0 else { return }
        let words =
            nullCount == 0 ? Elements() : Elements(copying: validity.finish().slice(0..<(count + 63) / 64).span, in: scratch)
        chunks.append(
            ListChunk(
                offsets: Elements(copying: offsets, in: scratch), elements: Elements(copying: elements, in: scratch),
                validityWords: words))
        offsets.removeAll(keepingCapacity: true)
        offsets.append(0)
        elements.removeAll(keepingCapacity: true)
        validity = OpenBits(count: ChunkLayout.rowCount)
        nullCount = 0
    }

    func finish() -> ListColumn<Element> {
        let rows = rowCount
        close()
        defer { chunks = [] }
        return ListColumn(chunks: chunks, rowCount: rows)
    }
}
