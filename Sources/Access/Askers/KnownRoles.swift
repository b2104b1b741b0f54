/// The roles that exist where somebody asks. A key or a token with another one opens nothing: what that role may see nobody has said.
package struct KnownRoles: Sendable, Hashable {
    private let names: Set<String>
    private let changing: Set<String>

    /// The two that every server has, and these.
    ///
    /// - Parameters:
    ///   - names: As the list of roles writes them.
    ///   - changing: Those of them that may change data; what exactly is the list's to say.
    package init(_ names: [String] = [], changing: [String] = []) {
        self.names = Set(names).union(BuiltInRole.allCases.map(\.rawValue))
        self.changing = Set(changing).union(BuiltInRole.allCases.filter(\.mayChange).map(\.rawValue))
    }

    package func contains(_ role: String) -> Bool { names.contains(role) }

    package func mayChange(_ role: String) -> Bool { names.contains(role) && changing.contains(role) }

    /// For a person, in alphabetical order.
    package var text: String { names.sorted().joined(separator: ", ") }

    /// `[A-Za-z][A-Za-z0-9_-]{0,63}`.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...64).contains(text.utf8.count), Base62.isDigit(first),
            !(0x30...0x39).contains(first)
        else { return false }
        return text.utf8.allSatisfy { Base62.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}

/// The roles that every server has: both see everything.
package enum BuiltInRole: String, Sendable, Hashable, CaseIterable {
    /// Asks everything, changes nothing.
    case reader
    /// Asks everything, and changes it.
    case editor

    package var mayChange: Bool { self == .editor }
}
