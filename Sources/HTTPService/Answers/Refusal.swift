/// Why a request is refused before any document of it is looked at.
///
/// What the document, its variables or its execution do wrong is said by Query; this is what HTTP says. The status of each
/// stands in `Statuses.swift`, the words here.
package enum Refusal: Error, Sendable, Equatable {
    /// The bytes are no HTTP/1.1 request as RFC 9112 writes it; the text says where.
    case malformed(String)
    case versionUnsupported
    case methodUnknown
    case targetTooLong(limit: Int)
    case headTooLarge(name: String, limit: Int)
    case bodyTooLarge(limit: Int)
    case expectationUnknown
    case requestTimeout(milliseconds: Int64)

    /// `Host` names none of ours.
    case hostForeign(allowed: [String])
    /// A page of another origin sent this.
    case originForeign

    case notFound
    case methodNotAllowed(allowed: [String])
    case notAcceptable(offered: [String])
    case mediaTypeUnsupported(found: String?, expected: String)
    case charsetUnsupported(String)
    case encodingUnsupported(String)
    case parameterInvalid(name: String, reason: String)
    case versionGone(asked: String, current: UInt64)
    case versionNotReached(asked: String, current: UInt64)

    /// More work is waiting than can be done in time.
    case overloaded(retryAfterSeconds: Int)
    /// The server is going away.
    case stopping

    /// What was found, what was expected, what to do.
    package var message: String {
        switch self {
        case .malformed(let reason): "This is not an HTTP/1.1 request: \(reason)."
        case .versionUnsupported: "Only HTTP/1.1 is spoken here."
        case .methodUnknown: "The method is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS."
        case .targetTooLong(let limit):
            "The request target is longer than \(limit) bytes (limit max-target-bytes). Send the document with POST."
        case .headTooLarge(let name, let limit): "The header fields exceed the limit \(name) of \(limit)."
        case .bodyTooLarge(let limit): "The body is larger than \(limit) bytes (limit max-body-bytes)."
        case .expectationUnknown: "The only expectation that can be met is 100-continue."
        case .requestTimeout(let milliseconds): "The request did not arrive within \(milliseconds) ms."
        case .hostForeign(let allowed):
            "The Host field names another server. Here it is one of \(allowed.joined(separator: ", ")); "
                + "another name is allowed with --allow-host."
        case .originForeign: "Pages of another origin may not send requests here."
        case .notFound: "There is nothing at this path."
        case .methodNotAllowed(let allowed): "The method is not allowed here. Use \(allowed.joined(separator: " or "))."
        case .notAcceptable(let offered):
            "None of the media types in Accept can be given. Offered: \(offered.joined(separator: ", "))."
        case .mediaTypeUnsupported(let found, let expected):
            if let found {
                "The Content-Type is \(Self.shown(found)); expected is \(expected)."
            } else {
                "The Content-Type is missing; expected is \(expected)."
            }
        case .charsetUnsupported(let charset): "The charset is \(Self.shown(charset)); expected is utf-8."
        case .encodingUnsupported(let encoding):
            "The Content-Encoding is \(Self.shown(encoding)); expected is a body that is not compressed."
        case .parameterInvalid(let name, let reason): "The parameter '\(Self.shown(name))' \(reason)."
        case .versionGone(let asked, let current):
            "Version \(Self.shown(asked)) is not kept. The nearest version that is kept is \(current)."
        case .versionNotReached(let asked, let current):
            "Version \(Self.shown(asked)) has not been reached. The current version is \(current)."
        case .overloaded: "Too many requests are waiting. Try again later."
        case .stopping: "The server is stopping."
        }
    }

    /// What a client wrote, short enough and plain enough to be repeated.
    private static func shown(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return cut.count < text.unicodeScalars.count ? String(cut) + "…" : String(cut)
    }
}
