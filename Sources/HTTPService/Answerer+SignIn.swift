import Access
import HTTPTypes
import Hummingbird

/// Signing in and out with a browser.
extension Answerer {
    /// Who sent a request. What is open to all is asked for by `isOpen`.
    func caller(of request: Request, from sender: OriginRule.Sender) async throws(Refusal) -> Caller {
        guard let doorkeeper = settings.doorkeeper else { return Caller(asker: nil, address: Client.current?.address ?? "") }
        return try await doorkeeper.caller(of: request, allowsSession: sender == .own)
    }

    func answerSignIn(_ request: Request) async throws(Refusal) -> Response {
        guard let doorkeeper = settings.doorkeeper, let page = content.pages.signIn else { throw .notFound }
        guard request.method == .post else {
            let key = doorkeeper.sessionKey(of: request)
            return signInPage(page, .ok, signedIn: key?.name, isHead: request.method == .head)
        }
        try requireForm(request)
        let body: String
        do {
            body = String(decoding: Array(buffer: try await request.body.collect(upTo: Self.formByteLimit)), as: UTF8.self)
        } catch {
            throw .parameterInvalid(
                name: "key", reason: "is longer than a key: the form has more than \(Self.formByteLimit) bytes")
        }
        let key = try URLParameters(target: "?" + body).single("key")
        do throws(Refusal) {
            try settings.auditor?.check()
            let (caller, cookie) = try doorkeeper.signIn(key, request)
            if let auditor = settings.auditor { try await auditor.tell(AuditEvent("signIn", auditor.members(of: caller))) }
            return redirect(to: "/", cookie)
        } catch {
            guard error == .unauthenticated else { throw error }
            await tellRefusal(error, nil, request, .signIn)
            return signInPage(page, .unauthorized, isRefused: true, isHead: false)
        }
    }

    func answerSignOut(_ request: Request) async throws(Refusal) -> Response {
        guard let doorkeeper = settings.doorkeeper else { throw .notFound }
        try requireForm(request)
        if let caller = try doorkeeper.sessionCaller(of: request), let auditor = settings.auditor {
            try await auditor.tell(AuditEvent("signOut", auditor.members(of: caller)))
        }
        return redirect(to: "/sign-in", doorkeeper.signOut(request))
    }

    /// What a person sees who comes to a page without having signed in; nil for everybody else.
    func signInInstead(of refusal: Refusal, _ request: Request, _ route: Route?) -> Response? {
        guard refusal == .unauthenticated, route?.isPage == true, let page = content.pages.signIn,
            request.headers[.authorization] == nil, request.headers[.accept]?.contains("text/html") == true
        else { return nil }
        return signInPage(page, .unauthorized, isHead: request.method == .head)
    }

    /// A key has 63 bytes.
    private static let formByteLimit = 1 << 10

    /// A form of our own page: browsers name its origin, and `OriginRule` has looked at that where it is said.
    private func requireForm(_ request: Request) throws(Refusal) {
        let type = request.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
        guard type == "application/x-www-form-urlencoded" else {
            throw .mediaTypeUnsupported(found: request.headers[.contentType], expected: "application/x-www-form-urlencoded")
        }
        if let site = request.headers[.secFetchSite], site != "same-origin" { throw .originForeign(found: nil) }
    }

    private func redirect(to path: String, _ cookie: String) -> Response {
        var fields = SecurityFields.data
        fields[.location] = path
        fields[.setCookie] = cookie
        return Response(status: .seeOther, headers: fields, bytes: [], isHead: false)
    }

    private func signInPage(
        _ page: Template, _ status: HTTPResponse.Status, signedIn name: String? = nil, isRefused: Bool = false, isHead: Bool
    ) -> Response {
        var values = Template.Values()
        values.lists["signedIn"] = name.map { [Template.Values(texts: ["name": $0])] } ?? []
        values.lists["signedOut"] = name == nil ? [Template.Values()] : []
        values.lists["refused"] = isRefused ? [Template.Values()] : []
        var fields = SecurityFields.signIn
        fields[.contentType] = "text/html; charset=utf-8"
        if status == .unauthorized { fields[.wwwAuthenticate] = "Bearer" }
        return Response(status: status, headers: fields, bytes: Array(page.filled(with: values).utf8), isHead: isHead)
    }
}
