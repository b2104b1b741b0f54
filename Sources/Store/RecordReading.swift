import Bytes
import StoreColumns

/// Why the payload of a record means nothing under a catalog.
struct RecordProblem: Error, Hashable {
    var message: String
}

/// Reads payloads back, with the positions of a catalog.
struct ChangeReader: ~Escapable {
    let catalog: Catalog
    private var reader: ByteReader

    @_lifetime(copy payload)
    init(_ payload: Span<UInt8>, catalog: Catalog) {
        self.catalog = catalog
        reader = ByteReader(payload)
    }

    private static let cutOff = RecordProblem(message: "the payload is cut off")

    mutating func head(of kind: UInt8) throws(RecordProblem) -> RecordHead {
        let moment = try number(Int64.self)
        let changeID = try text()
        let fingerprint = try bytes(Int(try number(UInt8.self)))
        let note = try bytes(Int(try number(UInt32.self)))
        let hasReceipt = kind == RecordKind.changesWithReceipt || kind == RecordKind.snapshotWithReceipt
        let receipt = hasReceipt ? try bytes(Int(try number(UInt16.self))) : []
        return RecordHead(
            publishedAt: Instant(microseconds: moment), changeID: changeID, fingerprint: fingerprint, note: note,
            receipt: receipt)
    }

    /// The rest of a snapshot record: the digest.
    mutating func digest() throws(RecordProblem) -> String {
        let digest = try text()
        try finish()
        return digest
    }

    mutating func changes() throws(RecordProblem) -> ChangeSet {
        var changes = ChangeSet()
        for _ in 0..<(try number(UInt32.self)) { changes.types.append(try typeChanges()) }
        try finish()
        return changes
    }

    private func finish() throws(RecordProblem) {
        guard reader.remainingCount == 0 else { throw RecordProblem(message: "bytes are left over in the payload") }
    }

    private mutating func typeChanges() throws(RecordProblem) -> TypeChanges {
        let name = try text()
        guard let id = catalog.nodeType(named: name) else { throw RecordProblem(message: "there is no type \(name)") }
        let type = catalog[id]
        var columns: [Int] = []
        for _ in 0..<(try number(UInt16.self)) {
            let column = try text()
            let scale = Int(try number(UInt8.self))
            guard let index = type.column(named: column) else {
                throw RecordProblem(message: "\(name) has no field \(column)")
            }
            if case .decimal(let digits) = type.columns[index].kind, digits != scale {
                throw RecordProblem(message: "\(name).\(column) has \(digits) fraction digits and was written with \(scale)")
            }
            guard !columns.contains(index) else { throw RecordProblem(message: "\(name).\(column) is given twice") }
            columns.append(index)
        }
        let rowCount = Int(try number(UInt32.self))
        guard columns.isEmpty ? rowCount == 0 : rowCount <= reader.remainingCount / columns.count else { throw Self.cutOff }
        var cells: [Cell] = []
        cells.reserveCapacity(rowCount * columns.count)
        for _ in 0..<rowCount {
            for index in columns { cells.append(try cell(type.columns[index].kind)) }
        }
        var keys: [Key] = []
        for _ in 0..<(try number(UInt32.self)) { keys.append(try key(of: id, depth: 0)) }
        return TypeChanges(type: id, columns: columns, cells: cells, deletedKeys: keys)
    }

    private mutating func cell(_ kind: ColumnKind) throws(RecordProblem) -> Cell {
        let tag = try number(UInt8.self)
        switch (tag, kind) {
        case (CellTag.absent, _): return .absent
        case (CellTag.null, _): return .null
        case (CellTag.no, _): return .boolean(false)
        case (CellTag.yes, _): return .boolean(true)
        case (CellTag.int, _): return .int(try number(Int32.self))
        case (CellTag.decimal, _): return .decimal(try number(Int64.self))
        case (CellTag.float, _): return .float(Double(bitPattern: try number(UInt64.self)))
        case (CellTag.date, _): return .date(try number(Int32.self))
        case (CellTag.dateTime, _): return .dateTime(try number(Int64.self))
        case (CellTag.enumeration, .enumeration(let id)): return .enumeration(try code(id))
        case (CellTag.string, _): return .string(try longText())
        case (CellTag.reference, .reference(let target)): return .reference(try key(of: target, depth: 0))
        case (CellTag.enumerationList, .enumerationList(let id)):
            var codes: [UInt16] = []
            for _ in 0..<(try number(UInt32.self)) { codes.append(try code(id)) }
            return .enumerationList(codes)
        case (CellTag.referenceList, .referenceList(let target)):
            var keys: [Key] = []
            for _ in 0..<(try number(UInt32.self)) { keys.append(try key(of: target, depth: 0)) }
            return .referenceList(keys)
        default: throw RecordProblem(message: "a value of kind \(tag) stands where none can")
        }
    }

    private mutating func key(of type: NodeTypeID, depth: Int) throws(RecordProblem) -> Key {
        // As deep as keys can name rows.
        guard depth < 32 else { throw RecordProblem(message: "a key is nested too deeply") }
        let columns = catalog[type].key
        var parts: [KeyPart] = []
        let count = Int(try number(UInt8.self))
        guard count == columns.count else {
            throw RecordProblem(message: "a key of \(catalog[type].name) has \(count) parts in place of \(columns.count)")
        }
        for column in columns {
            let tag = try number(UInt8.self)
            switch (tag, catalog[type].columns[column].kind) {
            case (CellTag.no, _): parts.append(.boolean(false))
            case (CellTag.yes, _): parts.append(.boolean(true))
            case (CellTag.int, _): parts.append(.int(try number(Int32.self)))
            case (CellTag.decimal, _): parts.append(.decimal(try number(Int64.self)))
            case (CellTag.date, _): parts.append(.date(try number(Int32.self)))
            case (CellTag.dateTime, _): parts.append(.dateTime(try number(Int64.self)))
            case (CellTag.enumeration, .enumeration(let id)): parts.append(.enumeration(try code(id)))
            case (CellTag.string, _): parts.append(.string(try longText()))
            case (CellTag.reference, .reference(let target)):
                parts.append(.reference(try key(of: target, depth: depth + 1)))
            default: throw RecordProblem(message: "a value of kind \(tag) stands in a key where none can")
            }
        }
        return Key(parts)
    }

    private mutating func code(_ id: EnumerationID) throws(RecordProblem) -> UInt16 {
        let name = try text()
        guard let code = catalog[id].code(of: name) else {
            throw RecordProblem(message: "\(catalog[id].name) has no value \(name)")
        }
        return code
    }

    private mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(RecordProblem) -> Number {
        guard let number = reader.number(type) else { throw Self.cutOff }
        return number
    }

    private mutating func bytes(_ count: Int) throws(RecordProblem) -> [UInt8] {
        guard let bytes = reader.bytes(count) else { throw Self.cutOff }
        return bytes
    }

    private mutating func text() throws(RecordProblem) -> String { try utf8(Int(try number(UInt16.self))) }
    private mutating func longText() throws(RecordProblem) -> String { try utf8(Int(try number(UInt32.self))) }

    private mutating func utf8(_ count: Int) throws(RecordProblem) -> String {
        guard let text = String(validating: try bytes(count), as: UTF8.self) else {
            throw RecordProblem(message: "a text is not UTF-8")
        }
        return text
    }
}
