/// A few bytes that are looked for in many.
struct BytePattern: Sendable {
    private let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }

    func isIn(_ span: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool { place(span, start, end) != nil }

    func place(_ span: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
        let pattern = bytes.span
        guard pattern.count > 0, end - start >= pattern.count else { return nil }
        let first = pattern[0]
        // The last byte of these patterns is rarer than the first.
        let (tail, last) = (pattern.count - 1, pattern[pattern.count - 1])
        var index = start
        while index + tail < end {
            if span[index] == first, span[index + tail] == last {
                var length = 1
                while length < tail, span[index + length] == pattern[length] { length += 1 }
                if length == tail { return index }
            }
            index += 1
        }
        return nil
    }
}
