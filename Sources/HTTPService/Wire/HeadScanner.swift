/// Finds the end of a request's head while its bytes arrive.
///
/// It sees every byte once, however the bytes are cut, and refuses as soon as a limit is passed or a line ends otherwise than
/// by CR LF. What the lines say is `RequestHead`'s business.
struct HeadScanner: Sendable {
    private let limits: WireLimits
    /// Bytes of the head already looked at.
    private var scannedByteCount = 0
    private var lineStart = 0
    /// Lines ended so far: the request line, then header fields.
    private var lineCount = 0
    private var sawCarriageReturn = false
    /// An empty line before the request line, which older clients send after a body (RFC 9112 §2.2).
    private(set) var leadingByteCount = 0

    init(limits: WireLimits) { self.limits = limits }

    /// Whether a request has begun: any byte of it has been seen.
    var hasBegun: Bool { scannedByteCount > 0 }

    /// Looks at what has arrived since the last call.
    ///
    /// - Parameter bytes: All bytes of the head so far, and whatever follows.
    /// - Returns: The bytes the head takes, its closing empty line included; `nil` while that has not come.
    mutating func scan(_ bytes: Span<UInt8>) throws(Refusal) -> Int? {
        while scannedByteCount < bytes.count {
            let byte = bytes[scannedByteCount]
            scannedByteCount += 1
            if sawCarriageReturn {
                guard byte == 0x0A else { throw .malformed("a carriage return stands alone in the head") }
                sawCarriageReturn = false
                if try endLine() { return scannedByteCount }
            } else if byte == 0x0D {
                sawCarriageReturn = true
            } else if byte == 0x0A {
                throw .malformed("a line of the head ends in LF alone")
            } else if byte == 0 {
                throw .malformed("the head holds a NUL")
            } else {
                try checkGrowth()
            }
        }
        return nil
    }

    /// - Returns: Whether that was the empty line that ends the head.
    private mutating func endLine() throws(Refusal) -> Bool {
        let byteCount = scannedByteCount - lineStart - 2
        lineStart = scannedByteCount
        if byteCount == 0 {
            if lineCount > 0 { return true }
            guard leadingByteCount == 0 else { throw .malformed("empty lines stand before the request line") }
            leadingByteCount = 2
            return false
        }
        lineCount += 1
        // The request line is no field.
        if lineCount - 1 > limits.headerFields {
            throw .headTooLarge(name: "max-header-fields", limit: limits.headerFields)
        }
        if lineCount == 1 { requestLineEnd = scannedByteCount }
        return false
    }

    private var requestLineEnd = 0

    private func checkGrowth() throws(Refusal) {
        let lineByteCount = scannedByteCount - lineStart
        if lineCount == 0 {
            // Longest method, two spaces, version.
            if lineByteCount > limits.targetBytes + 24 { throw .targetTooLong(limit: limits.targetBytes) }
        } else {
            if lineByteCount > limits.headerLineBytes {
                throw .headTooLarge(name: "max-header-line-bytes", limit: limits.headerLineBytes)
            }
            if scannedByteCount - requestLineEnd > limits.headerBytes {
                throw .headTooLarge(name: "max-header-bytes", limit: limits.headerBytes)
            }
        }
    }
}
