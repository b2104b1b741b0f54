/// A column of texts: a code a row, and the texts once.
package struct DictionaryColumn: Sendable {
    package let codes: FixedWidthColumn<UInt32>
    package let dictionary: StringDictionary

    static var empty: DictionaryColumn { DictionaryColumn(codes: .empty, dictionary: .empty) }

    package var rowCount: Int { codes.rowCount }
    /// The text of a row; nil where it is null.
    package func text(at row: Int) -> String? { codes[row].map(dictionary.text(of:)) }
}

struct DictionaryBuilder {
    private var codes: FixedWidthBuilder<UInt32>
    private let base: StringDictionary
    private var bytes: [UInt8] = []
    private var offsets: [UInt32] = [0]
    private var table = ByteTable()

    init(_ base: DictionaryColumn) {
        codes = FixedWidthBuilder(base.codes)
        self.base = base.dictionary
    }

    var rowCount: Int { codes.rowCount }

    mutating func set(_ row: Int, to text: String?) {
        guard let text else { return codes.set(row, to: nil) }
        codes.set(row, to: intern(text))
    }

    private mutating func intern(_ text: String) -> UInt32 {
        let utf8 = Array(text.utf8)
        if base.count > 0, let known = base.code(of: utf8.span) { return known }
        let hash = ByteTable.hash(utf8.span)
        if let known = table.find(utf8.span, hash: hash, in: bytes, offsets) { return UInt32(base.count) + known }
        let position = UInt32(offsets.count - 1)
        bytes += utf8
        offsets.append(UInt32(bytes.count))
        table.insert(position, hash: hash)
        return UInt32(base.count) + position
    }

    func finish() -> DictionaryColumn {
        guard offsets.count > 1 else { return DictionaryColumn(codes: codes.finish(), dictionary: base) }
        let piece = StringDictionary.Piece(bytes: bytes, offsets: offsets, codes: table)
        return DictionaryColumn(codes: codes.finish(), dictionary: base.appending(piece))
    }
}

extension StringDictionary {
    /// With more texts. Small last pieces are joined first, so that a text is looked for in few places.
    func appending(_ piece: Piece) -> StringDictionary {
        var kept = allPieces
        var last = piece
        while let before = kept.last, before.offsets.count <= last.offsets.count * 2 {
            kept.removeLast()
            last = before.joined(with: last)
        }
        return StringDictionary(pieces: kept + [last])
    }
}

extension StringDictionary.Piece {
    fileprivate func joined(with next: StringDictionary.Piece) -> StringDictionary.Piece {
        let shift = UInt32(bytes.count)
        let allBytes = bytes + next.bytes
        let allOffsets = offsets + next.offsets.dropFirst().map { $0 + shift }
        var table = ByteTable(expecting: allOffsets.count)
        for position in 0..<allOffsets.count - 1 {
            let range = Int(allOffsets[position])..<Int(allOffsets[position + 1])
            table.insert(UInt32(position), hash: ByteTable.hash(allBytes.span.extracting(range)))
        }
        return StringDictionary.Piece(bytes: allBytes, offsets: allOffsets, codes: table)
    }
}
