extension Source {
    /// The line and column of a byte offset. Takes time linear in the offset.
    package func location(of offset: Int) -> SourceLocation { SourceLocation(of: offset, in: bytes.span) }

    /// Where a range starts.
    package func location(of range: SourceRange) -> SourceLocation { location(of: Int(range.start)) }
}

extension SourceLocation {
    /// Counts the line terminators (LF, CR, CR LF) before `offset`, and the scalar values since the last one.
    ///
    /// An offset beyond the end is the end. GraphQL §2.1.2
    init(of offset: Int, in bytes: Span<UInt8>) {
        let offset = min(offset, bytes.count)
        var line = 1
        var column = 1
        var index = 0
        while index < offset {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
            index += 1
        }
        self.init(line: line, column: column)
    }
}
