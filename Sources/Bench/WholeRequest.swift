import Foundation
import HTTPService
import Hummingbird
import Logging
import Model
import NIOCore
import NIOPosix
import Query
import Settings
import Store
import StoreColumns

/// A saved question over HTTP on kept connections, beside a route of a bare Hummingbird.
struct WholeRequest {
    enum Kind {
        /// Worked out for every request, beside a route that gives the same bytes.
        case answer
        /// Asked with the name of its answer, which has not changed, beside a route that says two letters.
        case poll
    }

    let sample: Sample
    let kind: Kind

    func measured(_ effort: Effort) async throws -> [Group.Result] {
        let question = sample.questions[0]
        let version = sample.register.version
        let today = question.asOf
        let content = ServiceContent(
            queries: sample.makeService(), limits: QueryLimits(), questions: QuestionShelf(sample.saved), store: Store(version),
            writer: ClosedWriter(because: "Nothing is written here"), today: { today }, schema: [],
            pages: Pages(start: { _, _, _ in [] }, assets: [:]))
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        var limits = LimitValues(ServiceLimits.definitions)
        limits["kept-answer-bytes"] = 0
        let server = try HearthServer(
            content: content, settings: ServiceSettings(address: ListenAddress(host: "127.0.0.1", port: 0), limits: limits),
            log: EventLog(level: .quiet, now: { "" }, write: { _ in })
        ) { found.yield($0.port) }
        let body = kind == .poll ? Array("ok".utf8) : sample.answer(question, by: content.queries).body
        let router = Router()
        router.get("static") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: body)))
        }
        let (barePorts, bareFound) = AsyncStream.makeStream(of: Int.self)
        let bare = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { bareFound.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            // Nothing is left to drain.
            defer { group.cancelAll() }
            group.addTask { try await server.run() }
            group.addTask { try await bare.runService(gracefulShutdownSignals: []) }
            guard let port = await ports.first(where: { _ in true }), let barePort = await barePorts.first(where: { _ in true })
            else { throw Sample.Unusable(description: "no port was found") }
            let (one, many) = (
                try await measure(effort, question, port: port, barePort: barePort),
                try await measureMany(effort, question, port: port, barePort: barePort)
            )
            return [
                result("One kept connection", body.count, one),
                result("\(Self.connectionCount) kept connections", body.count, many),
            ]
        }
    }

    private func result(_ connections: String, _ byteCount: Int, _ rows: [Measurement]) -> Group.Result {
        Group.Result(
            group: Group(
                name: kind == .poll ? Catalogue.polls : Catalogue.http,
                title: connections + (kind == .poll ? ", nothing has changed" : ", \(byteCount) bytes answered"),
                comparison: "beside a bare Hummingbird that gives \(kind == .poll ? "two letters" : "the same bytes")",
                bodies: []),
            rows: rows)
    }

    private static let connectionCount = 8

    /// As below, by several connections that do not wait for each other; a call is a request of any of them.
    private func measureMany(
        _ effort: Effort, _ question: Sample.Question, port: Int, barePort: Int
    ) async throws -> [Measurement] {
        let calls = effort.sampleMilliseconds * 10
        return try await Measurement.inTurn(
            ("a bare Hummingbird", kind == .poll ? "an unchanged poll" : "the saved question"), effort,
            calls: calls * Self.connectionCount
        ) { count in
            try await askByAll("/static", port: barePort, count, isPoll: false)
        } _: { count in
            try await askByAll(question.target, port: port, count, isPoll: kind == .poll)
        }
    }

    private func askByAll(_ target: String, port: Int, _ count: Int, isPoll: Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.connectionCount {
                group.addTask {
                    let connection = try await KeptConnection.open(port: port)
                    try await connection.channel.executeThenClose { answersIn, requests in
                        var answers = answersIn.makeAsyncIterator()
                        let known =
                            isPoll ? try await KeptConnection.ask(target, port: port, &answers, requests) : nil
                        for _ in 0..<count / Self.connectionCount {
                            _ = try await KeptConnection.ask(target, port: port, knowing: known, &answers, requests)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func measure(
        _ effort: Effort, _ question: Sample.Question, port: Int, barePort: Int
    ) async throws -> [Measurement] {
        let bare = try await KeptConnection.open(port: barePort)
        let ours = try await KeptConnection.open(port: port)
        return try await bare.channel.executeThenClose { bareIn, bareOut in
            return try await ours.channel.executeThenClose { oursIn, oursOut in
                var (bareAnswers, oursAnswers) = (bareIn.makeAsyncIterator(), oursIn.makeAsyncIterator())
                let calls = effort.sampleMilliseconds * 10
                var known: String?
                if kind == .poll {
                    known = try await KeptConnection.ask(question.target, port: port, &oursAnswers, oursOut)
                    guard known != nil else { throw KeptConnection.Unexpected(answer: "an answer without a name") }
                }
                return try await Measurement.inTurn(
                    ("a bare Hummingbird", kind == .poll ? "an unchanged poll" : "the saved question"), effort, calls: calls
                ) { count in
                    for _ in 0..<count { _ = try await KeptConnection.ask("/static", port: barePort, &bareAnswers, bareOut) }
                } _: { count in
                    for _ in 0..<count {
                        _ = try await KeptConnection.ask(question.target, port: port, knowing: known, &oursAnswers, oursOut)
                    }
                }
            }
        }
    }
}

/// A connection that is kept and asked one request after the other.
struct KeptConnection {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func open(port: Int) async throws -> KeptConnection {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return KeptConnection(channel: channel)
    }

    struct Unexpected: Error {
        var answer: String
    }

    /// Sends a GET and reads the whole answer, which must be a 200 with a length; where its name is known, a 304.
    ///
    /// - Returns: the name of the answer.
    static func ask(
        _ target: String, port: Int, knowing name: String? = nil,
        _ answers: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        _ requests: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) async throws -> String? {
        let condition = name.map { "If-None-Match: \($0)\r\n" } ?? ""
        try await requests.write(
            ByteBuffer(
                string: "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: application/json\r\n\(condition)\r\n"))
        var received: [UInt8] = []
        while let part = try await answers.next() {
            received += Array(part.readableBytesView)
            guard let end = headEnd(received) else { continue }
            let head = String(decoding: received[..<end], as: UTF8.self).lowercased()
            if name != nil, head.hasPrefix("http/1.1 304") { return name }
            guard name == nil, head.hasPrefix("http/1.1 200"), let length = contentLength(head) else {
                throw Unexpected(answer: String(decoding: received, as: UTF8.self))
            }
            if received.count >= end + length { return entityTag(head) }
        }
        throw Unexpected(answer: "the connection ended")
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...(bytes.count - 4) where bytes[index] == 13 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
            return index + 4
        }
        return nil
    }

    private static func entityTag(_ head: String) -> String? {
        for line in head.split(separator: "\r\n") where line.hasPrefix("etag:") {
            return String(line.dropFirst("etag:".count).drop { $0 == " " })
        }
        return nil
    }

    private static func contentLength(_ head: String) -> Int? {
        for line in head.split(separator: "\r\n") where line.hasPrefix("content-length:") {
            return Int(line.dropFirst("content-length:".count).drop { $0 == " " })
        }
        return nil
    }
}
