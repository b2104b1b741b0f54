import ArgumentParser
import Exchange
import Foundation
import HTTPService
import Model
import Settings
import StoreColumns
import Synchronization

/// `hearth import FOLDER`, to check files, and with `--data` to load them.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads CSV files and workbooks, reports every bad row, and loads the others.",
        discussion: """
            Without --data nothing is stored: the files are checked as the first load of a new folder. With it their rows make one new \
            version of the data, or none: keys that are known change their rows, others add one. A folder that is not there yet is made. \
            Text is UTF-8 or GB 18030; of a workbook every sheet is read that can be seen. Titles above the headings are passed over. \
            Ends with 65 where nothing could be loaded, with 73 where a server has the data open.
            """)

    @Argument(help: "A folder with one CSV file or sheet of a workbook (.xlsx) a type, or one such file.")
    var folder: String

    @Option(help: ArgumentHelp("The data folder to load them into, while no server has it open.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("How the files of another system map onto the model.", valueName: "file"))
    var mapping: String?

    @Option(
        name: .customLong("sheet"),
        help: ArgumentHelp("Reads this sheet of a workbook, and none else; once for each.", valueName: "name"))
    var sheets: [String] = []

    @Option(
        help: ArgumentHelp("What the rows are, where the files' names do not say it: a type, or its label.", valueName: "type"))
    var type: String?

    @Option(
        name: .customLong("heading-row"),
        help: ArgumentHelp("The row that holds the headings, where it is not found.", valueName: "number"))
    var headingRow: Int?

    @Option(
        name: .customLong("column"),
        help: ArgumentHelp(
            "Which field a column fills; heading= for one that is not read. Once for each.", valueName: "heading=field"))
    var columns: [String] = []

    @Option(help: ArgumentHelp("The folder of the model. Standard: Schema/model.", valueName: "folder"))
    var model: String?

    @Flag(name: .customLong("check-only"), help: "Only check, which without --data is all that is done.")
    var checksOnly = false

    @Flag(name: .customLong("dry-run"), help: "Checks the files against the data, and applies nothing.")
    var isDryRun = false

    @Flag(help: "Of every type that the files bring, removes the rows that they do not bring.")
    var full = false

    @Option(
        name: .customLong("skip-bad-rows"),
        help: ArgumentHelp(
            "Leaves rows out with which something is wrong, up to this share of all: 0.01 or 1%. Without it, one refuses the whole.",
            valueName: "share"))
    var skippedShare: BadRowShare?

    @Option(
        name: .customLong("change-id"),
        help: ArgumentHelp("A name under which the files are applied once, however often they are sent.", valueName: "name"))
    var changeID: String?

    @Option(
        name: .customLong("expect-version"),
        help: ArgumentHelp("Refuses where the data is at another version.", valueName: "number"))
    var expectedVersion: String?

    @Option(
        name: .customLong("override"),
        help: ArgumentHelp(
            "Lets rows pass that do not keep a SOFT check, and says why; once for each.", valueName: "check=reason"))
    var overrides: [String] = []

    @Option(help: ArgumentHelp("Why, for those who read the journal.", valueName: "text"))
    var reason: String?

    @Flag(help: "The report as JSON.")
    var json = false

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Writes the report as a table in Chinese too, for whoever keeps the files.", valueName: "file.csv"))
    var clerkReport: String?

    func validate() throws {
        if data == nil, isDryRun || full || skippedShare != nil || changeID != nil || expectedVersion != nil || reason != nil {
            throw ValidationError(
                "--dry-run, --full, --skip-bad-rows, --change-id, --expect-version and --reason go with --data.")
        }
        if data != nil, checksOnly { throw ValidationError("--check-only goes without --data; with it there is --dry-run.") }
        if full, skippedShare != nil {
            throw ValidationError("--full would remove the rows that --skip-bad-rows leaves out; take one of the two.")
        }
        if mapping != nil, !choices.isEmpty {
            throw ValidationError(
                "--sheet, --type, --heading-row and --column go with files in the model's own shape, without --mapping.")
        }
        for text in columns where !text.contains("=") {
            throw ValidationError("--column is a heading and a field, as heading=field; found '\(text)'.")
        }
        for text in overrides where !text.contains("=") {
            throw ValidationError("--override is a check and a reason, as check=reason; found '\(text)'.")
        }
    }

    func run() throws {
        let modelFolder = model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder())
        var places = Register.Places(model: modelFolder, rows: folder, mapping: mapping)
        places.choices = choices
        let asOf = Clock.day(in: .current)
        let report: ChangeReport
        if let data {
            report = try DataImport(folder: data, places: places, terms: terms, asOf: asOf).run()
        } else {
            report = try check(places, asOf)
        }
        if let clerkReport { try write(report, to: clerkReport, modelFolder) }
        print(json ? String(decoding: report.json(), as: UTF8.self) : report.text)
        let isGood = report.isApplied || report.isRepeated || !report.stands(despite: Set(terms.overrides.map(\.check)))
        if !isGood { throw Failure(code: .data, message: "the files in \(folder) cannot be loaded") }
    }

    private func write(_ report: ChangeReport, to path: String, _ modelFolder: String) throws(Failure) {
        let model: Model
        do throws(Register.Problem) {
            model = try Register.model(in: modelFolder)
        } catch {
            throw Failure(error)
        }
        guard FileManager.default.createFile(atPath: path, contents: Data(report.clerkCSV(model))) else {
            throw Failure(code: .system, message: "\(path) cannot be written")
        }
    }

    private func check(_ places: Register.Places, _ asOf: CivilDate) throws(Failure) -> ChangeReport {
        do throws(Register.Problem) {
            let register = try Self.load(places, asOf, terms.overrides)
            var report = register.report.changeReport(version: 0)
            report.isDryRun = true
            return report
        } catch {
            guard case .rows(let refused, _) = error else { throw Failure(error) }
            return refused.report.changeReport(version: 0)
        }
    }

    /// Reads the rows, with a line that says how far they are, and says on standard error where they have to be read in another way.
    static func load(
        _ places: Register.Places, _ asOf: CivilDate, _ overrides: [ChangeRequest.Override]
    ) throws(Register.Problem) -> Register {
        let line = Mutex(ProgressLine())
        defer { line.withLock { $0.finish() } }
        return try Register.load(
            places, publishedAt: Clock.now(), asOf: asOf, overrides: overrides,
            tell: { text in
                line.withLock { $0.finish() }
                Terminal.tell("hearth: \(text)")
            },
            progress: { done in
                line.withLock {
                    $0.show(done.share, "\(done.rowCount) rows, \(Int(Double(done.rowCount) / max($0.seconds, 0.001))) rows/s")
                }
            })
    }

    private var choices: ImportChoices {
        var choices = ImportChoices()
        (choices.sheets, choices.type, choices.headingRow) = (Set(sheets), type, headingRow)
        for text in columns {
            guard let place = text.lastIndex(of: "=") else { continue }
            choices.columns[String(text[..<place])] = String(text[text.index(after: place)...])
        }
        return choices
    }

    private var terms: ImportTerms {
        var terms = ImportTerms()
        terms.removesMissing = full
        terms.badRowShare = skippedShare?.value
        terms.isDryRun = isDryRun
        terms.expectedVersion = expectedVersion
        terms.changeID = changeID
        terms.reason = reason
        terms.overrides = overrides.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return ChangeRequest.Override(check: parts[0], reason: parts.count > 1 ? parts[1] : "")
        }
        return terms
    }
}

/// A share of all rows: `0.01` or `1%`.
struct BadRowShare: ExpressibleByArgument {
    var value: Double

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let number = Double(isPercent ? String(argument.dropLast()) : argument) else { return nil }
        value = isPercent ? number / 100 : number
        guard value >= 0, value <= 1 else { return nil }
    }
}
