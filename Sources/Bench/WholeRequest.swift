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

/// Saved questions over HTTP on kept connections, beside routes of a bare Hummingbird.
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
        // The shortest answer, and one of two thousand bytes.
        var questions = [sample.questions[0]]
        if kind == .answer { questions.append(sample.questions[sample.questions.count - 1]) }
        let version = sample.register.version
        let today = questions[0].asOf
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
        guard questions.allSatisfy({ $0.asOf == today }) else {
            throw Sample.Unusable(description: "The questions that are asked over HTTP are of several dates.")
        }
        let bodies = questions.map { kind == .poll ? Array("ok".utf8) : sample.answer($0, by: content.queries).body }
        let router = Router()
        for (number, body) in bodies.enumerated() {
            router.get("\(Self.staticName)\(number)") { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: body)))
            }
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
            var results: [Group.Result] = []
            for (number, question) in questions.enumerated() {
                let (path, byteCount) = ("/\(Self.staticName)\(number)", bodies[number].count)
                for count in [1, Self.connectionCount] {
                    let rows = try await measure(
                        effort, question, beside: path, port: port, barePort: barePort, connections: count)
                    results.append(result(count == 1 ? "One kept connection" : "\(count) kept connections", byteCount, rows))
                }
            }
            return results
        }
    }

    private static let staticName = "static"

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

    /// By several connections that do not wait for each other; a call is a request of any of them.
    private func measure(
        _ effort: Effort, _ question: Sample.Question, beside path: String, port: Int, barePort: Int, connections count: Int
    ) async throws -> [Measurement] {
        // One thread for all clients, as whoever asks is not what is measured.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (bare, ours) = (
            try await open(count, port: barePort, on: group), try await open(count, port: port, on: group)
        )
        var known: String?
        if kind == .poll {
            known = try await ours[0].ask(question.target, port: port, times: 1)
            guard known != nil else { throw KeptConnection.Unexpected(answer: "an answer without a name") }
        }
        let name = known
        let rows = try await Measurement.inTurn(
            ("a bare Hummingbird", kind == .poll ? "an unchanged poll" : "the saved question"), effort,
            calls: effort.sampleMilliseconds * 10 * count
        ) { calls in
            try await ask(bare, path, port: barePort, knowing: nil, calls)
        } _: { calls in
            try await ask(ours, question.target, port: port, knowing: name, calls)
        }
        for connection in bare + ours { try await connection.close() }
        try await group.shutdownGracefully()
        return rows
    }

    private func open(_ count: Int, port: Int, on group: MultiThreadedEventLoopGroup) async throws -> [KeptConnection] {
        var connections: [KeptConnection] = []
        for _ in 0..<count { connections.append(try await KeptConnection.open(port: port, on: group)) }
        return connections
    }

    private func ask(
        _ connections: [KeptConnection], _ target: String, port: Int, knowing name: String?, _ calls: Int
    ) async throws {
        let count = calls / connections.count
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask { try await connection.ask(target, port: port, knowing: name, times: count) }
            }
            try await group.waitForAll()
        }
    }
}
