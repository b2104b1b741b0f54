import NIOCore
import NIOPosix

/// A connection that is kept and asks one request after the other, on its event loop and nowhere else, so that a request costs the client
/// the same whichever server answers it.
struct KeptConnection {
    let channel: any Channel

    static func open(port: Int, on group: MultiThreadedEventLoopGroup) async throws -> KeptConnection {
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Asker()) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return KeptConnection(channel: channel)
    }

    struct Unexpected: Error {
        var answer: String
    }

    /// Sends a GET so many times and reads each answer whole, which must be a 200 with a length; where its name is known, a 304.
    ///
    /// - Returns: the name of the last answer.
    @discardableResult
    func ask(_ target: String, port: Int, knowing name: String? = nil, times count: Int) async throws -> String? {
        guard count > 0 else { return nil }
        let condition = name.map { "If-None-Match: \($0)\r\n" } ?? ""
        let request = ByteBuffer(
            string: "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: application/json\r\n\(condition)\r\n")
        let answer = channel.eventLoop.makePromise(of: [UInt8].self)
        try await channel.triggerUserOutboundEvent(
            Asking(request: request, wantsUnchanged: name != nil, count: count, lastAnswer: answer)
        ).get()
        return Answer.entityTag(try await answer.futureResult.get())
    }

    func close() async throws { try await channel.close() }

    private struct Asking: Sendable {
        var request: ByteBuffer
        var wantsUnchanged: Bool
        var count: Int
        var lastAnswer: EventLoopPromise<[UInt8]>
    }

    /// Sends the next request when the last is answered.
    private final class Asker: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private var asking: Asking?
        private var received: [UInt8] = []

        func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
            guard let asking = event as? Asking else { return context.triggerUserOutboundEvent(event, promise: promise) }
            self.asking = asking
            promise?.succeed()
            send(asking, context)
        }

        private func send(_ asking: Asking, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(asking.request), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
            guard var asking, let end = Answer.headEnd(received) else { return }
            // Little is done for a field, as one server has more of them than the other.
            let isExpected = received.starts(with: asking.wantsUnchanged ? Answer.unchanged : Answer.answered)
            guard isExpected, let length = asking.wantsUnchanged ? 0 : Answer.contentLength(received, end) else {
                return self.end(asking, .failure(Unexpected(answer: String(decoding: received, as: UTF8.self))))
            }
            guard received.count >= end + length else { return }
            asking.count -= 1
            self.asking = asking
            guard asking.count > 0 else { return self.end(asking, .success(received)) }
            received.removeAll(keepingCapacity: true)
            send(asking, context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            if let asking { end(asking, .failure(Unexpected(answer: "the connection ended"))) }
            context.fireChannelInactive()
        }

        private func end(_ asking: Asking, _ result: Result<[UInt8], any Error>) {
            self.asking = nil
            received = []
            asking.lastAnswer.completeWith(result)
        }
    }
}

/// What is looked for in an answer's bytes.
private enum Answer {
    static let unchanged = Array("HTTP/1.1 304".utf8)
    static let answered = Array("HTTP/1.1 200".utf8)
    private static let lengthName = Array("\r\ncontent-length:".utf8)
    private static let tagName = Array("\r\netag:".utf8)

    static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...(bytes.count - 4) where bytes[index] == 13 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
            return index + 4
        }
        return nil
    }

    /// Where the value of a field begins, behind spaces.
    ///
    /// - Parameter name: With what stands before and behind it, small.
    private static func value(_ name: [UInt8], _ bytes: [UInt8], _ end: Int) -> Int? {
        guard end > name.count else { return nil }
        for start in 0..<end - name.count where bytes[start] == 13 {
            var place = 0
            while place < name.count {
                let byte = bytes[start + place]
                guard (byte >= 65 && byte <= 90 ? byte | 0x20 : byte) == name[place] else { break }
                place += 1
            }
            guard place == name.count else { continue }
            var value = start + place
            while bytes[value] == 32 { value += 1 }
            return value
        }
        return nil
    }

    static func entityTag(_ bytes: [UInt8]) -> String? {
        headEnd(bytes).flatMap { value(tagName, bytes, $0) }
            .map { String(decoding: bytes[$0...].prefix { $0 != 13 }, as: UTF8.self) }
    }

    static func contentLength(_ bytes: [UInt8], _ end: Int) -> Int? {
        guard let start = value(lengthName, bytes, end) else { return nil }
        var length = 0
        for byte in bytes[start...] {
            guard byte >= 48, byte <= 57, length < 1 << 40 else { break }
            length = length * 10 + Int(byte - 48)
        }
        return length
    }
}
