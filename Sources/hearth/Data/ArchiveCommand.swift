import ArgumentParser
import Bytes
import Exchange
import Foundation
import HTTPService
import Model
import Query
import Store
import StoreColumns

/// `hearth archive BAG`
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Writes one version of a register as a BagIt bag that can be read in thirty years without us.",
        discussion: """
            Rows as CSV, the model, what its columns mean, the parameters, and with --question a saved question with its answer. The same version \
            makes the same bytes. `sha256sum -c manifest-sha256.txt` checks it without us, `hearth verify` proves that rows and \
            answer belong together, `hearth restore` makes a data folder of it. Schema/formats/Archive.md has every byte.
            """)

    @OptionGroup var register: RegisterOptions

    @Option(help: ArgumentHelp("A data folder, instead of a sample or CSV files. It is not changed.", valueName: "folder"))
    var data: String?

    @Option(
        name: .customLong("data-version"),
        help: ArgumentHelp("Which version of the data folder. Standard: the newest.", valueName: "number"))
    var version: UInt64?

    @Option(help: ArgumentHelp("A saved question that is asked and archived with its answer.", valueName: "name"))
    var question: String?

    @Option(help: ArgumentHelp("The question's variables, as a JSON object.", valueName: "json"))
    var variables: String?

    @OptionGroup var parameters: ParameterOptions

    @Option(
        name: .customLong("as-of"),
        help: ArgumentHelp(
            "The date for which the question is asked and the parameters are told. Standard: the day of the version.",
            valueName: "date"))
    var asOf: String?

    @Option(
        help: ArgumentHelp(
            "The Bagging-Date; of CSV files also the day on which their version is published. Standard: the day of the version, in UTC.",
            valueName: "date"))
    var date: String?

    @OptionGroup var audience: ArchiveAudienceOptions

    @Option(
        help: ArgumentHelp(
            "Signs the archive with a private key: a PEM file that 'openssl genpkey -algorithm ed25519' writes, readable by nobody else.",
            valueName: "file"))
    var sign: String?

    @Option(help: ArgumentHelp("What you say of it: a text that is kept as README.md in the archive.", valueName: "file"))
    var about: String?

    @Flag(name: .customLong("dry-run"), help: "Writes nothing, and tells the digests that the archive would have.")
    var isDryRun = false

    @OptionGroup var limits: LimitFlags

    @Argument(help: "The folder to make; it must not exist.")
    var bag: String?

    func validate() throws {
        if bag == nil, !isDryRun { throw ValidationError("Name the folder to make, or use --dry-run.") }
        if bag != nil, isDryRun { throw ValidationError("--dry-run makes no folder; leave its name out.") }
        if variables != nil, question == nil { throw ValidationError("--variables goes with --question.") }
        if version != nil, data == nil { throw ValidationError("--data-version goes with --data.") }
    }

    func run() throws {
        let values = LimitFlags.queryLimits(try limits.values())
        let key = try ArchiveKey.read(sign)
        let rules = try self.audience.rules(root: register.root)
        let (model, version) = try opened()
        let asOf = try Self.date(asOf, "--as-of") ?? version.publishedAt.day
        let files = try modelFiles()
        let audience = try self.audience.audience(rules, model, files, values)
        let threads = ScanThreads(count: ProcessInfo.processInfo.activeProcessorCount - 1)
        defer { threads.end() }
        var terms = try self.terms(of: version, model, files, asOf, audience)
        terms.parameters = try parameters.scope()
        terms.answer = try answer(model, version, asOf, terms.parameters, values, audience, threads)
        terms.proof = terms.answer.flatMap { answer in
            audience?.proof(of: answer, version, workers: ProcessInfo.processInfo.activeProcessorCount, threads: threads)
        }
        terms.about = if let about { try ArchiveReading.contents(of: about) } else { nil }
        terms.key = key
        tell(try write(terms))
    }

    // MARK: - Terms

    private func terms(
        of version: GraphVersion, _ model: Model, _ files: [ModelSource], _ asOf: CivilDate, _ audience: ArchiveAudience?
    ) throws(Failure) -> ArchiveTerms {
        let day = try Self.date(date, "--date")
        do throws(ArchiveError) {
            return try audience?.terms(of: version, asOf: asOf, baggingDate: day)
                ?? ArchiveTerms(model: model, modelFiles: files, version: version, baggingDate: day, asOf: asOf)
        } catch {
            throw Failure(error)
        }
    }

    private static func date(_ text: String?, _ flag: String) throws(Failure) -> CivilDate? {
        guard let text else { return nil }
        guard let date = CivilDate(isoText: text) else {
            throw Failure(code: .usage, message: "\(flag) is not a date as 2026-12-31: '\(text)'")
        }
        return date
    }

    private func modelFiles() throws(Failure) -> [ModelSource] {
        do throws(ArchiveError) {
            return try ArchivedRegister.modelFiles(in: register.places.model)
        } catch {
            throw Failure(error)
        }
    }

    // MARK: - The version

    private func opened() throws(Failure) -> (Model, GraphVersion) {
        guard let data else {
            let loaded: Register
            do throws(Register.Problem) {
                // An archive's version stays the one that it was, so that it is archived as the same bytes.
                let day = try? Self.date(date, "--date")
                loaded = try Register.load(
                    register.places, publishedAt: day.map { Instant.startOfDay($0) } ?? Clock.now(), asOf: register.today()(),
                    keepsMoment: true)
            } catch {
                throw Failure(error)
            }
            return (loaded.model, loaded.version)
        }
        let opened = try OpenedRegister.open(register, DataOptions.reading(data))
        guard let number = version else { return (opened.model, opened.store.current) }
        do throws(VersionUnavailable) {
            return (opened.model, try opened.store.version(number))
        } catch {
            throw Failure(code: .data, message: "\(error)")
        }
    }

    // MARK: - The answer

    private func answer(
        _ model: Model, _ version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope, _ limits: QueryLimits,
        _ audience: ArchiveAudience?, _ threads: ScanThreads
    ) throws(Failure) -> ArchivedAnswer? {
        guard let name = question else {
            return nil
        }
        let questions = try register.questions(model, limits)
        guard let question = questions[name] else {
            throw Failure(code: .usage, message: "there is no saved question '\(name)' in \(register.folder("Schema/queries"))")
        }
        if let problem = question.problems.first {
            throw Failure(code: .data, message: "the saved question '\(name)' cannot be asked: \(problem)")
        }
        var archived = ArchivedAnswer(
            name: name, document: Array(question.text.utf8), variables: Array((variables ?? "{}").utf8), parameters: scope.texts,
            asOf: asOf, body: [])
        var isWhole = false
        switch try asked(archived, of: version, model, limits, audience, threads) {
        case .success(let answer): (archived.body, isWhole) = (answer.body, answer.outcome == .data)
        case .failure(let error): archived.body = error.body
        }
        guard isWhole else {
            let text = String(decoding: archived.body, as: UTF8.self)
            throw Failure(
                code: .data, message: "'\(name)' is not answered without errors, so nothing was archived: \(text)")
        }
        return archived
    }

    private func asked(
        _ question: ArchivedAnswer, of version: GraphVersion, _ model: Model, _ limits: QueryLimits, _ audience: ArchiveAudience?,
        _ threads: ScanThreads
    ) throws(Failure) -> Result<QueryAnswer, RequestError> {
        if let audience {
            do throws(ArchiveError) {
                return try audience.answer(to: question, of: version, threads: threads)
            } catch {
                throw Failure(error)
            }
        }
        do throws(RequestError) {
            return .success(try question.asked(of: version, model, limits: limits, threads: threads))
        } catch {
            return .failure(error)
        }
    }

    // MARK: - The archive

    private func write(_ terms: ArchiveTerms) throws(Failure) -> ArchiveReport {
        var line = ProgressLine()
        defer { line.finish() }
        do throws(ArchiveError) {
            return try RegisterArchive.write(terms, to: bag, on: POSIXFileSystem()) { done, total in
                line.show(Double(done) / Double(max(total, 1)), "\(done) rows, \(Int(Double(done) / line.seconds)) rows/s")
                return false
            }
        } catch {
            throw Failure(error)
        }
    }

    private func tell(_ report: ArchiveReport) {
        print(
            """
            version \(report.version): \(report.rowCount) rows, \(report.fileCount) files of data, \(report.byteCount) bytes\
            \(bag.map { " in \($0)" } ?? "; nothing was written")
            content SHA-256 \(report.contentDigest.hexadecimal)
            archive SHA-256 \(report.digest.hexadecimal)\(report.isSigned ? ", signed" : "")
            """)
    }
}

extension Failure {
    init(_ error: ArchiveError) {
        switch error {
        case .file: self.init(code: .system, message: "\(error)")
        case .occupied, .profile: self.init(code: .usage, message: "\(error)")
        case .unwritable, .damaged, .doesNotFollow: self.init(code: .data, message: "\(error)")
        case .notSigned, .stopped: self.init(code: .system, message: "\(error)")
        }
    }
}
