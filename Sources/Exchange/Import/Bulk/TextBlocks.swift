import Bytes

/// A part of a file that begins and ends at the border of a row.
struct TextBlock: Sendable {
    /// Position of the file in the plan.
    var file: Int
    /// Position of the block in its file.
    var place: Int
    var range: Range<Int>
}

/// Cuts a file into blocks without reading its rows one after the other.
///
///     stripe      ab,c\nd,"e\n|f",g\nh,i\n|…      where the file is cut first: anywhere
///     block       ab,c\nd,"e\nf",g\n|h,i\n|…      where its rows are: behind a line end that lies outside quotes
///
/// Whether a stripe begins inside quotes follows from the number of quotes before it, because in CSV every quote opens, closes or is
/// written twice. A file in which one does not is cut right up to the row with that quote, and whoever reads that row finds it.
struct TextStripe: Sendable {
    var range: Range<Int>
    /// Whether it is UTF-8 without NUL.
    private(set) var isText = true
    private var hasOddQuotes = false
    /// Behind the first line end outside quotes, were the stripe to begin outside or inside them.
    private var borderOutside: Int?
    private var borderInside: Int?

    /// The stripes of a file, each of about `byteCount` bytes, none beginning inside a character.
    static func ranges(of bytes: Span<UInt8>, byteCount: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            var end = min(start + max(byteCount, 1), bytes.count)
            // Text has at most three bytes that continue a character; what is no text may be cut anywhere.
            for _ in 0..<3 where end < bytes.count && bytes[end] & 0xC0 == 0x80 { end += 1 }
            ranges.append(start..<end)
            start = end
        }
        return ranges
    }

    /// Reads a stripe: one pass.
    init(_ range: Range<Int>, of file: Span<UInt8>) {
        self.range = range
        let bytes = file.extracting(range)
        var quoteCount = 0
        var hasNul = false
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.word(at: index)
            quoteCount += Self.zeroBytes(word ^ 0x2222_2222_2222_2222).nonzeroBitCount
            if Self.zeroBytes(word) != 0 { hasNul = true }
            index += 8
        }
        while index < bytes.count {
            if bytes[index] == 0x22 { quoteCount += 1 }
            if bytes[index] == 0 { hasNul = true }
            index += 1
        }
        hasOddQuotes = quoteCount & 1 == 1
        isText = !hasNul && (try? UTF8Span(validating: bytes)) != nil
        findBorders(bytes, hasQuotes: quoteCount > 0)
    }

    private mutating func findBorders(_ bytes: Span<UInt8>, hasQuotes: Bool) {
        var isOdd = false
        for index in bytes.indices {
            if bytes[index] == 0x22 {
                isOdd.toggle()
            } else if bytes[index] == 0x0A {
                if isOdd {
                    if borderInside == nil { borderInside = range.lowerBound + index + 1 }
                } else if borderOutside == nil {
                    borderOutside = range.lowerBound + index + 1
                }
                if borderOutside != nil, borderInside != nil || !hasQuotes { return }
            }
        }
    }

    /// The blocks that all stripes of one file make: a stripe without a border belongs to the block before.
    ///
    /// - Parameter start: Where the rows begin, behind the headings.
    static func blocks(of stripes: [TextStripe], file: Int, from start: Int) -> [TextBlock] {
        guard let first = stripes.first, let last = stripes.last else { return [] }
        var blocks: [TextBlock] = []
        var start = start
        var isInside = first.hasOddQuotes
        func close(_ end: Int) {
            guard end > start else { return }
            blocks.append(TextBlock(file: file, place: blocks.count, range: start..<end))
            start = end
        }
        for stripe in stripes.dropFirst() {
            if let border = isInside ? stripe.borderInside : stripe.borderOutside { close(border) }
            if stripe.hasOddQuotes { isInside.toggle() }
        }
        close(last.range.upperBound)
        return blocks
    }

    /// The top bit of every byte that is zero, and no other.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        return ~(((word & low) &+ low) | word | low)
    }
}
