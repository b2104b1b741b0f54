import Model
import StoreColumns

/// Reads blocks of one file, in one thread. It remembers texts from block to block.
final class BlockReader {
    private let file: FilePlan
    private var types: [TypeReader]
    private let loads: [TypeLoad]
    private let lookUps: [TextTable]
    private let model: Model
    private let limits: ImportLimits
    private let sieve: RowSieve
    /// First byte of the row at which the last block was given up.
    private(set) var stopOffset = 0

    /// - Parameter keys: Where the rows of types stand; nil while that is not known.
    init(
        _ file: FilePlan, _ loads: [TypeLoad], _ lookUps: [TextTable], _ model: Model, _ limits: ImportLimits,
        keys: [NodeTypeID: KeyRows]?
    ) {
        self.file = file
        self.loads = loads
        // Of its own, as its sources are: see `CellSource.copied`.
        self.lookUps = lookUps.map { $0 }
        self.model = model
        self.limits = limits
        sieve = RowSieve(file, model)
        types = file.types.enumerated().compactMap { position, plan in
            guard let type = loads.firstIndex(where: { $0.type.nodeType == plan.type }) else { return nil }
            // Before the keys are known, only what has to be known is read.
            return keys == nil && !loads[type].isKeyed
                ? nil : TypeReader(plan, at: position, loads[type], type, model, keys: keys)
        }
    }

    /// What a block brings.
    struct Rows {
        var rowCount = 0
        /// By type that is loaded; nothing for those that the file has nothing of.
        var pieces: [[ColumnPiece]]
        /// Rows made, by the file's mappings.
        var madeCounts: [Int]
    }

    /// Calls `body` with each row; nil where one cannot be read, or `body` refuses it. The number of rows.
    ///
    /// - Parameter cellCount: So many cells of each row are enough, which then need not have as many as the headings; nil for all.
    private func forEachRow(
        of block: TextBlock, _ bytes: Span<UInt8>, cells cellCount: Int? = nil, _ body: (CSVRow, Int, inout RowText) -> Bool
    ) -> Int? {
        let bytes = bytes.extracting(0..<block.range.upperBound)
        var reader = CSVReader(limits: limits.csv, atRow: block.range.lowerBound, line: 1)
        var row = CSVRow()
        var text = RowText(lookUps: lookUps, file.profile)
        var count = 0
        let wantedCount = cellCount ?? file.headings.count
        do throws(CSVError) {
            while try reader.next(bytes, into: &row, cells: cellCount) {
                text.beginRow()
                guard row.cells.count == wantedCount, body(row, count, &text) else {
                    stopOffset = row.start
                    return nil
                }
                count += 1
            }
        } catch {
            stopOffset = row.start
            return nil
        }
        return count
    }

    /// The rows of a block; nil where something is wrong.
    ///
    /// - Parameter gates: By the file's mappings: which rows stay where keys may stand twice.
    func readRows(_ block: TextBlock, gates: [RowGate?]) -> Rows? {
        var rows = Rows(pieces: loads.map { _ in [] }, madeCounts: file.types.map { _ in 0 })
        for reader in types where rows.pieces[reader.type].isEmpty {
            rows.pieces[reader.type] = loads[reader.type].sinks.map { ColumnPiece($0.shape) }
        }
        // In hand while the block is read: what a class holds is guarded at each access.
        var types = types
        self.types = []
        defer { self.types = types }
        let source = file.file
        let bytes = source.bytes
        let routes = types.map { ($0.type, $0.plan) }
        let rowCount = forEachRow(of: block, bytes) { row, number, text in
            // Notes and sums are told by those that read row by row.
            if sieve.mayPassOver(row, bytes) { return false }
            for place in routes.indices {
                let (type, plan) = routes[place]
                if let gate = gates[plan] {
                    // Whether the row makes one was found out with its key.
                    guard gate.isOpen(number) else { continue }
                } else if !types[place].holds(row, &text, bytes) {
                    continue
                }
                switch types[place].read(row, &text, bytes) {
                case .wrong: return false
                case .leftOut: continue
                case .row: types[place].append(to: &rows.pieces[type], &text, bytes)
                }
                rows.madeCounts[plan] += 1
            }
            return true
        }
        guard let rowCount else { return nil }
        rows.rowCount = rowCount
        return rows
    }

