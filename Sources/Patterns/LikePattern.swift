/// SQL's `like`: `%` any text, `_` one Unicode scalar, `\` the next scalar as it is. The whole text must match.
///
/// A `%` that was passed is never taken back but by the next one, so there is one place to return to and no tree of tries:
/// time at most text × pattern.
struct LikePattern: Sendable {
    private enum Part: Sendable, Equatable {
        case scalar(Unicode.Scalar)
        case one
        case any
    }
    private let parts: [Part]
    private let folds: Bool

    init(_ pattern: String, caseInsensitive: Bool) throws(PatternError) {
        var parts: [Part] = []
        var escapes = false
        for scalar in pattern.unicodeScalars {
            let literal = Part.scalar(caseInsensitive ? CaseFolding.fold(scalar) : scalar)
            if escapes {
                parts.append(literal)
                escapes = false
                continue
            }
            switch scalar {
            case "\\": escapes = true
            case "%": if parts.last != .any { parts.append(.any) }
            case "_": parts.append(.one)
            default: parts.append(literal)
            }
        }
        guard !escapes else {
            throw .invalid(message: "'\\' at the end has nothing to escape", offset: pattern.utf8.count - 1)
        }
        self.parts = parts
        self.folds = caseInsensitive
    }

    func matches(_ text: Span<UInt8>) -> Bool {
        var part = 0
        var offset = 0
        // The last `%` passed, and where what follows it was last tried.
        var lastAny: (part: Int, offset: Int)?
        while offset < text.count {
            let (scalar, next) = text.scalar(at: offset)
            if part < parts.count {
                switch parts[part] {
                case .any:
                    lastAny = (part, offset)
                    part += 1
                    continue
                case .one:
                    part += 1
                    offset = next
                    continue
                case .scalar(let wanted):
                    if (folds ? CaseFolding.fold(scalar) : scalar) == wanted {
                        part += 1
                        offset = next
                        continue
                    }
                }
            }
            guard let last = lastAny else { return false }
            let retry = text.scalar(at: last.offset).next
            lastAny = (last.part, retry)
            part = last.part + 1
            offset = retry
        }
        return parts[part...].allSatisfy { $0 == .any }
    }
}
