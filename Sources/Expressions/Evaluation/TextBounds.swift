import Patterns

/// What patterns, and texts that are looked for, may be and may cost: a pattern that explodes costs a bounded time, and is refused by
/// the name of the bound.
package struct TextBounds: Sendable, Hashable {
    var ofPatterns = PatternBounds()
    /// UTF-8 bytes of a text to look for, or of a `like` pattern.
    package var literalByteCount = TextTest.standardByteLimit

    package init() {}

    /// A bound by its name.
    package subscript(name: TextBoundName) -> Int {
        get {
            switch name {
            case .patternBytes: ofPatterns.patternByteCount
            case .patternNesting: ofPatterns.nestingDepth
            case .patternSteps: ofPatterns.stepCount
            case .patternDepth: ofPatterns.backtrackDepth
            case .patternMemoryBytes: ofPatterns.memoryByteCount
            case .literalBytes: literalByteCount
            }
        }
        set {
            switch name {
            case .patternBytes: ofPatterns.patternByteCount = newValue
            case .patternNesting: ofPatterns.nestingDepth = newValue
            case .patternSteps: ofPatterns.stepCount = newValue
            case .patternDepth: ofPatterns.backtrackDepth = newValue
            case .patternMemoryBytes: ofPatterns.memoryByteCount = newValue
            case .literalBytes: literalByteCount = newValue
            }
        }
    }
}

/// The names under which bounds of patterns are configured and reported.
package enum TextBoundName: String, Sendable, Hashable, CaseIterable {
    case patternBytes = "max-pattern-bytes"
    case patternNesting = "max-pattern-nesting"
    case patternSteps = "max-pattern-steps"
    case patternDepth = "max-pattern-depth"
    case patternMemoryBytes = "max-pattern-memory-bytes"
    case literalBytes = "max-literal-bytes"

    /// The bound that was reached; nil for what is refused whatever is configured.
    static func bound(_ limit: PatternLimit) -> (name: TextBoundName, maximum: Int)? {
        switch limit {
        case .length(let most): (.patternBytes, most)
        case .literalLength(let most): (.literalBytes, most)
        case .nesting(let most): (.patternNesting, most)
        case .steps(let most): (.patternSteps, most)
        case .depth(let most): (.patternDepth, most)
        case .memory(let most): (.patternMemoryBytes, most)
        case .size, .recursion, .ownLimits: nil
        }
    }
}
