import JSONText

/// What is to be archived, as a client asks for it: `{"question": …, "variables": {…}, "version": …, "asOf": …, "profile": …,
/// "role": …, "claims": {…}}`, each of which may be absent, or nothing at all.
struct ArchiveBody: Sendable {
    var question: String?
    /// As they were sent.
    var variables = Array("{}".utf8)
    var version: String?
    var asOf: String?
    /// The masking profile, as which of its roles, and what is known of who sees the archive: a text or several by name.
    var profile: String?
    var role: String?
    var claims: [(name: String, value: String)] = []

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard !bytes.isEmpty else { return }
        do throws(JSONError) {
            var reader = JSONReader(bytes)
            guard case .beginObject? = try reader.next() else { throw Self.misshapen }
            while case .key(let name)? = try reader.next() {
                switch (name, try reader.next()) {
                case ("question", .string(let text)?): question = text
                case ("version", .string(let text)?): version = text
                case ("asOf", .string(let text)?): asOf = text
                case ("profile", .string(let text)?): profile = text
                case ("role", .string(let text)?): role = text
                case ("claims", .beginObject?): try readClaims(&reader)
                case ("question", .null?), ("variables", .null?), ("version", .null?), ("asOf", .null?), ("profile", .null?),
                    ("role", .null?), ("claims", .null?):
                    break
                case ("variables", .beginObject?):
                    let (start, depth) = (reader.tokenOffset, reader.depth)
                    while reader.depth >= depth { _ = try reader.next() }
                    variables = Array(bytes[start...reader.tokenOffset])
                default: throw Self.misshapen
                }
            }
            _ = try reader.next()
        } catch {
            throw .parameterInvalid(name: "body", reason: error == Self.misshapen ? Self.shape : "\(Self.shape); \(error)")
        }
        if question == nil, variables != Array("{}".utf8) {
            throw .parameterInvalid(name: "variables", reason: "go with a question")
        }
    }

    private mutating func readClaims(_ reader: inout JSONReader) throws(JSONError) {
        while case .key(let name)? = try reader.next() {
            switch try reader.next() {
            case .string(let text)?: claims.append((name, text))
            case .beginArray?:
                while let token = try reader.next(), token != .endArray {
                    guard case .string(let text) = token else { throw Self.misshapen }
                    claims.append((name, text))
                }
            default: throw Self.misshapen
            }
        }
    }

    /// Adds what stands in the body to what the address says. One of them may say it, not both.
    func parameters(besides others: URLParameters) throws(Refusal) -> URLParameters {
        var parameters = others
        for (name, value) in [("version", version), ("asOf", asOf)] {
            guard let value else { continue }
            guard try others.single(name) == nil else {
                throw .parameterInvalid(name: name, reason: "stands in the address and in the body")
            }
            parameters.pairs.append((name, value))
        }
        return parameters
    }

    private static let shape =
        "is a JSON object with 'question', 'version', 'asOf', 'profile' and 'role', texts, and 'variables' and 'claims', objects; each may be absent"
    /// Stands for JSON of another shape.
    private static let misshapen = JSONError(.trailingBytes(found: "another shape"), byteOffset: 0)
}
