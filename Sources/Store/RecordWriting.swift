import Bytes
import StoreColumns

/// What a record of the journal means to the store: `Schema/formats/Journal.md`, second half.
enum RecordKind {
    /// The changes themselves.
    static let changes: UInt8 = 1
    /// The version was written as a snapshot.
    static let snapshot: UInt8 = 2
    /// As the first two, with a receipt in the head.
    static let changesWithReceipt: UInt8 = 3
    static let snapshotWithReceipt: UInt8 = 4

    static func isChanges(_ kind: UInt8) -> Bool { kind == changes || kind == changesWithReceipt }
}

/// What all kinds of records begin with.
struct RecordHead: Hashable {
    var publishedAt: Instant
    /// Empty for none.
    var changeID: String
    var fingerprint: [UInt8]
    /// What those who made the change wanted remembered; the store does not read it.
    var note: [UInt8]
    /// What those who send the change again are given; empty for none, and without a `changeID`.
    var receipt: [UInt8] = []

    static let changeIDByteLimit = 256
    static let fingerprintByteLimit = 64
    static let receiptByteLimit = 4_096

    var changesKind: UInt8 { receipt.isEmpty ? RecordKind.changes : RecordKind.changesWithReceipt }
    var snapshotKind: UInt8 { receipt.isEmpty ? RecordKind.snapshot : RecordKind.snapshotWithReceipt }

    func append(to bytes: inout [UInt8]) {
        bytes.appendLittleEndian(publishedAt.microseconds)
        bytes.appendText(changeID)
        bytes.append(UInt8(truncatingIfNeeded: fingerprint.count))
        bytes += fingerprint
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: note.count))
        bytes += note
        guard !receipt.isEmpty else { return }
        bytes.appendLittleEndian(UInt16(truncatingIfNeeded: receipt.count))
        bytes += receipt
    }
}

extension RecordHead {
    /// The payload of a snapshot's record.
    func payload(naming digest: String) -> [UInt8] {
        var payload: [UInt8] = []
        append(to: &payload)
        payload.appendLittleEndian(UInt16(truncatingIfNeeded: digest.utf8.count))
        return payload + Array(digest.utf8)
    }
}

/// The tags of cells and key parts. A number once used keeps its meaning.
enum CellTag {
    static let absent: UInt8 = 0
    static let null: UInt8 = 1
    static let no: UInt8 = 2
    static let yes: UInt8 = 3
    static let int: UInt8 = 4
    static let decimal: UInt8 = 5
    static let float: UInt8 = 6
    static let date: UInt8 = 7
    static let dateTime: UInt8 = 8
    static let enumeration: UInt8 = 9
    static let string: UInt8 = 10
    static let reference: UInt8 = 11
    static let enumerationList: UInt8 = 12
    static let referenceList: UInt8 = 13
}

/// Writes a change set with names in place of the catalog's positions.
struct ChangeWriter {
    let catalog: Catalog
    private(set) var bytes: [UInt8]

    init(_ head: RecordHead, catalog: Catalog) {
        self.catalog = catalog
        bytes = []
        head.append(to: &bytes)
    }

    mutating func append(_ changes: ChangeSet) {
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: changes.types.count))
        for type in changes.types { append(type) }
    }

    private mutating func append(_ changes: TypeChanges) {
        let type = catalog[changes.type]
        bytes.appendText(type.name)
        bytes.appendLittleEndian(UInt16(truncatingIfNeeded: changes.columns.count))
        for index in changes.columns {
            bytes.appendText(type.columns[index].name)
            // A decimal's scale, so that a column with another one is noticed.
            if case .decimal(let digits) = type.columns[index].kind {
                bytes.append(UInt8(truncatingIfNeeded: digits))
            } else {
                bytes.append(0)
            }
        }
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: changes.rowCount))
        if !changes.columns.isEmpty {
            for (place, cell) in changes.cells.enumerated() {
                append(cell, type.columns[changes.columns[place % changes.columns.count]].kind)
            }
        }
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: changes.deletedKeys.count))
        for key in changes.deletedKeys { append(key, of: changes.type) }
    }

    private mutating func append(_ cell: Cell, _ kind: ColumnKind) {
        switch cell {
        case .absent: bytes.append(CellTag.absent)
        case .null: bytes.append(CellTag.null)
        case .boolean(let value): bytes.append(value ? CellTag.yes : CellTag.no)
        case .int(let value): append(CellTag.int, value)
        case .decimal(let value): append(CellTag.decimal, value)
        case .float(let value): append(CellTag.float, value.bitPattern)
        case .date(let value): append(CellTag.date, value)
        case .dateTime(let value): append(CellTag.dateTime, value)
        case .enumeration(let code):
            bytes.append(CellTag.enumeration)
            bytes.appendText(name(of: code, kind))
        case .string(let text):
            bytes.append(CellTag.string)
            bytes.appendLongText(text)
        case .reference(let key):
            bytes.append(CellTag.reference)
            if case .reference(let target) = kind { append(key, of: target) }
        case .enumerationList(let codes):
            append(CellTag.enumerationList, UInt32(truncatingIfNeeded: codes.count))
            for code in codes { bytes.appendText(name(of: code, kind)) }
        case .referenceList(let keys):
            append(CellTag.referenceList, UInt32(truncatingIfNeeded: keys.count))
            if case .referenceList(let target) = kind { for key in keys { append(key, of: target) } }
        }
    }

    private mutating func append<Number: FixedWidthInteger>(_ tag: UInt8, _ number: Number) {
        bytes.append(tag)
        bytes.appendLittleEndian(number)
    }

    private func name(of code: UInt16, _ kind: ColumnKind) -> String {
        switch kind {
        case .enumeration(let id), .enumerationList(let id): catalog[id].values[Int(code)]
        default: ""
        }
    }

    private mutating func append(_ key: Key, of type: NodeTypeID) {
        bytes.append(UInt8(truncatingIfNeeded: key.parts.count))
        let columns = catalog[type].key
        for (index, part) in key.parts.enumerated() {
            let kind = index < columns.count ? catalog[type].columns[columns[index]].kind : .boolean
            switch part {
            case .boolean(let value): bytes.append(value ? CellTag.yes : CellTag.no)
            case .int(let value): append(CellTag.int, value)
            case .decimal(let value): append(CellTag.decimal, value)
            case .date(let value): append(CellTag.date, value)
            case .dateTime(let value): append(CellTag.dateTime, value)
            case .enumeration(let code):
                bytes.append(CellTag.enumeration)
                bytes.appendText(name(of: code, kind))
            case .string(let text):
                bytes.append(CellTag.string)
                bytes.appendLongText(text)
            case .reference(let key):
                bytes.append(CellTag.reference)
                if case .reference(let target) = kind { append(key, of: target) }
            }
        }
    }
}

extension [UInt8] {
    /// A length of 16 bits, then UTF-8.
    fileprivate mutating func appendText(_ text: String) {
        let utf8 = text.utf8
        precondition(utf8.count <= UInt16.max, "names are short")
        appendLittleEndian(UInt16(truncatingIfNeeded: utf8.count))
        append(contentsOf: utf8)
    }

    /// A length of 32 bits, then UTF-8.
    fileprivate mutating func appendLongText(_ text: String) {
        appendLittleEndian(UInt32(truncatingIfNeeded: text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
