import Model
import StoreColumns

/// Reads blocks of one file, in one thread. It remembers texts from block to block.
final class BlockReader {
    private let file: FilePlan
    private let types: [TypeReader]
    private let loads: [TypeLoad]
    private let lookUps: [TextTable]
    private let model: Model
    private let limits: ImportLimits

    /// - Parameter keys: Where the rows of types stand; nil while that is not known.
    init(
        _ file: FilePlan, _ loads: [TypeLoad], _ lookUps: [TextTable], _ model: Model, _ limits: ImportLimits,
        keys: [NodeTypeID: KeyTable]?
    ) {
        self.file = file
        self.loads = loads
        // Of its own, as its sources are: see `CellSource.copied`.
        self.lookUps = lookUps.map { $0 }
        self.model = model
        self.limits = limits
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
    private func forEachRow(
        of block: TextBlock, _ bytes: Span<UInt8>, _ body: (CSVRow, Int, inout RowText) -> Bool
    ) -> Int? {
        let bytes = bytes.extracting(0..<block.range.upperBound)
        var reader = CSVReader(limits: limits.csv, atRow: block.range.lowerBound, line: 1)
        var row = CSVRow()
        var text = RowText(lookUps: lookUps)
        var count = 0
        do throws(CSVError) {
            while try reader.next(bytes, into: &row) {
                guard row.cells.count == file.headings.count else { return nil }
                text.beginRow()
                guard body(row, count, &text) else { return nil }
                count += 1
            }
        } catch {
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
        let source = file.file
        let bytes = source.bytes
        let rowCount = forEachRow(of: block, bytes) { row, number, text in
            for reader in types {
                if let gate = gates[reader.plan] {
                    // Whether the row makes one was found out with its key.
                    guard gate.isOpen(number) else { continue }
                } else if !reader.holds(row, text, bytes) {
                    continue
                }
                switch reader.read(row, &text, bytes) {
                case .wrong: return false
                case .leftOut: continue
                case .row: reader.append(to: &rows.pieces[reader.type], text, bytes)
                }
                rows.madeCounts[reader.plan] += 1
            }
            return true
        }
        guard let rowCount else { return nil }
        rows.rowCount = rowCount
        return rows
    }

    /// The keys of a block, by type that is loaded; nil where something is wrong.
    ///
    /// - Parameter gates: By the file's mappings: of those whose keys may stand twice.
    func readKeys(_ block: TextBlock, gates: [RowGate?]) -> [KeyPiece?]? {
        var pieces: [KeyPiece?] = loads.map { _ in nil }
        for reader in types where pieces[reader.type] == nil { pieces[reader.type] = KeyPiece(gates: gates) }
        let found = pieces
        let source = file.file
        let bytes = source.bytes
        var key: [UInt8] = []
        let count = forEachRow(of: block, bytes) { row, number, text in
            for reader in types {
                guard reader.holds(row, text, bytes) else { continue }
                if reader.isDistinct || reader.hasNeeded {
                    // What is left out must be sound too, and is not read again.
                    switch reader.read(row, &text, bytes) {
                    case .wrong: return false
                    case .leftOut: continue
                    case .row: break
                    }
                } else {
                    guard reader.readKey(row, &text, bytes) else { return false }
                }
                key.removeAll(keepingCapacity: true)
                guard reader.appendKey(text, bytes, model, to: &key) else { return false }
                found[reader.type]?.append(key.span, row: number, gate: reader.isDistinct ? reader.plan : nil)
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
