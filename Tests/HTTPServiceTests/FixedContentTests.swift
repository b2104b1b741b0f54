import Testing

@testable import HTTPService

@Suite struct `What stays as it is while the server runs` {
    @Test func `the schema is compressed for who takes that, and not sent again to who has it`() async throws {
        try await TestServer.run { server in
            let plain = try #require(try await server.ask("GET", "/schema.graphql"))
            #expect(plain["content-encoding"] == nil)
            #expect(plain.text.contains("type Query"))
            let packed = try #require(try await server.ask("GET", "/schema.graphql", [("Accept-Encoding", "br, gzip;q=0.8")]))
            #expect(packed["content-encoding"] == "gzip")
            #expect(packed["vary"] == "Accept-Encoding")
            #expect(packed.body.starts(with: [0x1F, 0x8B]))
            #expect(packed.body.count < plain.body.count / 2)
            let tag = try #require(packed["etag"])
            #expect(tag != plain["etag"], "the two forms are other bytes")
            let again = try await server.ask(
                "GET", "/schema.graphql", [("Accept-Encoding", "gzip"), ("If-None-Match", "\"other\", W/\(tag)")])
            #expect(again?.status == 304)
            #expect(again?["etag"] == tag)
            #expect(again?.body.isEmpty == true)
            let changed = try await server.ask("GET", "/schema.graphql", [("If-None-Match", tag)])
            #expect(changed?.status == 200, "who takes no gzip has not got what the tag names")
        }
    }

    @Test(
        arguments: [
            (nil, false), ("", false), ("gzip", true), ("deflate, gzip", true), ("*", true), ("gzip;q=0", false),
            ("*, gzip;q=0.0", false),
            ("br", false), ("GZIP ; q=0.5", true), ("\"", false),
        ] as [(String?, Bool)]) func `gzip is sent to who names it and does not refuse it`(field: String?, expected: Bool)
    {
        let content = FixedContent(contentType: "text/plain", bytes: [UInt8](repeating: 65, count: 500))
        #expect(content.form(acceptEncoding: field).isCompressed == expected)
    }

    @Test func `what gzip makes no smaller is sent as it is`() {
        #expect(FixedContent(contentType: "text/plain", bytes: [1, 2]).compressed == nil)
    }
}
