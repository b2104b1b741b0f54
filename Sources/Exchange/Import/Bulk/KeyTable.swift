import Bytes

/// Where the rows of one type stand, by their keys as `KeyEncoding` writes them.
// Sendable: filled by the one lane of its type, and only read after.
final class KeyTable: @unchecked Sendable {
    private var texts = ByteMap<Void>()

    var count: Int { texts.count }

    /// The row of a key.
    func row(of key: Span<UInt8>) -> Int64? { texts.index(of: key).map(Int64.init) }

    /// Gives a key the next row, unless it has one; whether it was given one.
    private func insert(_ key: Span<UInt8>, hash: UInt32) -> Bool { texts.insert(key, hash: hash, ()) }

    /// Takes the keys of a block, and opens its gates for those that are new; false where one stands twice that must not.
    func take(_ piece: KeyPiece) -> Bool {
        let keys = piece.keys
        for place in 0..<keys.count {
            let isNew = insert(keys[place], hash: piece.hashes[place])
            let (row, gate) = piece.rows[place]
            if gate < 0 {
                guard isNew else { return false }
            } else if isNew {
                piece.gates[Int(gate)]?.open(Int(row))
            }
        }
        return true
    }
}

/// The keys that one block brings for one type.
// Sendable: filled by one thread, then handed to the lane of its type.
final class KeyPiece: @unchecked Sendable {
    private(set) var keys = TextList()
    private(set) var hashes: [UInt32] = []
    /// Which row of the block a key is of, and which of `gates` hears whether it stays; -1 where it must not stand twice.
    private(set) var rows: [(row: UInt32, gate: Int32)] = []
    let gates: [RowGate?]

    init(gates: [RowGate?]) { self.gates = gates }

    /// - Parameters:
    ///   - row: Of the block.
    ///   - gate: Position in `gates`; nil for a key that must not stand twice.
    func append(_ key: Span<UInt8>, row: Int, gate: Int?) {
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
