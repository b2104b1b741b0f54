/// Why a pattern could not be compiled, or a match could not be decided.
///
/// A limit is an error and never "no match": `(.*a){20}` may well match, we only refuse to find out.
package enum PatternError: Error, Sendable, Hashable {
    /// Not a pattern. `offset` counts UTF-8 bytes from its start.
    case invalid(message: String, offset: Int)
    case limit(PatternLimit)
    /// The subject is not UTF-8. Columns hold nothing else, so this is for bytes that come from elsewhere.
    case subjectNotUTF8
}

/// The bound that was reached, with its size where it is a number.
package enum PatternLimit: Sendable, Hashable {
    /// Bytes of the pattern's text.
    case length(Int)
    /// Bytes of a text to look for, or of a `like` pattern.
    case literalLength(Int)
    /// Parentheses inside parentheses.
    case nesting(Int)
    /// The size of the compiled pattern, or of one of its parts.
    case size
    /// Steps of one match.
    case steps(Int)
    /// Backtracking depth of one match.
    case depth(Int)
    /// Bytes of one match, stack or heap.
    case memory(Int)
    /// A group, or the pattern, is called from the pattern: what that costs no limit tells beforehand.
    case recursion
    /// The pattern sets limits, which are not its to set.
    case ownLimits
}

extension PatternError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalid(let message, let offset): "The pattern is not valid at byte \(offset): \(message)."
        case .limit(.length(let most)): "The pattern is longer than \(most) bytes."
        case .limit(.literalLength(let most)): "The text to look for is longer than \(most) bytes."
        case .limit(.nesting(let most)): "The pattern nests parentheses deeper than \(most)."
        case .limit(.size): "The pattern is too large once compiled: write smaller repetitions."
        case .limit(.steps(let most)):
            "Matching the pattern takes more than \(most) steps: write it with less backtracking."
        case .limit(.depth(let most)): "Matching the pattern backtracks deeper than \(most)."
        case .limit(.memory(let most)): "Matching the pattern takes more than \(most) bytes of memory."
        case .limit(.recursion):
            "The pattern calls itself or one of its groups, as '(?R)' and '(?1)' do; that is not done here, also not within brackets."
        case .limit(.ownLimits): "The pattern begins with limits of its own, as '(*LIMIT_MATCH=…)' is; leave them out."
        case .subjectNotUTF8: "The text to match is not UTF-8."
        }
    }
}

/// The bounds of a pattern and of each of its matches.
package struct PatternBounds: Sendable, Hashable {
    /// Bytes of its text. The standard is longer than any pattern a person writes; the compiled form grows with it.
    package var patternByteCount = 256
    /// Parentheses inside parentheses: a stack frame of the compiler each.
    package var nestingDepth = 20
    /// Steps of one match. The standard is a hundredth of PCRE2's own: 0.3–0.5 ms.
    package var stepCount = 100_000
    /// Of the interpreter; machine code has its stack instead.
    package var backtrackDepth = 1_000
    /// Of the interpreter's heap; the stack of machine code has half of it, 512 KiB, where PCRE2's own default is 32 KiB.
    package var memoryByteCount = 1 << 20

    var stackByteCount: Int { max(4_096, memoryByteCount / 2) }

    package init() {}
}

/// What of a match is not configured.
enum PatternLimits {
    /// PCRE2 counts steps anew from each place where a match may start. Past this many bytes of subject the steps allowed
    /// from each place shrink, so that a long text costs no more than about this many times the steps of a match.
    static let fullStepsByteCount = 1_024
    /// What a place of the longest text still gets: plain patterns need a few.
    static let leastStepCount: UInt32 = 100
}
