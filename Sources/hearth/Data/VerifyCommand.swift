import ArgumentParser
import Bytes
import Store

/// `hearth verify FOLDER`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks every byte of a data folder or of a backup, and changes nothing.",
        discussion: "Ends with 0 if everything is whole, with 65 and the file and byte of the first damage if not.")

    @OptionGroup var register: ModelOptions

    @Argument(help: "A data folder, or a backup of one.")
    var folder: String

    func run() throws {
        let (model, text) = try register.modelAndText()
        do {
            let report = try Store.verify(folder, DataOptions.storeOptions(model, text))
            print("whole: version \(report.version), \(report.fileCount) files of data, \(report.byteCount) bytes")
        } catch {
            throw Failure(error)
        }
    }
}
