import ArgumentParser
import Bytes
import Exchange
import Store

/// `hearth verify FOLDER`
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Checks every byte of a data folder, of a backup or of an archive, and changes nothing.",
        discussion: """
            Of an archive everything that is wrong is told; its rows are read under the archived model and must write the archived files again; and \
            the archived question is asked of them and must give the archived answer, byte by byte.
            Ends with 0 if everything is whole, with 65 and the file and byte of the damage if not.
            """)

    @OptionGroup var register: ModelOptions

    @OptionGroup var limits: LimitFlags

    @Option(
        name: .customLong("public-key"),
        help: ArgumentHelp("Whose signature an archive must have: a PEM file of an Ed25519 key.", valueName: "file"))
    var publicKey: String?

    @Argument(help: "A data folder, a backup of one, or an archive.")
    var folder: String

    func run() throws {
        if Bag.isBag(folder, on: POSIXFileSystem()) {
            return try ArchiveReading(folder, publicKey).verify(LimitFlags.queryLimits(try limits.values()))
        }
        guard publicKey == nil else {
            throw Failure(code: .usage, message: "--public-key goes with an archive, and \(folder) is none: it has no bagit.txt")
        }
        let (model, text) = try register.modelAndText()
        do {
            let report = try Store.verify(folder, DataOptions.storeOptions(model, text))
            print("whole: version \(report.version), \(report.fileCount) files of data, \(report.byteCount) bytes")
        } catch {
            throw Failure(error)
        }
    }
}
