import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import Query
import ServiceLifecycle
import Settings
import Store
import StoreColumns

/// The server: binds, answers, and goes away in good order.
package final class HearthServer: Sendable {
    private let settings: ServiceSettings
    private let log: EventLog
    private let state = ServerState()
    private let threads: QueryThreads
    private let scanThreads: ScanThreads
    private let archivist: Archivist?
    private let group: ServiceGroup

    /// - Parameter onListening: Called once, with the port that was found if port 0 was asked for.
    /// - Throws: What keeps a server from starting so.
    package init(
        content: ServiceContent, settings: ServiceSettings, log: EventLog,
        onListening: @escaping @Sendable (ListenAddress) -> Void
    ) throws(ServiceSettings.Problem) {
        try settings.check()
        self.settings = settings
        self.log = log
        archivist = content.archivist
        let loops = MultiThreadedEventLoopGroup.singleton
        let threads = QueryThreads(limits: settings.limits, clock: loops)
        self.threads = threads
        // A second core is used for a scan only while no other question wants it.
        scanThreads = ScanThreads(count: threads.coreCount - 1) { threads.counts.running < threads.coreCount }
        let polls = Polls(answerBytes: settings.limits["kept-answer-bytes"])
        let desks = Desks(content)
        let asking = Asking(
            whole: desks.whole, writer: content.writer, threads: threads,
            finder: VersionFinder(store: content.store), scanThreads: scanThreads,
            brief: BriefQuestions(limits: settings.limits),
            deadlineMilliseconds: Int64(settings.limits["deadline"]), digests: settings.auditor?.digests,
            polls: polls, slowMilliseconds: settings.limits["slow-query-time"])
        let state = self.state
        let ticker = NewsTicker(heartbeat: settings.limits["heartbeat-time"]) {
            NewsTicker.Scene(
                version: content.store.current.number, day: content.today().days, questions: content.shelf.generation,
                isStopping: state.isStopping)
        }
        let places = LivePlaces(
            limit: settings.limits["max-live-clients"], keyLimit: settings.limits["max-live-clients-per-key"])
        let ahead = AnswersAhead(asking, content, ticker, limits: settings.limits, clock: loops) { state.isStopping }
        let imports = ImportDesk(
            content, unfoldedBytes: settings.limits["max-workbook-bytes"],
            scratchFolder: FileManager.default.temporaryDirectory.path(percentEncoded: false))
        let answerer = Answerer(
            content: content, settings: settings, state: state, asking: asking, log: log, polls: polls, ahead: ahead,
            imports: imports, places: places, ticker: ticker, desks: desks,
            dayVersion: DayVersion(content.store, beginning: content.beginning), requests: RequestCounts())
        let wireLimits = WireLimits(settings.limits)
        let quiet = Logger(label: "hearth", factory: { _ in SwiftLogNoOpLogHandler() })
        let application = Application(
            responder: answerer,
            server: HTTPServerBuilder { responder in
                GuardedChannel(responder: responder, limits: wireLimits, tls: settings.tls, proxy: settings.doorkeeper?.proxy) {
                    log.tellRefusal($0, route: "none")
                }
            },
            configuration: ApplicationConfiguration(
                address: .hostname(settings.address.host, port: settings.address.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.limits["max-connections"])),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.address.port
                state.listens(
                    settings.address.isLoopback
                        ? .loopback(port: port, extraHosts: settings.extraHosts, allowedOrigins: settings.allowedOrigins)
                        : .outside(extraHosts: settings.extraHosts, allowedOrigins: settings.allowedOrigins))
                onListening(ListenAddress(host: settings.address.host, port: port))
            },
            eventLoopGroupProvider: .shared(loops), logger: quiet)
        group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: quiet))
    }

    /// Serves until `stop` has been called and everything that ran has ended.
    ///
    /// - Throws: What the system says when the address cannot be bound.
    package func run() async throws {
        do {
            try await group.run()
        } catch {
            await threads.end()
            scanThreads.end()
            archivist?.stop()
            throw error
        }
        await threads.end()
        scanThreads.end()
        archivist?.stop()
    }

    /// Goes away: says that it is no longer ready, takes no more connections, lets what runs finish, stops what takes too long.
    ///
    /// Returns at once if it is going already.
    package func stop() async {
        guard state.stops() else { return }
        log.tell("stopping", [("running", .int(threads.counts.running))])
        try? await Task.sleep(for: .milliseconds(settings.limits["drain-time"]))
        await group.triggerGracefulShutdown()
        try? await Task.sleep(for: .milliseconds(settings.limits["stop-time"]))
        threads.stopAll()
        archivist?.cancel()
    }
}
