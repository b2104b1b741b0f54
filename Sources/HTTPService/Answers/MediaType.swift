import HTTPTypes

/// The media types of a GraphQL answer, and which of them a client takes (RFC 9110 §12.5.1).
enum AnswerMediaType: Sendable, CaseIterable {
    /// `application/graphql-response+json`: what GraphQL over HTTP asks for.
    case graphQLResponse
    /// `application/json`: what older clients name.
    case json

    /// As the `Content-Type` field says it.
    var contentType: String {
        switch self {
        case .graphQLResponse: "application/graphql-response+json; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        }
    }

    /// The type that is told beside a status.
    ///
    /// A failure answered as plain JSON could come from any program between us and the client; only the media type of GraphQL
    /// says that a GraphQL server spoke. So a client that asked for JSON gets that label on successes only.
    func label(status: HTTPResponse.Status, in profile: StatusProfile) -> AnswerMediaType {
        profile == .draft && status.kind != .successful ? .graphQLResponse : self
    }

    var name: String {
        switch self {
        case .graphQLResponse: "application/graphql-response+json"
        case .json: "application/json"
        }
    }

    static let offered = allCases.map(\.name)

    /// The type the client likes best; `nil` if it takes none of them.
    ///
    /// - Parameter accept: All `Accept` fields joined by commas; `nil` if there is none, which takes anything.
    /// - Parameter preferred: Which it is where the client likes both equally.
    static func best(accept: String?, preferred: AnswerMediaType) -> AnswerMediaType? {
        if let plain = plain(accept: accept, preferred: preferred) { return plain }
        return accept.flatMap { negotiated($0, preferred: preferred) }
    }

    /// The same for what nearly all programs send, which is not taken apart: it names one of these types, or none. Else nil.
    static func plain(accept: String?, preferred: AnswerMediaType) -> AnswerMediaType? {
        switch accept {
        case nil, "*/*": preferred
        case "application/json": .json
        case "application/graphql-response+json": .graphQLResponse
        default: nil
        }
    }

    private static func negotiated(_ accept: String, preferred: AnswerMediaType) -> AnswerMediaType? {
        if accept.allSatisfy(\.isWhitespace) { return preferred }
        let types = [preferred] + allCases.filter { $0 != preferred }
        return MediaRange.best(of: types.map(\.name), in: accept).map { types[$0] }
    }
}

/// One member of an `Accept` field.
struct MediaRange {
    let type: String
    let subtype: String
    /// Thousandths.
    let quality: Int
    let hasParameters: Bool

    /// `nil` if it is no media range, or names a charset we do not write.
    init?(_ member: String) {
        guard let value = HeaderValue(member) else { return nil }
        let parts = value.value.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        type = String(parts[0])
        subtype = String(parts[1])
        var quality = 1000
        var hasParameters = false
        for parameter in value.parameters {
            if parameter.name == "q" {
                guard let thousandths = Self.thousandths(parameter.value) else { return nil }
                quality = thousandths
                break  // what follows belongs to Accept, not to the type
            }
            if parameter.name == "charset", parameter.value.lowercased() != "utf-8" { return nil }
            hasParameters = true
        }
        self.quality = quality
        self.hasParameters = hasParameters
    }

    /// The place of the type that the client likes best; of those it likes equally the first.
    static func best(of names: [String], in accept: String) -> Int? {
        let ranges = HeaderValue.list(accept).compactMap(MediaRange.init)
        var best: (place: Int, quality: Int)?
        for (place, name) in names.enumerated() {
            // The most specific range that covers a type decides about it, whatever its quality.
            let covering = ranges.filter { $0.covers(name) }.max { $0.specificity < $1.specificity }
            guard let quality = covering?.quality, quality > 0 else { continue }
            if quality > best?.quality ?? 0 { best = (place, quality) }
        }
        return best?.place
    }

    var specificity: Int { type == "*" ? 0 : subtype == "*" ? 1 : hasParameters ? 3 : 2 }

    func covers(_ name: String) -> Bool {
        (type == "*" && subtype == "*") || (subtype == "*" && name.hasPrefix(type + "/")) || name == type + "/" + subtype
    }

    /// `qvalue` of RFC 9110 §12.4.2: 0 or 1 and at most three digits.
    private static func thousandths(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1", parts.count <= 2 else { return nil }
        let digits = parts.count == 2 ? parts[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        guard whole == "0" || fraction == 0 else { return nil }
        return whole == "1" ? 1000 : fraction
    }
}

/// A header value with parameters: `value; name=value; name="value"`. Names and the value itself are lowered.
struct HeaderValue {
    let value: String
    let parameters: [(name: String, value: String)]

    /// `nil` if a parameter has no `=` or a quotation does not end.
    init?(_ text: String) {
        guard let pieces = Self.split(text, at: ";"), let first = pieces.first else { return nil }
        value = Self.trimmed(first).lowercased()
        var parameters: [(name: String, value: String)] = []
        for piece in pieces.dropFirst() {
            let piece = Self.trimmed(piece)
            if piece.isEmpty { continue }
            guard let equals = piece.firstIndex(of: "=") else { return nil }
            parameters.append(
                (Self.trimmed(piece[..<equals]).lowercased(), Self.unquoted(Self.trimmed(piece[piece.index(after: equals)...]))))
        }
        self.parameters = parameters
    }

    /// The members of a comma-separated list, without the empty ones.
    static func list(_ text: String) -> [String] {
        (split(text, at: ",") ?? []).map { String(trimmed($0)) }.filter { !$0.isEmpty }
    }

    /// Splits outside of quotations; `nil` if one does not end.
    private static func split(_ text: String, at separator: Character) -> [Substring]? {
        var pieces: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if !isQuoted, character == separator {
                pieces.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        guard !isQuoted else { return nil }
        pieces.append(text[start...])
        return pieces
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if !isEscaped, character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }
}

/// What a request's body is, as its fields say.
enum RequestMediaType {
    /// Refuses every body that is not uncompressed JSON in UTF-8.
    ///
    /// A page of another origin can send forms and plain text here without being asked, but not this type: naming it is what
    /// keeps such pages out.
    static func requireJSON(contentType: String?, contentEncoding: String?) throws(Refusal) {
        if let contentEncoding, contentEncoding.lowercased() != "identity" {
            throw .encodingUnsupported(contentEncoding)
        }
        if contentType == "application/json" { return }
        guard let contentType, let value = HeaderValue(contentType), value.value == "application/json" else {
            throw .mediaTypeUnsupported(found: contentType, expected: "application/json")
        }
        for parameter in value.parameters where parameter.name == "charset" && parameter.value.lowercased() != "utf-8" {
            throw .charsetUnsupported(parameter.value)
        }
    }
}
