import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Model

/// From a document to a valid one, by the rules of GraphQL §5 under the sample's schema.
struct Validating {
    private let documents: Documents
    private let model: Model

    init(_ documents: Documents, _ model: Model) {
        self.documents = documents
        self.model = model
    }

    func groups() throws -> [Group] { try documents.requests().map { try group($0.name, $0.text) } }

    private func group(_ name: String, _ text: String) throws -> Group {
        let source = Source(text)
        let document = try parse(source)
        let schema = model.schema
        _ = try validate(document, against: schema)
        return Group(
            name: "validate", title: "Validating \(name), \(source.bytes.count) bytes",
            comparison: "beside parsing the same document",
            bodies: [
                Body("parse", .things(1, "documents")) { try parse(source).definitions.count },
                Body("validate", .things(1, "documents")) {
                    try validate(document, against: schema).document.definitions.count
                },
            ], peerTasks: [PeerTask("validate", document: text, schema: model.schemaText)])
    }
}
