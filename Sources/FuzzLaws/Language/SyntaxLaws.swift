import GraphQLSyntax

/// Tokens stand one behind the other inside the source, and comments change none of them.
enum LexerLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        let (plain, commented): (TokenStream, TokenStream)
        do throws(SyntaxError) {
            plain = try tokens(of: source, limits: fuzzLimits)
            commented = try tokens(of: source, limits: fuzzLimits, keepsComments: true)
        } catch {
            return try checkPlace(of: error, in: source)
        }
        try hold(plain.tokens == commented.tokens.filter { $0.kind != .comment }, "comments change the tokens around them")
        var end: UInt32 = 0
        for token in plain.tokens {
            try hold(
                token.start >= end && token.end >= token.start && Int(token.end) <= source.bytes.count,
                "tokens overlap, or stand outside")
            if token.kind == .name { try hold(plain.names[token.name] == source.text(token.range), "a name is not its text") }
            end = token.end
        }
        if let error = plain.error { return try checkPlace(of: error, in: source) }
        guard let stripped = try? source.strippingIgnoredCharacters(limits: fuzzLimits) else {
            throw BrokenLaw("what has tokens cannot be stripped")
        }
        // Block strings may grow by an escape, not by more than their length.
        guard stripped.utf8.count <= fuzzLimits.bytes else { return }
        guard let again = try? tokens(of: Source(stripped), limits: fuzzLimits), again.error == nil else {
            throw BrokenLaw("stripped text has no tokens")
        }
        try hold(again.tokens.map(\.kind) == plain.tokens.map(\.kind), "stripping changes tokens")
        try hold(
            (try? Source(stripped).strippingIgnoredCharacters(limits: fuzzLimits)) == stripped, "stripping twice differs")
    }

    static func checkPlace(of error: SyntaxError, in source: Source) throws(BrokenLaw) {
        try hold(
            error.range.start <= error.range.end && Int(error.range.end) <= source.bytes.count, "an error stands outside")
        try hold(error.location == source.location(of: error.range), "an error's line and column are not its place")
        try hold(!error.message.isEmpty, "an error without words")
    }
}

/// What is accepted is printed and read again alike; the newer edition reads all that the older one reads.
enum ParserLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        let older = try read(source, .september2025)
        guard let document = try read(source, .september2026) else {
            return try hold(older == nil, "September 2026 refuses what September 2025 reads")
        }
        let printed = Printer(document).text()
        if let older { try hold(Printer(older).text() == printed, "the editions read two documents") }
        let bounds = ParserLimits(bytes: 1 << 24, tokens: 1 << 20, depth: 64)
        for edition in older == nil ? [Edition.september2026] : [.september2026, .september2025] {
            guard let again = try? parse(Source(printed), edition: edition, limits: bounds) else {
                throw BrokenLaw("what is printed cannot be read")
            }
            try hold(Printer(again).text() == printed, "what is printed is not what was read")
        }
    }

    private static func read(_ source: Source, _ edition: Edition) throws(BrokenLaw) -> Document? {
        do throws(SyntaxError) {
            return try parse(source, edition: edition, limits: fuzzLimits)
        } catch {
            try LexerLaws.checkPlace(of: error, in: source)
            return nil
        }
    }
}

/// A coordinate is written as it was read.
enum CoordinateLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        let coordinate: SchemaCoordinate
        do throws(SyntaxError) {
            coordinate = try SchemaCoordinate(parsing: source)
        } catch {
            return try LexerLaws.checkPlace(of: error, in: source)
        }
        try hold(Array(coordinate.description.utf8) == source.bytes, "a coordinate is not its text")
    }
}
