/// Numbers and bytes in digits, capitals and small letters, in that order of value: what can be marked with a double click and
/// stands in a header, a cookie and a file name as it is.
enum Base62 {
    static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// The lowest `count` digits of a number, the highest first.
    static func digits(_ number: UInt64, count: Int) -> [UInt8] {
        var rest = number
        var digits: [UInt8] = []
        for _ in 0..<count {
            digits.append(alphabet[Int(rest % 62)])
            rest /= 62
        }
        return digits.reversed()
    }

    /// Bytes as one number, the first byte the highest, with as many digits as the largest of that length has.
    static func digits(of bytes: [UInt8]) -> [UInt8] {
        // 62⁴³ is more than 2²⁵⁶: a byte takes log 256 / log 62 digits, a little less than 1.3436.
        let count = (bytes.count * 13_436 + 9_999) / 10_000
        var rest = bytes
        var digits: [UInt8] = []
        for _ in 0..<count {
            var remainder = 0
            for index in rest.indices {
                let value = remainder << 8 | Int(rest[index])
                rest[index] = UInt8(value / 62)
                remainder = value % 62
            }
            digits.append(alphabet[remainder])
        }
        return digits.reversed()
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
