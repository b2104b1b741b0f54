/// What the framing of a request needs to know of its head, read strictly.
///
/// RFC 9112 leaves a server free to mend many a broken head. Two programs that mend differently disagree on where a request
/// ends, and that is an attack (§11.2); so nothing is mended here. The routes read the fields again, through the decoder.
struct RequestHead: Sendable, Equatable {
    /// How the end of the body is known.
    enum Body: Sendable, Equatable {
        case none
        case bytes(Int)
        case chunked
    }

    var body: Body = .none
    /// The client wants, or its version implies, that the connection ends with this answer.
    var closes = false
    /// Its body is a file, of which more is taken than of a question.
    var isFile = false
    /// The client waits for `100 Continue` before it sends the body.
    var expectsContinue = false
    /// The field that asks for another protocol. It is not passed on: nothing is upgraded here, and the decoder would stop
    /// reading at the end of a request that asks.
    var upgradeLine: Range<Int>?

    /// Whether the head is the whole request, and nothing in it asks for anything of the connection.
    var isPlain: Bool { body == .none && !closes && !expectsContinue && upgradeLine == nil }

    /// - Parameter bytes: A head whose lines all end in CR LF, from the first byte of the request line to the empty line.
    init(_ bytes: Span<UInt8>, limits: WireLimits) throws(Refusal) {
        var fields = Fields()
        var start = 0
        var isRequestLine = true
        while let end = Self.lineEnd(bytes, from: start), end > start {
            if isRequestLine {
                fields.isOldVersion = try Self.readRequestLine(bytes, start..<end, limits: limits)
                isFile = Self.isFile(bytes, start..<end)
                isRequestLine = false
            } else {
                try fields.read(bytes, start..<end)
            }
            start = end + 2
        }
        guard fields.hostCount == 1 else {
            throw .malformed(fields.hostCount == 0 ? "the Host field is missing" : "there are two Host fields")
        }
        upgradeLine = fields.upgradeLine
        expectsContinue = fields.expectsContinue && !fields.isOldVersion
        closes = fields.closes || (fields.isOldVersion && !fields.keepsAlive)
        body = try fields.body(limits: limits, isFile: isFile)
    }

    private static func lineEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == 0x0D { return index }
            index += 1
        }
        return nil
    }

    /// `method SP request-target SP HTTP-version` (RFC 9112 §3).
    ///
    /// - Returns: Whether the version is 1.0.
    private static func readRequestLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>, limits: WireLimits
    ) throws(Refusal) -> Bool {
        var index = line.lowerBound
        while index < line.upperBound, bytes[index] != 0x20 { index += 1 }
        let method = line.lowerBound..<index
        let targetStart = index + 1
        index = targetStart
        while index < line.upperBound, bytes[index] > 0x20, bytes[index] < 0x7F { index += 1 }
        guard index < line.upperBound, bytes[index] == 0x20, index > targetStart else {
            throw .malformed("the request line is not a method, a target and a version")
        }
        let version = index + 1..<line.upperBound
        guard version.count == 8, matches(bytes, version.lowerBound..<version.lowerBound + 5, "http/") else {
            throw .malformed("the request line does not end in an HTTP version")
        }
        guard matches(bytes, version, "http/1.1") || matches(bytes, version, "http/1.0") else { throw .versionUnsupported }
        guard knownMethods.contains(where: { matchesExactly(bytes, method, $0) }) else { throw .methodUnknown }
        guard index - targetStart <= limits.targetBytes else {
            throw .targetTooLong(limit: limits.targetBytes, found: index - targetStart)
        }
        guard bytes[targetStart] == 0x2F || matchesExactly(bytes, targetStart..<index, "*") else {
            throw .malformed("the request target is not a path")
        }
        return matches(bytes, version, "http/1.0")
    }

    /// `POST /imports`, whatever parameters it has.
    private static func isFile(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
        let end = line.lowerBound + "POST /imports".utf8.count
        guard end < line.upperBound, bytes[end] == 0x20 || bytes[end] == UInt8(ascii: "?") else { return false }
        return matchesExactly(bytes, line.lowerBound..<end, "POST /imports")
    }

    private static let knownMethods: [String] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}

/// What the fields of a head add up to.
private struct Fields {
    var isOldVersion = false
    var hostCount = 0
    var contentLength: UInt64?
    var isChunked = false
    var closes = false
    var keepsAlive = false
    var expectsContinue = false
    var upgradeLine: Range<Int>?

