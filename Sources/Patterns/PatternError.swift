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

/// The bound that was reached.
package enum PatternLimit: Sendable, Hashable {
    /// Bytes of the pattern's text.
    case length
    /// Bytes of a text to look for, or of a `like` pattern.
    case literalLength
    /// Parentheses inside parentheses.
    case nesting
    /// The size of the compiled pattern, or of one of its parts.
    case size
    /// Steps of one match.
    case steps
    /// Backtracking depth of one match.
    case depth
    /// Memory of one match, stack or heap.
    case memory
    /// A group, or the pattern, is called from the pattern: what that costs no limit tells beforehand.
    case recursion
    /// The pattern sets limits, which are not its to set.
    case ownLimits
}

extension PatternError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalid(let message, let offset): "The pattern is not valid at byte \(offset): \(message)."
        case .limit(.length): "The pattern is longer than \(PatternLimits.patternByteCount) bytes."
        case .limit(.literalLength): "The text to look for is longer than \(TextTest.patternByteCount) bytes."
        case .limit(.nesting): "The pattern nests parentheses deeper than \(PatternLimits.parenthesisDepth)."
        case .limit(.size): "The pattern is too large once compiled: write smaller repetitions."
        case .limit(.steps):
            "Matching the pattern takes more than \(PatternLimits.stepCount) steps: write it with less backtracking."
        case .limit(.depth): "Matching the pattern backtracks deeper than \(PatternLimits.backtrackDepth)."
        case .limit(.memory): "Matching the pattern takes more memory than a match may have."
        case .limit(.recursion):
            "The pattern calls itself or one of its groups, as '(?R)' and '(?1)' do; that is not done here, also not within brackets."
        case .limit(.ownLimits): "The pattern begins with limits of its own, as '(*LIMIT_MATCH=…)' is; leave them out."
        case .subjectNotUTF8: "The text to match is not UTF-8."
        }
    }
}

/// The bounds of every pattern; `reliability` measured them: an exploding pattern costs under half a millisecond a row.
package enum PatternLimits {
    /// Longer than any pattern a person writes; the compiled form grows with it.
    package static let patternByteCount = 256
    /// A stack frame of the compiler each.
    package static let parenthesisDepth: UInt32 = 20
    /// A hundredth of PCRE2's own: 0.3–0.5 ms.
    package static let stepCount: UInt32 = 100_000
    package static let backtrackDepth: UInt32 = 1_000
    package static let heapKibibyteCount: UInt32 = 1_024
    /// Compiled code keeps its backtracking on this stack, one a matcher; PCRE2's own default is 32 KiB.
    package static let stackByteCount = 512 * 1_024
    /// PCRE2 counts steps anew from each place where a match may start. Past this many bytes of subject the steps allowed
    /// from each place shrink, so that a long text costs no more than about this many times `stepCount`.
    package static let fullStepsByteCount = 1_024
    /// What a place of the longest text still gets: plain patterns need a few.
    package static let leastStepCount: UInt32 = 100
}
