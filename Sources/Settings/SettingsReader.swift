/// Takes a YAML value apart, type by type, and gathers what is wrong instead of stopping at the first.
struct SettingsReader {
    let file: String
    private(set) var problems: [SettingsProblem] = []

    init(file: String) { self.file = file }

    mutating func report(_ line: Int, _ message: String) {
        problems.append(SettingsProblem(file: file, line: line, message: message))
    }

    /// Throws what was gathered, if anything was.
    func finish() throws(SettingsErrors) {
        guard problems.isEmpty else { throw SettingsErrors(problems.sorted { ($0.line ?? 0) < ($1.line ?? 0) }) }
    }

    /// The members of a mapping whose keys are known; others are reported and left out.
    mutating func members(
        _ value: YAMLValue, of what: String, allowing known: [String]
    ) -> [String: YAMLValue.Member] {
        var members: [String: YAMLValue.Member] = [:]
        for member in anyMembers(value, of: what) {
            if known.contains(member.key) {
                members[member.key] = member
            } else {
                report(
                    member.line,
                    "\(what) has no '\(member.key)'; it has \(known.joined(separator: ", "))."
                        + didYouMean(member.key, among: known))
            }
        }
        return members
    }

    /// The members of a mapping with any keys.
    mutating func anyMembers(_ value: YAMLValue, of what: String) -> [YAMLValue.Member] {
        switch value.content {
        case .mapping(let members): return members
        case .nothing: return []
        case .text, .list:
            report(value.line, "\(what) is a mapping; found \(value.kind)")
            return []
        }
    }

    mutating func text(_ value: YAMLValue, of what: String) -> String? {
        if case .text(let text) = value.content { return text }
        report(value.line, "\(what) is a text; found \(value.kind)")
        return nil
    }

    mutating func placedText(_ value: YAMLValue, of what: String) -> Placed<String>? {
        text(value, of: what).map { Placed($0, line: value.line) }
    }

    /// A list; one text stands for a list of one.
    mutating func list(_ value: YAMLValue, of what: String) -> [YAMLValue] {
        switch value.content {
        case .list(let elements): return elements
        case .text: return [value]
        case .nothing: return []
        case .mapping:
            report(value.line, "\(what) is a list; found a mapping")
            return []
        }
    }

    mutating func texts(_ value: YAMLValue, of what: String) -> [Placed<String>] {
        var texts: [Placed<String>] = []
        for element in list(value, of: what) {
            if let text = placedText(element, of: what) { texts.append(text) }
        }
        return texts
    }

    mutating func boolean(_ value: YAMLValue, of what: String) -> Bool? {
        switch value.content {
        case .text("true"): return true
        case .text("false"): return false
        default:
            report(value.line, "\(what) is true or false; found \(value.kind)")
            return nil
        }
    }

    /// One of a few words.
    mutating func choice(_ value: YAMLValue, of what: String, among words: [String]) -> String? {
        if case .text(let text) = value.content, words.contains(text) { return text }
        report(value.line, "\(what) is \(words.joined(separator: " or ")); found \(value.kind)")
        return nil
    }

    mutating func int(_ value: YAMLValue, of what: String, in range: ClosedRange<Int>) -> Int? {
        if case .text(let text) = value.content, let number = Int(text), range.contains(number) { return number }
        report(value.line, "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound); found \(value.kind)")
        return nil
    }
}
