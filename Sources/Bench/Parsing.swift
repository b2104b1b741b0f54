import Bytes
import GraphQLSyntax

/// From bytes to a document.
struct Parsing {
    private let documents: Documents
    init(_ documents: Documents) { self.documents = documents }

    func groups() throws -> [Group] {
        var texts = try documents.requests()
        texts.append(("1 kB of tiles", try documents.copies(of: "dashboard.graphql", byteCount: 1_000)))
        texts.append(("120 kB of tiles", try documents.copies(of: "dashboard.graphql", byteCount: 120_000)))
        return try texts.map { try group($0.name, $0.text) }
    }

    private func group(_ name: String, _ text: String) throws -> Group {
        let bytes = Array(text.utf8)
        guard let source = Source(validating: bytes) else { throw Sample.Unusable(description: "\(name) is not UTF-8.") }
        let limits = ParserLimits.schema
        _ = try parse(source, limits: limits)
        return Group(
            name: "parse", title: "Parsing \(name), \(bytes.count) bytes",
            comparison: "beside the SHA-256 of the same bytes, which every request pays once",
            bodies: [
                Body("SHA-256", .bytes(bytes.count)) { SHA256Digest(of: bytes.span).bytes.count },
                Body("parse", .bytes(bytes.count)) { try parse(source, limits: limits).definitions.count },
            ], peerTasks: [PeerTask("parse", document: text)])
    }
}
