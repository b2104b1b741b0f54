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

    @OptionGroup var choiceOptions: ImportChoiceOptions

    @Option(help: ArgumentHelp("The folder of the model. Standard: Schema/model.", valueName: "folder"))
    var model: String?

    @Flag(name: .customLong("check-only"), help: "Only check, which without --data is all that is done.")
    var checksOnly = false

    @OptionGroup var termOptions: ImportTermOptions

    @Flag(help: "The report as JSON.")
    var json = false

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Writes the report as a table in Chinese too, for whoever keeps the files.", valueName: "file.csv"))
    var clerkReport: String?

    func validate() throws {
        if data == nil, termOptions.needData {
            throw ValidationError(
                "--dry-run, --full, --skip-bad-rows, --change-id, --expect-version and --reason go with --data.")
        }
        if data != nil, checksOnly { throw ValidationError("--check-only goes without --data; with it there is --dry-run.") }
        if mapping != nil, !choiceOptions.choices.isEmpty {
            throw ValidationError(
                "--sheet, --type, --heading-row and --column go with files in the model's own shape, without --mapping.")
        }
    }

    func run() throws {
        let modelFolder = model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder())
        var places = Register.Places(model: modelFolder, rows: folder, mapping: mapping)
        places.choices = choiceOptions.choices
        let terms = termOptions.terms
        let asOf = Clock.day(in: .current)
        let report: ChangeReport
        if let data {
            report = try DataImport(folder: data, places: places, terms: terms, asOf: asOf).run()
        } else {
            report = try check(places, asOf, terms.overrides)
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

    private func check(
        _ places: Register.Places, _ asOf: CivilDate, _ overrides: [ChangeRequest.Override]
    ) throws(Failure) -> ChangeReport {
        do throws(Register.Problem) {
            let register = try Self.load(places, asOf, overrides)
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
}
