/// Bytes as letters, six bits each. RFC 4648
///
/// Every value has one text: what `encode` does not write is not decoded.
package enum Base64: Sendable {
    /// With `+` and `/`, padded to fours. §4
    case standard
    /// With `-` and `_`, without padding: for URLs, and as RFC 7515 §2 writes tokens. §5
    case url

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let padding = UInt8(ascii: "=")

    private var last: [UInt8] { Array((self == .standard ? "+/" : "-_").utf8) }

    package func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let alphabet = Self.letters + last
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(bits >> UInt32(bitCount) & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(bits << UInt32(6 - bitCount) & 63)]) }
        if self == .standard { while !text.count.isMultiple(of: 4) { text.append(Self.padding) } }
        return text
    }

    /// - Returns: nil for a letter of another alphabet, padding that is not as it should be, and bits behind the last byte.
    package func decode(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        var length = text.count
        if self == .standard {
            guard length.isMultiple(of: 4) else { return nil }
            let tail = text.suffix(2)
            if tail.last == Self.padding { length -= tail.first == Self.padding ? 2 : 1 }
        }
        guard length % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length * 3 / 4)
        var bits: UInt32 = 0
        var bitCount = 0
        for letter in text.prefix(length) {
            guard let value = value(of: letter) else { return nil }
            bits = bits << 6 | value
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
                bits &= 1 << UInt32(bitCount) - 1
            }
        }
        return bits == 0 ? bytes : nil
    }

    private func value(of letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+") where self == .standard, UInt8(ascii: "-") where self == .url: 62
        case UInt8(ascii: "/") where self == .standard, UInt8(ascii: "_") where self == .url: 63
        default: nil
        }
    }
}
