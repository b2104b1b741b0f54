/// Why a token opens nothing. Told to nobody who shows one: a sentence about it would teach how to make a better one.
package enum TokenRefusal: Error, Sendable, Hashable {
    case tooLong
    /// Not three parts; an encrypted token has five.
    case parts
    case notBase64URL
    /// The head or the body is no JSON object as RFC 8259 writes it, or has a name twice.
    case notJSON
    /// The head says where a key is to be found, or brings one along, or wants extensions to be understood.
    case header(String)
    case type
    /// No key has that name, or none is named.
    case unknownKey
    /// Not the key's own algorithm.
    case algorithm
    case signature
    /// A claim that must be there is not, or is something else than it must be.
    case claim(String)
    case issuer
    case audience
    case expired
    case endsTooLate
    case notYet
    case role
    case denied
}
