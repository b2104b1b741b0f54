import Bytes

/// One reference: the row that is referred to, and the row that refers. Edges sort by these, in this order.
struct Edge: Comparable {
    private let both: UInt64
    init(to target: RowNumber, from source: RowNumber) { both = UInt64(target) << 32 | UInt64(source) }
    var target: RowNumber { RowNumber(truncatingIfNeeded: both >> 32) }
    var source: RowNumber { RowNumber(truncatingIfNeeded: both) }
    static func < (left: Edge, right: Edge) -> Bool { left.both < right.both }
}

extension Adjacency {
    /// Makes the whole edge by counting: cost proportional to rows and references.
    /// - Parameter forEachEdge: calls with every (target row, referring row), referring rows ascending; called twice.
    static func counting(
        rowCount: Int, version: UInt64, in scratch: Scratch? = nil,
        _ forEachEdge: (_ body: (RowNumber, RowNumber) -> Void) -> Void
    ) -> Adjacency {
        // First how many refer to each row, then where each row's list begins in its chunk.
        var places = [UInt32](repeating: 0, count: rowCount)
        forEachEdge { target, _ in places[Int(target)] += 1 }
        let chunkCount = ChunkLayout.chunkCount(rowCount)
        var starts = [0]
        var offsets: [Elements<UInt32>] = []
        for chunk in 0..<chunkCount {
            let rows = ChunkLayout.rowCount(ofChunk: chunk, of: rowCount)
            var chunkOffsets: [UInt32] = [0]
            chunkOffsets.reserveCapacity(rows + 1)
            var sum: UInt32 = 0
            for row in chunk << 16..<chunk << 16 + rows {
                let count = places[row]
                places[row] = sum
                sum += count
                chunkOffsets.append(sum)
            }
            offsets.append(Elements(copying: chunkOffsets, in: scratch))
            starts.append(starts[chunk] + Int(sum))
        }
        let writer = ElementWriter<RowNumber>(count: starts[chunkCount], capacity: starts[chunkCount], in: scratch)
        forEachEdge { target, source in
            writer[starts[Int(target >> 16)] + Int(places[Int(target)])] = source
            places[Int(target)] += 1
        }
        let targets = writer.finish()
        let chunks = offsets.indices.map {
            AdjacencyChunk(offsets: offsets[$0], targets: targets.slice(starts[$0]..<starts[$0 + 1]))
        }
        return Adjacency(chunks: chunks, version: version)
    }

    /// With some references added and removed; only the lists that lose or gain one are written anew.
    /// - Parameter rowCount: rows of the type that is referred to.
    func changing(adding added: [Edge], removing removed: [Edge], rowCount: Int, version: UInt64) -> Adjacency {
        let (added, removed) = (added.sorted(), removed.sorted())
        var chunks = chunks
        var (nextAdded, nextRemoved) = (0, 0)
        for index in 0..<ChunkLayout.chunkCount(rowCount) {
            if index == chunks.count { chunks.append(AdjacencyChunk(offsets: Elements(copying: [0]), targets: Elements())) }
            var lists: [(offset: Int, targets: [RowNumber])] = []
            while true {
                let candidates = [
                    nextAdded < added.count ? added[nextAdded].target : nil,
                    nextRemoved < removed.count ? removed[nextRemoved].target : nil,
                ]
                guard let row = candidates.compactMap({ $0 }).min(), Int(row >> 16) == index else { break }
                var gone: [RowNumber] = []
                var new: [RowNumber] = []
                while nextRemoved < removed.count, removed[nextRemoved].target == row {
                    gone.append(removed[nextRemoved].source)
                    nextRemoved += 1
                }
                while nextAdded < added.count, added[nextAdded].target == row {
                    new.append(added[nextAdded].source)
                    nextAdded += 1
                }
                lists.append((Int(row & 0xFFFF), Self.merged(targets(of: row), without: gone, with: new)))
            }
            if !lists.isEmpty {
                let rows = ChunkLayout.rowCount(ofChunk: index, of: rowCount)
                chunks[index] = chunks[index].replacing(lists, rowCount: rows)
            }
        }
        return Adjacency(chunks: chunks, version: version)
    }

    /// All three ascending.
    private static func merged(
        _ list: Span<RowNumber>, without gone: [RowNumber], with new: [RowNumber]
    ) -> [RowNumber] {
        var merged: [RowNumber] = []
        merged.reserveCapacity(list.count + new.count)
        var (nextGone, nextNew) = (0, 0)
        for index in list.indices {
            let row = list[index]
            while nextNew < new.count, new[nextNew] < row {
                merged.append(new[nextNew])
                nextNew += 1
            }
            if nextGone < gone.count, gone[nextGone] == row { nextGone += 1 } else { merged.append(row) }
        }
        return merged + new[nextNew...]
    }
}

extension AdjacencyChunk {
    /// Lists that a patch may hold before it is worked into the chunk: a patch is copied with each change, and searched.
    private static let maximumPatchedRows = 1_024
    private static let leastPatchedTargets = 4_096

    /// - Parameter lists: rows in the chunk, ascending, with their new lists.
    fileprivate func replacing(_ lists: [(offset: Int, targets: [RowNumber])], rowCount: Int) -> AdjacencyChunk {
        var patchRows: [UInt16] = []
        var patchOffsets: [UInt32] = [0]
        var patchTargets: [RowNumber] = []
        func close(_ offset: Int) {
            patchRows.append(UInt16(truncatingIfNeeded: offset))
            patchOffsets.append(UInt32(patchTargets.count))
        }
        func put(_ list: (offset: Int, targets: [RowNumber])) {
            patchTargets += list.targets
            close(list.offset)
        }
        var next = 0
        if let patch {
            for place in 0..<patch.rows.count {
                let offset = Int(patch.rows[place])
                while next < lists.count, lists[next].offset < offset {
                    put(lists[next])
                    next += 1
                }
                if next < lists.count, lists[next].offset == offset { continue }
                for index in Int(patch.offsets[place])..<Int(patch.offsets[place + 1]) {
                    patchTargets.append(patch.targets[index])
                }
                close(offset)
            }
        }
        for list in lists[next...] { put(list) }
        let patch = AdjacencyPatch(rows: patchRows, offsets: patchOffsets, targets: patchTargets)
        let patched = AdjacencyChunk(offsets: offsets, targets: targets, patch: patch)
        let isSmall =
            patchRows.count <= Self.maximumPatchedRows
            && patchTargets.count <= max(Self.leastPatchedTargets, targets.count / 4)
        return isSmall ? patched : patched.compacted(rowCount: rowCount)
    }

    /// The same lists without a patch.
    private func compacted(rowCount: Int) -> AdjacencyChunk {
        var all: [RowNumber] = []
        var ends: [UInt32] = [0]
        ends.reserveCapacity(rowCount + 1)
        for offset in 0..<rowCount {
            if let patch, let range = patch.range(of: offset) {
                for place in range { all.append(patch.targets[place]) }
            } else {
                for place in range(of: offset) { all.append(targets[place]) }
            }
            ends.append(UInt32(all.count))
        }
        return AdjacencyChunk(offsets: Elements(copying: ends), targets: Elements(copying: all))
    }
}
