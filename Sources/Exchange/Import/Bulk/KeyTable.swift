import Bytes

/// Where the rows of one type stand, once all their keys are known.
struct KeyRows: Sendable {
    private let texts: ByteMap<Void>

    init(_ texts: ByteMap<Void> = ByteMap<Void>()) { self.texts = texts }

    /// Stands for the row of a key that no row has. Larger than any row, so that it is found when the columns are finished.
    static let none = Int64(UInt32.max)

    /// The row of a key.
    func row(of key: Span<UInt8>) -> Int64? { texts.index(of: key).map(Int64.init) }

    /// Whether a row is there and has a key.
    func isKey(_ key: Span<UInt8>, ofRow row: Int64) -> Bool { row < texts.count && texts.isKey(key, of: Int(row)) }
}

/// Gives the rows of one type their numbers, by their keys as `KeyEncoding` writes them.
// Sendable: filled by the one lane of its type, and only read after.
final class KeyTable: @unchecked Sendable {
    private var texts = ByteMap<Void>()

    var rows: KeyRows { KeyRows(texts) }

    /// Gives a key the next row, unless it has one; whether it was given one.
    private func insert(_ key: Span<UInt8>, hash: UInt32) -> Bool { texts.insert(key, hash: hash, ()) }

    /// Takes the keys of a block, and opens its gates for those that are new. A key that stands twice and must not has rows of its own,
    /// which are found when the columns are finished.
    func take(_ piece: KeyPiece) {
        let keys = piece.keys
        for place in 0..<keys.count {
            let isNew = insert(keys[place], hash: piece.hashes[place])
            let (row, gate) = piece.rows[place]
            if gate < 0 {
                if !isNew { insertRowWithoutKey() }
            } else if isNew {
                piece.gates[Int(gate)]?.open(Int(row))
            }
        }
    }

    /// Gives the next row away under bytes that are no text, so that no key finds it.
    private func insertRowWithoutKey() {
        var bytes: [UInt8] = [0xFF]
        KeyEncoding.append(number: Int64(texts.count), to: &bytes)
        _ = texts.insert(bytes.span, ())
    }
}

/// The keys that one block brings for one type.
struct KeyPiece: Sendable {
    private(set) var keys = TextList()
    private(set) var hashes: [UInt32] = []
    /// Which row of the block a key is of, and which of `gates` hears whether it stays; -1 where it must not stand twice.
    private(set) var rows: [(row: UInt32, gate: Int32)] = []
    let gates: [RowGate?]

    init(gates: [RowGate?]) { self.gates = gates }

    /// - Parameters:
    ///   - row: Of the block.
    ///   - gate: Position in `gates`; nil for a key that must not stand twice.
    mutating func append(_ key: Span<UInt8>, row: Int, gate: Int?) {
        keys.append(key)
        hashes.append(ByteMap<Void>.hash(key))
        rows.append((UInt32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: gate ?? -1)))
    }
}

/// Which rows of a block make a row of a type whose keys may stand twice: those that come first.
// Sendable: the lane of the type writes it, and it is read after.
final class RowGate: @unchecked Sendable {
    private var words: [UInt64] = []

    func open(_ row: Int) {
        while words.count <= row >> 6 { words.append(0) }
        words[row >> 6] |= 1 << UInt64(truncatingIfNeeded: row & 63)
    }

    func isOpen(_ row: Int) -> Bool {
        row >> 6 < words.count && words[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 != 0
    }
}
