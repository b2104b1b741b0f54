import ArgumentParser
import Bytes
import Exchange
import Store

/// `hearth backup DESTINATION --data FOLDER`
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies a data folder, as of one version, with the checksum of every file.",
        discussion: """
            A server may have the folder open, and goes on meanwhile: the copy holds what was acknowledged when the command \
            began. `sha256sum -c SHA256SUMS` checks the copy without us; `hearth restore` makes a data folder of it.
            """)

    @Option(help: ArgumentHelp("The data folder.", valueName: "folder"))
    var data: String

    @Argument(help: "The folder to make; it must not exist.")
    var destination: String

    func run() throws {
        do {
            let report = try Store.backup(data, to: destination, on: POSIXFileSystem())
            print("version \(report.version): \(report.fileCount) files, \(report.byteCount) bytes in \(destination)")
        } catch {
            throw Failure(error)
        }
    }
}

/// `hearth restore BACKUP --data FOLDER`
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Makes a data folder from a backup or an archive, after checking every file of it.",
        discussion: """
            What an archive holds becomes the same version again, under the model that was archived with it; a server that is started with \
            another model brings it over, as always.
            """)

    @Option(help: ArgumentHelp("The data folder to make; it must not exist, or be empty.", valueName: "folder"))
    var data: String

    @Option(
        name: .customLong("public-key"),
        help: ArgumentHelp("Whose signature an archive must have: a PEM file of an Ed25519 key.", valueName: "file"))
    var publicKey: String?

    @Argument(help: "The backup, or the archive.")
    var backup: String

    func run() throws {
        if Bag.isBag(backup, on: POSIXFileSystem()) { return try ArchiveReading(backup, publicKey).restore(to: data) }
        guard publicKey == nil else {
            throw Failure(code: .usage, message: "--public-key goes with an archive, and \(backup) is none: it has no bagit.txt")
        }
        do {
            let report = try Store.restore(backup, to: data, on: POSIXFileSystem())
            print("version \(report.version): \(report.fileCount) files, \(report.byteCount) bytes in \(data)")
        } catch {
            throw Failure(error)
        }
    }
}
