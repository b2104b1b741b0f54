import Bytes
import Model
import StoreColumns
import Synchronization

/// One load into columns: the files are cut into blocks, where the rows of a key stand is found out, then all rows are read. In each
/// pass all cores read blocks, and what they find is put together in the order of the files, so that the result does not depend on them.
final class BulkLoad {
    let plan: ImportPlan
    let model: Model
    let limits: ImportLimits
    private let workers: Int
    private let builder: GraphBuilder
    private let tally: Tally
    /// What finishing the columns counts as, beside the bytes that are read.
    private let finishByteCount: Int
    private let obstacles: ObstacleList
    /// What is needed to find a row's place in the files, once they are read.
    private(set) var made: Made?
    /// The types that are referred to, or have keys that may stand twice.
    private let keyedTypes: Set<NodeTypeID>

    /// The blocks of every file and what was found in them.
    struct Made {
        var blocks: [[TextBlock]]
        var loads: [TypeLoad]
        var lookUps: [TextTable]
        /// By file, block and mapping.
        var gates: [[[RowGate?]]]
    }

    /// How many rows a file has, and how many its mappings made.
    struct Count {
        var rowCount = 0
        var madeCounts: [Int]
    }

    /// - Parameter plan: Aligned.
    init(
        _ plan: ImportPlan, _ model: Model, _ limits: ImportLimits, workers: Int,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) {
        self.plan = plan
        self.model = model
        self.limits = limits
        self.workers = max(1, workers)
        obstacles = ObstacleList(plan)
        // Pieces file their texts under the same hash.
        builder = GraphBuilder(catalog: model.catalog, hash: .ofProcess)
        var keyedTypes: Set<NodeTypeID> = []
        for (position, file) in plan.files.enumerated() {
            for type in file.types {
                let definition = model.catalog[type.type]
                for (column, slot) in zip(plan.columns[type.type.index] ?? [], type.slots) {
                    if slot == nil, !definition.columns[column].isNullable {
                        let field = "\(definition.name).\(definition.columns[column].name)"
                        obstacles.add(.missingColumn(field, file: file.file.name), file: position, offset: -1)
                    }
                    if let target = definition.columns[column].kind.referredType { keyedTypes.insert(target) }
                }
                if type.isDistinct { keyedTypes.insert(type.type) }
            }
        }
        self.keyedTypes = keyedTypes
        let keyedFiles = plan.files.filter { $0.types.contains { keyedTypes.contains($0.type) } }
        let lookUpFiles = plan.lookUps.compactMap { wanted in plan.files.first { $0.file.name == wanted.file } }
        // Once to cut them, once to read them.
        let total = (plan.files + plan.files + keyedFiles + lookUpFiles).reduce(0) { $0 + $1.file.byteCount }
        finishByteCount = total / 8
        tally = Tally(total: total + finishByteCount, progress)
    }

    /// Reads all files; what each came to, or nil where something is wrong, which `obstacle` tells.
    func run() -> [Count]? {
        guard obstacles.obstacle == nil, let blocks = cut() else { return nil }
        let loads = makeLoads(blocks)
        guard let lookUps = readLookUps(blocks), let known = readKeys(blocks, loads, lookUps),
            let counts = readRows(blocks, loads, lookUps, known)
        else { return nil }
        // Where rows come from is only asked of those that do not go together.
        made = Made(blocks: blocks, loads: loads, lookUps: lookUps, gates: known.gates)
        return counts
    }

    /// What was first in the way.
    var obstacle: BulkObstacle { obstacles.obstacle ?? .block(file: "", line: 0) }

    /// The version of all rows. To be called once, after `run`.
    ///
    /// - Throws: the rows that do not go together, by their numbers.
    func finish(number: UInt64, publishedAt: Instant) throws(ChangeSetRefused) -> GraphVersion {
        defer { tally.add(byteCount: finishByteCount) }
        return try builder.finish(
            number: number, publishedAt: publishedAt, problemLimit: limits.problems, by: .threads(atMost: workers))
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
        let isGood = inParallel(all.count, workers: workers, tally) { [plan, tally, obstacles] in
            { number in
                let source = plan.files[all[number].file].file
                let stripe = TextStripe(all[number].range, of: source.bytes)
                found.withLock { $0[number] = stripe }
                source.release(stripe.range)
                tally.add(byteCount: stripe.range.count)
                if !stripe.isText {
                    obstacles.add(.notText(file: source.name), file: all[number].file, offset: stripe.range.lowerBound)
                }
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
                model[type], columns: plan.columns[type.index] ?? [], builder.table(type),
                isKeyed: keyedTypes.contains(type), firstPlaces: firstPlaces, repetition: { self.repetition(of: $0, type) })
        }
    }

