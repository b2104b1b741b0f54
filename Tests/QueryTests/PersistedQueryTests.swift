import Bytes
import Foundation
import Query
import StoreColumns
import Testing

/// Automatic persisted queries, as Apollo's clients and urql speak them.
@Suite struct `Persisted queries` {
    private static let document = "query A { meta { version } }"

    @Test func `digests are those that sha256sum prints`() {
        #expect(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    private func desk(_ change: (inout QueryLimits) -> Void = { _ in }) throws -> Desk {
        var limits = QueryLimits()
        change(&limits)
        return try Desk(SmallRegister.make(), limits: limits)
    }

    private static func extensions(_ digest: String, version: String = "1") -> String {
        "{\"persistedQuery\": {\"version\": \(version), \"sha256Hash\": \"\(digest)\"}}"
    }

    /// Asks as a POST, `query` left out where it is nil.
    private func post(_ desk: Desk, _ document: String?, _ extensions: String) -> QueryAnswer {
        let query = document.map { "\"query\": \"\($0)\", " } ?? ""
        do throws(RequestError) {
            let request = try QueryRequest.parse(
                json: Array("{\(query)\"extensions\": \(extensions)}".utf8), limits: desk.service.limits)
            return desk.service.answer(
                request, version: desk.version, asOf: desk.asOf, viewer: QueryService.localViewer,
                budget: desk.service.makeBudget())
        } catch {
            return desk.service.answer(error, version: desk.version, asOf: desk.asOf)
        }
    }

    private func checkError(
        _ answer: QueryAnswer, _ outcome: QueryAnswer.Outcome, _ code: String, _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let body = try JSON(answer.body)
        #expect(answer.outcome == outcome, "\(body)", sourceLocation: sourceLocation)
        #expect(body.errors.items.count == 1, sourceLocation: sourceLocation)
        #expect(body.errors[0].extensions.code.string == code, sourceLocation: sourceLocation)
        #expect(body.errors[0].message.string == message, sourceLocation: sourceLocation)
        #expect(body.data.isNull, sourceLocation: sourceLocation)
    }

    private func checkNotFound(_ answer: QueryAnswer, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try checkError(
            answer, .persistedQueryNotFound, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound",
            sourceLocation: sourceLocation)
    }

    @Test func `a digest alone is not found until the document came with it, and then is enough`() throws {
        let desk = try desk()
        let digest = sha256(Self.document)
        try checkNotFound(post(desk, nil, Self.extensions(digest)))
        let first = post(desk, Self.document, Self.extensions(digest))
        #expect(first.outcome == .data)
        #expect(desk.service.persistedDocumentCount == 1)
        #expect(post(desk, nil, Self.extensions(digest)).body == first.body)
        #expect(desk.answer("", extensions: Self.extensions(digest)).body == first.body, "over GET as well")
        #expect(post(desk, nil, Self.extensions(digest.uppercased())).body == first.body, "digits are digits")
    }

    @Test func `a document that was sent without its digest is not kept`() throws {
        let desk = try desk()
        #expect(desk.answer(Self.document).outcome == .data)
        try checkNotFound(post(desk, nil, Self.extensions(sha256(Self.document))))
        #expect(post(desk, Self.document, Self.extensions(sha256(Self.document))).outcome == .data)
        #expect(desk.service.persistedDocumentCount == 1, "though its plan was known already")
    }

    @Test func `a digest of other bytes is refused, and nothing is kept`() throws {
        let desk = try desk()
        let other = sha256("{ meta { asOf } }")
        try checkError(
            post(desk, Self.document, Self.extensions(other)), .illFormedRequest, "BAD_USER_INPUT",
            "The document has the SHA-256 \(sha256(Self.document)); persistedQuery.sha256Hash says \(other).")
        #expect(desk.service.persistedDocumentCount == 0)
        try checkNotFound(post(desk, nil, Self.extensions(other)))
    }

    @Test func `only what parses and is valid is kept`() throws {
        let desk = try desk()
        for (document, outcome) in [
            ("{ meta { version }", QueryAnswer.Outcome.parseFailed), ("{ nothing }", .invalid), ("{ meta }", .invalid),
            ("{ " + String(repeating: "a ", count: 11_000) + "}", .beyondLimits),
        ] {
            #expect(post(desk, document, Self.extensions(sha256(document))).outcome == outcome)
            try checkNotFound(post(desk, nil, Self.extensions(sha256(document))))
        }
        #expect(desk.service.persistedDocumentCount == 0)
    }

    @Test func `a mutation that was kept is not answered over GET`() throws {
        let desk = try desk()
        let document = "mutation { a }"
        #expect(desk.answer(document, extensions: Self.extensions(sha256(document))).outcome == .mutationOverGet)
        #expect(desk.service.persistedDocumentCount == 0)
    }

