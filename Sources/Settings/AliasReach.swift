/// How long a YAML text is at most once every alias is written out, told without parsing it.
///
/// What an anchor names ends before the first alias of it stands, so it is no longer than all that lies between the two, written out
/// itself. Signs in quotes and comments are taken for anchors and aliases too. Somebody who writes there to deceive can make the bound
/// too small; whoever writes settings can do worse.
enum AliasReach {
    static func isWithin(_ limit: Int, _ bytes: Span<UInt8>) -> Bool {
        /// Of each name, how long the text was where its first anchor stands, and how long at most what it names is.
        var anchors: [[UInt8]: (start: Int, byteCount: Int?)] = [:]
        var byteCount = 0
        var index = 0
        while index < bytes.count {
            let sign = bytes[index]
            index += 1
            byteCount += 1
            guard sign == UInt8(ascii: "&") || sign == UInt8(ascii: "*") else { continue }
            var name: [UInt8] = []
            while index < bytes.count, isPartOfName(bytes[index]) {
                name.append(bytes[index])
                index += 1
            }
            byteCount += name.count
            if sign == UInt8(ascii: "&") {
                if anchors[name] == nil { anchors[name] = (byteCount, nil) }
            } else if let anchor = anchors[name] {
                let named = anchor.byteCount ?? byteCount - anchor.start
                anchors[name]?.byteCount = named
                byteCount += named
            }
            guard byteCount <= limit else { return false }
        }
        return byteCount <= limit
    }

    /// What the parser takes for the name of an anchor.
    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