    /// Where rows of a type come from.
    struct FoundRow {
        /// Among the type's rows that the block brings.
        var place: Int
        /// Which of the file's mappings makes it.
        var plan: Int
        /// The first byte of the file's row.
        var start: Int
        /// Line ends in the block before it.
        var lineCount: Int
    }

    /// Finds rows of a type in a block that was read before.
    ///
    /// - Parameters:
    ///   - places: Among the type's rows that the block brings.
    ///   - type: Among those that are loaded.
    func findRows(_ places: Set<Int>, of type: Int, in block: TextBlock, gates: [RowGate?]) -> [FoundRow] {
        var found: [FoundRow] = []
        var place = 0
        let source = file.file
        let bytes = source.bytes
        _ = forEachRow(of: block, bytes) { row, number, text in
            for index in types.indices where types[index].type == type {
                if let gate = gates[types[index].plan] {
                    guard gate.isOpen(number) else { continue }
                } else {
                    guard types[index].holds(row, &text, bytes) else { continue }
                    if types[index].hasNeeded {
                        guard case .row = types[index].read(row, &text, bytes) else { continue }
                    }
                }
                if places.contains(place) {
                    found.append(
                        FoundRow(place: place, plan: types[index].plan, start: row.start, lineCount: row.line - 1))
                }
                place += 1
            }
            return true
        }
        return found
    }

    /// The keys of a block, by type that is loaded; nil where something is wrong.
    ///
    /// Rows are read as far as the keys reach. What is wrong behind them is found with the rows; but where something is wrong with keys,
    /// the block is read again whole, so that the first row that is wrong in any way is told.
    ///
    /// - Parameter gates: By the file's mappings: of those whose keys may stand twice.
    func readKeys(_ block: TextBlock, gates: [RowGate?]) -> [KeyPiece?]? {
        let end = types.map(\.keyColumnEnd).max() ?? 1
        if end < file.headings.count, let pieces = readKeys(block, gates: gates, cells: end) { return pieces }
        return readKeys(block, gates: gates, cells: nil)
    }

    private func readKeys(_ block: TextBlock, gates: [RowGate?], cells: Int?) -> [KeyPiece?]? {
        var pieces: [KeyPiece?] = loads.map { _ in nil }
        for reader in types where pieces[reader.type] == nil { pieces[reader.type] = KeyPiece(gates: gates) }
        // In hand while the block is read: what a class holds is guarded at each access.
        var types = types
        self.types = []
        defer { self.types = types }
        let source = file.file
        let bytes = source.bytes
        var key: [UInt8] = []
        let routes = types.map { ($0.type, $0.plan, $0.isDistinct, $0.isDistinct || $0.hasNeeded) }
        let count = forEachRow(of: block, bytes, cells: cells) { row, number, text in
            for place in routes.indices {
                let (type, plan, isDistinct, isWhole) = routes[place]
                guard types[place].holds(row, &text, bytes) else { continue }
                if isWhole {
                    // What is left out must be sound too, and is not read again.
                    switch types[place].read(row, &text, bytes) {
                    case .wrong: return false
                    case .leftOut: continue
                    case .row: break
                    }
                } else {
                    guard types[place].readKey(row, &text, bytes) else { return false }
                }
                key.removeAll(keepingCapacity: true)
                guard types[place].appendKey(&text, bytes, model, to: &key) else { return false }
                pieces[type]?.append(key.span, row: number, gate: isDistinct ? plan : nil)
            }
            return true
        }
        return count == nil ? nil : pieces
    }

    /// The pairs of texts that a table of the file is made of; nil where a row cannot be read.
    func readPairs(_ block: TextBlock, match: Int, take: Int) -> PairPiece? {
        var piece = PairPiece()
        let source = file.file
        let bytes = source.bytes
        let count = forEachRow(of: block, bytes) { row, _, text in
            let key = text.cell(row.cells[match], bytes)
            if key != .nothing {
                text.append(key, bytes, to: &piece.keys)
                text.append(text.cell(row.cells[take], bytes), bytes, to: &piece.values)
            }
            return true
        }
        return count == nil ? nil : piece
    }
}

/// Pairs of texts from one block.
struct PairPiece: Sendable {
    var keys = TextList()
    var values = TextList()
}
