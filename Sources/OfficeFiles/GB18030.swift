import Glibc

// The one file that calls iconv. Its descriptor belongs to the object that opened it and is closed once; buffers are lent for the length
// of one call.

/// What text in GB 18030 is in UTF-8.
///
/// - Returns: nil where a byte cannot stand where it stands, or where the machine's library has no table of that name.
package func utf8(ofGB18030 bytes: Span<UInt8>) -> [UInt8]? {
    guard let converter = Converter() else { return nil }
    return converter.converted(bytes)
}

@safe
private final class Converter {
    private let descriptor: iconv_t

    init?() {
        let opened: iconv_t? = unsafe iconv_open("UTF-8", "GB18030")
        guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
        unsafe descriptor = opened
    }

    deinit { _ = unsafe iconv_close(descriptor) }

    func converted(_ bytes: Span<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        // Two bytes become three, four become four.
        text.reserveCapacity(bytes.count + bytes.count / 2)
        var buffer = [CChar](repeating: 0, count: 1 << 16)
        return unsafe bytes.withUnsafeBytes { source -> [UInt8]? in
            // It is not written to: the signature is older than `const`.
            var next = unsafe UnsafeMutablePointer(mutating: source.baseAddress?.assumingMemoryBound(to: CChar.self))
            var left = source.count
            while left > 0 {
                let before = left
                let (result, reason, count) = unsafe buffer.withUnsafeMutableBufferPointer { target in
                    var place = target.baseAddress
                    var room = target.count
                    let result = unsafe iconv(descriptor, &next, &left, &place, &room)
                    return (result, errno, target.count - room)
                }
                for index in 0..<count { text.append(UInt8(bitPattern: buffer[index])) }
                if result == -1 {
                    // The buffer is full, and something was done; anything else is an end or a byte that is none.
                    guard reason == E2BIG, left < before || count > 0 else { return nil }
                }
            }
            return text
        }
    }
}
