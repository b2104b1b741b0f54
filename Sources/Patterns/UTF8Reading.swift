extension Span<UInt8> {
    /// The scalar that begins at `offset`, and where the next begins. Bytes that are no UTF-8 read as U+FFFD, one at a time.
    @inline(__always)
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, next: Int) {
        let first = self[offset]
        if first < 0x80 { return (Unicode.Scalar(first), offset + 1) }
        // Most of what is not ASCII here takes three bytes: read without a loop.
        if first & 0xF0 == 0xE0, offset + 2 < count {
            let (second, third) = (self[offset + 1], self[offset + 2])
            let value = UInt32(first & 0x0F) << 12 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F)
            if second & 0xC0 == 0x80, third & 0xC0 == 0x80, let scalar = Unicode.Scalar(value) { return (scalar, offset + 3) }
        }
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
