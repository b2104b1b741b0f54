import Bytes

/// Texts that must not stand in some bytes, in whatever form they may have come there: as UTF-8, UTF-16 either way, UTF-32, escaped as in
/// JSON and as in addresses, in hexadecimal digits, in base64 whatever stands before it, and backwards.
struct Sweep {
    /// By its first four bytes: a form, and which text it is one of.
    private var forms: [UInt32: [(bytes: [UInt8], text: Int)]] = [:]
    /// A bit for each low half of a beginning that there is: almost every place is none.
    private var isBeginning = [Bool](repeating: false, count: 1 << 16)
    private let texts: [String]

    /// - Parameter texts: Of at least four bytes in UTF-8.
    init(_ texts: [String]) {
        self.texts = texts
        for (index, text) in texts.enumerated() {
            for form in Set(Self.forms(of: text)) where form.count >= 4 {
                let start = Self.beginning(form, 0)
                forms[start, default: []].append((form, index))
                isBeginning[Int(start & 0xFFFF)] = true
            }
        }
    }

    /// The texts that stand in the bytes, each once.
    func hits(in bytes: [UInt8]) -> [String] {
        var found: Set<Int> = []
        guard bytes.count >= 4 else { return [] }
        var start = UInt32(bytes[0]) << 8 | UInt32(bytes[1]) << 16 | UInt32(bytes[2]) << 24
        for place in 3..<bytes.count {
            start = start >> 8 | UInt32(bytes[place]) << 24
            guard isBeginning[Int(start & 0xFFFF)], let own = forms[start] else { continue }
            for form in own where !found.contains(form.text) && Self.stands(form.bytes, at: place - 3, in: bytes) {
                found.insert(form.text)
            }
        }
        return found.sorted().map { texts[$0] }
    }

    private static func stands(_ form: [UInt8], at place: Int, in bytes: [UInt8]) -> Bool {
        guard place + form.count <= bytes.count else { return false }
        for index in 4..<max(4, form.count) where bytes[place + index] != form[index] { return false }
        return true
    }

    private static func beginning(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16 | UInt32(bytes[place + 3]) << 24
    }

    private static func forms(of text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        let units = Array(text.utf16)
        let digits = Array("0123456789abcdef".utf8)
        func hexadecimal(_ bytes: [UInt8], before: [UInt8] = []) -> [UInt8] {
            bytes.flatMap { before + [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        }
        func capital(_ bytes: [UInt8]) -> [UInt8] { bytes.map { (0x61...0x66).contains($0) ? $0 - 0x20 : $0 } }
        var forms = [bytes, bytes.reversed(), hexadecimal(bytes), capital(hexadecimal(bytes))]
        forms.append(units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        forms.append(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        forms.append(
            text.unicodeScalars.flatMap { [UInt8($0.value & 0xFF), UInt8($0.value >> 8 & 0xFF), UInt8($0.value >> 16), 0] })
        let escaped = units.flatMap { Array("\\u".utf8) + hexadecimal([UInt8($0 >> 8), UInt8($0 & 0xFF)]) }
        forms += [escaped, capital(escaped)]
        let percent = hexadecimal(bytes, before: [UInt8(ascii: "%")])
        forms += [percent, capital(percent)]
        forms += (0..<3).map { base64(bytes, after: $0) }
        return forms
    }

    /// The letters that depend on these bytes alone, where so many others stand before them in their group of three.
    private static func base64(_ bytes: [UInt8], after count: Int) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let padded = [UInt8](repeating: 0, count: count) + bytes
        var made: [UInt8] = []
        for start in stride(from: 0, to: padded.count - padded.count % 3, by: 3) {
            let group = UInt32(padded[start]) << 16 | UInt32(padded[start + 1]) << 8 | UInt32(padded[start + 2])
            for shift in [18, 12, 6, 0] as [UInt32] { made.append(letters[Int(group >> shift & 63)]) }
        }
        return Array(made.dropFirst(count == 0 ? 0 : count + 1))
    }
}
