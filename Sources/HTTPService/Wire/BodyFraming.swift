/// Where the body of a request ends.
///
/// Counts what goes by and keeps nothing; the decoder behind it unwraps the chunks. A chunked body is read as RFC 9112 §7.1
/// writes it, with CR LF and nothing else at the end of a line.
struct BodyFraming: Sendable {
    private enum State: Sendable {
        case fixed(remaining: Int)
        /// `chunk-size [ chunk-ext ] CRLF`
        case size(value: Int, digitCount: Int, lineByteCount: Int, inExtension: Bool)
        case sizeLineFeed(value: Int)
        case data(remaining: Int)
        case dataReturn
        case dataLineFeed
        /// `*( field-line CRLF ) CRLF`
        case trailer(lineByteCount: Int)
        case trailerLineFeed(lineByteCount: Int)
        case complete
    }

    private var state: State
    private let limits: WireLimits
    /// Decoded bytes announced so far.
    private var byteCount = 0
    private var trailerByteCount = 0

    private let isFile: Bool

    /// - Parameter isFile: Whether the body is a file that is imported.
    init(_ body: RequestHead.Body, limits: WireLimits, isFile: Bool = false) {
        self.limits = limits
        self.isFile = isFile
        switch body {
        case .none: state = .complete
        case .bytes(let count): state = .fixed(remaining: count)
        case .chunked: state = .size(value: 0, digitCount: 0, lineByteCount: 0, inExtension: false)
        }
    }

    private var byteLimit: Int { isFile ? limits.fileBytes : limits.bodyBytes }

    var isComplete: Bool { if case .complete = state { true } else { false } }

    /// Takes what belongs to this body.
    ///
    /// - Returns: The bytes taken, all of them unless the body ends before.
    mutating func consume(_ bytes: Span<UInt8>) throws(Refusal) -> Int {
        var index = 0
        while index < bytes.count {
            switch state {
            case .complete:
                return index
            case .fixed(let remaining):
                let taken = min(remaining, bytes.count - index)
                index += taken
                state = taken == remaining ? .complete : .fixed(remaining: remaining - taken)
            case .data(let remaining):
                let taken = min(remaining, bytes.count - index)
                index += taken
                state = taken == remaining ? .dataReturn : .data(remaining: remaining - taken)
            default:
                try step(bytes[index])
                index += 1
            }
        }
        return index
    }

    /// One byte of what stands between the data.
    private mutating func step(_ byte: UInt8) throws(Refusal) {
        switch state {
        case .size(let value, let digitCount, let lineByteCount, let inExtension):
            try stepSize(byte, value: value, digitCount: digitCount, lineByteCount: lineByteCount + 1, inExtension: inExtension)
        case .sizeLineFeed(let value):
            try expect(byte, 0x0A)
            state = value == 0 ? .trailer(lineByteCount: 0) : .data(remaining: value)
        case .dataReturn:
            try expect(byte, 0x0D)
            state = .dataLineFeed
        case .dataLineFeed:
            try expect(byte, 0x0A)
            state = .size(value: 0, digitCount: 0, lineByteCount: 0, inExtension: false)
        case .trailer(let lineByteCount):
            trailerByteCount += 1
            if trailerByteCount > limits.trailerBytes {
                throw .headTooLarge(name: "max-trailer-bytes", limit: limits.trailerBytes)
            }
            guard byte != 0x0A, byte != 0 else { throw .malformed("a line of the trailer ends in LF alone") }
            state = byte == 0x0D ? .trailerLineFeed(lineByteCount: lineByteCount) : .trailer(lineByteCount: lineByteCount + 1)
        case .trailerLineFeed(let lineByteCount):
            try expect(byte, 0x0A)
            state = lineByteCount == 0 ? .complete : .trailer(lineByteCount: 0)
        case .fixed, .data, .complete:
            break
        }
    }

    private mutating func stepSize(
        _ byte: UInt8, value: Int, digitCount: Int, lineByteCount: Int, inExtension: Bool
    ) throws(Refusal) {
        guard lineByteCount <= limits.chunkLineBytes else { throw .malformed("the line that announces a chunk is too long") }
        if byte == 0x0D {
            guard digitCount > 0 else { throw .malformed("a chunk has no size") }
            byteCount += value
            guard byteCount <= byteLimit else { throw limits.bodyTooLarge(isFile: isFile) }
            state = .sizeLineFeed(value: value)
        } else if inExtension {
            guard byte >= 0x20, byte != 0x7F else { throw .malformed("a chunk extension holds a control character") }
            state = .size(value: value, digitCount: digitCount, lineByteCount: lineByteCount, inExtension: true)
        } else if byte == 0x3B, digitCount > 0 {
            state = .size(value: value, digitCount: digitCount, lineByteCount: lineByteCount, inExtension: true)
        } else {
            guard let digit = Self.hexDigit(byte), digitCount < 16 else { throw .malformed("a chunk size is not hexadecimal") }
            // One chunk over the limit is over the limit; the number cannot grow past it.
            let next = value << 4 | digit
            guard next <= byteLimit else { throw limits.bodyTooLarge(isFile: isFile) }
            state = .size(value: next, digitCount: digitCount + 1, lineByteCount: lineByteCount, inExtension: false)
        }
    }

    private func expect(_ byte: UInt8, _ expected: UInt8) throws(Refusal) {
        guard byte == expected else { throw .malformed("a line between chunks does not end in CR LF") }
    }

    private static func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x37
        case 0x61...0x66: Int(byte) - 0x57
        default: nil
        }
    }
}
