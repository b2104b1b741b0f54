import Bytes

/// What makes an operation: its document byte by byte, its name, who may ask.
///
/// The bytes are shared with the document that was parsed from them, so keeping them costs nothing; comparing them leaves nothing
/// to chance. A digest in their place would have to be computed for every request, which is dearer than all the rest of a look-up.
struct OperationKey: Hashable, Sendable {
    private let document: [UInt8]
    private let operationName: String?
    private let role: String
    private let hash: UInt64

    init(document: [UInt8], operationName: String?, role: String) {
        self.document = document
        self.operationName = operationName
        self.role = role
        hash = KeyedHash.ofProcess.hash(document.span)
    }

    static func == (left: OperationKey, right: OperationKey) -> Bool {
        guard left.hash == right.hash, left.operationName == right.operationName, left.role == right.role else { return false }
        let (own, other) = (left.document, right.document)
        return own.span.isSame(as: other.span)
    }

    /// Nobody who does not know the process's key can choose documents of one hash.
    func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
