/// How tag files are cut into lines: by LF, CR or both (RFC 8493 §2.1), and by nothing else that Unicode takes for a line's end.
enum BagText {
    static func endsLine(_ character: Character) -> Bool { character == "\n" || character == "\r\n" || character == "\r" }
}

/// `bag-info.txt`: labels and what they say, a line each (RFC 8493 §2.2.2).
package struct BagInfo: Sendable, Hashable {
    package struct Element: Sendable, Hashable {
        package var label: String
        package var value: String
    }
    package static let fileName = "bag-info.txt"

    /// In the order of the file.
    package private(set) var elements: [Element] = []

    package init() {}

    /// The first value of a label; labels do not care for capitals.
    package subscript(label: String) -> String? {
        elements.first { $0.label.lowercased() == label.lowercased() }?.value
    }

    /// All values of a label, in the order of the file.
    package func values(of label: String) -> [String] {
        elements.filter { $0.label.lowercased() == label.lowercased() }.map(\.value)
    }

    /// - Parameter value: Without line ends.
    package mutating func add(_ label: String, _ value: String) { elements.append(Element(label: label, value: value)) }

    package var bytes: [UInt8] { Array(elements.map { "\($0.label): \($0.value)\n" }.joined().utf8) }

    /// A line that begins with a blank goes on with the value of the one before.
    init(reading bytes: [UInt8], into problems: inout BagProblems) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            problems.add(.notUTF8(file: Self.fileName))
            return
        }
        for line in text.split(omittingEmptySubsequences: true, whereSeparator: BagText.endsLine) {
            if line.first == " " || line.first == "\t" {
                if !elements.isEmpty { elements[elements.count - 1].value += " " + Self.trimmed(line) }
                continue
            }
            guard let colon = line.firstIndex(of: ":") else {
                problems.add(.info(label: "'\(line.prefix(40))'", reason: "is no label with a colon"))
                continue
            }
            add(Self.trimmed(line[..<colon]), Self.trimmed(line[line.index(after: colon)...]))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
