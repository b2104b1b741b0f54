import Bytes
import GraphQLTypes

/// What an audit tells of a request, before it is made unreadable.
extension QueryRequest {
    /// Of the document, whether it was sent or named.
    package var documentDigest: SHA256Digest {
        if case .find(let digest)? = persistedQuery { return digest }
        return SHA256Digest(of: document.span)
    }

    /// The variables by name, each value as one text. A name that is none of GraphQL's is left out: nothing declares it, and it may be anything.
    package var variableTexts: [(name: String, text: String)] {
        variables.entries.filter { Self.isName($0.name) }.map { ($0.name, $0.value.literalText) }
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
            default: false
            }
        }
    }
}
