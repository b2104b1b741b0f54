import Access
import HTTPService
import Query
import Settings
import StoreColumns
import Synchronization

/// A real server on a free port, for as long as a test's body runs.
enum TestServer {
    /// What a test knows of its server.
    struct Running: Sendable {
        let port: Int
        let server: HearthServer
        var host: String { "127.0.0.1:\(port)" }

        /// Sends bytes on a connection of their own and gives back what came until the server closed, or the time was over.
        func say(_ bytes: [UInt8], within limit: Duration = .seconds(60)) async throws -> (answers: [RawAnswer], ended: Bool) {
            let client = try await RawClient.connect(port: port)
            await client.send(bytes)
            let ended = await client.ends(within: limit)
            await client.close()
            return (RawAnswer.all(in: client.received), ended)
        }

        func say(_ text: String, within limit: Duration = .seconds(60)) async throws -> (answers: [RawAnswer], ended: Bool) {
            try await say(Array(text.utf8), within: limit)
        }

        /// One request on a connection of its own.
        func ask(
            _ method: String, _ target: String, _ fields: [(String, String)] = [], body: String? = nil
        ) async throws -> RawAnswer? {
            var text = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n"
            for (name, value) in fields { text += "\(name): \(value)\r\n" }
            if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
            let client = try await RawClient.connect(port: port)
            await client.send(text + "\r\n" + (body ?? ""))
            _ = await client.ends(within: .seconds(60))
            await client.close()
            return RawAnswer.all(in: client.received, toHead: method == "HEAD").first
        }

        /// The bytes of a POST with a document.
        func request(document: String) -> String {
            let body = "{\"query\":\"\(document.replacing("\"", with: "\\\""))\"}"
            return "POST /graphql HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        /// Waits until so many questions run, as readiness tells.
        ///
        /// - Returns: Whether they did in time.
        func runs(_ count: Int, within limit: Duration = .seconds(60)) async throws -> Bool {
            let end = ContinuousClock.now + limit
            while try await ask("GET", "/health/ready")?.text.contains("\"running\":\(count),") != true {
                if ContinuousClock.now > end { return false }
                try await Task.sleep(for: .milliseconds(10))
            }
            return true
        }

        /// A document by POST, as a well-behaved client sends it.
        func post(_ body: String, _ fields: [(String, String)] = []) async throws -> RawAnswer? {
            try await ask("POST", "/graphql", [("Content-Type", "application/json")] + fields, body: body)
        }
    }

    /// Lines the server logged.
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ bytes: [UInt8]) { lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    }

    static func run(
        limits changed: [String: Int] = [:], statuses: StatusProfile = .draft, extraHosts: [String] = [],
        level: EventLog.Level = .quiet, lines: Lines = Lines(), content: ServiceContent = TestContent.small,
        doorkeeper: Doorkeeper? = nil, auditor: Auditor? = nil, allowedOrigins: [String] = [], tls: TLSIdentity? = nil,
        _ body: @Sendable (Running) async throws -> Void
    ) async throws {
        var limits = LimitValues(ServiceLimits.definitions)
        // A connection that is not closed for another reason stays open for longer than any test.
        limits["head-time"] = 600_000
        for (name, value) in changed { limits[name] = value }
        let settings = ServiceSettings(
            address: ListenAddress(host: "127.0.0.1", port: 0), extraHosts: extraHosts, allowedOrigins: allowedOrigins,
            limits: limits, statuses: statuses, doorkeeper: doorkeeper, auditor: auditor, tls: tls)
        let log = EventLog(level: level, now: { "2026-11-21T00:00:00Z" }, write: { lines.add($0) })
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        let server = try HearthServer(content: content, settings: settings, log: log) { address in
            portFound.yield(address.port)
            portFound.finish()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { portFound.finish() }
                try await server.run()
            }
            var iterator = ports.makeAsyncIterator()
            if let port = await iterator.next() {
                do {
                    try await body(Running(port: port, server: server))
                } catch {
                    Task { await server.stop() }
                    throw error
                }
            }
            let stopping = Task { await server.stop() }
            try await group.waitForAll()
            stopping.cancel()
        }
        log.finish()
    }
}
