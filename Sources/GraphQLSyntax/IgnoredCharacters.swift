extension Source {
    /// The same tokens with nothing between them that need not be there; block strings lose their indentation.
    ///
    /// A document and its stripped form parse alike. The source need not be a whole document.
    /// - Throws: where something is no token.
    package func strippingIgnoredCharacters(limits: ParserLimits = .default) throws(SyntaxError) -> String {
        let stream = try tokens(of: self, limits: limits)
        if let error = stream.error { throw error }
        var text = ""
        var followsWord = false
        for token in stream.tokens where token.kind != .endOfSource {
            let isWord = !token.kind.isPunctuator
            if followsWord, isWord || token.kind == .spread { text += " " }
            followsWord = isWord
            text +=
                token.kind == .blockString
                ? BlockString.literal(for: self.text(of: StringValue(range: token.range, isBlock: true)), minimizes: true)
                : self.text(token.range)
        }
        return text
    }
}
