import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
    /// A whole answer.
    ///
    /// - Parameter isHead: The request was HEAD: the fields are those of the answer, without its bytes.
    init(status: HTTPResponse.Status, headers: HTTPFields, bytes: [UInt8], isHead: Bool) {
        var headers = headers
        if isHead {
            headers[.contentLength] = String(bytes.count)
            self.init(status: status, headers: headers, body: ResponseBody())
        } else {
            self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }

    /// A whole answer in JSON that is no answer of GraphQL.
    init(
        json bytes: [UInt8], _ status: HTTPResponse.Status = .ok, _ fields: HTTPFields = SecurityFields.data, isHead: Bool
    ) {
        var fields = fields
        fields[.contentType] = AnswerMediaType.json.contentType
        self.init(status: status, headers: fields, bytes: bytes, isHead: isHead)
    }
}
