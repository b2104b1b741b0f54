import Bytes
import Model
import StoreColumns
import Synchronization

/// One load into columns: the files are cut into blocks, where the rows of a key stand is found out, then all rows are read. In each
/// pass all cores read blocks, and what they find is put together in the order of the files, so that the result does not depend on them.
final class BulkLoad {
    private let plan: ImportPlan
    private let model: Model
    private let limits: ImportLimits
    private let workers: Int
    private let builder: GraphBuilder
    private let tally: Tally
    /// The types that are referred to, or have keys that may stand twice.
    private let keyedTypes: Set<NodeTypeID>

    /// How many rows a file has, and how many its mappings made.
    struct Count {
        var rowCount = 0
        var madeCounts: [Int]
    }

    /// - Parameter plan: Aligned.
    /// - Returns: nil where a column that must have a value gets none from some file.
    init?(
        _ plan: ImportPlan, _ model: Model, _ limits: ImportLimits, workers: Int,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) {
        self.plan = plan
        self.model = model
        self.limits = limits
        self.workers = max(1, workers)
        // Pieces file their texts under the same hash.
        builder = GraphBuilder(catalog: model.catalog, hash: .ofProcess)
        var keyedTypes: Set<NodeTypeID> = []
        for type in plan.files.flatMap(\.types) {
            let definition = model.catalog[type.type]
            for (column, slot) in zip(plan.columns[type.type.index] ?? [], type.slots) {
                guard slot != nil || definition.columns[column].isNullable else { return nil }
                if let target = definition.columns[column].kind.referredType { keyedTypes.insert(target) }
            }
            if type.isDistinct { keyedTypes.insert(type.type) }
        }
        self.keyedTypes = keyedTypes
        let keyedFiles = plan.files.filter { $0.types.contains { keyedTypes.contains($0.type) } }
        let lookUpFiles = plan.lookUps.compactMap { wanted in plan.files.first { $0.file.name == wanted.file } }
        // Once to cut them, once to read them.
        let total = (plan.files + plan.files + keyedFiles + lookUpFiles).reduce(0) { $0 + $1.file.byteCount }
        tally = Tally(total: total, progress)
    }

    /// Reads all files; what each came to, or nil where something is wrong.
    func run() -> [Count]? {
        guard let blocks = cut() else { return nil }
        let loads = makeLoads(blocks)
        guard let lookUps = readLookUps(blocks), let known = readKeys(blocks, loads, lookUps) else { return nil }
        return readRows(blocks, loads, lookUps, known)
    }

    func finish(number: UInt64, publishedAt: Instant) -> GraphVersion? {
        do throws(ChangeSetRefused) {
            return try builder.finish(number: number, publishedAt: publishedAt, problemLimit: 1)
        } catch {
            return nil
        }
    }

    // MARK: Blocks

    /// The blocks of every file; nil where one is no text.
    private func cut() -> [[TextBlock]]? {
        var stripes: [(file: Int, range: Range<Int>)] = []
        for (position, file) in plan.files.enumerated() {
            let source = file.file
            for range in TextStripe.ranges(of: source.bytes, byteCount: limits.blockBytes) {
                stripes.append((position, range))
            }
        }
        let all = stripes
        let found = Mutex<[TextStripe?]>(all.map { _ in nil })
        let isGood = inParallel(all.count, workers: workers, tally) { [plan, tally] in
            { number in
                let source = plan.files[all[number].file].file
                let stripe = TextStripe(all[number].range, of: source.bytes)
                found.withLock { $0[number] = stripe }
                tally.add(byteCount: stripe.range.count)
                return stripe.isText
            }
        }
        guard isGood else { return nil }
        var byFile: [[TextStripe]] = plan.files.map { _ in [] }
        for (place, stripe) in zip(all, found.withLock { $0 }) {
            if let stripe { byFile[place.file].append(stripe) }
        }
        return byFile.enumerated().map { position, stripes in
            TextStripe.blocks(of: stripes, file: position, from: plan.files[position].bodyStart)
        }
    }

    private func makeLoads(_ blocks: [[TextBlock]]) -> [TypeLoad] {
        var types: [NodeTypeID] = []
        for type in plan.files.flatMap(\.types) where !types.contains(type.type) { types.append(type.type) }
        return types.map { type in
            var place = 0
            let firstPlaces = plan.files.indices.map { file -> Int? in
                guard plan.files[file].types.contains(where: { $0.type == type }) else { return nil }
                defer { place += blocks[file].count }
                return place
            }
            return TypeLoad(
                model[type], columns: plan.columns[type.index] ?? [], builder.table(type), model,
                isKeyed: keyedTypes.contains(type), firstPlaces: firstPlaces)
        }
    }

    // MARK: Passes

