import Bytes
import QueryPlanning

/// The documents that clients may name by their digest. Bounded by number and by bytes; what was not asked for the longest is
/// forgotten first, and its client will send it again. For any number of threads.
final class PersistedDocuments: Sendable {
    /// What an entry costs beside its bytes: its digest, twice, its links and the headers of its arrays.
    private static let entryByteCount = 256

    private let documents: LeastRecentlyUsed<SHA256Digest, [UInt8]>?

    /// - Parameter limits: Zero documents switch the whole thing off.
    init(limits: QueryLimits) {
        documents =
            limits.persistedQueries == 0
            ? nil : LeastRecentlyUsed(capacity: limits.persistedQueries, weightCapacity: limits.persistedBytes)
    }

    var count: Int { documents?.count ?? 0 }

    /// The document that a request means.
    ///
    /// - Throws: Where the document is not known, or does not have the digest that the client says it has.
    func document(of request: QueryRequest) throws(RequestError) -> [UInt8] {
        switch request.persistedQuery {
        case nil:
            return request.document
        case .keep(let claimed):
            let digest = SHA256Digest(of: request.document.span)
            guard digest == claimed else {
                throw RequestError(
                    .illFormedRequest,
                    "The document has the SHA-256 \(digest.hexadecimal); persistedQuery.sha256Hash says \(claimed.hexadecimal).",
                    argumentPath: "extensions.persistedQuery.sha256Hash")
            }
            return request.document
        case .find(let digest):
            guard let documents else {
                throw RequestError(.persistedQueryNotFound, PersistedQuery.notSupportedMessage, code: .persistedQueryNotFound)
            }
            guard let bytes = documents[digest] else {
                throw RequestError(.persistedQueryNotFound, PersistedQuery.notFoundMessage, code: .persistedQueryNotFound)
            }
            return bytes
        }
    }

    /// Keeps the document of a request that asks for it. Only what has been parsed and found valid comes here.
    func keep(_ request: QueryRequest) {
        guard case .keep(let digest)? = request.persistedQuery, let documents, documents[digest] == nil else { return }
        documents.insert(request.document, for: digest, weight: request.document.count + Self.entryByteCount)
    }
}
