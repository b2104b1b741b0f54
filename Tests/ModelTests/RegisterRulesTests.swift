import Expressions
import Foundation
import Model
import StoreColumns
import Testing

/// `Schema/model/RULES.md` says where each rule of the reference lives; it is made from the files, and held against them.
@Suite struct `Rules of the register` {
    private static let page = root.appending(path: "Schema/model/RULES.md")
    private static let ruleCount = 148

    /// Where a rule is, by how.
    private struct Places {
        var computed: [String] = []
        var checked: [String] = []
        var asked: [String] = []
        var held: [String] = []
        var tested: [String] = []
    }

    private func places() throws -> [Int: Places] {
        var places: [Int: Places] = [:]
        let model = try shippedModel()
        for type in model.types {
            for rule in Self.rules(in: type.description ?? "") { places[rule, default: Places()].held.append(type.name) }
            for (field, row) in zip(type.fields, model.rowTypes[type.nodeType].fields) {
                for rule in Self.rules(in: field.description ?? "") {
                    let name = "\(type.name).\(field.name)"
                    if case .derived = row.source {
                        places[rule, default: Places()].computed.append(name)
                    } else {
                        places[rule, default: Places()].held.append(name)
                    }
                }
            }
            for check in type.checks + type.procedures.guards.map(\.check) {
                for rule in Self.rules(in: check.id + " " + check.explanation) {
                    places[rule, default: Places()].checked.append(check.id)
                }
            }
        }
        for enumeration in model.enumerations {
            for rule in Self.rules(in: enumeration.description ?? "") {
                places[rule, default: Places()].held.append(enumeration.name)
            }
        }
        for question in try questionFiles() {
            let text = String(decoding: question.bytes, as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix("# rules:") }.map(String.init) ?? ""
            for rule in Self.rules(in: line) {
                places[rule, default: Places()].asked.append(String(question.name.dropLast(".graphql".count)))
            }
        }
        let folder = root.appending(path: "Tests/QueryTests/Questions")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).sorted() {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for rule in Self.rules(in: text) { places[rule, default: Places()].tested.append(name) }
            for (rule, place) in places
            where place.asked.contains(where: { text.contains("\"\($0)\"") }) && !place.tested.contains(name) {
                places[rule, default: Places()].tested.append(name)
            }
        }
        return places
    }

    /// `R40`, as words of a text.
    private static func rules(in text: String) -> [Int] {
        let words = text.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        var found: [Int] = []
        for word in words where word.first == "R" {
            if let rule = Int(word.dropFirst()), (1...ruleCount).contains(rule), !found.contains(rule) { found.append(rule) }
        }
        return found
    }

    private static let begin = "<!-- made from the files: RECORD=1 renews it -->\n"
    private static let end = "<!-- by hand from here -->\n"

    private func table() throws -> String {
        let places = try places()
        var text = "| rule | computed | checked | asked | held | tested in |\n|---|---|---|---|---|---|\n"
        for rule in 1...Self.ruleCount {
            let place = places[rule] ?? Places()
            let cells = [place.computed, place.checked, place.asked, place.held, place.tested.sorted()].map { names in
                names.isEmpty ? "–" : names.map { "`\($0)`" }.joined(separator: " ")
            }
            text += "| R\(rule) | \(cells.joined(separator: " | ")) |\n"
        }
        return text
    }

    @Test func `the page of rules says what the files say`() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let head = try #require(page.range(of: Self.begin)?.upperBound)
        let tail = try #require(page.range(of: Self.end)?.lowerBound)
        let table = try table()
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try (page[..<head] + table + page[tail...]).write(to: Self.page, atomically: true, encoding: .utf8)
            return
        }
        #expect(page[head..<tail] == table[...], "RECORD=1 renews the page")
    }

    @Test func `a rule that is not computed, checked or asked has its reason`() throws {
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let reasons = Self.rules(in: String(page[try #require(page.range(of: Self.end)?.upperBound)...]))
        let places = try places()
        for rule in 1...Self.ruleCount {
            let place = places[rule] ?? Places()
            let lives = !(place.computed.isEmpty && place.checked.isEmpty && place.asked.isEmpty)
            #expect(lives || reasons.contains(rule), "R\(rule)")
        }
    }

    @Test func `the page of questions names every question with its titles, and every one of the reference`() throws {
        let page = try String(contentsOf: root.appending(path: "Schema/queries/README.md"), encoding: .utf8)
        let words = Set(page.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map(String.init))
        for number in 1...146 { #expect(words.contains("Q\(number)"), "Q\(number)") }
        let lines = page.split(separator: "\n")
        for question in try questionFiles() {
            let text = String(decoding: question.bytes, as: UTF8.self)
            func note(_ name: String) -> String {
                text.split(separator: "\n").first { $0.hasPrefix("# \(name): ") }.map { String($0.dropFirst(name.count + 4)) }
                    ?? ""
            }
            let name = question.name.dropLast(".graphql".count)
            let line = lines.first { $0.hasPrefix("| `\(name)` |") } ?? ""
            for part in [note("title-zh"), note("title-en"), note("questions"), note("rules")] {
                #expect(line.contains(part), "\(name): \(part)")
            }
            for part in text.components(separatedBy: "param('").dropFirst() {
                let parameter = part.components(separatedBy: "'").first ?? ""
                #expect(line.contains("`\(parameter)`"), "\(name): \(parameter)")
            }
        }
    }
}
