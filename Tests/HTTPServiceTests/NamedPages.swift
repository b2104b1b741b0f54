import Foundation
import Testing

@testable import HTTPService

/// Folders of `Schema/pages` with a `page.html`: each a page at its own path.
@Suite struct `Pages that stand at their own path` {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Schema/pages")

    @Test func `a path of one name is a page, unless something else stands there`() {
        #expect(Route(target: "/board") == .page("board"))
        #expect(Route(target: "/board?as=x") == .page("board"))
        #expect(Route(target: "/graphql") == .graphQL)
        for target in ["/board/", "/board/x", "/b%6Fard", "/bo.ard", "//board", "/" + String(repeating: "a", count: 65)] {
            #expect(Route(target: target) == nil, "\(target)")
        }
    }

    /// The pages there are, each with the names and texts of the files beside it.
    func pages() throws -> [(name: String, page: String, files: [String: String])] {
        try RegisterFiles.folders(in: folder.path, holding: "page.html").map { name in
            let beside = folder.appending(path: name)
            let files = try RegisterFiles.files(in: beside.path, extensions: ["js", "css"])
            return (
                name, try String(contentsOf: beside.appending(path: "page.html"), encoding: .utf8),
                Dictionary(uniqueKeysWithValues: files.map { ("\(name)/\($0.name)", String(decoding: $0.bytes, as: UTF8.self)) })
            )
        }
    }

    /// What stands between quotes behind a word, everywhere in a text.
    func quoted(after word: String, in text: String) -> [String] {
        text.components(separatedBy: word).dropFirst().compactMap { rest in
            guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
            return rest.dropFirst().split(separator: quote, maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
        }
    }

    @Test func `every file that a page names is there, and every file beside it is reached`() throws {
        #expect(try !pages().isEmpty)
        for (name, page, files) in try pages() {
            let prefix = "/assets/"
            var open = (quoted(after: "src=", in: page) + quoted(after: "href=", in: page))
                .filter { $0.hasPrefix(prefix) && !$0.contains("{{") }.map { String($0.dropFirst(prefix.count)) }
            var reached: Set<String> = []
            while let file = open.popLast() {
                guard reached.insert(file).inserted else { continue }
                let text = try files[file] ?? String(contentsOf: folder.appending(path: file), encoding: .utf8)
                for imported in quoted(after: "from ", in: text) + quoted(after: "import ", in: text) {
                    #expect(imported.hasPrefix("./") || imported.hasPrefix("../console/"), "\(file) imports \(imported)")
                    let own = String(file.prefix(while: { $0 != "/" })) + "/"
                    open.append(imported.hasPrefix("../") ? String(imported.dropFirst(3)) : own + imported.dropFirst(2))
                }
            }
            #expect(reached.filter { $0.hasPrefix(name + "/") } == Set(files.keys), "\(name)")
        }
    }

    @Test func `nothing comes from elsewhere, and no text becomes markup or code`() throws {
        let forbidden = [
            "http://", "https://", "\"//", "'//", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
            "new Function", "DOMParser", "setAttribute(\"style\"", "@import", "url(", "await import(", " style=", "<style",
            "onclick", "onload=", "javascript:",
        ]
        for (name, page, files) in try pages() {
            for (file, text) in files.merging([name: page], uniquingKeysWith: { one, _ in one }) {
                for word in forbidden { #expect(!text.contains(word), "\(file) has \(word)") }
            }
        }
    }
}
