/// What is known of somebody beside the role, and rules of a role may compare rows with: a name and a text.
///
/// A name may come several times; then all of its values hold.
package struct Claim: Sendable, Hashable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Claims that one asker has at most: more than a person is responsible for at once.
    package static let countLimit = 64

    /// `[A-Za-z_][A-Za-z0-9_]{0,63}`: what an expression can name behind `claims.`.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (1...64).contains(text.utf8.count), !(0x30...0x39).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { Base62.isDigit($0) || $0 == UInt8(ascii: "_") }
    }

    /// 1 to 256 characters, none of which moves a terminal's cursor.
    package static func isValue(_ text: String) -> Bool {
        (1...256).contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(isPrintable)
    }

    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value) }
}
