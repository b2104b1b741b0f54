import GraphQLSyntax
import HTTPService

/// The documents of `Sources/Bench/Documents`.
struct Documents {
    let root: String

    func text(_ name: String) throws -> String {
        String(decoding: try RegisterFiles.bytes(of: root + "/Sources/Bench/Documents/" + name), as: UTF8.self)
    }

    /// Copies of a document, as many as come nearest to a size.
    func copies(of name: String, byteCount: Int) throws -> String {
        let one = try text(name)
        return String(repeating: one, count: max(1, (byteCount + one.utf8.count / 2) / one.utf8.count))
    }

    /// What is measured: who would send it, and it.
    func requests() throws -> [(name: String, text: String)] {
        [
            ("a dashboard's tile", try text("dashboard.graphql")), ("an analyst's question", try text("analyst.graphql")),
            ("the introspection query", try text("introspection.graphql")),
        ]
    }
}
