import HTTPService
import Query
import Testing

/// Answers as files for spreadsheets and programs.
@Suite struct `Tables over HTTP` {
    private static func content() -> ServiceContent {
        TestContent.changing(questions: [
            "items":
                "query ($from: Int = 0) { items(where: {number: {gte: $from}}) { nodes { number label isFirst group { number } } } }",
            "two": "# table: groups\n{ items { nodes { number } } groups { nodes { number } } }",
            "none": "{ item(number: 1) { label } }", "broken": "{ nothing }",
        ])
    }

    @Test func `a question is a table by its address or by what the client takes`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let csv = try #require(try await server.ask("GET", "/q/items.csv"))
            #expect(csv.status == 200 && csv["content-type"] == "text/csv; charset=utf-8; header=present")
            #expect(csv["content-disposition"] == "attachment; filename=\"items.csv\"" && csv["data-rows"] == "3")
            #expect(csv["repr-digest"]?.hasPrefix("sha-256=:") == true && csv["etag"] != nil && csv["data-version"] == "1")
            let text = String(repeating: "a", count: 40) + "!"
            let lines = "number,label,isFirst,group.number\r\n0,\(text),true,1\r\n1,,false,1\r\n2,,false,1\r\n"
            #expect(csv.body == [0xEF, 0xBB, 0xBF] + Array(lines.utf8))
            let accepted = try #require(try await server.ask("GET", "/q/items", [("Accept", "text/csv, application/json;q=0.5")]))
            #expect(accepted.text == lines)
            #expect(try await server.ask("GET", "/q/items?labels=zh", [("Accept", "text/csv")])?.text.contains("首个") == true)
            let json = try await server.ask("GET", "/q/items.jsonl?from=2")
            #expect(json?.text == "{\"number\":2,\"label\":null,\"isFirst\":false,\"group.number\":1}\n")
            #expect(json?["content-type"] == "application/x-ndjson")
            let arrow = try #require(try await server.ask("GET", "/q/items.arrow"))
            #expect(
                arrow.body.prefix(4) == [0xFF, 0xFF, 0xFF, 0xFF] && arrow.body.suffix(8) == [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
            #expect(try await server.ask("GET", "/q/items.json")?.text.hasPrefix("{\"data\"") == true)
            #expect(try await server.ask("GET", "/q/two.csv")?.text.hasSuffix("number\r\n1\r\n") == true)
            let posted = try await server.ask(
                "POST", "/graphql", [("Content-Type", "application/json"), ("Accept", "text/csv")],
                body: #"{"query": "{ items { nodes { number } } }"}"#)
            #expect(posted?.text == "number\r\n0\r\n1\r\n2\r\n")
        }
    }

    @Test func `a table holds every row, however often pages of it were asked for before`() async throws {
        let content = TestContent.small { $0.defaultPageSize = 2 }
        content.shelf.replace(
            with: SavedQuestions(
                files: [.init(name: "items", bytes: Array("{ items { nodes { number } } }".utf8))], model: content.queries.model,
                limits: content.limits))
        try await TestServer.run(content: content) { server in
            let target = "/graphql?query=%7Bitems%7Bnodes%7Bnumber%7D%7D%7D"
            // With other dates there are other answers, and one document.
            for day in 1...3 {
                let page = try await server.ask("GET", target + "&asOf=2026-11-0\(day)", [("If-None-Match", "")])
                #expect(page?.text.contains("{\"number\":2}") == false)
            }
            for _ in 0..<3 {
                let table = try await server.ask("GET", target + "&asOf=2026-11-03", [("Accept", "text/csv")])
                #expect(table?.text == "number\r\n0\r\n1\r\n2\r\n")
            }
        }
    }

