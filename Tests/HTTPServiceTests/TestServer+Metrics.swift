import Testing

extension TestServer.Running {
    /// A number among the metrics.
    ///
    /// - Parameters:
    ///   - name: With its labels, as in `hearth_repeated_answers_total` or `name{label="value"}`.
    ///   - fields: Of the request, as where keys are asked for.
    func metric(_ name: String, _ fields: [(String, String)] = []) async throws -> Int {
        let text = try #require(try await ask("GET", "/metrics", fields)?.text)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + " ") }, "no \(name)")
        return try #require(Int(line.dropFirst(name.count + 1)))
    }

    /// Gives an item of `TestContent` a label, and the group 1.
    func label(_ number: Int = 1, as label: String) async throws {
        let answer = try await post(
            #"{"query": "mutation { applyChanges(changes: {items: {upsert: [{number: \#(number), group: 1, label: \"\#(label)\"}]}}) { applied } }"}"#
        )
        #expect(answer?.text.contains("\"applied\":true") == true, "\(answer?.text ?? "")")
    }
}
