import ArgumentParser
import Exchange
import Foundation
import HTTPService
import Settings
import StoreColumns
import Synchronization

/// `hearth import FOLDER --check-only`
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads a folder of CSV files and reports every bad row.",
        discussion: "Nothing is stored. `hearth serve --data NEW_FOLDER --csv FOLDER` makes data of the files.")

    @Argument(help: "A folder with one CSV file a type.")
    var folder: String

    @Option(help: ArgumentHelp("How the files of another system map onto the model.", valueName: "file"))
    var mapping: String?

    @Option(help: ArgumentHelp("The folder of the model. Standard: Schema/model.", valueName: "folder"))
    var model: String?

    @Flag(name: .customLong("check-only"), help: "Only check, which is what this command does.")
    var checksOnly = false

    @Flag(help: "The report as JSON.")
    var json = false

    func run() throws {
        let modelFolder = model ?? RegisterOptions.folder("Schema/model", below: RegisterOptions.rootFolder())
        let places = Register.Places(model: modelFolder, rows: folder, mapping: mapping)
        var report: String
        var reportJSON: [UInt8]
        var failure: Failure?
        do throws(Register.Problem) {
            let line = Mutex(ProgressLine())
            let register = try Register.load(places, publishedAt: Clock.now(), asOf: Clock.day(in: .current)) { done in
                line.withLock {
                    $0.show(done.share, "\(done.rowCount) rows, \(Int(Double(done.rowCount) / max($0.seconds, 0.001))) rows/s")
                }
            }
            line.withLock { $0.finish() }
            report = "\(register.report)"
            reportJSON = register.report.json()
        } catch {
            guard case .rows(let refused, _) = error else { throw Failure(error) }
            report = "\(refused.report)"
            reportJSON = refused.report.json()
            failure = Failure(code: .data, message: "the files in \(folder) cannot be loaded")
        }
        print(json ? String(decoding: reportJSON, as: UTF8.self) : report)
        if let failure { throw failure }
    }
}
