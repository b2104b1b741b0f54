import NIOCore

#if canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Travels down the pipeline after the last byte of an answer.
struct AnswerWritten: Sendable {}

/// The first handler of every connection: nothing reaches the decoder that is not framed strictly, in time and within limits.
///
/// One request at a time goes by; what a client sends after it waits here until `AnswerWritten` comes. That makes a refusal's
/// place in the order of answers certain, and lets every phase have a deadline:
///
///     head ──▶ body ──▶ answering ──AnswerWritten──▶ head …
///       └───────┴───────────┴──▶ lingering ──▶ closed
///
/// Between two requests, a head that was answered before may be answered here again (`RepeatedHeads`): nobody behind sees it.
///
/// A refusal is written as bytes from here; in `lingering` input is thrown away, so that the client can still read why.
final class ConnectionGuard: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// A connection that is one too many of its address.
    enum Excess {
        /// It is told so, and ended.
        case told
        /// It is ended at once: to tell it something takes a handshake, for which it might let us wait.
        case cutOff
    }

    private enum Phase { case head, body, answering, lingering }

    private let limits: WireLimits
    private let client: Client
    private let excess: Excess?
    private let onRefusal: @Sendable (Refusal) -> Void

    private var phase = Phase.head
    private var scanner: HeadScanner
    private var framing: BodyFraming
    /// What has arrived and is not passed on.
    private var pending = ByteBuffer()
    private var closesAfterAnswer = false
    private var answerHasBegun = false
    /// The answer is written, and the client has not taken it yet.
    private var answerIsHeldUp = false
    private var readIsWithheld = false
    private var inputEndIsWithheld = false
    private var repeated: RepeatedHeads
    /// The head of the request that is being answered, where the same bytes could be answered again.
    private var presentHead: ByteBuffer?

    private var deadline: NIODeadline?
    private var timer: Scheduled<Void>?
    private var timerDeadline = NIODeadline.distantFuture
    /// Whether the body that is read is a file.
    private var isFile = false
    /// Bytes that waited to be sent when the present stall was first noticed.
    private var stalledByteCount = 0

    init(
        limits: WireLimits, client: Client, excess: Excess? = nil, onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        self.limits = limits
        self.client = client
        self.excess = excess
        self.onRefusal = onRefusal
        scanner = HeadScanner(limits: limits)
        framing = BodyFraming(.none, limits: limits)
        repeated = RepeatedHeads(byteLimit: limits.repeatedHeadBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        arm(afterMilliseconds: limits.headMilliseconds, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        guard let excess else { return }
        let refusal = Refusal.overloaded(
            name: "max-connections-per-address", limit: limits.connectionsPerAddress, retryAfterSeconds: 5)
        switch excess {
        case .told: refuse(refusal, context)
        case .cutOff:
            onRefusal(refusal)
            abort(context)
        }
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .lingering else { return }
        var bytes = unwrapInboundIn(data)
        if pending.readableBytes == 0 {
            pending = bytes
        } else {
            pending.writeBuffer(&bytes)
        }
        pass(context)
    }

    /// Passes on what the phase allows.
    private func pass(_ context: ChannelHandlerContext) {
        answerRepeated(context)
        do {
            var hasMore = true
            while hasMore {
                switch phase {
                case .head: hasMore = try passHead(context)
                case .body: hasMore = try passBody(context)
                case .answering, .lingering: hasMore = false
                }
            }
        } catch {
            refuse(error, context)
        }
    }

    /// Answers what can be answered here, up to the first request that cannot.
    private func answerRepeated(_ context: ChannelHandlerContext) {
        guard phase == .head, !scanner.hasBegun else { return }
        var count = 0
        // A client that does not take its answers waits behind the one that holds it up.
        while count < RepeatedHeads.answersInTurn, context.channel.isWritable, let known = repeated.find(pending),
            let answer = known.answering()
        {
            pending.moveReaderIndex(forwardBy: known.byteCount)
            context.write(wrapOutboundOut(.byteBuffer(answer)), promise: nil)
            count += 1
        }
        guard count > 0 else { return }
        arm(afterMilliseconds: limits.headMilliseconds, context)
        context.flush()
    }

    private func passHead(_ context: ChannelHandlerContext) throws(Refusal) -> Bool {
        let arrived = pending
        guard arrived.readableBytes > 0, let byteCount = try scanner.scan(arrived.readableBytesUInt8Span) else { return false }
        pending.moveReaderIndex(forwardBy: scanner.leadingByteCount)
        guard let bytes = pending.readSlice(length: byteCount - scanner.leadingByteCount) else { return false }
        let head = try RequestHead(bytes.readableBytesUInt8Span, limits: limits)
        framing = BodyFraming(head.body, limits: limits, isFile: head.isFile)
        isFile = head.isFile
        closesAfterAnswer = head.closes
        answerHasBegun = false
        client.begin(closesAfterAnswer: head.closes)
        presentHead = head.isPlain ? bytes : nil
        phase = .body
        deadline = nil
        forward(bytes, without: head.upgradeLine, context)
        if head.expectsContinue, !framing.isComplete, pending.readableBytes == 0 {
            context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))), promise: nil)
        }
        return true
    }

    private func forward(_ bytes: ByteBuffer, without line: Range<Int>?, _ context: ChannelHandlerContext) {
        var rest = bytes
        if let line, let before = rest.readSlice(length: line.lowerBound) {
            context.fireChannelRead(wrapInboundOut(before))
            rest.moveReaderIndex(forwardBy: line.count)
        }
        context.fireChannelRead(wrapInboundOut(rest))
    }

    private func passBody(_ context: ChannelHandlerContext) throws(Refusal) -> Bool {
        let arrived = pending
        if !framing.isComplete, arrived.readableBytes > 0 {
            let byteCount = try framing.consume(arrived.readableBytesUInt8Span)
            if let bytes = pending.readSlice(length: byteCount) { context.fireChannelRead(wrapInboundOut(bytes)) }
        }
        guard framing.isComplete else {
            if deadline == nil { arm(afterMilliseconds: isFile ? limits.fileMilliseconds : limits.bodyMilliseconds, context) }
            return false
        }
        deadline = nil
        phase = .answering
        return false
    }

    func read(context: ChannelHandlerContext) {
        if phase == .answering, pending.readableBytes >= limits.pipelinedBytes {
            readIsWithheld = true
        } else {
            context.read()
        }
    }

    // MARK: What is sent

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase != .lingering else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        answerHasBegun = true
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        watchStall(context)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is AnswerWritten else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        if let answering = client.takeAnsweringAgain(), let head = presentHead { repeated.keep(head, answering) }
        presentHead = nil
        // RFC 9112 §9.6: whoever has said that a connection ends, ends it.
        closesAfterAnswer = client.closesAfterAnswer
        answerEnded(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if answerIsHeldUp, context.channel.isWritable {
            answerIsHeldUp = false
            deadline = nil
            answerEnded(context)
        }
        context.fireChannelWritabilityChanged()
    }

    /// Lets the next request by, once the client has taken most of this answer; else it waits, and the stall is watched.
    private func answerEnded(_ context: ChannelHandlerContext) {
        switch phase {
        case .answering where !closesAfterAnswer && !context.channel.isWritable:
            answerIsHeldUp = true
            watchStall(context)
        case .answering where !closesAfterAnswer:
            phase = .head
            scanner = HeadScanner(limits: limits)
            arm(afterMilliseconds: limits.headMilliseconds, context)
            pass(context)
            // What follows hands on nothing before it is told that a reading has ended.
            context.fireChannelReadComplete()
            releaseWithheld(context)
        case .answering, .body:
            // Answered before the whole body came: what is left of it is not worth reading.
            beginLingering(context)
        case .head, .lingering:
            break
        }
    }

    private func releaseWithheld(_ context: ChannelHandlerContext) {
        if inputEndIsWithheld, !(phase == .answering && pending.readableBytes > 0) {
            inputEndIsWithheld = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
        if readIsWithheld {
            readIsWithheld = false
            context.read()
        }
    }

    // MARK: Refusing and ending

    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        onRefusal(refusal)
        if !answerHasBegun || phase == .head {
            context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer(bytes: refusal.wireBytes))), promise: nil)
        }
        client.leave()
        beginLingering(context)
    }

    /// Sends what is written, says that no more comes, and closes when the client has had time to read it.
    private func beginLingering(_ context: ChannelHandlerContext) {
        guard phase != .lingering else { return }
        pending = ByteBuffer()
        closeOutput(context, promise: nil)
        releaseWithheld(context)
    }

    private func closeOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        phase = .lingering
        deadline = nil
        // Closing the output of a channel whose input has ended closes it whole, with whatever still waits to be sent. An empty
        // write tells when nothing does.
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: promise)
            self.arm(afterMilliseconds: self.limits.lingerMilliseconds, context)
        }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: sent)
        watchStall(context)
        // What waits for a handshake is not counted as waiting to be sent, and must not wait for ever.
        if deadline == nil { arm(afterMilliseconds: limits.writeStallMilliseconds, context) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output, phase != .lingering {
            closeOutput(context, promise: promise)
        } else {
            context.close(mode: mode, promise: promise)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        client.leave()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? ChannelEvent, event == .inputClosed else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        // A client that only closed its sending side is given a moment; one that has gone will not miss it.
        let client = self.client
        context.eventLoop.scheduleTask(in: .milliseconds(limits.halfCloseMilliseconds)) { client.leave() }
        if phase == .answering, pending.readableBytes > 0 {
            inputEndIsWithheld = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Deadlines

    /// Looks again later whether a client that has bytes waiting takes any.
    private func watchStall(_ context: ChannelHandlerContext) {
        guard deadline == nil, context.channel.isActive, !context.channel.isWritable || phase == .lingering else { return }
        stalledByteCount = bufferedByteCount(context)
        if stalledByteCount > 0 { arm(afterMilliseconds: limits.writeStallMilliseconds, context) }
    }

    private func bufferedByteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func expire(_ context: ChannelHandlerContext) {
        let waiting = bufferedByteCount(context)
        if waiting > 0, waiting < stalledByteCount {
            watchStall(context)
        } else if waiting > 0 {
            abort(context)
        } else {
            switch phase {
            case .head where !scanner.hasBegun: context.close(promise: nil)
            case .head: refuse(.requestTimeout(name: "head-time", milliseconds: limits.headMilliseconds), context)
            case .body:
                refuse(
                    isFile
                        ? .requestTimeout(name: "import-time", milliseconds: limits.fileMilliseconds)
                        : .requestTimeout(name: "body-time", milliseconds: limits.bodyMilliseconds), context)
            case .answering: break
            case .lingering: context.close(promise: nil)
            }
        }
    }

    /// Closes without waiting for the client to take what was sent: an orderly close would wait for it.
    private func abort(_ context: ChannelHandlerContext) {
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        context.close(promise: nil)
    }

    /// Sets the deadline. The timer is only moved when it would ring too late; when it rings too early, it looks and is set again.
    private func arm(afterMilliseconds milliseconds: Int64, _ context: ChannelHandlerContext) {
        let deadline = NIODeadline.now() + .milliseconds(milliseconds)
        self.deadline = deadline
        if timer == nil || timerDeadline > deadline { setTimer(deadline, context) }
    }

    private func setTimer(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.cancel()
        timerDeadline = deadline
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.ring(context) }
    }

    private func ring(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline else { return }
        if NIODeadline.now() < deadline {
            setTimer(deadline, context)
        } else {
            self.deadline = nil
            expire(context)
        }
    }
}
