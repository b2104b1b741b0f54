import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import HTTPService

/// What a connection remembers of the requests that it has seen answered.
@Suite struct `Heads of requests that come again` {
    private static func head(_ target: String) -> ByteBuffer {
        ByteBuffer(string: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    }

    private static func heads(_ targets: [String], byteLimit: Int = 10_000) -> RepeatedHeads {
        var heads = RepeatedHeads(byteLimit: byteLimit)
        for target in targets { heads.keep(head(target)) { ByteBuffer(string: target) } }
        return heads
    }

    @Test func `a head is found by its bytes, whatever follows it`() throws {
        let heads = Self.heads(["/a", "/bb", "/c"])
        for target in ["/a", "/bb", "/c"] {
            for rest in ["", "G", "GET /c HTTP/1.1\r\n"] {
                var arrived = Self.head(target)
                arrived.writeString(rest)
                let found = try #require(heads.find(arrived))
                #expect(found.byteCount == Self.head(target).readableBytes)
                #expect(found.answering() == ByteBuffer(string: target))
            }
        }
    }

    @Test func `what has begun, or differs in any one byte, is not found`() throws {
        let heads = Self.heads(["/a"])
        let bytes = Array(buffer: Self.head("/a"))
        for count in 0..<bytes.count { #expect(heads.find(ByteBuffer(bytes: bytes[..<count])) == nil) }
        for place in bytes.indices {
            var others = bytes
            others[place] ^= 0x20
            #expect(heads.find(ByteBuffer(bytes: others)) == nil, "byte \(place)")
        }
        #expect(heads.find(ByteBuffer(bytes: bytes)) != nil)
    }

    @Test func `the oldest are forgotten where there is no room, and what is too large is not kept`() {
        let byteCount = Self.head("/a").readableBytes + RepeatedHeads.bytesBesideHead
        var heads = Self.heads(["/a", "/b", "/c"], byteLimit: 2 * byteCount)
        #expect(heads.count == 2)
        #expect(heads.find(Self.head("/a")) == nil)
        #expect(heads.find(Self.head("/b")) != nil)
        heads.keep(Self.head(String(repeating: "/", count: 2 * byteCount))) { nil }
        #expect(heads.count == 2)
        #expect(Self.heads(["/a"], byteLimit: 0).count == 0)
    }

    @Test func `the same head is kept once, with what was said last`() throws {
        var heads = Self.heads(["/a", "/b", "/a"])
        heads.keep(Self.head("/b")) { ByteBuffer(string: "newer") }
        #expect(heads.count == 2)
        #expect(try #require(heads.find(Self.head("/b"))).answering() == ByteBuffer(string: "newer"))
    }

    @Test func `an answer's head says its length and its date, and a 304 of no length`() {
        let fields: HTTPFields = [.contentType: "application/json", .contentLength: "7"]
        let answer = AnswerHead(.ok, fields).answer(
            date: "Sun, 22 Nov 2026 00:00:00 GMT", timing: "answer;dur=0.012", body: [1, 2])
        #expect(
            String(buffer: answer)
                == "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nServer-Timing: answer;dur=0.012\r\nContent-Length: 2\r\n"
                + "Date: Sun, 22 Nov 2026 00:00:00 GMT\r\n\r\n\u{1}\u{2}")
        let unchanged = AnswerHead(.notModified, fields).answer(date: "Sun, 22 Nov 2026 00:00:00 GMT")
        #expect(
            String(buffer: unchanged)
                == "HTTP/1.1 304 Not Modified\r\nContent-Type: application/json\r\nDate: Sun, 22 Nov 2026 00:00:00 GMT\r\n\r\n")
    }

    @Test func `a moment is written as RFC 9110 §5.6.7 writes it`() {
        // Worked out by another program: date -u -d @SECONDS.
        for (second, text) in [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (1_795_327_725, "Sun, 22 Nov 2026 06:08:45 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        ] {
            #expect(AnswerDate.text(secondsSince1970: second) == text)
        }
    }

    @Test func `the time is put together again with each second, and not before`() {
        let second = Mutex(784_111_777)
        let date = AnswerDate { second.withLock { $0 } }
        #expect(date.text == "Sun, 06 Nov 1994 08:49:37 GMT")
        second.withLock { $0 += 1 }
        #expect(date.text == "Sun, 06 Nov 1994 08:49:38 GMT")
        second.withLock { $0 += 86_400 }
        #expect(date.text == "Mon, 07 Nov 1994 08:49:38 GMT")
    }
}
