/// The parameters after the `?` of a request target, decoded as forms are (`application/x-www-form-urlencoded`).
struct URLParameters: Sendable {
    var pairs: [(name: String, value: String)]

    /// - Parameter target: A whole request target, or `nil`.
    /// - Throws: `parameterInvalid` where a percent sign is not followed by two digits, or what is decoded is not UTF-8.
    init(target: String?) throws(Refusal) {
        guard let target, let mark = target.firstIndex(of: "?") else {
            pairs = []
            return
        }
        var pairs: [(name: String, value: String)] = []
        for piece in target[target.index(after: mark)...].split(separator: "&") {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(parts[0], of: String(parts[0]))
            pairs.append((name, parts.count == 2 ? try Self.decoded(parts[1], of: name) : ""))
        }
        self.pairs = pairs
    }

    /// The value of a parameter that may be given once; `nil` if it is absent or empty.
    func single(_ name: String) throws(Refusal) -> String? {
        let values = pairs.filter { $0.name == name }
        guard values.count <= 1 else { throw .parameterInvalid(name: name, reason: "is given more than once") }
        return values.first.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    private static func decoded(_ text: Substring, of name: String) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2B:
                bytes.append(0x20)
            case 0x25:
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    throw .parameterInvalid(name: name, reason: "has a percent sign without two hexadecimal digits")
                }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .parameterInvalid(name: name, reason: "is not UTF-8")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
