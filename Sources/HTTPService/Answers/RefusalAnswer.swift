import HTTPTypes
import Hummingbird
import JSONText

extension Refusal {
    /// A body in the shape of a GraphQL error, so that one client reads all of them. It is not labelled as GraphQL's.
    var body: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("errors")
        writer.beginArray()
        writer.beginObject()
        writer.name("message")
        writer.string(message)
        writer.name("extensions")
        writer.beginObject()
        writer.name("code")
        writer.string(code)
        if let (name, maximum, found) = exceededLimit {
            writer.name("limit")
            writer.string(name)
            writer.name("maximum")
            writer.int(maximum)
            if let found {
                writer.name("found")
                writer.int(found)
            }
        }
        writer.endObject()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.finish()
    }

    /// What this refusal says beside its body.
    private var fields: HTTPFields {
        var fields = SecurityFields.data
        fields[.contentType] = AnswerMediaType.json.contentType
        switch self {
        case .methodNotAllowed(_, let allowed): fields[.allow] = allowed.joined(separator: ", ")
        case .overloaded(_, _, let seconds): fields[.retryAfter] = String(seconds)
        case .tooManyAttempts(_, let seconds), .rateLimited(_, _, let seconds): fields[.retryAfter] = String(seconds)
        case .stopping, .auditUnavailable: fields[.retryAfter] = "5"
        case .archiveBusy: fields[.retryAfter] = "30"
        case .importBusy: fields[.retryAfter] = "3"
        case .unauthenticated: fields[.wwwAuthenticate] = "Bearer"
        case .encodingUnsupported: fields[.acceptEncoding] = "identity"
        default: break
        }
        return fields
    }

    /// As a route answers it.
    func response(isHead: Bool = false) -> Response {
        Response(status: status, headers: fields, bytes: body, isHead: isHead)
    }

    /// As the connection's guard answers it, before or after anything has been decoded. It ends the connection.
    var wireBytes: [UInt8] {
        let body = self.body
        var head = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
        for field in fields { head += "\(field.name.rawName): \(field.value)\r\n" }
        head += "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + body
    }
}
