import Access
import HTTPTypes
import Hummingbird
import Query
import Settings
import StoreColumns
import Synchronization

/// Who sent a request, as far as the door can tell.
struct Caller: Sendable {
    /// Nil where no keys exist: then whoever reaches the loopback address may do everything.
    var asker: Asker?
    /// Where the request came from.
    var address: String
    /// Whether the role may change anything at all; what, is the role's.
    var mayChange = true

    /// Whether all of the register may be seen and changed: by an editor, and by everybody where no keys exist.
    var mayDoEverything: Bool { asker.map { BuiltInRole(rawValue: $0.role)?.mayChange == true } ?? true }

    /// As whom the rooms below see it.
    var viewer: QueryService.Viewer {
        guard let asker else { return QueryService.localViewer }
        return QueryService.viewer(role: asker.role, claims: asker.claims.map { ($0.name, $0.value) })
    }
}

/// Asks everybody for a key, or for the session that a browser was given for one. `reliability.md` §3.6
///
/// Nothing of a credential is kept beyond its digest, or written anywhere. What is refused is refused without saying why.
package final class Doorkeeper: Sendable {
    private let ring: Mutex<KeyRing>
    private let tokens = Mutex<TokenCheck?>(nil)
    package let roles: KnownRoles
    private let sessions: Sessions
    private let failures: FailedAttempts
    private let allowances: KeyAllowances
    private let cellAllowances: CellAllowances
    private let cellsPerDay: Int
    private let failureLimit: Int
    private let sessionMilliseconds: Int
    /// The only address that may connect, where a proxy stands before us and encrypts.
    package let proxy: String?
    /// Whether what goes over the network is encrypted, by us or by the proxy.
    private let isEncrypted: Bool
    let now: @Sendable () -> Instant

    /// - Parameters:
    ///   - roles: Nobody of another role is let in.
    ///   - limits: At least those of `ServiceLimits`.
    ///   - proxy: The address of the proxy that ends TLS in front of the server; nil: there is none.
    ///   - speaksTLS: Whether the server itself encrypts.
    ///   - now: The system's time, for what ends.
    package init(
        _ ring: KeyRing, roles: KnownRoles = KnownRoles(), limits: LimitValues, proxy: String? = nil,
        speaksTLS: Bool = false, now: @escaping @Sendable () -> Instant
    ) {
        self.ring = Mutex(ring)
        self.roles = roles
        self.proxy = proxy
        isEncrypted = proxy != nil || speaksTLS
        self.now = now
        failureLimit = limits["failed-attempts"]
        sessionMilliseconds = limits["session-time"]
        failures = FailedAttempts(limit: failureLimit)
        allowances = KeyAllowances(pointsPerMinute: limits["points-per-minute"], concurrency: limits["key-concurrency"])
        cellsPerDay = limits["cells-per-day"]
        cellAllowances = CellAllowances(cellsPerDay: cellsPerDay)
        sessions = Sessions(lifeMilliseconds: Int64(sessionMilliseconds), countPerKey: limits["max-sessions-per-key"])
    }

    /// Takes other keys in place of those known. What they do not open any more is closed with the next request, sessions too.
    package func replace(with ring: KeyRing) { self.ring.withLock { $0 = ring } }

    /// Takes tokens by these rules from now on; nil: none.
    package func replaceTokens(with check: TokenCheck?) { tokens.withLock { $0 = check } }

    private var keys: KeyRing { ring.withLock { $0 } }

    // MARK: Who asks

    /// The caller of a request that needs one.
    ///
    /// - Parameter allowsSession: False for pages of other origins, whose requests a browser might send a cookie with.
    /// - Throws: `unauthenticated` whatever is wrong; `tooManyAttempts` before anything is looked at.
    func caller(of request: Request, allowsSession: Bool) async throws(Refusal) -> Caller {
        let address = try self.address(of: request)
        if let field = request.headers[.authorization] {
            return caller(try await asker(shown: Self.bearer(field), from: address), address)
        }
        guard allowsSession, let key = sessionKey(of: request) else { throw .unauthenticated }
        return caller(key.asker, address)
    }

    /// Who shows a key, or a token of another system.
    private func asker(shown text: [UInt8]?, from address: String) async throws(Refusal) -> Asker {
        guard let text, !APIKey.looksLike(text), let tokens = tokens.withLock({ $0 }) else {
            return try key(shown: text, from: address).asker
        }
        try mayTry(address)
        let now = self.now()
        do throws(TokenRefusal) {
            return try await tokens.check(text, roles: roles, now: now)
        } catch {
            failures.note(address, now: now)
            throw .unauthenticated
        }
    }

    private func caller(_ asker: Asker, _ address: String) -> Caller {
        Caller(asker: asker, address: address, mayChange: roles.mayChange(asker.role))
    }

    /// Who a request's session belongs to, for what ends it.
    func sessionCaller(of request: Request) throws(Refusal) -> Caller? {
        guard let key = sessionKey(of: request) else { return nil }
        return caller(key.asker, try address(of: request))
    }

    /// The key whose session the request's cookie stands for; nil where it has none, or one that is over.
    func sessionKey(of request: Request) -> KeyRecord? {
        guard let token = self.token(of: request) else { return nil }
        let now = self.now()
        return sessions.keyID(of: token, now: now).flatMap { keys.usable($0, at: now) }
    }

    /// The key that somebody shows; nil counts as a wrong one.
    private func key(shown text: [UInt8]?, from address: String) throws(Refusal) -> KeyRecord {
        try mayTry(address)
        let now = self.now()
        guard let shown = text.flatMap(APIKey.init), let key = keys.check(shown, at: now) else {
            failures.note(address, now: now)
            throw .unauthenticated
        }
        return key
    }

    private func mayTry(_ address: String) throws(Refusal) {
        if let seconds = failures.secondsToWait(address, now: now()) {
            throw .tooManyAttempts(limit: failureLimit, retryAfterSeconds: seconds)
        }
    }

    /// What follows `Bearer `, as RFC 6750 §2.1 writes it.
    private static func bearer(_ field: String) -> [UInt8]? {
        let bytes = Array(field.utf8)
        guard bytes.count > 7, String(decoding: bytes[..<7], as: UTF8.self).lowercased() == "bearer " else { return nil }
        return Array(bytes[7...])
    }

    /// Who is at the other end: behind a proxy whoever it says.
    func address(of request: Request) throws(Refusal) -> String {
        let peer = Self.plain(Client.current?.address ?? "")
        guard let proxy else { return peer }
        guard peer == Self.plain(proxy) else { throw .notThroughProxy }
        // The last is the one that the proxy itself has seen; those before it are what a client may write.
        let forwarded = request.headers[values: .xForwardedFor].last?.split(separator: ",").last
            .map { String($0.filter { $0 != " " }) }
        guard let forwarded, !forwarded.isEmpty, forwarded.utf8.count <= 45,
            forwarded.allSatisfy({ $0.isHexDigit || $0 == "." || $0 == ":" })
        else { return peer }
        return Self.plain(forwarded)
    }

    /// An IPv4 address that is written as one of IPv6, as itself.
    private static func plain(_ address: String) -> String {
        let lowered = address.lowercased()
        return lowered.hasPrefix("::ffff:") && lowered.contains(".") ? String(lowered.dropFirst(7)) : lowered
    }

    // MARK: What a key may spend

    /// - Throws: `rateLimited`; otherwise `endQuestion` must follow.
    func beginQuestion(of caller: Caller?) throws(Refusal) {
        guard let asker = caller?.asker, let refused = allowances.enter(asker.id, now: now()) else { return }
        switch refused {
        case .points(let limit, let seconds):
            throw .rateLimited(name: "points-per-minute", limit: limit, retryAfterSeconds: seconds)
        case .concurrency(let limit): throw .rateLimited(name: "key-concurrency", limit: limit, retryAfterSeconds: 1)
        }
    }

    func endQuestion(of caller: Caller?, rowsVisited: Int) {
        if let asker = caller?.asker { allowances.leave(asker.id, rowsVisited: rowsVisited, now: now()) }
    }

    /// Refuses whoever sees aggregates only and has been told of as many as a day allows.
    ///
    /// - Parameter day: the server's.
    func checkCells(of caller: Caller?, on day: CivilDate) throws(Refusal) {
        guard let asker = caller?.asker, cellAllowances.isSpent(asker.id, on: day) else { return }
        // Where the day ends is not known here; an hour later it may have.
        throw .rateLimited(name: "cells-per-day", limit: cellsPerDay, retryAfterSeconds: 3_600)
    }

    func spendCells(_ count: Int, of caller: Caller?, on day: CivilDate) {
        if let asker = caller?.asker { cellAllowances.spend(count, asker.id, on: day) }
    }

    // MARK: Sessions

    /// Begins a session for a key. One that the browser had before ends.
    ///
    /// - Returns: Who signed in, and the value of `Set-Cookie`.
    func signIn(_ text: String?, _ request: Request) throws(Refusal) -> (caller: Caller, cookie: String) {
        let address = try self.address(of: request)
        let key = try self.key(shown: text.map { Array($0.utf8) }, from: address)
        if let old = self.token(of: request) { sessions.end(old) }
        var random = SystemRandomNumberGenerator()
        let chance = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        let token = sessions.begin(keyID: key.id, chance: chance, now: self.now())
        return (caller(key.asker, address), cookie(token, seconds: sessionMilliseconds / 1_000))
    }

    /// Ends the session of a request, if it has one.
    ///
    /// - Returns: The value of `Set-Cookie` that takes the cookie away.
    func signOut(_ request: Request) -> String {
        if let token = token(of: request) { sessions.end(token) }
        return cookie("", seconds: 0)
    }

    /// Where the browser speaks TLS the cookie is bound to it, and to this host alone.
    private var cookieName: String { isEncrypted ? "__Host-hearth-session" : "hearth-session" }

    private func cookie(_ token: String, seconds: Int) -> String {
        "\(cookieName)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isEncrypted ? "; Secure" : "")
    }

    /// The token of our cookie. Two cookies of one name are none: somebody has put one beside ours.
    private func token(of request: Request) -> [UInt8]? {
        var tokens: [[UInt8]] = []
        for field in request.headers[values: .cookie] {
            for piece in field.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = piece.drop { $0 == 0x20 }
                guard pair.starts(with: (cookieName + "=").utf8) else { continue }
                tokens.append(Array(pair.dropFirst(cookieName.utf8.count + 1)))
            }
        }
        return tokens.count == 1 && tokens[0].count == 43 ? tokens[0] : nil
    }
}

extension HTTPField.Name {
    static let xForwardedFor = constant("X-Forwarded-For")
}
