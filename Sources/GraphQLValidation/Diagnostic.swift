import GraphQLSyntax
import GraphQLTypes

/// One thing that is wrong with a document.
package struct Diagnostic: Hashable, Sendable {
    /// What was found and what was expected, for the author of the document.
    package var message: String
    /// What the message is about; empty where it is about the document as a whole.
    package var locations: [SourceLocation]
    /// The rule that was broken, by the name in `ValidationRule.name`.
    package var rule: String

    package init(message: String, locations: [SourceLocation], rule: String) {
        self.message = message
        self.locations = locations
        self.rule = rule
    }
}

/// Why a document is not valid, in reading order; never empty.
package struct ValidationErrors: Error, Hashable, Sendable {
    package var diagnostics: [Diagnostic]
}

/// What the rules have found so far. Messages are made, and places turned into lines and columns, only for what is kept.
package struct Diagnostics {
    private struct Item {
        var rule: String
        var message: String
        var offsets: [Int]
    }

    private let limit: Int
    /// Whether messages name what was perhaps meant.
    let suggests: Bool
    private var items: [Item] = []
    private var hasMore = false
    /// Looking for similar names is dear, and after so many wrong ones the author has other worries.
    private var suggestionsLeft = 20
    /// The rule that is running.
    var rule = ""

    init(limit: Int, suggests: Bool) {
        self.limit = limit
        self.suggests = suggests
    }

    var isEmpty: Bool { items.isEmpty }
    var count: Int { items.count }
    /// True where reporting more has no effect but to say that there is more.
    var isFull: Bool { hasMore }

    mutating func report(_ message: @autoclosure () -> String, at ranges: SourceRange...) {
        report(message(), at: ranges)
    }

    mutating func report(_ message: @autoclosure () -> String, at ranges: [SourceRange]) {
        guard items.count < limit else {
            hasMore = true
            return
        }
        items.append(Item(rule: rule, message: message(), offsets: ranges.map { Int($0.start) }))
    }

    /// Reports a name that is not known, and which known ones it is like, if that may be told.
    mutating func report(
        _ message: @autoclosure () -> String, similarTo name: String, among candidates: @autoclosure () -> [String],
        at range: SourceRange
    ) {
        let isLikened = suggests && suggestionsLeft > 0 && items.count < limit
        if isLikened { suggestionsLeft -= 1 }
        report(message() + (isLikened ? suggestion(for: name, among: candidates()) : ""), at: [range])
    }

    /// Everything found, in reading order of the first places; one more where not everything was kept.
    func diagnostics(in source: Source) -> [Diagnostic] {
        let locations = source.locations(of: items.flatMap(\.offsets))
        let order = items.indices.sorted { (items[$0].offsets.first ?? -1, $0) < (items[$1].offsets.first ?? -1, $1) }
        var diagnostics = order.map { index in
            let item = items[index]
            return Diagnostic(
                message: item.message, locations: item.offsets.compactMap { locations[$0] }, rule: item.rule)
        }
        if hasMore {
            diagnostics.append(
                Diagnostic(
                    message: "There are more problems; the first \(limit) that were found are listed.", locations: [],
                    rule: "limit"))
        }
        return diagnostics
    }
}
