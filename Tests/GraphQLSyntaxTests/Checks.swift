import GraphQLSyntax
import Testing

/// What a source is refused with: the message and where.
struct Refusal: Equatable, CustomStringConvertible {
    var message: String
    var line: Int
    var column: Int
    var description: String { "\(line):\(column) \(message)" }
}

/// The error of parsing a document, or nil.
func refusal(_ text: String, edition: Edition = .september2026, limits: ParserLimits = .default) -> Refusal? {
    do throws(SyntaxError) {
        _ = try parse(Source(text), edition: edition, limits: limits)
        return nil
    } catch {
        return Refusal(message: error.message, line: error.location.line, column: error.location.column)
    }
}

/// Expects the source, whose culprit stands between « and », to be refused at « for a reason that says `words`.
func check(
    _ marked: String, isRefusedSaying words: String, edition: Edition = .september2026,
    at place: Testing.SourceLocation = #_sourceLocation
) {
    let text = marked.filter { $0 != "«" && $0 != "»" }
    guard let mark = marked.firstIndex(of: "«") else {
        Issue.record("no « in \(marked)", sourceLocation: place)
        return
    }
    let before = marked[..<mark].unicodeScalars
    let line = before.count { $0 == "\n" } + 1
    let column = before.reversed().prefix { $0 != "\n" }.count + 1
    guard let refusal = refusal(text, edition: edition) else {
        Issue.record("accepted: \(text)", sourceLocation: place)
        return
    }
    #expect(refusal.message.contains(words), "\(refusal)", sourceLocation: place)
    #expect(refusal.line == line && refusal.column == column, "\(refusal), expected \(line):\(column)", sourceLocation: place)
}

/// The document printed, or its error.
func printed(_ text: String, edition: Edition = .september2026) -> String {
    do throws(SyntaxError) {
        return Printer(try parse(Source(text), edition: edition)).text()
    } catch {
        return "\(error.location.line):\(error.location.column) \(error.message)"
    }
}

/// A generator of chance that gives the same for the same seed.
struct Chance: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
    mutating func one(in chances: Int) -> Bool { below(chances) == 0 }
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
