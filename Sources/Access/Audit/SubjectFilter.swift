import Bytes

/// Many pseudonyms in few bytes: tells of every one that is among them that it is, and of one in a hundred others too.
/// `Schema/formats/Audit.md`
///
/// A Bloom filter (Bloom 1970) of ten bits a pseudonym and seven places for each.
package struct SubjectFilter: Sendable, Hashable {
    private static let bitsPerEntry = 10
    private static let placeCount = 7
    /// Eight places a byte, the first the lowest bit.
    private var bytes: [UInt8]

    /// - Parameter count: How many will be added.
    package init(count: Int) { bytes = Array(repeating: 0, count: max(1, (count * Self.bitsPerEntry + 7) / 8)) }

    /// - Returns: nil where the text is no filter.
    package init?(_ text: String) {
        guard let bytes = Base64.url.decode(text.utf8), !bytes.isEmpty else { return nil }
        self.bytes = bytes
    }

    /// In base64url.
    package var text: String { String(decoding: Base64.url.encode(bytes), as: UTF8.self) }

    package mutating func insert(_ pseudonym: RowPseudonym) {
        for place in places(of: pseudonym) { bytes[place >> 3] |= 1 << UInt8(place & 7) }
    }

    package func mayContain(_ pseudonym: RowPseudonym) -> Bool {
        places(of: pseudonym).allSatisfy { bytes[$0 >> 3] & 1 << UInt8($0 & 7) != 0 }
    }

    /// The first eight bytes of a pseudonym say where to begin, the last four how far to step; both big-endian.
    private func places(of pseudonym: RowPseudonym) -> [Int] {
        let first = pseudonym.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let step = pseudonym.bytes.suffix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } | 1
        let count = UInt64(bytes.count * 8)
        return (0..<UInt64(Self.placeCount)).map { Int(truncatingIfNeeded: (first &+ $0 &* step) % count) }
    }
}
