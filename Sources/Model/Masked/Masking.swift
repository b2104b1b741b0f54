import GraphQLSyntax

/// For whom the rows of a register were masked before they came to be its rows, and by what rules: what a model says of itself that
/// was archived with masked rows. `Schema/formats/Archive.md`
package struct Masking: Sendable, Hashable {
    /// The masking profile, as the rules name it.
    package var profile: String
    /// The role as which the rows are seen.
    package var role: String
    /// What was known of who saw them, as `name=value`, by the bytes of these texts.
    package var claims: [String]
    /// SHA-256 of the rules, in hexadecimal digits.
    package var rules: String

    package init(profile: String, role: String, claims: [String] = [], rules: String) {
        self.profile = profile
        self.role = role
        self.claims = claims.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.rules = rules
    }

    /// The profile of what holds everything; no model says it.
    package static let unmasked = "INTERNAL"

    /// A name as rules may give it to a profile.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    /// For people: `PUBLIC, seen as PUBLIC by the rules 9f86d081…`.
    package var text: String {
        "\(profile), seen as \(role)\(claims.isEmpty ? "" : " with \(claims.joined(separator: ", "))") by the rules \(rules.prefix(16))…"
    }
}

extension Masking {
    /// `extend schema @maskedFor(…)`
    var definition: String {
        let claims = claims.map(Printer.literal(for:)).joined(separator: ", ")
        return
            "extend schema @maskedFor(profile: \(Printer.literal(for: profile)), role: \(Printer.literal(for: role)), claims: [\(claims)], "
            + "rules: \(Printer.literal(for: rules)))"
    }

    /// - Returns: nil where something is missing.
    init?(_ directive: AppliedArguments) {
        guard let profile = directive.string("profile")?.value, let role = directive.string("role")?.value,
            let rules = directive.string("rules")?.value
        else { return nil }
        self.init(profile: profile, role: role, claims: directive.strings("claims").map(\.value), rules: rules)
    }
}
