import Bytes

/// Texts one after the other, without an array for each.
struct TextList: Sendable {
    private var bytes: [UInt8] = []
    /// Where text `i` ends; it begins where the one before ends.
    private var ends: [Int] = []

    var count: Int { ends.count }

    @_lifetime(borrow self)
    subscript(place: Int) -> Span<UInt8> {
        bytes.span.extracting((place == 0 ? 0 : ends[place - 1])..<ends[place])
    }

    /// All texts, one after the other.
    var all: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span }
    }
    /// Where each ends.
    var allEnds: Span<Int> {
        @_lifetime(borrow self) get { ends.span }
    }

    func isSame(_ place: Int, as text: Span<UInt8>) -> Bool { self[place].isSame(as: text) }

    mutating func append(_ text: Span<UInt8>) {
        for index in text.indices { bytes.append(text[index]) }
        ends.append(bytes.count)
    }

    /// Appends one of the texts to another.
    func copy(_ place: Int, to text: inout [UInt8]) {
        text.append(contentsOf: bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]])
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}
