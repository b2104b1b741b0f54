import ArgumentParser
import Bytes
import Dispatch
import Exchange
import Foundation
import Glibc
import GraphQLSyntax
import HTTPService
import Model
import Query
import Settings
import Store
import StoreColumns
import Synchronization

/// `hearth serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answers questions over HTTP.",
        discussion: "Limits, with their standards and caps:\n\(LimitFlags.table)")

    @OptionGroup var register: RegisterOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var limits: LimitFlags
    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var door: DoorOptions
    @OptionGroup var access: AccessOptions

    @Option(
        help: ArgumentHelp(
            "The file of keys. With one, every request but health needs a key. Standard: the data folder's name with .keys, if it is there.",
            valueName: "file"))
    var keys: String?

    @Option(
        help: ArgumentHelp(
            "The folder of the audit, which tells who asked what. Standard, with keys: the data folder's name with .audit.",
            valueName: "folder"))
    var audit: String?

    @Option(
        name: .customLong("behind-proxy"),
        help: ArgumentHelp(
            "The address of a proxy that speaks TLS before this server: nobody else may connect, and its last X-Forwarded-For names the client.",
            valueName: "address"))
    var proxy: String?

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("The port; 0 takes a free one. Standard: 8080.", valueName: "number"))
    var port: Int?

    @Option(help: ArgumentHelp("Address and port in one, as 127.0.0.1:8080 or [::1]:8080.", valueName: "address:port"))
    var listen: String?

    @Option(
        name: .customLong("allow-host"),
        help: ArgumentHelp("A further name that requests may give as their host, as a tunnel sends it.", valueName: "host:port"))
    var extraHosts: [String] = []

    @Option(help: ArgumentHelp("A configuration file.", valueName: "file"))
    var config: String?

    @Option(help: "Statuses of answers: draft (GraphQL over HTTP of 2026-08) or legacy (200 and 400). Standard: draft.")
    var statuses: StatusProfile?

    @Option(
        help: ArgumentHelp(
            "Whether __schema, __type and /schema.graphql are answered, and messages name what was perhaps meant: on or off. "
                + "Standard: on."))
    var introspection: Switch?

    @Option(help: ArgumentHelp("The edition of GraphQL, 2025 or 2026. Standard: 2026.", valueName: "year"))
    var edition: Edition?

    @Option(
        help: ArgumentHelp(
            "The folder in which POST /archives writes archives; it must be there. Without it none are written.",
            valueName: "folder"))
    var archives: String?

    @Option(
        name: .customLong("sign-archives"),
        help: ArgumentHelp("Signs these archives with a private key, as hearth archive --sign does.", valueName: "file"))
    var archiveKey: String?

    @Option(help: "What is logged, as JSON lines on the standard error: quiet, problems or requests.")
    var log: EventLog.Level = .problems

    func validate() throws {
        if listen != nil, host != nil || port != nil { throw ValidationError("--listen says what --host and --port say.") }
        if let listen, ListenAddress(listen) == nil {
            throw ValidationError("--listen is not an address and a port: '\(listen)'.")
        }
        if archiveKey != nil, archives == nil { throw ValidationError("--sign-archives goes with --archives.") }
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port lies between 0 and 65535.") }
    }

    func run() async throws {
        if ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] != nil {
            throw Failure(
                code: .configuration, message: "SWIFT_DETERMINISTIC_HASHING is set; who can foresee hashes can make us slow")
        }
        let (configured, language, configuration) = try serviceSettings()
        try checkArchives()
        var settings = configured
        let roles = try access.roles(configured: configuration.accessRules, root: register.root)
        let identity = try door.identity(configuration)
        settings.tls = identity
        let keeping = try DoorKeeping.open(
            DoorKeeping.Request(
                keys: keys ?? configuration.keys, data: data.folder(register)?.path, tokens: door.jwt ?? configuration.tokens,
                roles: roles.known, limits: settings.limits, proxy: proxy ?? configuration.proxy,
                speaksTLS: identity != nil))
        settings.doorkeeper = keeping?.doorkeeper
        do {
            try settings.check()
        } catch {
            throw Failure(code: .configuration, message: "\(error)")
        }
        Terminal.tell("hearth: loading \(data.folder(register)?.path ?? register.places.rows)")
        let audit = try AuditKeeping.open(
            self.audit ?? configuration.audit, data.folder(register)?.path, limits: settings.limits, digestKey: keeping?.digestKey
        )
        settings.auditor = audit?.auditor
        let loaded = try OpenedRegister.open(register, data)
        let archivist = try self.archivist(loaded.model, roles, LimitFlags.queryLimits(settings.limits))
        let (content, examples) = try content(of: loaded, roles, archivist, limits: settings.limits, language: language)
        let log = EventLog(level: self.log, now: { "\(Clock.now())" }, write: { Terminal.write(Array($0)) })
        let server: HearthServer
        do {
            server = try HearthServer(content: content, settings: settings, log: log) { address in
                Terminal.show(Greeting.text(loaded, address, isEncrypted: identity != nil, examples, today: content.today()))
                log.tell("listening", [("address", .text("\(address)"))])
            }
        } catch {
            throw Failure(code: .configuration, message: "\(error)")
        }
        let housekeeping = data.folder(register).map { _ in
            Housekeeping(loaded.store, snapshotEvery: UInt64(data.snapshotEvery)) { Terminal.tell("hearth: \($0)") }
        }
        let isChecking = Atomic(true)
        let checking = DispatchQueue(label: "verification", qos: .utility)
        checking.async {
            loaded.store.checkColumns { isChecking.load(ordering: .relaxed) }
        }
        keeping?.start()
        audit?.start(log)
        let (folder, model) = (register.folder("Schema/queries"), loaded.model)
        let queryLimits = LimitFlags.queryLimits(settings.limits)
        let questions = QuestionWatch(folder, content.shelf) {
            try RegisterOptions.questions(in: folder, model, queryLimits, language)
        }
        questions.start()
        let signals =
            Signals.watch { isFirst in
                guard isFirst else { Glibc.exit(128 + SIGTERM) }
                Task { await server.stop() }
            } + (identity.map { identity in [Signals.watchHangUp { DoorOptions.reload(identity, log) }] } ?? [])
        do {
            try await server.run()
        } catch {
            throw Failure(code: .system, message: "cannot listen on \(settings.address): \(error)")
        }
        for signal in signals { signal.cancel() }
        housekeeping?.stop()
        questions.stop()
        keeping?.stop()
        audit?.stop(log)
        isChecking.store(false, ordering: .relaxed)
        checking.sync {}
        do {
            try loaded.store.close()
        } catch {
            throw Failure(error)
        }
        log.tell("stopped")
        log.finish()
    }

    private func serviceSettings() throws(Failure) -> (ServiceSettings, QueryLanguage, Configuration) {
        var configuration = Configuration(limits: LimitFlags.definitions)
        if let config {
            do {
                configuration = try Configuration(
                    reading: RegisterFiles.bytes(of: config), file: config, limits: LimitFlags.definitions)
            } catch {
                throw Failure(code: .configuration, message: "\(error)")
            }
        }
        let values = try limits.values(over: configuration.limits)
        let address =
            listen.flatMap(ListenAddress.init)
            ?? ListenAddress(host: host ?? configuration.host, port: port ?? configuration.port)
        let settings = ServiceSettings(
            address: address, extraHosts: configuration.allowedHosts + extraHosts,
            allowedOrigins: configuration.allowedOrigins + door.origins, limits: values,
            statuses: statuses ?? configuration.statuses.flatMap(StatusProfile.init) ?? .draft)
        let language = QueryLanguage(
            edition: edition ?? configuration.edition.flatMap(Edition.init(argument:)) ?? .september2026,
            introspects: introspection.map { $0 == .on } ?? configuration.introspection ?? true)
        return (settings, language, configuration)
    }

    private func checkArchives() throws(Failure) {
        guard let archives else { return }
        do throws(FileError) {
            guard try POSIXFileSystem().status(archives).kind == .folder else {
                throw FileError(.open, archives, .wrongKind, text: "it is no folder")
            }
        } catch {
            throw Failure(code: .configuration, message: "--archives: \(error)")
        }
    }

    private func archivist(_ model: Model, _ roles: AccessRoles, _ limits: QueryLimits) throws(Failure) -> Archivist? {
        guard let archives else { return nil }
        let key = try ArchiveKey.read(archiveKey)
        let files: [ModelSource]
        do throws(ArchiveError) {
            files = try ArchivedRegister.modelFiles(in: register.places.model)
        } catch {
            throw Failure(error)
        }
        return Archivist(
            folder: archives, modelFiles: files, profiles: try roles.profiles(in: model, files: files, limits: limits), key: key)
    }

    private func content(
        of loaded: OpenedRegister, _ roles: AccessRoles, _ archivist: Archivist?, limits: LimitValues, language: QueryLanguage
    ) throws(Failure) -> (content: ServiceContent, examples: [Pages.Example]) {
        let queryLimits = LimitFlags.queryLimits(limits)
        let questions = try register.questions(loaded.model, queryLimits, language)
        let shelf = QuestionShelf(questions)
        do {
            var random = SystemRandomNumberGenerator()
            let cursorKey = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let store = loaded.store
            let (versions, scope) = (loaded.versions, try parameters.scope())
            let subjects = try roles.subjects(in: loaded.model)
            let queries = QueryService(
                model: loaded.model, limits: queryLimits, language: language, cursorKey: cursorKey, versions: versions,
                parameters: scope, subjects: subjects, questions: { shelf.current })
            let rights = try roles.rights(in: loaded.model, shelf, limits: queryLimits, language: language) {
                model, seen, own, cells in
                QueryService(
                    model: model, limits: queryLimits, language: language, cursorKey: cursorKey, versions: versions,
                    parameters: scope, seen: seen, smallCells: cells, subjects: subjects, questions: { own.both.questions })
            }
            QuestionWatch.tellProblems(of: questions)
            let (pages, examples) = try Pages.load(
                folder: register.folder("Schema/pages"), model: loaded.model, showsSchema: language.introspects)
            let day = ServerDay(register.today())
            var content = ServiceContent(
                queries: queries, limits: queryLimits, questions: shelf, store: store, writer: loaded.writer,
                today: { day.today },
                schema: language.introspects ? Array(loaded.model.schemaText.utf8) : nil, pages: pages)
            content.roles = rights.contents
            content.archivist = archivist
            content.beginning = register.beginning()
            content.auditQuestions = try roles.auditQuestions(in: loaded.model)
            return (content, examples)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(code: .system, message: "\(error)")
        }
    }
}

/// On or off.
enum Switch: String, ExpressibleByArgument, CaseIterable { case on, off }

extension StatusProfile: ExpressibleByArgument {}
extension EventLog.Level: ExpressibleByArgument {}
