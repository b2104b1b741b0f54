/// Why a source is not a document, and where.
package struct SyntaxError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The grammar wants something else.
        case syntax
        /// The document may be well formed, but is larger than we read.
        case limit(ParserLimit, maximum: Int)
    }

    package var kind: Kind
    package var message: String
    /// Where `range` starts.
    package var location: SourceLocation
    /// The bytes that were not expected; empty at the end of the source.
    package var range: SourceRange

    /// An error at a range of a source.
    init(_ kind: Kind = .syntax, _ message: String, at range: SourceRange, of bytes: Span<UInt8>) {
        self.kind = kind
        self.message = message
        self.range = range
        self.location = SourceLocation(of: Int(range.start), in: bytes)
    }
}
