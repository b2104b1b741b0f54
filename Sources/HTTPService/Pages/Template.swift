/// A text with holes: `{{name}}` is filled by a value, `{{#name}}…{{/name}}` is repeated for each item of a list.
///
/// Values are escaped for HTML, wherever they stand. What a template knows no value for stays empty; a section that does not
/// end makes the template unreadable.
package struct Template: Sendable {
    /// What fills the holes of a template, or of one repetition.
    package struct Values: Sendable {
        package var texts: [String: String]
        package var lists: [String: [Values]]

        package init(texts: [String: String] = [:], lists: [String: [Values]] = [:]) {
            self.texts = texts
            self.lists = lists
        }
    }

    package enum Problem: Error, Equatable {
        case holeNotClosed
        case sectionNotClosed(String)
        case sectionNotOpened(String)
    }

    private indirect enum Part: Sendable {
        case text(String)
        case hole(String)
        case section(String, [Part])
    }

    private let parts: [Part]

    package init(_ text: String) throws(Problem) {
        var rest = text[...]
        parts = try Self.parts(&rest, of: nil)
    }

    package func filled(with values: Values) -> String {
        var result = ""
        Self.write(parts, values, outer: values, into: &result)
        return result
    }

    private static func parts(_ rest: inout Substring, of section: String?) throws(Problem) -> [Part] {
        var parts: [Part] = []
        while let open = find("{{", in: rest) {
            parts.append(.text(String(rest[..<open.lowerBound])))
            rest = rest[open.upperBound...]
            guard let close = find("}}", in: rest) else { throw .holeNotClosed }
            let name = rest[..<close.lowerBound]
            rest = rest[close.upperBound...]
            if name.first == "#" {
                let name = String(name.dropFirst())
                parts.append(.section(name, try Self.parts(&rest, of: name)))
            } else if name.first == "/" {
                guard let section, name.dropFirst() == section else { throw .sectionNotOpened(String(name.dropFirst())) }
                return parts
            } else {
                parts.append(.hole(String(name)))
            }
        }
        if let section { throw .sectionNotClosed(section) }
        parts.append(.text(String(rest)))
        return parts
    }

    private static func find(_ mark: String, in text: Substring) -> Range<Substring.Index>? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix(mark) { return index..<text.index(index, offsetBy: mark.count) }
            index = text.index(after: index)
        }
        return nil
    }

    private static func write(_ parts: [Part], _ values: Values, outer: Values, into result: inout String) {
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .hole(let name): result += escaped(values.texts[name] ?? outer.texts[name] ?? "")
            case .section(let name, let inner):
                for item in values.lists[name] ?? [] { write(inner, item, outer: outer, into: &result) }
            }
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