    @Test func `a table is named like any answer, and each form has its own name`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            var tags: [String] = []
            for target in [
                "/q/items.csv", "/q/items.csv?profile=exact", "/q/items.csv?labels=zh", "/q/items.jsonl", "/q/items.arrow",
                "/q/items",
            ] {
                let tag = try #require(try await server.ask("GET", target)?["etag"])
                tags.append(tag)
                #expect(try await server.ask("GET", target, [("If-None-Match", tag)])?.status == 304)
            }
            #expect(Set(tags).count == tags.count)
        }
    }

    @Test func `what cannot be given is refused with what can`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            for (target, accept, status, word) in [
                ("/q/items.pdf", nil, 406, ".csv"), ("/q/items", "application/pdf", 406, "text/csv"),
                ("/q/none.csv", nil, 422, "NOT_TABULAR"), ("/q/broken.csv", nil, 422, "nothing"),
                ("/q/absent.csv", nil, 404, "path"),
                ("/q/items.csv?profile=fast", nil, 400, "exact"), ("/q/items.csv?labels=fr", nil, 400, "zh"),
                ("/q/items.csv?from=x", nil, 422, "$from"),
            ] as [(String, String?, Int, String)] {
                let answer = try await server.ask("GET", target, accept.map { [("Accept", $0)] } ?? [])
                #expect(answer?.status == status && answer?.text.contains(word) == true, "\(target): \(answer?.text ?? "")")
                #expect(answer?["content-type"]?.contains("json") == true)
            }
        }
    }

    @Test func `variables may stand in a body, as a form or as JSON`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let form = ("Content-Type", "application/x-www-form-urlencoded")
            let json = ("Content-Type", "application/json")
            for (field, body) in [(form, "from=2"), (json, #"{"from": 2}"#)] {
                let answer = try await server.ask("POST", "/q/items.jsonl", [field], body: body)
                #expect(answer?.status == 200 && answer?["data-rows"] == "1", "\(answer?.text ?? "")")
            }
            for (field, body, word) in [(form, "to=2", "'to'"), (json, #"{"to": 2}"#, "'to'"), (json, "[1]", "no JSON object")] {
                let answer = try await server.ask("POST", "/q/items", [field], body: body)
                #expect(answer?.status == 422 && answer?.text.contains(word) == true, "\(answer?.text ?? "")")
            }
            #expect(try await server.ask("POST", "/q/items?from=1", [json], body: #"{"from": 2}"#)?.status == 422)
            #expect(try await server.ask("POST", "/q/items", [("Content-Type", "text/plain")], body: "from=2")?.status == 415)
        }
    }

    @Test func `the questions are told as OpenAPI, and the figures of the server as metrics`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let api = try #require(try await server.ask("GET", "/openapi.json"))
            #expect(api.status == 200 && api["etag"] != nil && api.text.hasPrefix("{\"openapi\":\"3.1.0\""))
            #expect(
                api.text.contains("\"/q/items\"") && !api.text.contains("\"/q/broken\"") && api.text.contains("\"name\":\"from\"")
            )
            _ = try await server.ask("GET", "/q/absent")
            let metrics = try #require(try await server.ask("GET", "/metrics"))
            #expect(metrics["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            for line in [
                "hearth_requests_total{route=\"/openapi.json\",status=\"2xx\"} 1",
                "hearth_requests_total{route=\"/q/<name>\",status=\"4xx\"} 1",
                "hearth_version 1", "hearth_rows 4", "hearth_writable 1", "hearth_saved_questions_broken 1",
                "hearth_request_seconds_bucket{route=\"/openapi.json\",status=\"2xx\",le=\"+Inf\"} 1",
            ] {
                #expect(metrics.text.contains(line + "\n"), "\(line): \(metrics.text)")
            }
        }
        try await KeyedServer().run(content: Self.content()) { server async throws in
            for path in ["/metrics", "/openapi.json", "/events", "/q/items.csv"] {
                #expect(try await server.ask("GET", path)?.status == 401, "\(path)")
            }
        }
    }

    @Test func `a question that runs long is told of by its digest, and an answer says how long it ran`() async throws {
        let lines = TestServer.Lines()
        try await TestServer.run(limits: ["slow-query-time": 1], level: .problems, lines: lines, content: TestContent.slow()) {
            server in
            let answer = try #require(try await server.post(#"{"query": "\#(TestContent.pairsDocument)"}"#))
            #expect(answer["server-timing"]?.hasPrefix("answer;dur=") == true)
        }
        let slow = try #require(lines.all.first { $0.contains("\"event\":\"slow\"") })
        #expect(slow.contains("\"document\":\"") && !slow.contains("before"), "\(slow)")
    }

    @Test func `a browser gets a form and a table, and nothing of an answer becomes markup`() async throws {
        var content = Self.content()
        content.pages.question = try Template(
            "{{name}}:{{#problems}}!{{message}}{{/problems}}{{#variables}}[{{variable}}={{value}}]{{/variables}}"
                + "{{#table}}{{#heads}}<{{label}}>{{/heads}}{{#rows}}({{#cells}}{{text}};{{/cells}}){{/rows}}"
                + "{{#downloads}} {{href}}{{/downloads}}{{/table}}{{#json}}{{text}}{{/json}}")
        content.pages.questions = try Template("{{#roles}}{{#questions}}{{name}} {{/questions}}{{/roles}}")
        try await TestServer.run(content: content) { server in
            let browser = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]
            let change =
                #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: 1, label: \"<b>\"}]}}) { applied } }"}"#
            #expect(try await server.post(change)?.text.contains("true") == true)
            let page = try #require(try await server.ask("GET", "/q/items?from=1", browser))
            #expect(page.status == 200 && page["content-type"] == "text/html; charset=utf-8" && page["data-version"] == "2")
            #expect(page["content-security-policy"]?.contains("form-action 'self'") == true)
            #expect(
                page.text.hasPrefix(
                    "items:[from=1]<number><label><首个><group.number>(1;&lt;b&gt;;✗;1;)(2;;✗;1;) /q/items.json?from=1"),
                "\(page.text)")
            #expect(page.text.contains(" /q/items.xlsx?from=1&amp;labels=zh"))
            #expect(try await server.ask("GET", "/q/none", browser)?.text.hasPrefix("none:{&quot;data&quot;") == true)
            let broken = try await server.ask("GET", "/q/broken", browser)
            #expect(broken?.status == 422 && broken?.text.hasPrefix("broken:!") == true)
            let wrong = try await server.ask("GET", "/q/items?from=x", browser)
            #expect(wrong?.status == 422 && wrong?.text.contains("is not an integer") == true, "\(wrong?.text ?? "")")
            #expect(try await server.ask("GET", "/q", browser)?.text == "broken items none two ")
            #expect(try await server.ask("GET", "/q")?.text.hasPrefix("[") == true)
            #expect(try await server.ask("GET", "/q/items", [("Accept", "*/*")])?.text.hasPrefix("{") == true)
        }
    }

    @Test func `a table is a workbook, the same for the same answer`() async throws {
        try await TestServer.run(content: Self.content()) { server in
            let first = try #require(try await server.ask("GET", "/q/items.xlsx?labels=zh"))
            #expect(first.status == 200 && first.body.starts(with: [0x50, 0x4B, 0x03, 0x04]) && first["data-rows"] == "3")
            #expect(first["content-disposition"] == "attachment; filename=\"items.xlsx\"")
            let type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            #expect(first["content-type"] == type)
            let accepted = try await server.ask("GET", "/q/items?labels=zh", [("Accept", type)])
            #expect(accepted?.body == first.body)
            let known = [("If-None-Match", first["etag"] ?? "")]
            #expect(try await server.ask("GET", "/q/items.xlsx?labels=zh", known)?.status == 304)
        }
    }
}
