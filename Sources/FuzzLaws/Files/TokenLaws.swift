import Access
import Bytes
import Executors
import Settings
import StoreColumns
import Synchronization

/// What is shown as a token is refused, or taken for the same asker each time; it is taken only if a known key signed it as it stands, if
/// its role is one, and for no longer than a token may live.
///
/// An input is a token; where a line end stands in it, what stands before and behind it is also signed as a head and a body: chance finds
/// no signatures.
enum TokenLaws {
    private static let secret = [UInt8](1...32)
    private static let now = Instant(microseconds: 1_795_248_000_000_000)
    private static let day: Int64 = 24 * 3_600_000_000
    private static let roles = KnownRoles(["LOCAL"])
    private static let signed = SignedTokens.all

    private static let tokens: TokenCheck = {
        var settings = TokenSettings(
            issuer: "https://sso.example", audiences: ["hearth"], roleMember: "https://example.org/role",
            keys: [
                TokenSettings.Key(
                    id: "in", algorithm: "HS256", material: .secret(String(decoding: Base64.url.encode(secret), as: UTF8.self)))
            ]
                + signed.map { TokenSettings.Key(id: $0.algorithm, algorithm: $0.algorithm, material: .publicKey($0.key)) })
        settings.claims = [TokenSettings.Claim(name: "area", member: "https://example.org/area")]
        settings.denied = ["lost"]
        do throws(TokenKeyProblem) {
            return try TokenCheck(settings, digests: AuditDigests(key: secret))
        } catch {
            preconditionFailure("the keys of the laws are none: \(error)")
        }
    }()

    /// Inputs that are taken.
    static var samples: [[UInt8]] {
        let head = #"{"alg":"HS256","kid":"in","typ":"JWT"}"#
        let body =
            #"{"iss":"https://sso.example","aud":["hearth"],"sub":"u-1","exp":1795248600,"iat":1795248000,"nbf":1795247990,"#
            + #""jti":"a","https://example.org/role":"LOCAL","https://example.org/area":["41","42"]}"#
        return [Array((head + "\n" + body).utf8)] + signed.map { Array($0.token.utf8) }
    }

    static func check(_ bytes: [UInt8]) throws(BrokenLaw) {
        try checkShown(bytes)
        guard let end = bytes.firstIndex(of: 0x0A) else { return }
        let text = Base64.url.encode(bytes[..<end]) + [UInt8(ascii: ".")] + Base64.url.encode(bytes[(end + 1)...])
        let token = text + [UInt8(ascii: ".")] + Base64.url.encode(hmacSHA256(of: text, key: secret))
        try checkShown(token)
    }

    private static func checkShown(_ token: [UInt8]) throws(BrokenLaw) {
        let asker = try asker(token, now)
        try hold(try self.asker(token, now) == asker, "a token is taken once as one asker and once as another, or as none")
        guard let asker else { return }
        try hold(isSigned(token), "a token is taken that nobody signed")
        try hold(roles.contains(asker.role) && !asker.id.isEmpty, "a token is taken for a role that is none")
        try hold(
            asker.claims.allSatisfy { $0.name == "area" && Claim.isValue($0.value) }, "a token is taken for a claim that is none")
        for moment in [day + 300_000_000, -2 * day] {
            let later = Instant(microseconds: now.microseconds + moment)
            try hold(try self.asker(token, later) == nil, "a token is taken at \(later)")
        }
        for step in 0..<8 {
            let place = (token.count - 1) * step / 7
            var other = token
            other[place] = token[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try hold(try self.asker(other, now) == nil, "letter \(place) of a token may be another")
        }
    }

    /// By other means than those that are tried.
    private static func isSigned(_ token: [UInt8]) -> Bool {
        if signed.contains(where: { Array($0.token.utf8) == token }) { return true }
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return false }
        let text = Array(token.prefix(token.count - parts[2].count - 1))
        return Base64.url.encode(hmacSHA256(of: text, key: secret)) == Array(parts[2])
    }

    /// Who is taken to show a token; nil where it is refused. The check is a task, which runs here and now.
    private static func asker(_ token: [UInt8], _ moment: Instant) throws(BrokenLaw) -> Asker? {
        let waiting = WorkList()
        let told = Told()
        let (tokens, roles) = (tokens, roles)
        Task(executorPreference: BorrowedExecutor { waiting.add($0) }) {
            let asker: Asker?
            do throws(TokenRefusal) {
                asker = try await tokens.check(token, roles: roles, now: moment)
            } catch {
                asker = nil
            }
            told.tell(asker)
        }
        while let next = waiting.next() { next() }
        guard let asker = told.asker else { throw BrokenLaw("the check of a token waits for something") }
        return asker
    }
}

/// What a task has still to do.
private final class WorkList: Sendable {
    private let work = Mutex<[@Sendable () -> Void]>([])

    func add(_ piece: @escaping @Sendable () -> Void) { work.withLock { $0.append(piece) } }

    func next() -> (@Sendable () -> Void)? { work.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

/// What a task came to; nil until it ends.
private final class Told: Sendable {
    private let state = Mutex<Asker??>(nil)

    var asker: Asker?? { state.withLock { $0 } }

    func tell(_ asker: Asker?) { state.withLock { $0 = .some(asker) } }
}
