/// Lists in one cell: elements parted by `;`, `；`, `,`, `，` or `、`. A `\` takes the meaning from the character behind it.
enum ListText {
    /// The elements without blanks around them; empty ones are left out. `[]` is the empty list. A `\` stays before what it protects,
    /// because the values of a longer key are parted by it too.
    static func elements(_ text: Span<UInt8>) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var current: [UInt8] = []
        /// Behind the last character that a `\` protects: a blank up to here belongs to the element.
        var protectedEnd = 0
        func finish() {
            let trimmed = TextForm.trimmed(current.span, 0..<current.count)
            let range = trimmed.lowerBound..<max(trimmed.upperBound, protectedEnd, trimmed.lowerBound)
            if !range.isEmpty { elements.append(Array(current[range])) }
            current.removeAll(keepingCapacity: true)
            protectedEnd = 0
        }
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count {
                let end = min(index + 1 + length(of: text[index + 1]), text.count)
                while index < end {
                    current.append(text[index])
                    index += 1
                }
                protectedEnd = current.count
                continue
            }
            let length = separator(text, at: index)
            if length > 0 {
                finish()
                index += length
            } else {
                current.append(text[index])
                index += 1
            }
        }
        finish()
        return elements == [emptyList] ? [] : elements
    }

    /// Whether a text is letters and digits of ASCII alone: one element, which is itself.
    static func isOneWord(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range where text[index] &- 0x30 >= 10 && (text[index] | 0x20) &- 0x61 >= 26 { return false }
        return true
    }

    private static let emptyList = Array("[]".utf8)

    /// An element with a `\` before every character that would part it, before blanks at its ends, and before what reads as the empty
    /// list.
    ///
    /// - Parameter escapesBackslash: False for a text that has escapes of its own.
    static func appendEscaped(_ element: [UInt8], escapesBackslash: Bool, to text: inout [UInt8]) {
        let inner = TextForm.trimmed(element.span, 0..<element.count)
        var index = 0
        while index < element.count {
            let length = length(of: element[index])
            let isOuterBlank = index == 0 && inner.lowerBound > 0 || index + length == element.count && inner.upperBound <= index
            if separator(element.span, at: index) > 0 || isOuterBlank || index == 0 && element == emptyList
                || escapesBackslash && element[index] == UInt8(ascii: "\\")
            {
                text.append(UInt8(ascii: "\\"))
            }
            text.append(contentsOf: element[index..<min(index + length, element.count)])
            index += length
        }
    }

    /// The text of an element, its escapes taken away.
    static func unescaped(_ element: [UInt8]) -> [UInt8] {
        guard element.contains(UInt8(ascii: "\\")) else { return element }
        var text: [UInt8] = []
        var index = 0
        while index < element.count {
            if element[index] == UInt8(ascii: "\\"), index + 1 < element.count { index += 1 }
            text.append(element[index])
            index += 1
        }
        return text
    }

    /// The bytes of the character that begins with a byte.
    private static func length(of byte: UInt8) -> Int { byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4 }

    /// The bytes of the separator that begins at `index`; 0 where none does.
    private static func separator(_ text: Span<UInt8>, at index: Int) -> Int {
        switch text[index] {
        case UInt8(ascii: ";"), UInt8(ascii: ","): return 1
        case 0xEF:  // ， EF BC 8C, ； EF BC 9B
            guard index + 2 < text.count, text[index + 1] == 0xBC else { return 0 }
            return text[index + 2] == 0x8C || text[index + 2] == 0x9B ? 3 : 0
        case 0xE3:  // 、 E3 80 81
            return index + 2 < text.count && text[index + 1] == 0x80 && text[index + 2] == 0x81 ? 3 : 0
        default: return 0
        }
    }
}
