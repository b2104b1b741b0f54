import HTTPTypes
import NIOCore

/// The head of an answer that is given again and again, as bytes: all but the fields that are others each time.
struct AnswerHead: Sendable {
    private let bytes: [UInt8]
    /// A 304 has no body, and says of no length: it would be that of the answer it stands for (RFC 9110 §8.6).
    private let hasBody: Bool

    /// - Parameter fields: Without `Date` and `Content-Length`.
    init(_ status: HTTPResponse.Status, _ fields: HTTPFields) {
        var text = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
        for field in fields where field.name != .contentLength { text += "\(field.name.rawName): \(field.value)\r\n" }
        bytes = Array(text.utf8)
        hasBody = status != .notModified
    }

    /// The whole answer.
    ///
    /// - Parameters:
    ///   - date: As `AnswerDate` writes it.
    ///   - timing: The value of `Server-Timing`; nil: nothing was measured.
    func answer(date: String, timing: String? = nil, body: [UInt8] = []) -> ByteBuffer {
        var answer = ByteBuffer()
        answer.reserveCapacity(bytes.count + body.count + 128)
        answer.writeBytes(bytes)
        if let timing {
            answer.writeStaticString("Server-Timing: ")
            answer.writeString(timing)
            answer.writeStaticString("\r\n")
        }
        if hasBody {
            answer.writeStaticString("Content-Length: ")
            answer.writeString(String(body.count))
            answer.writeStaticString("\r\n")
        }
        answer.writeStaticString("Date: ")
        answer.writeString(date)
        answer.writeStaticString("\r\n\r\n")
        answer.writeBytes(body)
        return answer
    }
}
