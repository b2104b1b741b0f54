import Testing

/// T92 over HTTP: a long question needs a permit.
@Suite struct `Long questions over HTTP` {
    private static let limits = ["long-query-time": 20, "max-long-queries": 1, "deadline": 600_000]

    /// Waits until so many permits are taken, as readiness tells.
    private func holds(_ count: Int, _ server: TestServer.Running) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while try await server.ask("GET", "/health/ready")?.text.contains("\"long\":\(count),") != true {
            if ContinuousClock.now > end { return false }
            try await Task.sleep(for: .milliseconds(10))
        }
        return true
    }

    @Test func `one that finds no permit is refused by the limit's name, while short ones are answered`() async throws {
        try await TestServer.run(
            limits: Self.limits.merging(["long-queue-time": 100]) { $1 }, content: TestContent.endless()
        ) { server in
            let first = try await RawClient.connect(port: server.port)
            await first.send(server.request(document: TestContent.pairsDocument))
            #expect(try await holds(1, server))
            for _ in 1...3 {
                let second = try await server.post("{\"query\":\"\(TestContent.pairsDocument)\"}")
                #expect(second?.status == 503)
                #expect(
                    second?.text.contains(#""code":"OVERLOADED","limit":"max-long-queries","maximum":1"#) == true,
                    "\(second?.text ?? "")")
                #expect(second?["retry-after"].flatMap { Int($0) }.map { $0 > 500 } == true)
                #expect(try await server.post(#"{"query":"{ __typename }"}"#)?.status == 200)
            }
            await first.close()
            #expect(try await server.runs(0))
            #expect(try await holds(0, server))
        }
    }

    @Test func `one that gave way is answered as if it had not`() async throws {
        try await TestServer.run(
            limits: Self.limits.merging(["long-queue-time": 60_000]) { $1 }, content: TestContent.slow()
        ) { server in
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 1...2 {
                    // Of each its own condition, so that none finds what another has computed.
                    let document =
                        "{ items(where: {cel: \\\"size(group.items.filter(i, i.number < number)) >= \(number)\\\"}) { totalCount } }"
                    group.addTask { try await server.post("{\"query\":\"\(document)\"}")?.text }
                }
                var answers: [String] = []
                for try await answer in group { answers.append(answer ?? "") }
                return answers.sorted()
            }
            for (answer, count) in zip(answers, 1198...1199) {
                #expect(answer.contains("{\"data\":{\"items\":{\"totalCount\":\(count)}}"), "\(answer)")
            }
        }
    }
}

/// `explain=1` at every door.
@Suite struct `Explained answers over HTTP` {
    @Test func `a saved question explains its answer as a document does, and only where it is asked to`() async throws {
        try await TestServer.run(content: TestContent.asked) { server in
            let plain = try await server.ask("GET", "/q/from?number=1")
            let explained = try await server.ask("GET", "/q/from?number=1&explain=1")
            #expect(plain?.status == 200 && explained?.status == 200)
            #expect(plain?.text.contains("\"explain\"") == false)
            #expect(explained?.text.contains("{\"data\":{\"items\":{\"totalCount\":2}}") == true)
            #expect(explained?.text.contains("\"explain\":{\"steps\":[{\"depth\":0,\"mode\":\"phase\"") == true)
            let off = try await server.ask("GET", "/q/from?number=1&explain=0")
            #expect(off?.text == plain?.text)
            let wrong = try await server.ask("GET", "/q/from?number=1&explain=yes")
            #expect(wrong?.status == 400)
            #expect(wrong?.text.contains("The parameter 'explain' is 1 or 0.") == true)
        }
    }
}
