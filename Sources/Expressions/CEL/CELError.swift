/// Why a text is not an expression here: one finding, where it stands.
package struct CELError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found, what was expected, and where one guess is near, what may have been meant.
    package var message: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int

    package var description: String { "\(line):\(column): \(message)" }

    init(_ message: String, at place: CELPlace) {
        self.message = message
        self.line = Int(place.line)
        self.column = Int(place.column)
    }
}

/// A place in a text; the text's length bounds both numbers.
struct CELPlace: Sendable, Hashable {
    var line: Int32 = 1
    var column: Int32 = 1
}

/// The bounds of an expression's text, checked before anything recurses.
package enum CELLimits {
    /// UTF-8 bytes; ten screens of text.
    package static let byteCount = 10_000
    /// Parentheses, calls, conditions and operators inside one another; a chain `a + b + c` counts one a sign.
    package static let depth = 32
}
