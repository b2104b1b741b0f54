import Bytes
import HTTPService
import Query
import Testing

/// Automatic persisted queries, spoken as the clients speak them.
@Suite struct `Persisted queries over HTTP` {
    private static let document = "{ __typename }"
    private static let digest = SHA256Digest(of: Array(document.utf8).span).hexadecimal
    private static let extensions = "{\"persistedQuery\":{\"version\":1,\"sha256Hash\":\"\(digest)\"}}"
    private static let url =
        "/graphql?extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22\(digest)%22%7D%7D"

    /// What Apollo's clients and urql look for: the message, or the code; a status that is neither 400 nor 500; a GraphQL body.
    private func checkMiss(_ answer: RawAnswer?, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer?.status == 422, sourceLocation: sourceLocation)
        #expect(
            answer?.text
                == #"{"errors":[{"message":"PersistedQueryNotFound","extensions":{"code":"PERSISTED_QUERY_NOT_FOUND"}}]}"#,
            sourceLocation: sourceLocation)
        #expect(
            answer?["content-type"] == "application/graphql-response+json; charset=utf-8", sourceLocation: sourceLocation)
        #expect(answer?["cache-control"] == "no-store", "no cache may keep a miss", sourceLocation: sourceLocation)
    }

    @Test func `a digest misses, the document comes with it, and then GET and POST find it`() async throws {
        try await TestServer.run(content: TestContent.small()) { server in
            checkMiss(try await server.ask("GET", Self.url))
            checkMiss(try await server.post("{\"extensions\":\(Self.extensions)}"))
            checkMiss(try await server.post("{\"query\":null,\"extensions\":\(Self.extensions)}"))
            let first = try await server.post("{\"query\":\"\(Self.document)\",\"extensions\":\(Self.extensions)}")
            #expect(first?.status == 200)
            for answer in [
                try await server.ask("GET", Self.url), try await server.ask("GET", Self.url + "&query="),
                try await server.post("{\"extensions\":\(Self.extensions)}"),
                try await server.post("{\"extensions\":\(Self.extensions)}", [("Accept", "application/json")]),
            ] {
                #expect(answer?.status == 200)
                #expect(answer?.body == first?.body)
            }
        }
    }

    @Test func `a client may register its document over GET`() async throws {
        try await TestServer.run(content: TestContent.small()) { server in
            #expect(try await server.ask("GET", Self.url + "&query=%7B%20__typename%20%7D")?.status == 200)
            #expect(try await server.ask("GET", Self.url)?.status == 200)
            let wrong = try await server.ask("GET", Self.url + "&query=%7Ba:__typename%7D")
            #expect(wrong?.status == 422)
            #expect(wrong?.text.contains(Self.digest) == true)
        }
    }

    @Test func `under the older statuses a miss is 200 for a client of application-json, which older clients need`() async throws
    {
        try await TestServer.run(statuses: .legacy, content: TestContent.small()) { server in
            let old = try await server.post("{\"extensions\":\(Self.extensions)}", [("Accept", "application/json")])
            #expect(old?.status == 200)
            #expect(old?.text.contains("PersistedQueryNotFound") == true)
            #expect(try await server.post("{\"extensions\":\(Self.extensions)}")?.status == 422)
        }
    }
}

/// A13, A14: where the operator does not show the schema.
@Suite struct `A schema that is not shown` {
    @Test func `nothing shows it: no field, no file, no hint`() async throws {
        try await TestServer.run(content: TestContent.small(language: QueryLanguage(introspects: false))) { server in
            let schema = try await server.ask("GET", "/schema.graphql")
            #expect(schema?.status == 403)
            #expect(schema?.text.contains(#""code":"FORBIDDEN""#) == true)
            for document in [
                "{ __schema { types { name } } }", #"{ __type(name: \"Item\") { name } }"#, "{ itemss { totalCount } }",
                "{ items(wher: {}) { totalCount } }", "{ items { totalCoun } }",
            ] {
                let answer = try await server.post("{\"query\":\"\(document)\"}")
                #expect(answer?.status == 422, "\(document)")
                #expect(answer?.text.contains("Did you mean") == false, "\(document)")
            }
            #expect(try await server.post(#"{"query":"{ __typename items { __typename totalCount } }"}"#)?.status == 200)
        }
        try await TestServer.run { server in
            #expect(try await server.ask("GET", "/schema.graphql")?.status == 200)
            let answer = try await server.post(#"{"query":"{ itemss { totalCount } }"}"#)
            #expect(answer?.text.contains("Did you mean 'items'") == true)
        }
    }

    @Test func `neither the answer nor the page of an error has a console, a path or a stack`() async throws {
        try await TestServer.run { server in
            for (method, target, accept) in [
                ("GET", "/graphql", "text/html"),
                ("GET", "/graphql?query=%7B__typename%7D", "text/html,application/xhtml+xml,*/*;q=0.8"),
                ("GET", "/nothing", "text/html"), ("GET", "/graphql?query=%7B", "text/html, */*;q=0.1"),
            ] {
                let answer = try await server.ask(method, target, [("Accept", accept)])
                #expect(answer?["content-type"]?.contains("json") == true, "\(target)")
                for trace in ["<", ".swift", "/Sources", "/home", "0x"] {
                    #expect(answer?.text.contains(trace) == false, "\(trace) in \(answer?.text ?? "")")
                }
            }
        }
    }
}
