import HTTPTypes
import Query
import StoreColumns

/// The strong entity tags of answers: the name of what is answered, and of the form in which it is sent. `api.md` §7
enum EntityTag {
    /// - Parameters:
    ///   - form: What else makes the bytes: a media type or a format, and what a URL says of it.
    static func text(_ identity: AnswerIdentity, form: String) -> String { "\"\(identity.name)-\(form)\"" }

    /// How an answer to a document differs beside its media type: it names its version and its date.
    static func form(_ version: UInt64, _ asOf: CivilDate, _ form: String) -> String { "\(form)-\(version)-\(asOf)" }
}

extension HTTPField.Name {
    static let lastEventID = constant("Last-Event-ID")
    /// The rows of a table.
    static let dataRows = constant("Data-Rows")
    static let serverTiming = constant("Server-Timing")
    /// RFC 9530.
    static let reprDigest = constant("Repr-Digest")
}

/// How long an answer may be used without asking.
enum Freshness {
    /// It may change: ask whether it has.
    case revalidated
    /// It is of a version and a date that the URL names.
    case pinned

    var cacheControl: String {
        switch self {
        case .revalidated: "private, no-cache"
        case .pinned: "private, max-age=31536000, immutable"
        }
    }
}
