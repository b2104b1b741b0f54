/// Lists in one cell: elements parted by `;`, `；`, `,`, `，` or `、`. A `\` takes the meaning from the character behind it.
enum ListText {
    /// The elements without blanks around them; empty ones are left out. `[]` is the empty list.
    static func elements(_ text: Span<UInt8>) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var current: [UInt8] = []
        func finish() {
            let range = TextForm.trimmed(current.span, 0..<current.count)
            if !range.isEmpty { elements.append(Array(current[range])) }
            current.removeAll(keepingCapacity: true)
        }
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count {
                // The key of the element takes its own escapes away.
                current.append(contentsOf: [text[index], text[index + 1]])
                index += 2
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
        return elements == [Array("[]".utf8)] ? [] : elements
    }

    /// An element with a `\` before every character that would part it.
    ///
    /// - Parameter escapesBackslash: False for a text that has escapes of its own.
    static func appendEscaped(_ element: [UInt8], escapesBackslash: Bool, to text: inout [UInt8]) {
        var index = 0
        while index < element.count {
            let length = separator(element.span, at: index)
            if length > 0 || escapesBackslash && element[index] == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(contentsOf: element[index..<index + max(length, 1)])
            index += max(length, 1)
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
