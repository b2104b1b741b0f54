import Access
import Bytes
import Dispatch
import Query

/// Tells the audit who asked what, before anybody is answered. `Schema/formats/Audit.md`
package final class Auditor: Sendable {
    private let file: AuditFile
    let digests: AuditDigests
    private let queue = DispatchQueue(label: "hearth.audit")
    private let searches = DispatchQueue(label: "hearth.audit.search")

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

    /// Looks for something in what was told so far; one search at a time, and none for longer than it may.
    func find(_ search: AuditSearch, milliseconds: Int64) async throws(Refusal) -> AuditFindings {
        let file = self.file
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<AuditFindings, AuditProblem>, Never>) in
            searches.async {
                let end = ContinuousClock.now + .milliseconds(milliseconds)
                do throws(AuditProblem) {
                    continuation.resume(returning: .success(try file.find(search) { ContinuousClock.now >= end }))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        // Why stands in no answer: it names a path of the server.
        guard case .success(let findings) = result else { throw .auditUnavailable }
        return findings
    }

    /// What is told of whoever asks; of claims, what they are called and digests of their values.
    func members(of caller: Caller?) -> [(name: String, value: AuditEvent.Value)] {
        var members: [(name: String, value: AuditEvent.Value)] = []
        if let asker = caller?.asker {
            members += [("key", .text(asker.id)), ("role", .text(asker.role))]
            let claims = Self.byName(asker.claims) { digests.claim($0) }
            if !claims.isEmpty { members.append(("claims", .texts(claims))) }
        }
        if let caller { members.append(("from", .text(caller.address))) }
        return members
    }

    /// Values of one name beside each other: a line has every name once.
    private static func byName(_ claims: [Claim], _ digest: (String) -> String) -> [AuditEvent.Member] {
        var members: [AuditEvent.Member] = []
        for claim in claims {
            if let index = members.firstIndex(where: { $0.name == claim.name }) {
                members[index].text += " " + digest(claim.value)
            } else {
                members.append(AuditEvent.Member(name: claim.name, text: digest(claim.value)))
            }
        }
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
