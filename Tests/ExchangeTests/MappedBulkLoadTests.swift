import Exchange
import Foundation
import Model
import Settings
import StoreColumns
import Testing

/// Another system's files go the fast way too, and the two ways agree on them.
extension BulkLoadTests {
    private func fixture() throws -> [SourceFile] {
        try files(in: repository.appending(path: "Tests/ExchangeTests/Fixtures/register-csv"))
    }

    @Test func `files of another system are read in bulk as they are by way of a change set`() throws {
        let (model, mapping) = (try shippedModel(), try shippedMapping())
        let outcome = try check(try fixture(), model, mapping: mapping)
        if case .refused(let report) = outcome { Issue.record("\(report)") }
        #expect(isBulk(try fixture(), model, mapping: mapping))
        #expect(isBulk(try fixture(), model, mapping: mapping, blockBytes: 1))
    }

    @Test(arguments: 0..<20) func `whatever stands in another system's files, both ways say the same`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (model, mapping) = (try shippedModel(), try shippedMapping())
        var files = try fixture()
        let pieces = [
            "\"", ",", "\n", "|", " ", "'", "1", "2016", "2001-01-01", "\r\n", "", "\u{FF11}", "420115010901", "HOME", "\"a\nb\"",
        ]
        for _ in 0..<Int.random(in: 1...2, using: &random) {
            let place = Int.random(in: 0..<files.count, using: &random)
            var text = Array((files[place].text ?? "").unicodeScalars)
            let at = Int.random(in: 0..<text.count, using: &random)
            if Bool.random(using: &random) { text.remove(at: at) }
            text.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").unicodeScalars), at: at)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text)
            files[place] = SourceFile(files[place].name, String(view))
        }
        try check(
            files, model, "seed \(seed)", mapping: mapping, blockBytes: Int.random(in: 1...200, using: &random))
    }

    /// A small system with every way to come to a text, with keys of several parts and with rows that are left out.
    private static let mapping = """
        name: shop
        files:
          writers.csv:
            types:
              - type: Author
                fields: {number: id, name: "{first} {last}", born: {later-of: [born, {constant: 1900-01-01}]}}
          books.csv:
            types:
              - type: Book
                fields:
                  author: writer
                  title: {first-of: [title, {constant: untitled}]}
                  genre: {column: kind, values: {N: NOVEL, P: POEM}, otherwise: {constant: ESSAY}}
                  pages: {constant: 3, when: {kind: [N]}}
                  moods: {column: kind, values: {N: "NOVEL;POEM"}, otherwise: nothing}
                  publishedOn: {look-up: {file: writers.csv, match: id, with: writer, take: born, otherwise: nothing}}
              - type: Edition
                distinct: true
                when: {year: {present: true}}
                needs: from
                fields: {book: "{writer}|{title}", year: year, state: {constant: NOVEL}, from: sold}
              - type: Edition
                when: {kind: [P]}
                fields: {book: "{writer}|{title}", year: {constant: 1}, state: {constant: POEM}, to: sold}
              - type: Loan
                distinct: true
                needs: from
                fields: {author: writer, from: {look-up: {file: more.csv, match: book, with: "{writer}|{title}", take: lent, otherwise: nothing}}}
          more.csv:
            types:
              - type: Edition
                distinct: true
                fields: {book: {first-of: [book]}, year: year, state: {constant: ESSAY}}
        """

    private static let shop: [(String, String)] = [
        ("writers.csv", "id,first,last,born\nA1,Bai,Li,1901-02-03\nA2,Fu,Du,\nA3,,,1850-01-01\n"),
        (
            "books.csv",
            "writer,title,kind,year,sold\nA1,x,N,2001,2001-05-06\nA1,\"y,\nz\",P,,\nA2,x,Q,2001,\nA1,w,N,2001,2002-01-01\n"
        ),
        ("more.csv", "book,year,lent\nA1|x,2001,2001-01-01\nA1|x,2002,\nA1|x,2002,\nA1|w,2003,2001-01-01\nA2|x,2001,\n"),
    ]

    private func shopMapping() throws -> ImportMapping {
        try ImportMapping(reading: Array(Self.mapping.utf8), file: "shop.yaml")
    }

    @Test func `rows that are left out or come again are left out by either way`() throws {
        let (model, mapping) = (try library(), try shopMapping())
        let files = Self.shop.map { SourceFile($0.0, $0.1) }
        let outcome = try check(files, model, mapping: mapping)
        guard case .rows(let texts, let report, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(isBulk(files, model, mapping: mapping, blockBytes: 1))
        #expect(
            texts["Edition.csv"] == """
                book,year,state,from
                A1|w,2001,NOVEL,2002-01-01
                A1|w,2003,ESSAY,
                A1|x,2001,NOVEL,2001-05-06
                A1|x,2002,ESSAY,
                "A1|y,
                z",1,POEM,
                A2|x,2001,ESSAY,

                """)
        #expect(texts["Loan.csv"] == "author,from\nA1,2001-01-01\n")
        #expect(report.files.last?.types.map { "\($0.type) \($0.rowCount)" } == ["Edition 3"])
    }

    @Test func `a blank in quotes belongs to the text, whatever stood in the rows before`() throws {
        let (model, mapping) = (try library(), try shopMapping())
        var files = Self.shop.map { SourceFile($0.0, $0.1) }
        files[1] = SourceFile("books.csv", "writer,title,kind,year,sold\nA1,a, N,,\nA1,b,\" N\",,\nA1,c,N,,\n")
        files[2] = SourceFile("more.csv", "book,year,lent\n")
        let outcome = try check(files, model, mapping: mapping)
        guard case .rows(let texts, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let genres = (texts["Book.csv"] ?? "").split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
        #expect(genres == ["NOVEL", "ESSAY", "NOVEL"])
    }

    @Test(arguments: 0..<300) func `whatever stands in a small system's files, both ways say the same`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let (model, mapping) = (try library(), try shopMapping())
        var texts = Self.shop
        let pieces = [
            "\"", ",", "\n", "A1", "A9", "|", ";", "\\", " ", "'", "x", "N", "P", "2001", "2001-01-01", "\r\n", "", "\u{FF11}",
            "A1|x", "\n\n", "\"a\nb\"", "\" N\"", " N", "\"N\"",
        ]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let file = Int.random(in: 0..<texts.count, using: &random)
            var text = Array(texts[file].1.unicodeScalars)
            let place = Int.random(in: 0..<text.count, using: &random)
            if Bool.random(using: &random) { text.remove(at: place) }
            text.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").unicodeScalars), at: place)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text)
            texts[file].1 = String(view)
        }
        try check(
            texts.map { SourceFile($0.0, $0.1) }, model, "seed \(seed): \(texts)", mapping: mapping,
            blockBytes: Int.random(in: 1...60, using: &random))
    }
}
