import Access
import StoreColumns

/// A question that the audit can be asked by name: who was told some classes of data, when, about whom and why.
package struct AuditQuestion: Sendable {
    package var name: String
    package var chinese: String?
    package var english: String?
    /// As the model names them; empty: any.
    package var kinds: Set<String>
    /// In which way they were told, in the audit's words; empty: any.
    package var views: Set<String>

    package init(name: String, chinese: String? = nil, english: String? = nil, kinds: Set<String> = [], views: Set<String> = []) {
        self.name = name
        self.chinese = chinese
        self.english = english
        self.kinds = kinds
        self.views = views
    }

    /// Entries that are told at once where nothing is said, and at most.
    static let standardCount = 1_000
    static let countLimit = 10_000

    /// Its parameters, with what they mean.
    static let parameters: [(name: String, meaning: String)] = [
        ("about", "Type:key of a row, its parts joined by |"), ("key", "the id of a key"), ("role", "a role"),
        ("from", "a day"), ("to", "a day, which counts"), ("after", "the number of an entry: those behind it"),
        ("first", "how many, at most \(countLimit)"),
    ]

    /// What an address looks for.
    func search(_ parameters: URLParameters, _ digests: AuditDigests) throws(Refusal) -> AuditSearch {
        for pair in parameters.pairs where !Self.parameters.contains(where: { $0.name == pair.name }) {
            throw .parameterInvalid(
                name: pair.name, reason: "is none of \(Self.parameters.map(\.name).joined(separator: ", "))")
        }
        var search = AuditSearch(limit: try Self.number("first", parameters) ?? Self.standardCount)
        guard (1...Self.countLimit).contains(search.limit) else {
            throw .parameterInvalid(name: "first", reason: "lies between 1 and \(Self.countLimit)")
        }
        (search.kinds, search.views) = (kinds, views)
        search.after = try Self.number("after", parameters) ?? 0
        search.key = try parameters.single("key")
        search.role = try parameters.single("role")
        search.from = try Self.day("from", parameters)
        search.to = try Self.day("to", parameters)
        if let about = try parameters.single("about") {
            guard let end = about.firstIndex(of: ":") else {
                throw .parameterInvalid(name: "about", reason: "is a type, a colon and a key, as Item:12")
            }
            search.subject = digests.row(String(about[about.index(after: end)...]), of: String(about[..<end]))
        }
        return search
    }

    private static func number(_ name: String, _ parameters: URLParameters) throws(Refusal) -> Int? {
        guard let text = try parameters.single(name) else { return nil }
        guard let number = Int(text), number >= 0 else { throw .parameterInvalid(name: name, reason: "is not a number") }
        return number
    }

    private static func day(_ name: String, _ parameters: URLParameters) throws(Refusal) -> CivilDate? {
        guard let text = try parameters.single(name) else { return nil }
        guard let day = CivilDate(isoText: text) else {
            throw .parameterInvalid(name: name, reason: "is not a date as 2026-12-31")
        }
        return day
    }
}
