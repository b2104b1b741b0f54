import Bytes
import Exchange
import Foundation
import Model
import StoreColumns
import Testing

@Suite("The page of archives") struct ArchiveFormatTests {
    /// The blocks of the example, by the file that stands before each.
    private func blocks() throws -> [String: String] {
        let page = try String(contentsOf: repository.appending(path: "Schema/formats/Archive.md"), encoding: .utf8)
        var found: [String: String] = [:]
        let parts = page.components(separatedBy: "```example\n")
        for (before, block) in zip(parts, parts.dropFirst()) {
            let name = try #require(before.split(separator: "`").last { $0.contains(".") && !$0.contains(" ") })
            found[String(name)] = block.components(separatedBy: "```").first
        }
        return found
    }

    @Test func `has an example that is written as it stands there, and read again`() throws {
        let blocks = try blocks()
        let sdl = Array(try #require(blocks["library.graphql"]).utf8)
        let model = try Model(sources: [ModelSource(name: "library.graphql", bytes: sdl)], digest: "")
        let rows = SourceFile("Author.csv", try #require(blocks["data/rows/Author.csv"]))
        let version = try Importer(model: model, profile: .exact).read([rows]).apply(
            to: .empty(catalog: model.catalog), number: 1, publishedAt: try #require(Instant(isoText: "2026-11-21T00:00:00Z")))
        let files = MemoryFileSystem()
        let terms = ArchiveTerms(
            model: model, modelFiles: [ModelSource(name: "library.graphql", bytes: sdl)], version: version,
            view: .everything)
        _ = try RegisterArchive.write(terms, to: "/bag", on: files)
        for name in ["data/rows/Author.csv", "manifest-sha256.txt", "bag-info.txt"] {
            #expect(String(decoding: try files.contents(of: "/bag/" + name, limit: 1 << 20), as: UTF8.self) == blocks[name])
        }
        let archive = try OpenedArchive(try Bag.examine("/bag", on: files))
        let name = try #require(model.type(named: "Author")?.field(named: "name")?.column)
        #expect(ChangeSet(of: try archive.load(model, workers: 1)).types[0].cells[name] == .string(""))
    }
}