    /// Makes the tables that texts are looked up in.
    private func readLookUps(_ blocks: [[TextBlock]]) -> [TextTable]? {
        var tables: [TextTable] = []
        for wanted in plan.lookUps {
            guard let position = plan.files.firstIndex(where: { $0.file.name == wanted.file }),
                let match = plan.files[position].headings.firstIndex(of: wanted.match),
                let take = plan.files[position].headings.firstIndex(of: wanted.take)
            else {
                tables.append(TextTable())
                continue
            }
            let table = Mutex(TextTable())
            let lane = Lane<PairPiece> { piece in
                table.withLock { table in
                    for place in 0..<piece.keys.count { table.insert(piece.keys[place], piece.values[place]) }
                }
                return true
            }
            let (file, blocks) = (plan.files[position], blocks[position])
            let isGood = inParallel(blocks.count, workers: workers, tally) { [model, limits, tally] in
                let reader = BlockReader(file, [], [], model, limits, keys: nil)
                return { number in
                    guard let piece = reader.readPairs(blocks[number], match: match, take: take) else { return false }
                    tally.add(byteCount: blocks[number].range.count)
                    return lane.bring(piece, at: number)
                }
            }
            guard isGood else { return nil }
            tables.append(table.withLock { $0 })
        }
        return tables
    }

    /// What is known before the rows are read.
    private struct Known: Sendable {
        var keys: [NodeTypeID: KeyTable] = [:]
        /// By file, block and mapping: which rows stay where keys may stand twice.
        var gates: [[[RowGate?]]]
    }

    /// Finds out where the rows of every key stand; nil where a key is missing or stands twice.
    private func readKeys(_ blocks: [[TextBlock]], _ loads: [TypeLoad], _ lookUps: [TextTable]) -> Known? {
        var known = Known(
            gates: zip(plan.files, blocks).map { file, blocks in
                blocks.map { _ in file.types.map { $0.isDistinct ? RowGate() : nil } }
            })
        var lanes: [Lane<KeyPiece>?] = []
        for load in loads {
            guard load.isKeyed else {
                lanes.append(nil)
                continue
            }
            let table = KeyTable()
            known.keys[load.type.nodeType] = table
            lanes.append(Lane { table.take($0) })
        }
        let keyed = zip(plan.files, blocks).flatMap { file, blocks in
            file.types.contains { keyedTypes.contains($0.type) } ? blocks : []
        }
        let (keyLanes, gates) = (lanes, known.gates)
        let isGood = inParallel(keyed.count, workers: workers, tally) { [plan, model, limits, tally] in
            var readers: [Int: BlockReader] = [:]
            return { number in
                let block = keyed[number]
                let reader =
                    readers[block.file] ?? BlockReader(plan.files[block.file], loads, lookUps, model, limits, keys: nil)
                readers[block.file] = reader
                guard let pieces = reader.readKeys(block, gates: gates[block.file][block.place]) else { return false }
                for (type, piece) in pieces.enumerated() {
                    guard let piece, let lane = keyLanes[type], let first = loads[type].firstPlaces[block.file] else { continue }
                    guard lane.bring(piece, at: first + block.place) else { return false }
                }
                plan.files[block.file].file.release(block.range)
                tally.add(byteCount: block.range.count)
                return true
            }
        }
        return isGood ? known : nil
    }

    /// Reads all rows into their columns.
    private func readRows(
        _ blocks: [[TextBlock]], _ loads: [TypeLoad], _ lookUps: [TextTable], _ known: Known
    ) -> [Count]? {
        let all = blocks.flatMap { $0 }
        let counts = Mutex(plan.files.map { Count(madeCounts: $0.types.map { _ in 0 }) })
        let isGood = inParallel(all.count, workers: workers, tally) { [plan, model, limits, tally] in
            var readers: [Int: BlockReader] = [:]
            return { number in
                let block = all[number]
                let reader =
                    readers[block.file]
                    ?? BlockReader(plan.files[block.file], loads, lookUps, model, limits, keys: known.keys)
                readers[block.file] = reader
                guard let rows = reader.readRows(block, gates: known.gates[block.file][block.place]) else { return false }
                for (load, pieces) in zip(loads, rows.pieces) where !pieces.isEmpty {
                    guard load.bring(pieces, of: block) else { return false }
                }
                counts.withLock { counts in
                    counts[block.file].rowCount += rows.rowCount
                    for (place, count) in rows.madeCounts.enumerated() { counts[block.file].madeCounts[place] += count }
                }
                plan.files[block.file].file.release(block.range)
                tally.add(byteCount: block.range.count, rowCount: rows.rowCount)
                return true
            }
        }
        return isGood ? counts.withLock { $0 } : nil
    }
}
