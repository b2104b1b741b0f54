import Bytes
import GraphQLTypes

/// What `extensions.persistedQuery` of a request asks for: automatic persisted queries, as Apollo's and other clients send them.
///
/// A client first sends the SHA-256 of its document alone; if we do not know the document, it sends both, and from then on the
/// digest is enough. `{"version": 1, "sha256Hash": "<64 hexadecimal digits>"}`
package enum PersistedQuery: Sendable, Hashable {
    /// Answer the document that has this digest; none was sent.
    case find(SHA256Digest)
    /// Answer the document that was sent, and keep it under its digest, which the client says is this.
    case keep(SHA256Digest)

    /// What clients look for, in the message of an error, to know that they must send the document (Apollo, urql, Relay).
    static let notFoundMessage = "PersistedQueryNotFound"
    /// What clients look for to know that digests are of no use here.
    static let notSupportedMessage = "PersistedQueryNotSupported"

    /// - Parameter hasDocument: Whether the request has a document too.
    /// - Returns: nil where the extension is absent.
    init?(in extensions: InputObject, hasDocument: Bool) throws(RequestError) {
        guard let entry = extensions["persistedQuery"], entry != .null else { return nil }
        guard case .object(let members) = entry else { throw Self.illFormed("is \(entry.kindPhrase); it is an object") }
        let version = members["version"] ?? .null
        guard version == .number("1") else { throw Self.illFormed("has the version \(version.shortText); it is 1") }
        guard case .string(let text)? = members["sha256Hash"] else {
            throw Self.illFormed("has the sha256Hash \((members["sha256Hash"] ?? .null).shortText); it is a string")
        }
        // Clients write lower case. Digits of upper case are the same number, so nothing is guessed by reading them.
        guard let digest = SHA256Digest(hexadecimal: text) else {
            throw Self.illFormed("has a sha256Hash of \(text.count) characters; it has 64 hexadecimal digits")
        }
        self = hasDocument ? .keep(digest) : .find(digest)
    }

    private static func illFormed(_ what: String) -> RequestError {
        RequestError(.illFormedRequest, "The extension 'persistedQuery' \(what).", argumentPath: "extensions.persistedQuery")
    }
}

extension InputValue {
    /// What kind of value it is, for a message.
    var kindPhrase: String {
        switch self {
        case .null: "null"
        case .boolean: "a Boolean"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .object: "an object"
        default: "a value of another kind"
        }
    }

    /// The value where it is short and harmless to repeat, else its kind.
    var shortText: String {
        switch self {
        case .boolean(let flag): "\(flag)"
        case .number(let text) where text.utf8.count <= 20: text
        default: kindPhrase
        }
    }
}
