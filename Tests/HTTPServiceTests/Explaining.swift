import Foundation
import HTTPService
import Query
import Testing

/// `/explain`: JSON for programs, a page for people.
@Suite struct `Explanations over HTTP` {
    private static let pages = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Schema/pages").path(percentEncoded: false)

    @Test func `a rule is explained for a row, in JSON or as a page`() async throws {
        var content = TestContent.changing()
        content.pages = try Pages.load(folder: Self.pages, model: content.queries.model).pages
        try await TestServer.run(content: content) { server in
            func ask(_ target: String, _ accept: String) async throws -> (status: Int, text: String, type: String?) {
                let answer = try #require(try await server.ask("GET", target, [("Accept", accept)]))
                return (answer.status, answer.text, answer["content-type"])
            }
            let json = try await ask("/explain/Item.isFirst?key=1", "application/json")
            #expect(json.status == 200 && json.text.contains(#""verdict":"FALSE""#), "\(json)")
            let page = try await ask("/explain/Item.isFirst?key=1", "text/html,application/xhtml+xml,*/*;q=0.8")
            #expect(page.status == 200 && page.type == "text/html; charset=utf-8", "\(page)")
            #expect(page.text.contains("不符合") && page.text.contains("before"), "\(page)")
            let failures = try await ask("/explain/Item.isFirst?by=group", "application/json")
            #expect(failures.status == 200 && failures.text.contains(#""failing":2"#), "\(failures)")
            let rules = try await ask("/explain", "text/html")
            #expect(rules.status == 200 && rules.text.contains("/explain/Item.isFirst"), "\(rules)")
            let unknown = try await ask("/explain/Item.isLast?key=1", "application/json")
            #expect(unknown.status == 422 && unknown.text.contains("Item has no field 'isLast'"), "\(unknown)")
            let nobody = try await ask("/explain/Item.isFirst?key=77", "text/html")
            #expect(nobody.status == 422 && nobody.text.contains("There is no Item &#39;77&#39;"), "\(nobody)")
            #expect(try await ask("/explain/Item.isFirst?evidence=x&key=1", "application/json").status == 400)
            #expect(try await ask("/explain/a/b", "application/json").status == 404)
        }
    }
}
