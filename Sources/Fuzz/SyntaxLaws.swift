import GraphQLSyntax

/// Tokens stand one behind the other inside the source, and comments change none of them.
enum LexerLaws {
    static func check(_ source: Source) {
        let (plain, commented): (TokenStream, TokenStream)
        do throws(SyntaxError) {
            plain = try tokens(of: source, limits: fuzzLimits)
            commented = try tokens(of: source, limits: fuzzLimits, keepsComments: true)
        } catch {
            return checkPlace(of: error, in: source)
        }
        precondition(plain.tokens == commented.tokens.filter { $0.kind != .comment }, "comments change the tokens around them")
        var end: UInt32 = 0
        for token in plain.tokens {
            precondition(token.start >= end && token.end >= token.start && Int(token.end) <= source.bytes.count)
            if token.kind == .name { precondition(plain.names[token.name] == source.text(token.range), "a name is not its text") }
            end = token.end
        }
        if let error = plain.error { return checkPlace(of: error, in: source) }
        guard let stripped = try? source.strippingIgnoredCharacters(limits: fuzzLimits) else {
            preconditionFailure("what has tokens cannot be stripped")
        }
        // Block strings may grow by an escape, not by more than their length.
        guard stripped.utf8.count <= fuzzLimits.bytes else { return }
        guard let again = try? tokens(of: Source(stripped), limits: fuzzLimits), again.error == nil else {
            preconditionFailure("stripped text has no tokens")
        }
        precondition(again.tokens.map(\.kind) == plain.tokens.map(\.kind), "stripping changes tokens")
        precondition(
            (try? Source(stripped).strippingIgnoredCharacters(limits: fuzzLimits)) == stripped, "stripping twice differs")
    }

    static func checkPlace(of error: SyntaxError, in source: Source) {
        precondition(
            error.range.start <= error.range.end && Int(error.range.end) <= source.bytes.count, "an error stands outside")
        precondition(error.location == source.location(of: error.range), "an error's line and column are not its place")
        precondition(!error.message.isEmpty)
    }
}

/// What is accepted is printed and read again alike; the newer edition reads all that the older one reads.
enum ParserLaws {
    static func check(_ source: Source) {
        let older = read(source, .september2025)
        guard let document = read(source, .september2026) else {
            return precondition(older == nil, "September 2026 refuses what September 2025 reads")
        }
        let printed = Printer(document).text()
        if let older { precondition(Printer(older).text() == printed, "the editions read two documents") }
        let bounds = ParserLimits(bytes: 1 << 24, tokens: 1 << 20, depth: 64)
        for edition in older == nil ? [Edition.september2026] : [.september2026, .september2025] {
            guard let again = try? parse(Source(printed), edition: edition, limits: bounds) else {
                preconditionFailure("what is printed cannot be read")
            }
            precondition(Printer(again).text() == printed, "what is printed is not what was read")
        }
    }

    private static func read(_ source: Source, _ edition: Edition) -> Document? {
        do throws(SyntaxError) {
            return try parse(source, edition: edition, limits: fuzzLimits)
        } catch {
            LexerLaws.checkPlace(of: error, in: source)
            return nil
        }
    }
}

/// A coordinate is written as it was read.
enum CoordinateLaws {
    static func check(_ source: Source) {
        do throws(SyntaxError) {
            let coordinate = try SchemaCoordinate(parsing: source)
            precondition(Array(coordinate.description.utf8) == source.bytes, "a coordinate is not its text")
        } catch {
            LexerLaws.checkPlace(of: error, in: source)
        }
    }
}
