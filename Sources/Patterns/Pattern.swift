/// A regular expression (PCRE2 syntax, over UTF-8) that cannot run away: text, nesting, steps, depth and memory are bounded
/// by `PatternBounds`, and a bound reached is an error.
///
/// Compiled once, then shared by any number of threads. Loops take a matcher of their own.
package final class Pattern: Sendable {
    package let text: String
    package let caseInsensitive: Bool
    let code: CompiledPattern
    private let edges: PatternEdges

    /// Compiles `text`. Calls of groups, `(*LIMIT_MATCH=…)` and its like are refused.
    /// - Parameter caseInsensitive: letters match whatever their case, by Unicode's simple rules.
    /// - Throws: `invalid`, or `limit` for a pattern too long, too deep or too large, or with something that is refused.
    package init(
        _ text: String, caseInsensitive: Bool = false, bounds: PatternBounds = PatternBounds()
    ) throws(PatternError) {
        guard text.utf8.count <= bounds.patternByteCount else { throw .limit(.length(bounds.patternByteCount)) }
        if let limit = PatternSyntax.refusal(of: text) { throw .limit(limit) }
        self.text = text
        self.caseInsensitive = caseInsensitive
        self.code = try CompiledPattern(text, caseInsensitive: caseInsensitive, bounds)
        edges = PatternEdges(of: text, caseInsensitive: caseInsensitive)
    }

    /// False only where the pattern does not match: what a few comparisons at either end of the text tell, without a matcher.
    package func admits(_ subject: Span<UInt8>) -> Bool { edges.admits(subject) }

    /// The same of at most 64 texts that lie end to end: a bit each, the first one's the lowest.
    /// - Parameter offsets: where each begins in the bytes, and where the last ends.
    package func admitted(_ offsets: Span<UInt32>, of bytes: Span<UInt8>) -> UInt64 { edges.admitted(offsets, of: bytes) }

    /// Memory to match with: cheap to keep, half a megabyte of address space to make; for one thread.
    package func makeMatcher() -> PatternMatcher { PatternMatcher(self) }

    /// Whether the pattern matches somewhere in the text. Makes a matcher: for single questions.
    /// - Throws: `limit` where it could not be decided within the bounds; `subjectNotUTF8`.
    package func matches(_ subject: String) throws(PatternError) -> Bool {
        try makeMatcher().matches(subject.utf8.span)
    }
}

/// A pattern with the memory to match it again and again. Not for two threads at once.
package final class PatternMatcher {
    package let pattern: Pattern
    private let memory: MatchMemory
    /// Texts that were not ruled out by their ends.
    package private(set) var matchCount = 0

    fileprivate init(_ pattern: Pattern) {
        self.pattern = pattern
        self.memory = MatchMemory(for: pattern.code)
    }

    /// Whether the pattern matches somewhere in the bytes.
    /// - Throws: `limit` where it could not be decided within the bounds; `subjectNotUTF8`.
    package func matches(_ subject: Span<UInt8>) throws(PatternError) -> Bool {
        guard pattern.admits(subject) else { return false }
        matchCount &+= 1
        return try pattern.code.matches(subject, with: memory)
    }
}
