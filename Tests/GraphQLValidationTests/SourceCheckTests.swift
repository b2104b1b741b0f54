import GraphQLSyntax
import GraphQLValidation
import Testing

/// Files as a tool checks them.
@Suite struct `Checking files` {
    /// A problem as one line: file:line:column of every place, then the message.
    private func lines(_ check: SourceCheck) -> [String] {
        check.problems.map { problem in
            problem.places.map { "\($0.sourceName):\($0.location.line):\($0.location.column)" }.joined(separator: " ") + " "
                + problem.message
        }
    }

    private func check(
        schema: [(String, String)], documents: [(String, String)] = [], edition: Edition = .september2026, reports: [String]
    ) {
        var check = SourceCheck(edition: edition)
        if let schema = check.schema(of: schema.map { ($0.0, Array($0.1.utf8)) }) {
            for document in documents { check.check((document.0, Array(document.1.utf8)), against: schema) }
        }
        #expect(lines(check) == reports)
    }

    @Test func `a schema may stand in several files, in any order`() {
        check(schema: [("b", "extend type Query { b: Leaf }"), ("a", "type Query { a: Int } scalar Leaf")], reports: [])
    }

    @Test func `what two files define twice is told with both places`() {
        check(
            schema: [("a", "type Query { a: Int }"), ("b", "\nextend type Query { a: Int }")],
            reports: ["a:1:14 b:2:21 The field 'Query.a' can be defined only once."])
    }

    @Test func `every document is checked, and for itself`() {
        check(
            schema: [("s", "type Query { a: Int }")],
            documents: [("one", "{ ...F }"), ("two", "fragment F on Query { a }"), ("three", "{ a }"), ("four", "{ a")],
            reports: [
                "one:1:6 There is no fragment 'F'.", "two:1:1 The fragment 'F' is not used.",
                "four:1:4 Expected a field, '...' or '}', found the end of the document.",
            ])
    }

    @Test func `documents are not looked at while the schema has problems`() {
        check(
            schema: [("s", "type Query { a: Zzz }")], documents: [("d", "{ b }")],
            reports: ["s:1:17 There is no type 'Zzz'."])
    }

    @Test func `bytes that are not UTF-8 are told at their place, and the other files are read all the same`() {
        var check = SourceCheck()
        let schema = check.schema(of: [("s", Array("type Query { a: Int }".utf8))])
        let bytes = Array("{ a\n é ".utf8) + [0xFF] + Array(" }".utf8)
        if let schema {
            check.check(("broken", bytes), against: schema)
            check.check(("whole", Array("{ a }".utf8)), against: schema)
        }
        #expect(lines(check) == ["broken:2:4 Found bytes that are not UTF-8."])
    }

    @Test func `an empty selection set is of the edition of 2026`() {
        let schema = [("s", "type Query { q: Query }")]
        check(schema: schema, documents: [("d", "{ q {} }")], reports: [])
        check(
            schema: schema, documents: [("d", "{ q {} }")], edition: .september2025,
            reports: ["d:1:6 Expected a field, or '...' and a fragment, found '}'."])
    }
}
