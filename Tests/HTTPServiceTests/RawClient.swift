import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection on which a test says exactly the bytes it means to, and reads exactly what comes back.
final class RawClient: Sendable {
    private struct State {
        var received: [UInt8] = []
        var hasEnded = false
        var isReading = true
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let owner: RawClient
        init(_ owner: RawClient) { self.owner = owner }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = Array(buffer: unwrapInboundIn(data))
            owner.state.withLock { $0.received += bytes }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? ChannelEvent, event == .inputClosed { owner.state.withLock { $0.hasEnded = true } }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) {
            owner.state.withLock { $0.hasEnded = true }
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            owner.state.withLock { $0.hasEnded = true }
            context.close(promise: nil)
        }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    /// - Parameters:
    ///   - reads: Whether what comes is taken from the socket at all.
    ///   - certificate: In PEM: TLS is spoken, with a server that proves to be localhost by it; nil: the bytes go as they are.
    static func connect(port: Int, reads: Bool = true, trusting certificate: String? = nil) async throws -> RawClient {
        let context = try certificate.map { certificate in
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)))
            return try NIOSSLContext(configuration: configuration)
        }
        let client = RawClient()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(Collector(client))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        client.channel.withLock { $0 = channel }
        return client
    }

    private var openChannel: any Channel {
        channel.withLock { channel in
            guard let channel else { preconditionFailure("connect came first") }
            return channel
        }
    }

    /// Writes; a server that has closed already is no failure of the client.
    func send(_ text: String) async { await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async { try? await openChannel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }

    func closeOutput() async { try? await openChannel.close(mode: .output).get() }

    func close() async { try? await openChannel.close().get() }

    var received: [UInt8] { state.withLock { $0.received } }

    var text: String { String(decoding: received, as: UTF8.self) }

    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Waits until the server has closed its side.
    ///
    /// - Returns: Whether it did in time.
    func ends(within limit: Duration) async -> Bool { await becomes(within: limit) { self.hasEnded } }

    /// Waits until so many answers have come whole, or the connection has ended.
    func answers(_ count: Int, within limit: Duration = .seconds(60)) async -> [RawAnswer] {
        _ = await becomes(within: limit) { self.hasEnded || RawAnswer.all(in: self.received).count >= count }
        return RawAnswer.all(in: received)
    }

    private func becomes(within limit: Duration, _ condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + limit
        while !condition() {
            if ContinuousClock.now > end { return false }
            try? await Task.sleep(for: .milliseconds(3))
        }
        return true
    }
}

/// One answer, cut from the bytes of a connection.
struct RawAnswer: Sendable {
    var status: Int
    /// Names in lower case.
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// All of it but when it was given and how long it took, to be compared with another's.
    var timeless: [String] {
        let lasting = fields.filter { $0.name != "server-timing" && $0.name != "date" }.map { "\($0.name): \($0.value)" }
        return ["\(status)"] + lasting.sorted() + [text]
    }

    subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Every answer that is there whole. All of ours say their length.
    ///
    /// - Parameter toHead: The requests were HEAD: the length is told, the bytes are not there.
    static func all(in bytes: [UInt8], toHead: Bool = false) -> [RawAnswer] {
        var answers: [RawAnswer] = []
        var rest = bytes[...]
        while let answer = first(in: &rest, toHead: toHead) { answers.append(answer) }
        return answers
    }

    private static func first(in rest: inout ArraySlice<UInt8>, toHead: Bool) -> RawAnswer? {
        guard let end = headEnd(rest) else { return nil }
        let lines = String(decoding: rest[rest.startIndex..<end - 4], as: UTF8.self).split(separator: "\r\n")
        guard let statusLine = lines.first else { return nil }
        let words = statusLine.split(separator: " ")
        guard words.count >= 2, let status = Int(words[1]) else { return nil }
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0].lowercased(), parts.count == 2 ? String(parts[1].drop { $0 == " " }) : "")
        }
        if status == 100 {
            rest = rest[end...]
            return first(in: &rest, toHead: toHead)
        }
        let length = toHead ? 0 : fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard rest.endIndex - end >= length else { return nil }
        let body = Array(rest[end..<end + length])
        rest = rest[(end + length)...]
        return RawAnswer(status: status, fields: fields, body: body)
    }

    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in bytes.startIndex...(bytes.endIndex - 4)
        where bytes[index] == 13 && bytes[index + 1] == 10 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
            return index + 4
        }
        return nil
    }
}
