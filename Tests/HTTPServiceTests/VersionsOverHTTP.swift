import Testing

@Suite struct `Versions over HTTP` {
    private func post(_ server: TestServer.Running, _ query: String, _ target: String = "/graphql", minimum: String? = nil)
        async throws -> RawAnswer?
    {
        var fields = [("Content-Type", "application/json")]
        if let minimum { fields.append(("Min-Data-Version", minimum)) }
        let quoted = query.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return try await server.ask("POST", target, fields, body: "{\"query\":\"\(quoted)\"}")
    }

    private func change(_ server: TestServer.Running, label: String) async throws {
        let answer = try await post(
            server, "mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"\(label)\"}]}}) { applied } }")
        #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
    }

    @Test func `an operation is answered from the version that it names, and says so in head and body`() async throws {
        try await TestServer.run(content: TestContent.changing()) { server in
            try await change(server, label: "b")
            try await change(server, label: "c")
            for (directive, version, label) in [
                ("", "3", "c"), ("@version(id: \"2\")", "2", "b"), ("@version(id: \"1\")", "1", nil),
            ] {
                let answer = try await post(server, "query \(directive) { item(number: 1) { label } }")
                #expect(answer?.status == 200 && answer?["data-version"] == version)
                #expect(answer?.text.contains("\"version\":\"\(version)\"") == true)
                #expect(
                    answer?.text.contains("{\"label\":\(label.map { "\"\($0)\"" } ?? "null")}") == true, "\(answer?.text ?? "")")
            }
        }
    }

    @Test func `what cannot be had has the status of its reason, named in the URL or in the document`() async throws {
        try await TestServer.run(content: TestContent.changing()) { server in
            try await change(server, label: "b")
            let query = "{ __typename }"
            for (directive, target, minimum, status, code) in [
                ("", "/graphql?version=9", nil, 412, "VERSION_NOT_REACHED"),
                ("@version(id: \"9\")", "/graphql", nil, 412, "VERSION_NOT_REACHED"),
                ("", "/graphql?version=0", nil, 410, "VERSION_GONE"),
                ("@version(id: \"0\")", "/graphql", nil, 410, "VERSION_GONE"),
                ("", "/graphql", "3", 412, "VERSION_NOT_REACHED"),
                ("", "/graphql?version=1", "2", 412, "VERSION_NOT_REACHED"),
                ("@version(id: \"1\")", "/graphql", "2", 412, "VERSION_NOT_REACHED"),
                ("@version(id: \"1\")", "/graphql?version=2", nil, 422, "BAD_USER_INPUT"),
                ("", "/graphql?knownAt=1960-01-01T00:00:00Z", nil, 400, "BAD_USER_INPUT"),
                ("@version(knownAt: \"1960-01-01T00:00:00Z\")", "/graphql", nil, 422, "BAD_USER_INPUT"),
            ] as [(String, String, String?, Int, String)] {
                let answer = try await post(server, "query \(directive) \(query)", target, minimum: minimum)
                #expect(answer?.status == status, "\(directive) \(target): \(answer?.text ?? "")")
                #expect(answer?.text.contains("\"code\":\"\(code)\"") == true, "\(answer?.text ?? "")")
            }
            for (directive, target, minimum) in [
                ("@version(id: \"2\")", "/graphql?version=2", "2"), ("@version(id: \"1\")", "/graphql?version=1", "1"),
            ] {
                #expect(try await post(server, "query \(directive) \(query)", target, minimum: minimum)?.status == 200)
            }
        }
    }
}
