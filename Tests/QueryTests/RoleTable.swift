import Foundation
import Model
import StoreColumns

/// The table of roles that was written by hand, `Access/matrix.txt`, read by the plainest code.
struct RoleTable {
    /// By section: its lines, in words.
    private let sections: [String: [[String]]]
    let classes: [String]
    let roles: [String]
    /// By field, `Type.field`: the class, and whether a mask leaves something.
    private var personal: [String: (about: String, isMasked: Bool)] = [:]

    init() throws {
        let text = try String(contentsOf: testFolder.appending(path: "Access/matrix.txt"), encoding: .utf8)
        var sections: [String: [[String]]] = [:]
        var classes: [String] = []
        var name = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("# role ") {
                classes = Array(words.dropFirst(2))
            } else if line.hasPrefix("== ") {
                name = words[1]
            } else if !line.hasPrefix("#") {
                sections[name, default: []].append(words)
            }
        }
        self.sections = sections
        self.classes = classes
        roles = (sections["classes"] ?? []).map { $0[0] }
        for line in sections["fields"] ?? [] {
            for field in line.dropFirst() {
                let isMasked = field.hasSuffix("*")
                personal[isMasked ? String(field.dropLast()) : field] = (line[0], isMasked)
            }
        }
    }

    /// The words behind a role in a section.
    func words(_ section: String, of role: String) -> [String] {
        sections[section]?.first { $0[0] == role }.map { Array($0.dropFirst()) } ?? []
    }

    func seesRows(_ role: String) -> Bool { words("sees", of: role).first == "rows" }

    func types(_ role: String) -> Set<String> {
        var types: Set<String> = []
        let words = words("sees", of: role).dropFirst()
        for word in words where !word.hasPrefix("+") && !word.hasPrefix("-") { types.formUnion(self.words("types", of: word)) }
        for word in words where word.hasPrefix("+") { types.insert(String(word.dropFirst())) }
        for word in words where word.hasPrefix("-") { types.remove(String(word.dropFirst())) }
        return types
    }

    func written(_ role: String) -> Set<String> {
        Set(words("writes", of: role).flatMap { words("types", of: $0) })
    }

    var personalFields: [String: (about: String, isMasked: Bool)] { personal }

    /// `F`, `M`, `A` or `-`.
    func letter(_ about: String, of role: String) -> String {
        guard let column = classes.firstIndex(of: about) else { return "-" }
        let letters = words("classes", of: role)
        return letters.indices.contains(column) ? letters[column] : "-"
    }

    /// What a role sees of a field that is stored and about a person.
    func letter(ofField field: String, of role: String) -> String {
        if words("hidden", of: role).contains(field) { return "-" }
        guard let known = personal[field] else { return "F" }
        let letter = letter(known.about, of: role)
        return letter == "M" && !known.isMasked ? "-" : letter
    }
}
