import Access

/// Why a request is refused before any document of it is looked at.
///
/// What the document, its variables or its execution do wrong is said by Query; this is what HTTP says. The status of each
/// stands in `Statuses.swift`, the words here.
package enum Refusal: Error, Sendable, Equatable {
    /// The bytes are no HTTP/1.1 request as RFC 9112 writes it; the text says where.
    case malformed(String)
    case versionUnsupported
    case methodUnknown
    /// - found: Its bytes, where they were counted to the end; of what is refused while it arrives they never are.
    case targetTooLong(limit: Int, found: Int? = nil)
    case headTooLarge(name: String, limit: Int)
    case bodyTooLarge(limit: Int, found: Int? = nil, name: String = "max-body-bytes")
    case expectationUnknown
    /// - name: The limit: `head-time` or `body-time`.
    case requestTimeout(name: String, milliseconds: Int64)

    /// `Host` names none of ours.
    case hostForeign(found: String, allowed: [String])
    /// A page of another origin sent this; `Sec-Fetch-Site` may be all that tells.
    case originForeign(found: String?)

    /// No key, no session, or none that opens anything: which of these is not said.
    case unauthenticated
    /// Too many wrong keys came from one address.
    case tooManyAttempts(limit: Int, retryAfterSeconds: Int)
    /// A key has spent what it may, or asks too much at once.
    ///
    /// - name: The limit: `points-per-minute` or `key-concurrency`.
    case rateLimited(name: String, limit: Int, retryAfterSeconds: Int)
    /// What was asked cannot be told to the audit, and so is not answered.
    case auditUnavailable
    /// The key asks only.
    case changeForbidden(role: String)
    case savedQuestionsOnly(role: String)
    /// The key's role does not see and change everything.
    case archiveForbidden(role: String)
    /// The key's role does not see and change everything.
    case importForbidden(role: String)
    /// Another file is being taken.
    case importBusy
    /// Whoever keeps the data does not take changes now.
    case changesNotTaken(code: String, message: String)
    /// No folder was named for archives.
    case archivesOff
    /// One is being written.
    case archiveBusy
    /// The same was archived before.
    case archiveThere(name: String)
    /// The log says why.
    case archiveFailed
    /// Only some roles may ask the audit.
    case auditForbidden(role: String)
    /// Nobody has said what the role may see.
    case roleClosed(role: String)
    /// Somebody goes around the proxy.
    case notThroughProxy

    case notFound
    /// The operator does not show the schema.
    case schemaHidden
    case methodNotAllowed(found: String, allowed: [String])
    case notAcceptable(found: String, offered: [String])
    case mediaTypeUnsupported(found: String?, expected: String)
    case charsetUnsupported(String)
    case encodingUnsupported(String)
    case parameterInvalid(name: String, reason: String)
    /// It is not kept, or cannot be read; the sentence.
    case versionGone(String)
    case versionNotReached(String)
    /// The time was over before a version could be made again.
    case versionTimeout(String)

    /// More work is waiting than can be done in time.
    ///
    /// - name: The limit: `max-queue-length` or `max-long-queries`, in questions, `queue-time`, in milliseconds, or
    ///   `max-connections-per-address`.
    case overloaded(name: String, limit: Int, retryAfterSeconds: Int)
    /// The server is going away.
    case stopping

    /// What was found, what was expected, what to do.
    package var message: String {
        switch self {
        case .malformed(let reason): "This is not an HTTP/1.1 request: \(reason)."
        case .versionUnsupported: "Only HTTP/1.1 is spoken here."
        case .methodUnknown: "The method is not one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS."
        case .targetTooLong(let limit, let found):
            "The request target has \(found.map { "\($0)" } ?? "more than \(limit)") bytes; at most \(limit) are read "
                + "(limit max-target-bytes). Send the document with POST."
        case .headTooLarge(let name, let limit):
            "The head has more than \(limit) \(Self.unit(of: name)) (limit \(name))."
        case .bodyTooLarge(let limit, let found, let name):
            "The body has \(found.map { "\($0)" } ?? "more than \(limit)") bytes; at most \(limit) are read (limit \(name))."
        case .expectationUnknown: "The only expectation that can be met is 100-continue."
        case .requestTimeout(let name, let milliseconds):
            "The \(name == "head-time" ? "head" : "body") of the request did not arrive within \(milliseconds) ms (limit \(name))."
        case .hostForeign(let found, let allowed):
            "The Host field is '\(Self.shown(found))'. Here it is one of \(allowed.joined(separator: ", ")); "
                + "another name is allowed with --allow-host."
        case .originForeign(let found):
            "Pages of another origin\(found.map { ", here \(Self.shown($0))," } ?? "") may not send requests here, "
                + "nor ask in advance whether they may (CORS)."
        case .unauthenticated: "A key is needed (Authorization: Bearer), or a session (/sign-in)."
        case .tooManyAttempts(let limit, let seconds):
            "\(limit) wrong keys came from this address within a minute (limit failed-attempts). Try again in \(seconds) s."
        case .rateLimited("key-concurrency", let limit, _):
            "\(limit) requests of this key are being answered, and no more may at once (limit key-concurrency)."
        case .rateLimited("max-live-clients-per-key", let limit, _):
            "\(limit) connections of this key are told of changes, and no more may be (limit max-live-clients-per-key)."
        case .rateLimited("cells-per-day", let limit, _):
            "This key has been told figures of \(limit) sets of rows today, and is told of no more (limit cells-per-day). Try again "
                + "tomorrow."
        case .rateLimited(let name, let limit, let seconds):
            "This key has spent its \(limit) points of a minute (limit \(name)); a request costs 1, and 1 for every "
                + "\(KeyAllowances.rowsPerPoint) rows that it visits. Try again in \(seconds) s."
        case .auditUnavailable: "The audit cannot be written; until it can, nothing is answered."
        case .savedQuestionsOnly(let role):
            "The role of this key, \(role), asks the saved questions at /q and no documents of its own."
        case .auditForbidden(let role): "The role of this key, \(role), does not ask the audit ('audit: true')."
        case .roleClosed(let role): "Nobody has said what the role of this key, \(role), may see."
        case .changeForbidden(let role): "The role of this key, \(role), asks and does not change anything."
        case .archiveForbidden(let role):
            "The role of this key, \(role), does not see and change everything, as whoever archives everything must."
        case .importForbidden(let role):
            "The role of this key, \(role), does not see and change everything, as whoever imports files must."
        case .importBusy: "Another file is being imported, and only one is at a time. Try again in some seconds."
        case .changesNotTaken(_, let message): message
        case .archivesOff: "No archives are written here: the server was started without a folder for them (--archives FOLDER)."
        case .archiveBusy: "An archive is being written, and only one is at a time. Try again later."
        case .archiveThere(let name): "This was archived before, as '\(Self.shown(name))', and would be the same bytes again."
        case .archiveFailed: "The archive could not be written, and nothing of it is left; the server's log says why."
        case .notThroughProxy: "Only the proxy may connect here (--behind-proxy)."
        case .notFound: "There is nothing at this path."
        case .schemaHidden: "The schema is not shown here (--introspection off)."
        case .methodNotAllowed(let found, let allowed):
            "The method \(Self.shown(found)) is not answered here. Use \(allowed.joined(separator: " or "))."
        case .notAcceptable(let found, let offered) where found.hasPrefix("."):
            "No answer is given as '\(Self.shown(found))'. Offered: \(offered.joined(separator: ", "))."
        case .notAcceptable(let found, let offered):
            "None of the media types in Accept, '\(Self.shown(found))', can be given. Offered: "
                + "\(offered.joined(separator: ", "))."
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
        case .versionGone(let sentence), .versionNotReached(let sentence), .versionTimeout(let sentence): sentence
        case .overloaded(let name, let limit, _):
            switch name {
            case "queue-time": "The request waited longer than \(limit) ms for a thread (limit queue-time). Try again later."
            case "max-long-queries":
                "The question takes long, and \(limit) of its kind run at once, for longer than it may wait "
                    + "(limits max-long-queries, long-queue-time). Try again later, or ask for less."
            case "max-connections-per-address":
                "\(limit) connections of this address are open, and no more may be (limit max-connections-per-address)."
            default: "\(limit) requests are waiting, and no more may (limit \(name)). Try again later."
            }
        case .stopping: "The server is stopping."
        }
    }

    /// The limit that was passed, where that was it, with what was found where it was counted.
    var exceededLimit: (name: String, maximum: Int, found: Int?)? {
        switch self {
        case .targetTooLong(let limit, let found): ("max-target-bytes", limit, found)
        case .headTooLarge(let name, let limit): (name, limit, nil)
        case .bodyTooLarge(let limit, let found, let name): (name, limit, found)
        case .requestTimeout(let name, let milliseconds): (name, Int(milliseconds), nil)
        case .overloaded(let name, let limit, _): (name, limit, nil)
        case .rateLimited(let name, let limit, _): (name, limit, nil)
        case .tooManyAttempts(let limit, _): ("failed-attempts", limit, nil)
        default: nil
        }
    }

    private static func unit(of limitName: String) -> String {
        switch limitName {
        case "max-header-fields": "fields"
        case "max-header-line-bytes": "bytes in one line"
        case "max-trailer-bytes": "bytes after the body"
        default: "bytes"
        }
    }

    /// What a client wrote, short enough and plain enough to be repeated.
    private static func shown(_ text: String) -> String {
        let cut = text.unicodeScalars.prefix(80).map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        return cut.count < text.unicodeScalars.count ? String(cut) + "…" : String(cut)
    }
}
