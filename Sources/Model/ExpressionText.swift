import GraphQLSyntax

/// The text of an expression that stands as a string in a document, with what is needed to find the place of one of its characters
/// there.
package struct ExpressionText: Sendable {
    package var text: String
    /// The string token, quotes included.
    package var token: SourceRange
    package var isBlock: Bool

    package init(text: String, token: SourceRange, isBlock: Bool) {
        self.text = text
        self.token = token
        self.isBlock = isBlock
    }

    /// Where a line and column of the decoded text stand in the document.
    package func location(line: Int, column: Int, in source: Source) -> SourceLocation {
        let start = source.location(of: Int(token.start))
        return isBlock ? blockLocation(line, column, start, in: source) : quotedLocation(line, column, start, in: source)
    }

    /// Between quotes a line of the text is made by an escape, and an escape is one character. GraphQL §2.10.4
    private func quotedLocation(_ line: Int, _ column: Int, _ start: SourceLocation, in source: Source) -> SourceLocation {
        let inner = source.text(SourceRange(start: Int(token.start) + 1, end: max(Int(token.start) + 1, Int(token.end) - 1)))
        var rest = Array(inner.unicodeScalars)[...]
        var passed = 0
        var (currentLine, currentColumn) = (1, 1)
        while !rest.isEmpty, (currentLine, currentColumn) < (line, column) {
            let count = Self.scalarCount(ofFirstIn: rest)
            let isNewline = count == 2 && rest.starts(with: "\\n".unicodeScalars)
            (currentLine, currentColumn) = isNewline ? (currentLine + 1, 1) : (currentLine, currentColumn + 1)
            passed += count
            rest = rest.dropFirst(count)
        }
        return SourceLocation(line: start.line, column: start.column + 1 + passed)
    }

    /// How many scalars of a quoted string write its first character: `a`, `\n`, `\u6751`, `\u{1F600}`, `\uD83D\uDE00`.
    private static func scalarCount(ofFirstIn text: ArraySlice<Unicode.Scalar>) -> Int {
        guard text.first == "\\" else { return 1 }
        let rest = text.dropFirst()
        guard rest.first == "u" else { return min(2, text.count) }
        if rest.dropFirst().first == "{" { return (rest.firstIndex(of: "}") ?? text.endIndex - 1) - text.startIndex + 1 }
        let isHigh = rest.dropFirst().prefix(2).first.map { "dD".unicodeScalars.contains($0) } ?? false
        let second = rest.dropFirst(2).first.map { "89abAB".unicodeScalars.contains($0) } ?? false
        return min(isHigh && second ? 12 : 6, text.count)
    }

    /// A block string loses the white space that all its lines share, and its empty first lines. GraphQL §2.10.4
    private func blockLocation(_ line: Int, _ column: Int, _ start: SourceLocation, in source: Source) -> SourceLocation {
        let inner = source.text(SourceRange(start: Int(token.start) + 3, end: Int(token.end) - 3))
        let lines = inner.split(omittingEmptySubsequences: false) { $0.isNewline }
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" } }
        let common = lines.dropFirst().filter { !isBlank($0) }.map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
        let dropped = lines.prefix(while: isBlank).count
        let index = dropped + line - 1
        let offset = index == 0 ? start.column + 3 - 1 : common
        return SourceLocation(line: start.line + index, column: offset + column)
    }
}