    /// How texts of a column repeat: where the other parts of the key are the same in every row, hardly.
    private func repetition(of column: Int, _ type: NodeTypeID) -> TextAppender.Repetition? {
        let key = model.catalog[type].key
        guard key.count > 1, key.contains(column), let columns = plan.columns[type.index] else { return nil }
        let others = key.filter { $0 != column }
        let isAlone = plan.files.flatMap(\.types).filter { $0.type == type }.allSatisfy { mapping in
            others.allSatisfy { other in
                guard let position = columns.firstIndex(of: other), case .constant? = mapping.slots[position]?.source else {
                    return false
                }
                return true
            }
        }
        return isAlone ? .unknown : nil
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
            let isGood = inParallel(blocks.count, workers: workers, tally) { [model, limits, tally, obstacles] in
                let reader = BlockReader(file, [], [], model, limits, keys: nil)
                return { number in
                    guard let piece = reader.readPairs(blocks[number], match: match, take: take) else {
                        return obstacles.stop(blocks[number], at: reader.stopOffset)
                    }
                    file.file.release(blocks[number].range)
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
        var keys: [NodeTypeID: KeyRows] = [:]
        /// By file, block and mapping: which rows stay where keys may stand twice.
        var gates: [[[RowGate?]]]
    }

    /// Finds out where the rows of every key stand; nil where a key is missing.
    private func readKeys(_ blocks: [[TextBlock]], _ loads: [TypeLoad], _ lookUps: [TextTable]) -> Known? {
        var known = Known(
            gates: zip(plan.files, blocks).map { file, blocks in
                blocks.map { _ in file.types.map { $0.isDistinct ? RowGate() : nil } }
            })
        var tables: [NodeTypeID: KeyTable] = [:]
        var lanes: [Lane<KeyPiece>?] = []
        for load in loads {
            guard load.isKeyed else {
                lanes.append(nil)
                continue
            }
            let table = KeyTable()
            tables[load.type.nodeType] = table
            lanes.append(
                Lane {
                    table.take($0)
                    return true
                })
        }
        let keyed = zip(plan.files, blocks).flatMap { file, blocks in
            file.types.contains { keyedTypes.contains($0.type) } ? blocks : []
        }
        let (keyLanes, gates) = (lanes, known.gates)
        let isGood = inParallel(keyed.count, workers: workers, tally) { [plan, model, limits, tally, obstacles] in
            var readers: [Int: BlockReader] = [:]
            return { number in
                let block = keyed[number]
                let reader =
                    readers[block.file] ?? BlockReader(plan.files[block.file], loads, lookUps, model, limits, keys: nil)
                readers[block.file] = reader
                guard let pieces = reader.readKeys(block, gates: gates[block.file][block.place]) else {
                    return obstacles.stop(block, at: reader.stopOffset)
                }
                for (type, piece) in pieces.enumerated() {
                    guard let piece, let lane = keyLanes[type], let first = loads[type].firstPlaces[block.file] else { continue }
                    guard lane.bring(piece, at: first + block.place) else { return obstacles.refuse(block) }
                }
                plan.files[block.file].file.release(block.range)
                tally.add(byteCount: block.range.count)
                return true
            }
        }
        known.keys = tables.mapValues(\.rows)
        return isGood ? known : nil
    }

    /// Reads all rows into their columns.
    private func readRows(
        _ blocks: [[TextBlock]], _ loads: [TypeLoad], _ lookUps: [TextTable], _ known: Known
    ) -> [Count]? {
        let all = blocks.flatMap { $0 }
        let counts = Mutex(plan.files.map { Count(madeCounts: $0.types.map { _ in 0 }) })
        let isGood = inParallel(all.count, workers: workers, tally) { [plan, model, limits, tally, obstacles] in
            var readers: [Int: BlockReader] = [:]
            return { number in
                let block = all[number]
                let reader =
                    readers[block.file]
                    ?? BlockReader(plan.files[block.file], loads, lookUps, model, limits, keys: known.keys)
                readers[block.file] = reader
                guard let rows = reader.readRows(block, gates: known.gates[block.file][block.place]) else {
                    return obstacles.stop(block, at: reader.stopOffset)
                }
                for (load, pieces) in zip(loads, rows.pieces) where !pieces.isEmpty {
                    guard load.bring(pieces, of: block) else { return obstacles.refuse(block) }
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
