extension Source {
    /// The line and column of a byte offset. Takes time linear in the offset.
    package func location(of offset: Int) -> SourceLocation { SourceLocation(of: offset, in: bytes.span) }

    /// The lines and columns of several byte offsets, in one pass over the source.
    package func locations(of offsets: [Int]) -> [Int: SourceLocation] {
        var locations: [Int: SourceLocation] = [:]
        var walk = LocationWalk()
        for offset in offsets.sorted() where locations[offset] == nil {
            walk.advance(to: offset, in: bytes.span)
            locations[offset] = SourceLocation(line: walk.line, column: walk.column)
        }
        return locations
    }

    /// Where a range starts.
    package func location(of range: SourceRange) -> SourceLocation { location(of: Int(range.start)) }
}

extension SourceLocation {
    /// Counts the line terminators (LF, CR, CR LF) before `offset`, and the scalar values since the last one.
    ///
    /// An offset beyond the end is the end. GraphQL §2.1.2
    init(of offset: Int, in bytes: Span<UInt8>) {
        var walk = LocationWalk()
        walk.advance(to: offset, in: bytes)
        self.init(line: walk.line, column: walk.column)
    }
}

/// Counts lines and columns on the way through a source.
private struct LocationWalk {
    private(set) var line = 1
    private(set) var column = 1
    private var index = 0

    mutating func advance(to offset: Int, in bytes: Span<UInt8>) {
        let offset = min(offset, bytes.count)
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
    }
}
