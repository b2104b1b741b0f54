/// Rows to insert, update or delete, as one unit: it makes one new version, or none.
///
/// An update leaves absent fields as they are; `.null` clears; a new row needs every non-nullable column.
/// References name their target by business key and may name rows that the same change set brings.
package struct ChangeSet: Sendable {
    package var types: [TypeChanges]
    package init(types: [TypeChanges] = []) { self.types = types }
    package var isEmpty: Bool { types.allSatisfy { $0.rowCount == 0 && $0.deletedKeys.isEmpty } }
}

/// The changes to one node type, column by column over the same rows.
package struct TypeChanges: Sendable {
    package var type: NodeTypeID
    /// The columns that rows give; a column not listed is absent in every row.
    package var columns: [Int]
    /// Row-major: row `r`'s value for `columns[c]` is `cells[r * columns.count + c]`.
    package var cells: [Cell]
    package var deletedKeys: [Key]

    package init(type: NodeTypeID, columns: [Int], cells: [Cell] = [], deletedKeys: [Key] = []) {
        self.type = type
        self.columns = columns
        self.cells = cells
        self.deletedKeys = deletedKeys
    }
    /// Rows upserted (not counting deletes).
    package var rowCount: Int { columns.isEmpty ? 0 : cells.count / columns.count }
}

/// A value on its way into a column, already of the column's kind.
package enum Cell: Sendable, Hashable {
    /// Not given: an update leaves the column alone.
    case absent
    case null
    case boolean(Bool)
    case int(Int32)
    /// The unscaled integer, at the column's fraction digits.
    case decimal(Int64)
    case float(Double)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since 1970-01-01T00:00:00Z.
    case dateTime(Int64)
    case enumeration(UInt16)
    case string(String)
    case reference(Key)
    case enumerationList([UInt16])
    case referenceList([Key])
}

/// A business key: one part a key column, in the order of `NodeType.key`. A part that is a reference is the target's own
/// key, nested, so that a composite key can name rows by keys alone.
package indirect enum KeyPart: Sendable, Hashable {
    case int(Int32)
    case decimal(Int64)
    case date(Int32)
    case dateTime(Int64)
    case enumeration(UInt16)
    case boolean(Bool)
    case string(String)
    case reference(Key)
}

extension KeyPart {
    /// A cell as part of a key; nil where it holds nothing that a key can hold.
    package init?(_ cell: Cell) {
        switch cell {
        case .boolean(let value): self = .boolean(value)
        case .int(let value): self = .int(value)
        case .decimal(let value): self = .decimal(value)
        case .date(let value): self = .date(value)
        case .dateTime(let value): self = .dateTime(value)
        case .enumeration(let value): self = .enumeration(value)
        case .string(let value): self = .string(value)
        case .reference(let key): self = .reference(key)
        case .absent, .null, .float, .enumerationList, .referenceList: return nil
        }
    }
}

package struct Key: Sendable, Hashable {
    package var parts: [KeyPart]
    package init(_ parts: [KeyPart]) { self.parts = parts }
}

/// Texts are the same key if their bytes are: `String` would call "é" in one and in two code points equal.
extension KeyPart {
    package static func == (left: KeyPart, right: KeyPart) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left == right
        case (.decimal(let left), .decimal(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.dateTime(let left), .dateTime(let right)): left == right
        case (.enumeration(let left), .enumeration(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.reference(let left), .reference(let right)): left == right
        case (.int, _), (.decimal, _), (.date, _), (.dateTime, _), (.enumeration, _), (.boolean, _), (.string, _),
            (.reference, _):
            false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .int(let value): hasher.combine(value)
        case .decimal(let value): hasher.combine(value)
        case .date(let value): hasher.combine(value)
        case .dateTime(let value): hasher.combine(value)
        case .enumeration(let value): hasher.combine(value)
        case .boolean(let value): hasher.combine(value)
        case .string(let text):
            // Not the string itself, whose hash is that of its normal form.
            var word: UInt64 = 0
            var count = 0
            for byte in text.utf8 {
                word = word << 8 | UInt64(byte)
                count += 1
                if count & 7 == 0 { hasher.combine(word) }
            }
            hasher.combine(word)
            hasher.combine(count)
        case .reference(let key): hasher.combine(key)
        }
    }
}

/// Why a change set was refused: one finding, at one row and column of it. Nothing of the set was applied.
package struct ChangeProblem: Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// A row without (part of) its key.
        case missingKey
        /// The same key twice in the set; or, with `firstRow` the row itself, a key that the set also deletes.
        case duplicateKey(firstRow: Int)
        /// A new row lacks a non-nullable column, or an update clears one.
        case missingValue
        /// The cell is not of the column's kind.
        case wrongKind
        /// No row has the referenced key, before or in the set.
        case danglingReference
        /// Another row holds the value of a unique column.
        case notUnique
        /// A deleted row does not exist.
        case noSuchRow
        /// A deleted row is still referenced by a row that stays.
        case stillReferenced(byType: NodeTypeID)
        /// More rows than a table can number.
        case tooManyRows
    }
    package var type: NodeTypeID
    /// Position in `TypeChanges` rows (or in `deletedKeys` for the last reasons).
    package var row: Int
    /// The column of the node type, where one column is at fault.
    package var column: Int?
    package var reason: Reason
    package init(type: NodeTypeID, row: Int, column: Int?, reason: Reason) {
        self.type = type
        self.row = row
        self.column = column
        self.reason = reason
    }
}
