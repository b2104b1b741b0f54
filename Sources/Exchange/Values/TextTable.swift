/// Texts by texts, without a string or an array for each. Of equal keys the first counts.
struct TextTable: Sendable {
    private var keys = ByteMap<Void>()
    private var values = TextList()

    mutating func insert(_ key: Span<UInt8>, _ value: Span<UInt8>) {
        guard keys.insert(key, ()) else { return }
        values.append(value)
    }

    /// Where the value of a key stands; nil where it has none. It may be empty.
    func entry(of key: Span<UInt8>) -> Int? { keys.index(of: key) }

    /// Appends the value of an entry.
    func append(_ entry: Int, to text: inout [UInt8]) {
        values.copy(entry, to: &text)
    }
}
