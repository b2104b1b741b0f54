import Bytes
import StoreColumns

/// What one block brings for one column: values in the order of its rows.
struct ColumnPiece: Sendable {
    private(set) var count = 0
    /// A bit a row.
    private(set) var validity: [UInt64] = []
    /// Numbers, codes, rows, days and Booleans, a word each; of lists all elements. Nothing stands for a null.
    private(set) var numbers: [Int64] = []
    /// Of lists, where each ends.
    private(set) var listEnds: [Int] = []
    private(set) var texts: TextPiece?

    enum Shape: Sendable {
        case number
        case list
        /// - Parameter keepsEvery: Texts that are the same are kept each.
        case text(keepsEvery: Bool)
    }

    private let shape: Shape

    init(_ shape: Shape) {
        self.shape = shape
        if case .text(let keepsEvery) = shape { texts = TextPiece(keepsEvery: keepsEvery) }
    }

    private mutating func beginRow(isNull: Bool) {
        if count & 63 == 0 { validity.append(0) }
        if !isNull { validity[count >> 6] |= 1 << UInt64(truncatingIfNeeded: count & 63) }
        count += 1
    }

    mutating func append(number: Int64) {
        beginRow(isNull: false)
        numbers.append(number)
    }

    mutating func append(list: [Int64]) {
        beginRow(isNull: false)
        numbers += list
        listEnds.append(numbers.count)
    }

    mutating func append(text: Span<UInt8>) {
        beginRow(isNull: false)
        texts?.append(text)
    }

    mutating func appendNull() {
        beginRow(isNull: true)
        if case .list = shape { listEnds.append(numbers.count) }
    }

    func isNull(_ row: Int) -> Bool { validity[row >> 6] >> UInt64(truncatingIfNeeded: row & 63) & 1 == 0 }
}

/// The texts of one block for one column: each distinct one once, with a code a row, or each as it comes.
struct TextPiece: Sendable {
    private(set) var texts = TextList()
    /// As the column's own dictionary files them, which is under the keyed hash of the process too.
    private(set) var hashes: [UInt32] = []
    /// Of the rows that are not null, which text; empty where every text is kept.
    private(set) var codes: [UInt32] = []
    /// A text's place plus one; 0 is free. A power of two, at most half full.
    private var slots: [UInt32] = []
    let keepsEvery: Bool

    init(keepsEvery: Bool) { self.keepsEvery = keepsEvery }

    mutating func append(_ text: Span<UInt8>) {
        if keepsEvery { return texts.append(text) }
        // Rows that follow one another often hold the same.
        if let last = codes.last, texts.isSame(Int(last), as: text) { return codes.append(last) }
        let hash = ByteMap<Void>.hash(text)
        if slots.count < (texts.count + 1) * 2 { grow() }
        var slot = Int(hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if hashes[place] == hash, texts.isSame(place, as: text) { return codes.append(slots[slot] - 1) }
            slot = (slot + 1) & (slots.count - 1)
        }
        texts.append(text)
        hashes.append(hash)
        slots[slot] = UInt32(truncatingIfNeeded: texts.count)
        codes.append(UInt32(truncatingIfNeeded: texts.count - 1))
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: max(64, slots.count * 2))
        for place in hashes.indices {
            var slot = Int(hashes[place]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(truncatingIfNeeded: place + 1)
        }
    }
}
