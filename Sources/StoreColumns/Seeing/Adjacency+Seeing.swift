import Bytes

extension Adjacency {
    /// The same edge without the rows that are not seen. Lists of rows that nobody sees are left as they please.
    ///
    /// Cost: of few sources, theirs; else of all lists. Chunks of which no list loses a row are shared.
    /// - Parameters:
    ///   - sources: those of the referring rows that are seen.
    ///   - column: by which they refer.
    ///   - owners: those of the rows referred to that are seen; nil: all.
    ///   - rowCount: rows of the type that is referred to.
    func seeing(_ sources: SeenRows, by column: Column, from owners: SeenRows?, rowCount: Int) -> Adjacency {
        if let few = sources.few { return seeing(few, by: column, rowCount: rowCount) }
        let chunks = chunks.indices.map { index in
            seeing(sources, chunk: index, from: owners, rowCount: ChunkLayout.rowCount(ofChunk: index, of: rowCount))
        }
        return Adjacency(chunks: chunks, version: version)
    }

    /// Made of the references of few rows.
    private func seeing(_ sources: [RowNumber], by column: Column, rowCount: Int) -> Adjacency {
        var edges: [Edge] = []
        edges.reserveCapacity(sources.count)
        for source in sources { column.forEachReference(at: Int(source)) { edges.append(Edge(to: $0, from: source)) } }
        edges.sort()
        let empty = AdjacencyChunk(offsets: Elements(copying: [0]), targets: Elements())
        var made = Array(repeating: empty, count: ChunkLayout.chunkCount(rowCount))
        var next = 0
        while next < edges.count {
            let chunk = Int(edges[next].target >> 16)
            let first = next
            while next < edges.count, Int(edges[next].target >> 16) == chunk { next += 1 }
            made[chunk] = AdjacencyChunk(edges[first..<next])
        }
        return Adjacency(chunks: made, version: version)
    }

    private func seeing(_ sources: SeenRows, chunk index: Int, from owners: SeenRows?, rowCount: Int) -> AdjacencyChunk {
        let first = RowNumber(truncatingIfNeeded: index << 16)
        let rows = first..<first + RowNumber(truncatingIfNeeded: rowCount)
        func isSeen(_ owner: RowNumber) -> Bool { owners?.contains(owner) ?? true }
        let losesAny = rows.contains { owner in
            guard isSeen(owner) else { return false }
            let targets = targets(of: owner)
            return targets.indices.contains { !sources.contains(targets[$0]) }
        }
        guard losesAny else { return chunks[index] }
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(rowCount + 1)
        var kept: [RowNumber] = []
        for owner in rows {
            if isSeen(owner) {
                let targets = targets(of: owner)
                for place in targets.indices where sources.contains(targets[place]) { kept.append(targets[place]) }
            }
            offsets.append(UInt32(truncatingIfNeeded: kept.count))
        }
        return AdjacencyChunk(offsets: Elements(copying: offsets), targets: Elements(copying: kept))
    }
}

extension AdjacencyChunk {
    /// Few lists among many rows stand as a patch on nothing.
    private static let mostPatchedRows = 1_024

    /// - Parameter edges: to rows of one chunk, sorted.
    fileprivate init(_ edges: ArraySlice<Edge>) {
        var rows: [UInt16] = []
        var ends: [UInt32] = [0]
        for edge in edges {
            let row = UInt16(truncatingIfNeeded: edge.target)
            if rows.last != row {
                rows.append(row)
                ends.append(ends[ends.count - 1])
            }
            ends[ends.count - 1] += 1
        }
        let targets = edges.map(\.source)
        if rows.count <= Self.mostPatchedRows {
            let patch = AdjacencyPatch(rows: rows, offsets: ends, targets: targets)
            self.init(offsets: Elements(copying: [0]), targets: Elements(), patch: patch)
            return
        }
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(Int(rows[rows.count - 1]) + 2)
        for (place, row) in rows.enumerated() {
            while offsets.count <= Int(row) { offsets.append(ends[place]) }
            offsets.append(ends[place + 1])
        }
        self.init(offsets: Elements(copying: offsets), targets: Elements(copying: targets))
    }
}
