import Patterns

/// Why an expression has no answer. Nothing is half done: expressions change nothing.
package enum EvaluationError: Error, Sendable, Hashable {
    case overBudget(Budget.Limit, limit: Int)
    case stopped(Budget.StopReason)
    /// An exact result does not fit: 64 bits for Int and Decimal, and for each half of a Ratio; a Float that is not finite;
    /// a date outside the years 1 to 9999.
    case overflow(String)
    case patternInvalid(pattern: String, message: String, offset: Int)
    case patternLimit(pattern: String, PatternLimit)
    /// The tree's parts do not fit together. CEL and the planner make none such.
    case illTyped(String)

    /// The configured bound that a pattern went beyond, by its name; nil where it is another fault, or one that no number bounds.
    package var exceededTextBound: (name: TextBoundName, maximum: Int)? {
        guard case .patternLimit(_, let limit) = self else { return nil }
        return TextBoundName.bound(limit)
    }

    /// The pattern that is at fault, and why, where one is.
    package var ofPattern: (text: String, explanation: String)? {
        switch self {
        case .patternInvalid(let text, let message, let offset):
            (text, "The pattern is not understood at byte \(offset): \(message).")
        case .patternLimit(let text, let limit): (text, "\(PatternError.limit(limit))")
        default: nil
        }
    }

    init(_ error: PatternError, pattern: String) {
        switch error {
        case .invalid(let message, let offset): self = .patternInvalid(pattern: pattern, message: message, offset: offset)
        case .limit(let limit): self = .patternLimit(pattern: pattern, limit)
        case .subjectNotUTF8: self = .patternInvalid(pattern: pattern, message: "the text to match is not UTF-8", offset: 0)
        }
    }
}
