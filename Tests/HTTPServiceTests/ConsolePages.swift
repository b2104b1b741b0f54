import Foundation
import Testing

@testable import HTTPService

/// The files of the console, as they lie in `Schema/pages`: whole, small, and without anything from elsewhere.
@Suite struct `The console's files` {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Schema/pages")

    /// The page, and what is sent beside it, by its name.
    func files() throws -> (page: String, assets: [String: String]) {
        let page = try String(contentsOf: folder.appending(path: "start.html"), encoding: .utf8)
        let found = try RegisterFiles.files(in: folder.appending(path: "console").path, extensions: ["js", "css"])
        #expect(found.count > 20)
        return (page, Dictionary(uniqueKeysWithValues: found.map { ($0.name, String(decoding: $0.bytes, as: UTF8.self)) }))
    }

    /// What stands between quotes behind a word, everywhere in a text.
    func quoted(after word: String, in text: String) -> [String] {
        text.components(separatedBy: word).dropFirst().compactMap { rest in
            guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
            return rest.dropFirst().split(separator: quote, maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    @Test func `every file that is named is there, and every file that is there is reached from the page`() throws {
        let (page, assets) = try files()
        let prefix = "/assets/console/"
        var open = (quoted(after: "src=", in: page) + quoted(after: "href=", in: page)).filter { $0.hasPrefix(prefix) }
            .map { String($0.dropFirst(prefix.count)) }
        #expect(open.contains("app.js") && open.contains("console.css"))
        var reached: Set<String> = []
        while let name = open.popLast() {
            guard reached.insert(name).inserted else { continue }
            let text = try #require(assets[name], "\(name) is named and not there")
            for imported in quoted(after: "from ", in: text) + quoted(after: "import ", in: text) {
                #expect(imported.hasPrefix("./"), "\(name) imports \(imported)")
                open.append(String(imported.dropFirst(2)))
            }
        }
        #expect(reached == Set(assets.keys))
    }

    @Test func `page, scripts and styles are sent in less than 100 kB, so that a schema fits beside them in 200`() throws {
        let (page, assets) = try files()
        let sent = assets.values.reduce(page.utf8.count) { sum, text in
            let content = FixedContent(contentType: "", bytes: Array(text.utf8))
            return sum + content.form(acceptEncoding: "gzip").form.bytes.count
        }
        #expect(sent < 100_000, "\(sent) bytes")
    }

    @Test func `the page holds no script and no style of its own`() throws {
        let page = try files().page
        for rest in page.components(separatedBy: "<script").dropFirst() {
            #expect(rest.hasPrefix(" type=\"module\" src=\"/assets/") && rest.contains("\"></script>"))
        }
        #expect(!page.contains("<style") && !page.contains(" style="))
        for handler in ["onclick", "onload", "onerror", "onsubmit", "javascript:"] { #expect(!page.contains(handler)) }
    }

    @Test func `nothing comes from elsewhere, and no text becomes markup or code`() throws {
        let (page, assets) = try files()
        let namespace = "http://www.w3.org/2000/svg"
        let forbidden = [
            "http://", "https://", "\"//", "'//", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
            "new Function", "DOMParser", "setAttribute(\"style\"", "@import", "url(", "await import(",
        ]
        for (name, text) in assets.merging(["start.html": page], uniquingKeysWith: { one, _ in one }) {
            let text = text.replacing(namespace, with: "")
            for word in forbidden { #expect(!text.contains(word), "\(name) has \(word)") }
        }
    }

    @Test func `the scripts and styles know no word of the register`() throws {
        let words = ["household", "poverty", "village", "cadre", "pairing", "贫困", "脱贫", "农户", "村民"]
        for (name, text) in try files().assets {
            for word in words { #expect(!text.lowercased().contains(word), "\(name) has \(word)") }
        }
    }
}
