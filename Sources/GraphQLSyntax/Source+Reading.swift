extension Source {
    /// Takes the bytes of a file, and says where they are not text.
    ///
    /// - Throws: a `SyntaxError` at the first bytes that are no UTF-8.
    package init(reading bytes: [UInt8], name: String) throws(SyntaxError) {
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let (start, end) = (error.byteOffsets.lowerBound, error.byteOffsets.upperBound)
            throw SyntaxError(
                .syntax, "Found bytes that are not UTF-8.", at: SourceRange(start: start, end: end), of: bytes.span)
        }
        self.init(text: bytes, name: name)
    }
}
