import Bytes

/// A to-many edge: for every row of one type the rows of another that refer to it, ascending.
///
/// Compressed sparse rows in chunks of 65,536 rows, each with a small patch of lists that changed since; versions share
/// the chunks that a change does not touch.
@usableFromInline package struct Adjacency: Sendable {
    @usableFromInline package let chunks: [AdjacencyChunk]
    /// The newest version that changed the edge.
    package let version: UInt64

    package init(chunks: [AdjacencyChunk], version: UInt64) {
        self.chunks = chunks
        self.version = version
    }

    static func empty(version: UInt64) -> Adjacency { Adjacency(chunks: [], version: version) }

    /// The rows that refer to a row, in ascending order; empty for a row that nothing refers to.
    @_lifetime(borrow self)
    @inlinable package func targets(of row: RowNumber) -> Span<RowNumber> {
        let index = Int(row >> 16)
        let offset = Int(row & 0xFFFF)
        guard index < chunks.count else { return Span() }
        // Chunks and their patches are held by this edge.
        if let patch = chunks[index].patch, let range = patch.range(of: offset) {
            let targets = patch.targets.span(heldBy: self)
            return targets.extracting(range)
        }
        let targets = chunks[index].targets.span(heldBy: self)
        return targets.extracting(chunks[index].range(of: offset))
    }

    /// How many rows refer to a row.
    @inlinable package func count(of row: RowNumber) -> Int { targets(of: row).count }

    /// How many rows refer to each of some adjacent rows of one chunk; false, with nothing said, where some of the chunk's lists were
    /// changed since and each has to be looked for.
    @inlinable package func counts(from row: Int, _ count: Int, into counts: consuming MutableSpan<Int64>) -> Bool {
        let index = row >> 16
        guard index < chunks.count else {
            for place in 0..<count { counts[place] = 0 }
            return true
        }
        guard !chunks[index].hasPatch else { return false }
        let offsets = chunks[index].offsets.span(heldBy: self)
        let first = row & 0xFFFF
        // Rows behind the last offset have no list yet.
        let known = max(0, min(count, offsets.count - 1 - first))
        for place in 0..<known { counts[place] = Int64(offsets[first + place + 1]) - Int64(offsets[first + place]) }
        for place in known..<count { counts[place] = 0 }
        return true
    }
}

/// The lists of at most 65,536 rows, laid out as an Arrow list array.
@usableFromInline package struct AdjacencyChunk: Sendable {
    /// One more than there are rows with a list; later rows have none.
    @usableFromInline package let offsets: Elements<UInt32>
    @usableFromInline package let targets: Elements<RowNumber>
    @usableFromInline let patch: AdjacencyPatch?

    init(offsets: Elements<UInt32>, targets: Elements<RowNumber>, patch: AdjacencyPatch?) {
        self.offsets = offsets
        self.targets = targets
        self.patch = patch
    }

    /// Lists without a patch.
    package init(offsets: Elements<UInt32>, targets: Elements<RowNumber>) {
        self.init(offsets: offsets, targets: targets, patch: nil)
    }

    /// Whether some lists stand elsewhere than in `targets`.
    @inlinable package var hasPatch: Bool { patch != nil }

    @inlinable func range(of offset: Int) -> Range<Int> {
        offset + 1 < offsets.count ? Int(offsets[offset])..<Int(offsets[offset + 1]) : 0..<0
    }
}

/// Lists that stand in place of a chunk's own.
@usableFromInline final class AdjacencyPatch: Sendable {
    /// Rows in the chunk, ascending.
    let rows: Elements<UInt16>
    /// One more than there are rows.
    let offsets: Elements<UInt32>
    @usableFromInline let targets: Elements<RowNumber>

    init(rows: [UInt16], offsets: [UInt32], targets: [RowNumber]) {
        self.rows = Elements(copying: rows)
        self.offsets = Elements(copying: offsets)
        self.targets = Elements(copying: targets)
    }

    var byteCount: Int { rows.count * 2 + offsets.count * 4 + targets.count * 4 }

    /// Where a row's list stands in `targets`; nil for a row that is not patched. Cost: a binary search.
    @usableFromInline func range(of offset: Int) -> Range<Int>? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(rows[middle]) < offset { low = middle + 1 } else { high = middle }
        }
        guard low < rows.count, Int(rows[low]) == offset else { return nil }
        return Int(offsets[low])..<Int(offsets[low + 1])
    }
}
