import Executors
import HummingbirdCore
import Logging
import NIOCore

/// Hummingbird's HTTP/1 channel with our guard in front of it.
struct GuardedChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let inner: HTTP1Channel.Value
        let client: Client
        var channel: any Channel { inner.channel }
    }

    private let responder: HTTPChannelHandler.Responder
    private let limits: WireLimits
    private let tls: TLSIdentity?
    private let connections: ConnectionCounts
    private let turns: LoopTurns
    private let onRefusal: @Sendable (Refusal) -> Void
    private let configuration: HTTP1Channel.Configuration

    init(
        responder: @escaping HTTPChannelHandler.Responder, limits: WireLimits, tls: TLSIdentity?, proxy: String?,
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        self.responder = responder
        self.limits = limits
        self.tls = tls
        turns = LoopTurns(limit: limits.inlineQuestions)
        connections = ConnectionCounts(limit: limits.connectionsPerAddress, except: proxy)
        self.onRefusal = onRefusal
        // The guard has refused what is larger; the decoder counts a little differently and shall not be the first to object.
        configuration = HTTP1Channel.Configuration(
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.targetBytes + limits.headerBytes,
                maxHeaderListSize: limits.targetBytes + limits.headerBytes + limits.trailerBytes,
                maxHeaderFieldCount: limits.headerFields + limits.trailerBytes))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let client = Client(address: channel.remoteAddress?.ipAddress ?? "", turn: turns.turn(of: channel.eventLoop))
        let excess: ConnectionGuard.Excess? = connections.enter(client.address) ? nil : tls == nil ? .told : .cutOff
        channel.closeFuture.whenComplete { [connections] _ in connections.leave(client.address) }
        let guarding = channel.eventLoop.makeCompletedFuture {
            // The guard's deadlines hold for the handshake too.
            if let tls { try channel.pipeline.syncOperations.addHandler(tls.handler) }
            try channel.pipeline.syncOperations.addHandler(
                ConnectionGuard(
                    limits: limits, client: client, excess: excess, onRefusal: onRefusal))
        }
        let inner = HTTP1Channel(responder: responder, configuration: configuration)
        return guarding.flatMap { inner.setup(channel: channel, logger: logger) }.map { Value(inner: $0, client: client) }
    }

    func handle(value: Value, logger: Logger) async {
        let responder = self.responder
        let inner = HTTP1Channel(
            responder: { request, writer, channel in
                try await responder(request, writer, channel)
                channel.triggerUserOutboundEvent(AnswerWritten(), promise: nil)
            }, configuration: configuration)
        // On the thread that reads and writes the socket: questions have threads of their own, and to bring a request from one
        // thread to another, and its answer back, would cost more than what is done here.
        let eventLoop = value.channel.eventLoop
        await withTaskExecutorPreference(BorrowedExecutor { eventLoop.execute($0) }) {
            await Client.$current.withValue(value.client) {
                await inner.handle(value: value.inner, logger: logger)
            }
        }
    }
}
