extension Span<UInt8> {
    /// The scalar that begins at `offset`, and where the next begins. Bytes that are no UTF-8 read as U+FFFD, one at a time.
    @inline(__always)
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, next: Int) {
        let first = self[offset]
        if first < 0x80 { return (Unicode.Scalar(first), offset + 1) }
        let length: Int
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (length, value) = (2, UInt32(first & 0x1F))
        case 0xE0...0xEF: (length, value) = (3, UInt32(first & 0x0F))
        case 0xF0...0xF4: (length, value) = (4, UInt32(first & 0x07))
        default: return ("\u{FFFD}", offset + 1)
        }
        guard offset + length <= count else { return ("\u{FFFD}", offset + 1) }
        for position in offset + 1..<offset + length {
            let byte = self[position]
            guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", offset + 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", offset + 1) }
        return (scalar, offset + length)
    }
}
