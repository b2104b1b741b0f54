import Foundation
import Query
import Testing

/// Whole answers, byte for byte: a folder a case with `query.graphql`, perhaps `variables.json`, and `response.json`.
/// RECORD=1 renews the responses; the difference is read.
@Suite struct `Execution cases` {
    static let folder = testFolder.appending(path: "Cases")
    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []).sorted()

    @Test(arguments: names) func `the answer is the one that was recorded`(name: String) throws {
        let folder = Self.folder.appending(path: name)
        let query = try String(contentsOf: folder.appending(path: "query.graphql"), encoding: .utf8)
        let variables = (try? String(contentsOf: folder.appending(path: "variables.json"), encoding: .utf8)) ?? "{}"
        let answer = try Desk(SmallRegister.make()).answer(query, variables: variables)
        let found = String(decoding: answer.body, as: UTF8.self) + "\n"
        _ = try JSON(answer.body)
        let file = folder.appending(path: "response.json")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try found.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == found)
    }

    @Test func `there are cases`() { #expect(Self.names.count > 20) }
}
