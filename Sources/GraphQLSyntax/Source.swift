/// The bytes of a document and the name to report them under.
package struct Source: Sendable {
    /// What a message calls it: a file name, or "GraphQL request".
    package let name: String
    /// Valid UTF-8. Whoever takes bytes from outside checks that first (`Source.init(validating:)`).
    package let bytes: [UInt8]

    package init(_ text: String, name: String = "GraphQL request") {
        self.name = name
        self.bytes = Array(text.utf8)
    }

    /// Takes bytes from outside.
    /// - Returns: nil if the bytes are not UTF-8.
    package init?(validating bytes: [UInt8], name: String = "GraphQL request") {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        self.name = name
        self.bytes = bytes
    }

    /// - Parameter text: Known to be UTF-8.
    init(text: [UInt8], name: String) {
        self.name = name
        self.bytes = text
    }

    /// The text of a range.
    package func text(_ range: SourceRange) -> String {
        String(decoding: bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }
}

/// A place in a source for people: both count from 1; columns count Unicode scalar values.
package struct SourceLocation: Hashable, Sendable {
    package var line: Int
    package var column: Int
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
