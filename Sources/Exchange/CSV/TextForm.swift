/// What is the same text for the eye in cells of different files: blanks at the ends, full-width digits and letters.
enum TextForm {
    /// The range of a text without blanks at its ends: ASCII white space, no-break space, ideographic space, byte order mark.
    static func trimmed(_ text: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        // Nearly every text begins and ends with a letter or digit of ASCII.
        if start < end, text[start] &- 0x21 < 0x5F, text[end - 1] &- 0x21 < 0x5F { return range }
        while start < end {
            let length = blank(text, at: start, before: end)
            guard length > 0 else { break }
            start += length
        }
        while start < end {
            let length = blank(text, endingAt: end, after: start)
            guard length > 0 else { break }
            end -= length
        }
        return start..<end
    }

    static func isTrimmed(_ text: Span<UInt8>) -> Bool { trimmed(text, 0..<text.count) == 0..<text.count }

    /// The bytes of the blank that begins at `index`; 0 where none does.
    private static func blank(_ text: Span<UInt8>, at index: Int, before end: Int) -> Int {
        switch text[index] {
        case 0x20, 0x09...0x0D: return 1
        case 0xC2: return index + 1 < end && text[index + 1] == 0xA0 ? 2 : 0
        case 0xE3: return index + 2 < end && text[index + 1] == 0x80 && text[index + 2] == 0x80 ? 3 : 0
        case 0xEF: return index + 2 < end && text[index + 1] == 0xBB && text[index + 2] == 0xBF ? 3 : 0
        default: return 0
        }
    }

    private static func blank(_ text: Span<UInt8>, endingAt end: Int, after start: Int) -> Int {
        for length in 1...3 where end - length >= start {
            if blank(text, at: end - length, before: end) == length { return length }
        }
        return 0
    }

    /// Whether a byte begins what `makeHalfWidth` would change.
    static func mayHoldFullWidth(_ text: Span<UInt8>) -> Bool {
        for index in text.indices where text[index] == 0xEF || text[index] == 0xE3 { return true }
        return false
    }

    /// Full-width forms of ASCII (U+FF01…U+FF5E) made ASCII and the ideographic space a space, in place.
    static func makeHalfWidth(_ text: inout [UInt8]) {
        guard text.contains(0xEF) || text.contains(0xE3) else { return }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == 0xEF, index + 2 < text.count, text[index + 1] == 0xBC || text[index + 1] == 0xBD {
                // U+FF00 + n is EF BC 80 + n for n < 64 and EF BD 80 + (n - 64) from there; ASCII is n + 0x20.
                let place = Int(text[index + 1] - 0xBC) << 6 | Int(text[index + 2] & 0x3F)
                if (1...0x5E).contains(place) {
                    result.append(UInt8(place + 0x20))
                    index += 3
                    continue
                }
            }
            if text[index] == 0xE3, index + 2 < text.count, text[index + 1] == 0x80, text[index + 2] == 0x80 {
                result.append(0x20)
                index += 3
                continue
            }
            result.append(text[index])
            index += 1
        }
        text = result
    }
}

extension String {
    /// The text of bytes that were checked as part of their file.
    init(checked text: Span<UInt8>) {
        do throws(UTF8.ValidationError) {
            self.init(copying: try UTF8Span(validating: text))
        } catch {
            self = "\u{FFFD}"
        }
    }
}
