/// What a document may hold. Checked token by token, before anything recurses on it.
///
/// The defaults are those of a request: far above what a person or a client writes, far below what could be felt.
package struct ParserLimits: Hashable, Sendable {
    /// The bytes of the source.
    package var bytes: Int
    /// Tokens, without comments.
    package var tokens: Int
    /// Braces, brackets and parentheses that are open at once. The parser recurses once for each.
    package var depth: Int

    package init(bytes: Int = 100_000, tokens: Int = 10_000, depth: Int = 64) {
        self.bytes = bytes
        self.tokens = tokens
        self.depth = depth
    }

    /// The parser goes no deeper whatever it is allowed. A level takes about 1 KiB of stack in a release build and 8 KiB in
    /// a debug build, so that the deepest document fits into 256 KiB and 2 MiB.
    package static let deepest = 200

    /// The bounds of a request.
    package static let `default` = ParserLimits()
    /// The bounds of a schema that the operator wrote.
    package static let schema = ParserLimits(bytes: 16 << 20, tokens: 2_000_000)
}

/// Which bound a document exceeded.
package enum ParserLimit: String, Hashable, Sendable {
    case bytes, tokens, depth
}

/// The edition of the specification whose grammar is read.
package enum Edition: Hashable, Sendable {
    /// No empty selection sets, no directives on directive definitions.
    case september2025
    case september2026
}
