import Bytes
import Synchronization

/// The distinct texts of a column, each with a code. Codes are given in order of arrival and never change over a line of
/// versions, so columns of older versions keep their meaning; a newer dictionary shares all that the older one held.
///
/// Texts are compared byte by byte: canonically equivalent spellings are different texts.
package final class StringDictionary: Sendable {
    /// UTF-8 of all texts, one after the other, in pieces that later dictionaries share.
    private let pieces: [Piece]
    private let starts: [Int]
    package let count: Int
    private let order = Mutex<[UInt32]?>(nil)

    final class Piece: Sendable {
        let bytes: [UInt8]
        /// One more than there are texts.
        let offsets: [UInt32]
        let codes: ByteTable
        init(bytes: [UInt8], offsets: [UInt32], codes: ByteTable) {
            self.bytes = bytes
            self.offsets = offsets
            self.codes = codes
        }
    }

    init(pieces: [Piece]) {
        self.pieces = pieces
        var starts: [Int] = []
        var count = 0
        for piece in pieces {
            starts.append(count)
            count += piece.offsets.count - 1
        }
        self.starts = starts
        self.count = count
    }

    static let empty = StringDictionary(pieces: [])
    var allPieces: [Piece] { pieces }

    /// The code of a text; nil where the column has never held it.
    package func code(of text: String) -> UInt32? {
        let bytes = Array(text.utf8)
        return code(of: bytes.span)
    }

    /// The code of UTF-8 bytes; nil where the column has never held them.
    package func code(of bytes: Span<UInt8>) -> UInt32? {
        let hash = ByteTable.hash(bytes)
        for (index, piece) in pieces.enumerated() {
            if let local = piece.codes.find(bytes, hash: hash, in: piece.bytes, piece.offsets) {
                return UInt32(starts[index]) + local
            }
        }
        return nil
    }

    private func place(of code: UInt32) -> (Piece, Int) {
        var index = pieces.count - 1
        while starts[index] > Int(code) { index -= 1 }
        return (pieces[index], Int(code) - starts[index])
    }

    /// The UTF-8 of a code that the column holds.
    @_lifetime(borrow self)
    package func bytes(of code: UInt32) -> Span<UInt8> {
        var index = pieces.count - 1
        while starts[index] > Int(code) { index -= 1 }
        let local = Int(code) - starts[index]
        let range = Int(pieces[index].offsets[local])..<Int(pieces[index].offsets[local + 1])
        // The pieces live as long as the dictionary that holds them.
        let bytes = pieces[index].bytes
        return lend(bytes.span.extracting(range), heldBy: self)
    }

    package func text(of code: UInt32) -> String {
        let (piece, local) = place(of: code)
        return String(decoding: piece.bytes[Int(piece.offsets[local])..<Int(piece.offsets[local + 1])], as: UTF8.self)
    }

    /// Each code's place among all texts in byte order. Computed on first use, then kept. Cost: one sort.
    package var ranks: [UInt32] {
        order.withLock { known in
            if let known { return known }
            let sorted = (0..<UInt32(count)).sorted { left, right in
                let (a, i) = place(of: left)
                let (b, j) = place(of: right)
                return a.bytes[Int(a.offsets[i])..<Int(a.offsets[i + 1])]
                    .lexicographicallyPrecedes(b.bytes[Int(b.offsets[j])..<Int(b.offsets[j + 1])])
            }
            var ranks = [UInt32](repeating: 0, count: count)
            for (rank, code) in sorted.enumerated() { ranks[Int(code)] = UInt32(rank) }
            known = ranks
            return ranks
        }
    }
}