    @Test func `variables and the operation's name go with a digest as with a document`() throws {
        let desk = try desk()
        let document = "query A { meta { version } } query B($n: String!) { player(number: $n) { name } }"
        let extensions = Self.extensions(sha256(document))
        #expect(desk.answer(document, operationName: "A", extensions: extensions).outcome == .data)
        let answer = desk.answer("", variables: "{\"n\": \"P2\"}", operationName: "B", extensions: extensions)
        #expect(try JSON(answer.body).data.player.name.string == "Bela")
        #expect(desk.answer("", extensions: extensions).outcome == .operationUnresolved)
        #expect(desk.answer("", operationName: "B", extensions: extensions).outcome == .badVariables)
    }

    @Test(arguments: [
        ("7", "is a number; it is an object"), ("[]", "is a list; it is an object"), ("\"x\"", "is a string; it is an object"),
        ("{}", "has the version null; it is 1"), ("{\"version\": 2}", "has the version 2; it is 1"),
        ("{\"version\": \"1\"}", "has the version a string; it is 1"), ("{\"version\": 1.0}", "has the version 1.0; it is 1"),
        ("{\"version\": 1}", "has the sha256Hash null; it is a string"),
        ("{\"version\": 1, \"sha256Hash\": 7}", "has the sha256Hash 7; it is a string"),
        ("{\"version\": 1, \"sha256Hash\": \"\"}", "has a sha256Hash of 0 characters; it has 64 hexadecimal digits"),
        ("{\"version\": 1, \"sha256Hash\": \"abc\"}", "has a sha256Hash of 3 characters; it has 64 hexadecimal digits"),
        (
            "{\"version\": 1, \"sha256Hash\": \"" + String(repeating: "g", count: 64) + "\"}",
            "has a sha256Hash of 64 characters; it has 64 hexadecimal digits"
        ),
        (
            "{\"version\": 1, \"sha256Hash\": \"" + String(repeating: "０", count: 64) + "\"}",
            "has a sha256Hash of 64 characters; it has 64 hexadecimal digits"
        ),
    ]) func `an extension of another form is refused, with or without a document`(form: String, reason: String) throws {
        let desk = try desk()
        for document in [nil, Self.document] {
            try checkError(
                post(desk, document, "{\"persistedQuery\": \(form)}"), .illFormedRequest, "BAD_USER_INPUT",
                "The extension 'persistedQuery' \(reason).")
        }
    }

    @Test func `an extension that is null is none`() throws {
        let desk = try desk()
        #expect(post(desk, Self.document, "{\"persistedQuery\": null}").outcome == .data)
        #expect(post(desk, nil, "{\"persistedQuery\": null}").outcome == .illFormedRequest)
    }

    // MARK: - Bounds

    private func keep(_ desk: Desk, _ index: Int, comment: Int = 0) -> String {
        let document = "{ a\(index): meta { version } }" + (comment > 0 ? " #" + String(repeating: "x", count: comment) : "")
        #expect(post(desk, document, Self.extensions(sha256(document))).outcome == .data)
        return sha256(document)
    }

    @Test func `so many documents are kept, and the one not asked for the longest goes first`() throws {
        let desk = try desk { $0.persistedQueries = 3 }
        let digests = (0..<3).map { keep(desk, $0) }
        #expect(digests.allSatisfy { post(desk, nil, Self.extensions($0)).outcome == .data })
        #expect(post(desk, nil, Self.extensions(digests[0])).outcome == .data)
        let fourth = keep(desk, 3)
        #expect(desk.service.persistedDocumentCount == 3)
        try checkNotFound(post(desk, nil, Self.extensions(digests[1])))
        for digest in [digests[0], digests[2], fourth] {
            #expect(post(desk, nil, Self.extensions(digest)).outcome == .data)
        }
    }

    @Test func `so many bytes are kept, and a document larger than all is answered and not kept`() throws {
        let desk = try desk { $0.persistedBytes = 4_000 }
        let digests = (0..<5).map { keep(desk, $0, comment: 500) }
        #expect(desk.service.persistedDocumentCount == 5)
        _ = keep(desk, 5, comment: 500)
        #expect(desk.service.persistedDocumentCount == 5)
        try checkNotFound(post(desk, nil, Self.extensions(digests[0])))
        let large = keep(desk, 6, comment: 4_000)
        try checkNotFound(post(desk, nil, Self.extensions(large)))
        #expect(desk.service.persistedDocumentCount == 5, "nothing was thrown out for it")
        _ = keep(desk, 7, comment: 2_500)
        #expect(desk.service.persistedDocumentCount == 2, "one large document takes the place of several")
    }

    @Test func `where nothing may be kept, clients are told to send documents`() throws {
        let desk = try desk { $0.persistedQueries = 0 }
        let digest = sha256(Self.document)
        try checkError(
            post(desk, nil, Self.extensions(digest)), .persistedQueryNotFound, "PERSISTED_QUERY_NOT_FOUND",
            "PersistedQueryNotSupported")
        #expect(post(desk, Self.document, Self.extensions(digest)).outcome == .data)
        #expect(desk.service.persistedDocumentCount == 0)
    }

    private func sha256(_ text: String) -> String { SHA256Digest(of: Array(text.utf8).span).hexadecimal }
}
