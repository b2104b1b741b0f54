/// What something is called in Chinese, and under which other headings files bring it.
package struct Label: Sendable, Hashable {
    /// The heading to show; nil where the model gives none.
    package var chinese: String?
    package var aliases: [String]
    package init(chinese: String? = nil, aliases: [String] = []) {
        self.chinese = chinese
        self.aliases = aliases
    }
    /// The label and the aliases.
    var all: [String] { (chinese.map { [$0] } ?? []) + aliases }
}

/// The form in which headings and value texts are compared: small half-width letters without white space, hyphens,
/// underlines, colons, asterisks. Files differ in these and mean the same.
struct HeadingForm: Hashable {
    var text: String

    /// - Parameter dropsNotes: also without what stands in brackets, such as units; unless nothing else stands there.
    init(_ heading: some StringProtocol, dropsNotes: Bool) {
        var kept = String.UnicodeScalarView()
        var outside = String.UnicodeScalarView()
        var depth = 0
        for given in heading.unicodeScalars {
            let scalar = Self.halfWidth(given)
            if scalar.properties.isWhitespace || Self.ignored.contains(scalar) { continue }
            if Self.opening.contains(scalar) { depth += 1 }
            for small in scalar.properties.lowercaseMapping.unicodeScalars {
                kept.append(small)
                if depth == 0 { outside.append(small) }
            }
            if Self.closing.contains(scalar), depth > 0 { depth -= 1 }
        }
        text = String(dropsNotes && !outside.isEmpty ? outside : kept)
    }

    private static let ignored: Set<Unicode.Scalar> = ["-", "_", ":", "*", "\u{FEFF}", "\u{200B}"]
    private static let opening: Set<Unicode.Scalar> = ["(", "[", "【", "〔"]
    private static let closing: Set<Unicode.Scalar> = [")", "]", "】", "〕"]

    /// Full-width forms of ASCII stand 0xFEE0 above it.
    private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }
}

/// What a heading, or the text of an enum value, stands for.
package enum HeadingMatch: Sendable, Hashable {
    case none
    /// The position of the field in its type, or of the value in its enum.
    case one(Int)
    /// Several have this heading; a mapping must say which.
    case several([Int])
}

/// Finds fields and enum values by name, label or alias: as written first, then without notes in brackets.
struct HeadingIndex: Sendable {
    private var exact: [HeadingForm: [Int]] = [:]
    private var loose: [HeadingForm: [Int]] = [:]

    /// - Parameter headings: for every position, everything it is called.
    init(_ headings: [[String]]) {
        for (position, names) in headings.enumerated() {
            for name in names {
                Self.add(position, HeadingForm(name, dropsNotes: false), to: &exact)
                Self.add(position, HeadingForm(name, dropsNotes: true), to: &loose)
            }
        }
    }

    private static func add(_ position: Int, _ form: HeadingForm, to table: inout [HeadingForm: [Int]]) {
        if table[form]?.contains(position) != true { table[form, default: []].append(position) }
    }

    /// The positions with that heading, ascending; empty where none has it.
    func positions(for heading: some StringProtocol) -> [Int] {
        exact[HeadingForm(heading, dropsNotes: false)] ?? loose[HeadingForm(heading, dropsNotes: true)] ?? []
    }
}
