import HTTPTypes
import Hummingbird

/// What pages of other origins are told, where the operator has named them (`--allow-origin`). Fetch §3.2
///
/// Such a page shows a key in a field of its own; a session of the browser is nothing that it may use, and no answer says that it might.
enum CrossOrigin {
    /// The answer to a browser that asks in advance: the same for every path, since who asks has shown no key.
    static var preflight: Response {
        var fields = SecurityFields.data
        fields[.accessControlAllowMethods] = "GET, HEAD, POST"
        fields[.accessControlAllowHeaders] = "accept, audit-reason, authorization, content-type, if-none-match, min-data-version"
        // Ten minutes: an origin that is taken off the list is asked again soon.
        fields[.accessControlMaxAge] = "600"
        return Response(status: .noContent, headers: fields)
    }

    static func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.origin] != nil && request.headers[.accessControlRequestMethod] != nil
    }

    /// Lets a page of the origin that asked, and of no other, read the answer.
    static func allow(_ sender: OriginRule.Sender, _ fields: inout HTTPFields) {
        guard case .allowed(let origin) = sender else { return }
        fields[.accessControlAllowOrigin] = origin
        fields[.accessControlExposeHeaders] = "data-version, data-as-of, etag, retry-after"
    }

    /// What is answered differs by origin: no cache between may give one page's answer to another.
    static func vary(_ fields: inout HTTPFields) {
        fields[.vary] = fields[.vary].map { $0 + ", Origin" } ?? "Origin"
    }
}
