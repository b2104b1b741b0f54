import Access
import Bytes
import Dispatch
import Query

/// Tells the audit who asked what, before anybody is answered. `Schema/formats/Audit.md`
package final class Auditor: Sendable {
    private let file: AuditFile
    let digests: AuditDigests
    private let queue = DispatchQueue(label: "hearth.audit")

    /// - Parameter digests: With the key under which what clients write is told.
    package init(_ file: AuditFile, digests: AuditDigests) {
        self.file = file
        self.digests = digests
    }

    /// - Throws: Where nothing can be told any more; then nothing is to be answered.
    func check() throws(Refusal) {
        if file.failure != nil { throw .auditUnavailable }
    }

    /// Writes a line, and waits for it.
    ///
    /// - Throws: Where it cannot be written; then nothing is to be answered.
    func tell(_ event: AuditEvent) async throws(Refusal) {
        let file = self.file
        let isWritten = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            queue.async {
                do throws(FileError) {
                    try file.append(event)
                    continuation.resume(returning: true)
                } catch {
                    continuation.resume(returning: false)
                }
            }
        }
        guard isWritten else { throw .auditUnavailable }
    }

    /// What is told of whoever asks.
    static func members(of caller: Caller?) -> [(name: String, value: AuditEvent.Value)] {
        var members: [(name: String, value: AuditEvent.Value)] = []
        if let key = caller?.key { members += [("key", .text(key.id)), ("role", .text(key.role.rawValue))] }
        if let caller { members.append(("from", .text(caller.address))) }
        return members
    }
}

/// What is told of a request beside who sent it: digests, and never what they are of.
struct AuditTrail: Sendable {
    var document: String
    var variables: [AuditEvent.Member]

    /// Variables that are told; more than a person reads.
    private static let variableLimit = 100

    init(_ request: QueryRequest, _ digests: AuditDigests) {
        document = digests.document(request.documentDigest)
        variables = request.variableTexts.prefix(Self.variableLimit).map {
            AuditEvent.Member(name: $0.name, text: digests.value(Array($0.text.utf8)))
        }
    }
}
