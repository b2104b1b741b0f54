/// What is refused of a pattern's text before it is compiled.
///
/// Classes, quotes and comments are not told apart from the rest, so that nothing can hide in what looks like one: a set such
/// as `[(?R]` is refused too, and `\(?R`, in which the parenthesis is escaped, is not.
enum PatternSyntax {
    static func refusal(of text: String) -> PatternLimit? {
        let bytes = Array(text.utf8)
        if beginsWithLimits(bytes) { return .ownLimits }
        return callsGroups(bytes) ? .recursion : nil
    }

    /// `(*UTF)(*LIMIT_MATCH=5)…`: such settings stand at the beginning and nowhere else.
    private static func beginsWithLimits(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while rest.starts(with: "(*".utf8), let end = rest.firstIndex(of: UInt8(ascii: ")")) {
            if rest.dropFirst(2).starts(with: "LIMIT_".utf8) { return true }
            rest = rest[(end + 1)...]
        }
        return false
    }

    /// `(?R)`, `(?1)`, `(?+1)`, `(?-1)`, `(?&name)`, `(?P>name)`, `\g<name>`, `\g'name'`.
    private static func callsGroups(_ bytes: [UInt8]) -> Bool {
        var index = 0
        func byte(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
        func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        while index < bytes.count {
            switch byte(0) {
            case UInt8(ascii: "\\"):
                if byte(1) == UInt8(ascii: "g"), byte(2) == UInt8(ascii: "<") || byte(2) == UInt8(ascii: "'") { return true }
                index += 2
            case UInt8(ascii: "(") where byte(1) == UInt8(ascii: "?"):
                switch byte(2) {
                case UInt8(ascii: "R"), UInt8(ascii: "&"): return true
                case UInt8(ascii: "P"): if byte(3) == UInt8(ascii: ">") { return true }
                case UInt8(ascii: "+"), UInt8(ascii: "-"): if isDigit(byte(3)) { return true }
                default: if isDigit(byte(2)) { return true }
                }
                index += 2
            default: index += 1
            }
        }
        return false
    }
}
