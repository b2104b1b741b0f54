/// A test of a text against a literal or a `like` pattern: no regular expression, no backtracking that grows.
///
/// Compiled once; asks of UTF-8 bytes; time at most the text's length times the pattern's, and in practice the text's.
package struct TextTest: Sendable {
    /// - less…: before or behind the literal, scalar by scalar.
    package enum Kind: Sendable, Hashable {
        case equals, startsWith, endsWith, contains, like, less, lessOrEqual, greater, greaterOrEqual

        fileprivate var isOrder: Bool {
            switch self {
            case .less, .lessOrEqual, .greater, .greaterOrEqual: true
            case .equals, .startsWith, .endsWith, .contains, .like: false
            }
        }
    }

    /// The longest pattern where nothing else is said, in UTF-8 bytes: a bound on the time of one test. Equality and order, whose time it does not bound, have
    /// none.
    package static let standardByteLimit = 1_024

    private enum Form: Sendable {
        case bytes(Kind, [UInt8])
        case folded(Kind, [Unicode.Scalar])
        case order(Kind, [Unicode.Scalar], folds: Bool)
        case like(LikePattern)
    }
    private let form: Form

    /// - Parameters:
    ///   - pattern: the literal; for `like`, `%` stands for any text, `_` for one scalar, `\` takes the next as it is.
    ///   - caseInsensitive: compares by `CaseFolding`.
    ///   - byteLimit: of the pattern, in UTF-8.
    /// - Throws: `limit(.literalLength)`; `invalid` for a `like` pattern that ends in a lone `\`.
    package init(
        _ kind: Kind, _ pattern: String, caseInsensitive: Bool = false, byteLimit: Int = TextTest.standardByteLimit
    ) throws(PatternError) {
        guard kind == .equals || kind.isOrder || pattern.utf8.count <= byteLimit else {
            throw .limit(.literalLength(byteLimit))
        }
        if kind.isOrder {
            // A pattern without case is compared with texts that have it.
            form = .order(
                kind, pattern.unicodeScalars.map { caseInsensitive ? CaseFolding.fold($0) : $0 }, folds: caseInsensitive)
        } else if kind == .like {
            form = .like(try LikePattern(pattern, caseInsensitive: caseInsensitive))
        } else if caseInsensitive && CaseFolding.concerns(pattern) {
            form = .folded(kind, pattern.unicodeScalars.map(CaseFolding.fold))
        } else {
            form = .bytes(kind, Array(pattern.utf8))
        }
    }

    package func matches(_ text: Span<UInt8>) -> Bool {
        switch form {
        case .bytes(let kind, let pattern): Self.matches(text, kind, pattern)
        case .folded(let kind, let pattern): Self.matches(text, kind, pattern)
        case .order(let kind, let pattern, let folds): Self.holds(kind, Self.order(text, pattern, folds: folds))
        case .like(let pattern): pattern.matches(text)
        }
    }

    private static func holds(_ kind: Kind, _ order: Int) -> Bool {
        switch kind {
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        case .equals, .startsWith, .endsWith, .contains, .like: false
        }
    }

    /// Negative where the text comes before the pattern, 0 where they are the same.
    private static func order(_ text: Span<UInt8>, _ pattern: [Unicode.Scalar], folds: Bool) -> Int {
        var offset = 0
        for wanted in pattern {
            guard offset < text.count else { return -1 }
            let (scalar, next) = text.scalar(at: offset)
            let found = folds ? CaseFolding.fold(scalar) : scalar
            if found != wanted { return found < wanted ? -1 : 1 }
            offset = next
        }
        return offset < text.count ? 1 : 0
    }

    package func matches(_ text: String) -> Bool { matches(text.utf8.span) }

    private static func matches(_ text: Span<UInt8>, _ kind: Kind, _ pattern: [UInt8]) -> Bool {
        let spare = text.count - pattern.count
        guard spare >= 0 else { return false }
        switch kind {
        case .equals: return spare == 0 && holds(text, pattern, at: 0)
        case .startsWith: return holds(text, pattern, at: 0)
        case .endsWith: return holds(text, pattern, at: spare)
        case .contains, .like, .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let first = pattern.first else { return true }
            for offset in 0...spare where text[offset] == first && holds(text, pattern, at: offset) { return true }
            return false
        }
    }

    private static func holds(_ text: Span<UInt8>, _ pattern: [UInt8], at offset: Int) -> Bool {
        for index in pattern.indices where text[offset + index] != pattern[index] { return false }
        return true
    }

    private static func matches(_ text: Span<UInt8>, _ kind: Kind, _ pattern: [Unicode.Scalar]) -> Bool {
        switch kind {
        case .equals: return end(of: pattern, in: text, at: 0) == text.count
        case .startsWith: return end(of: pattern, in: text, at: 0) != nil
        case .endsWith, .contains, .like, .less, .lessOrEqual, .greater, .greaterOrEqual:
            // Folded texts differ in length from what they match, so an end is found from every start.
            var offset = 0
            while offset <= text.count {
                if let end = end(of: pattern, in: text, at: offset), kind != .endsWith || end == text.count { return true }
                guard offset < text.count else { return false }
                offset = text.scalar(at: offset).next
            }
            return false
        }
    }

    /// Where the folded pattern ends when it begins at `offset`; nil where it does not.
    private static func end(of pattern: [Unicode.Scalar], in text: Span<UInt8>, at offset: Int) -> Int? {
        var offset = offset
        for wanted in pattern {
            guard offset < text.count else { return nil }
            let (scalar, next) = text.scalar(at: offset)
            guard CaseFolding.fold(scalar) == wanted else { return nil }
            offset = next
        }
        return offset
    }
}