    mutating func read(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(Refusal) {
        guard bytes[line.lowerBound] != 0x20, bytes[line.lowerBound] != 0x09 else {
            throw .malformed("a header field is folded over two lines")
        }
        var colon = line.lowerBound
        while colon < line.upperBound, isTokenByte(bytes[colon]) { colon += 1 }
        guard colon > line.lowerBound, colon < line.upperBound, bytes[colon] == 0x3A else {
            throw .malformed("a line of the head is not a name and a colon")
        }
        var value = colon + 1..<line.upperBound
        for index in value where bytes[index] < 0x20 && bytes[index] != 0x09 || bytes[index] == 0x7F {
            throw .malformed("a header field holds a control character")
        }
        // Optional white space is spaces and tabs; around the fields that frame a message only spaces are taken.
        while value.lowerBound < value.upperBound, bytes[value.lowerBound] == 0x20 {
            value = value.lowerBound + 1..<value.upperBound
        }
        while value.lowerBound < value.upperBound, bytes[value.upperBound - 1] == 0x20 {
            value = value.lowerBound..<value.upperBound - 1
        }
        try note(bytes, name: line.lowerBound..<colon, value: value, line: line)
    }

    private mutating func note(
        _ bytes: Span<UInt8>, name: Range<Int>, value: Range<Int>, line: Range<Int>
    ) throws(Refusal) {
        switch name.count {
        case 4 where matches(bytes, name, "host"):
            hostCount += 1
        case 6 where matches(bytes, name, "expect"):
            guard matches(bytes, value, "100-continue") else { throw .expectationUnknown }
            expectsContinue = true
        case 7 where matches(bytes, name, "upgrade"):
            guard upgradeLine == nil else { throw .malformed("there are two Upgrade fields") }
            upgradeLine = line.lowerBound..<line.upperBound + 2
        case 10 where matches(bytes, name, "connection"):
            if hasListMember(bytes, value, "close") { closes = true }
            if hasListMember(bytes, value, "keep-alive") { keepsAlive = true }
        case 14 where matches(bytes, name, "content-length"):
            guard contentLength == nil else { throw .malformed("there are two Content-Length fields") }
            contentLength = try length(bytes, value)
        case 17 where matches(bytes, name, "transfer-encoding"):
            guard !isChunked, matches(bytes, value, "chunked") else {
                throw .malformed("the Transfer-Encoding is not 'chunked', once")
            }
            isChunked = true
        default:
            break
        }
    }

    /// `Content-Length = 1*DIGIT`: no sign, no list, no more than fits 63 bits.
    private func length(_ bytes: Span<UInt8>, _ value: Range<Int>) throws(Refusal) -> UInt64 {
        var length: UInt64 = 0
        guard !value.isEmpty, value.count <= 19 else { throw .malformed("the Content-Length is not a number of bytes") }
        for index in value {
            let digit = bytes[index] &- 0x30
            guard digit < 10 else { throw .malformed("the Content-Length is not a number of bytes") }
            length = length * 10 + UInt64(digit)
        }
        guard length <= UInt64(Int64.max) else { throw .malformed("the Content-Length is not a number of bytes") }
        return length
    }

    func body(limits: WireLimits, isFile: Bool) throws(Refusal) -> RequestHead.Body {
        if isChunked {
            guard contentLength == nil else { throw .malformed("there are both a Content-Length and a Transfer-Encoding") }
            guard !isOldVersion else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
            return .chunked
        }
        guard let contentLength, contentLength > 0 else { return .none }
        guard contentLength <= UInt64(isFile ? limits.fileBytes : limits.bodyBytes) else {
            throw limits.bodyTooLarge(isFile: isFile, found: Int(clamping: contentLength))
        }
        return .bytes(Int(clamping: contentLength))
    }
}

/// `token` of RFC 9110 §5.6.2.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
    default: false
    }
}

/// Whether the bytes are the word, letters of either case alike. The word is ASCII in lower case.
private func matches(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool {
    let letters = word.utf8Span.span
    guard range.count == letters.count else { return false }
    for offset in letters.indices {
        let byte = bytes[range.lowerBound + offset]
        let lowered = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        if lowered != letters[offset] { return false }
    }
    return true
}

private func matchesExactly(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: String) -> Bool {
    let letters = word.utf8Span.span
    guard range.count == letters.count else { return false }
    for offset in letters.indices where bytes[range.lowerBound + offset] != letters[offset] { return false }
    return true
}

/// Whether a comma-separated value has this member.
private func hasListMember(_ bytes: Span<UInt8>, _ value: Range<Int>, _ word: String) -> Bool {
    var start = value.lowerBound
    while start <= value.upperBound {
        var end = start
        while end < value.upperBound, bytes[end] != 0x2C { end += 1 }
        var first = start
        var last = end
        while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
        while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
        if matches(bytes, first..<last, word) { return true }
        start = end + 1
    }
    return false
}
