import ArgumentParser
import Bytes
import Store

/// `hearth backup DESTINATION --data FOLDER`
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copies a data folder, as of one version, with the checksum of every file.",
        discussion: "`sha256sum -c SHA256SUMS` checks the copy without us; `hearth restore` makes a data folder of it.")

    @OptionGroup var data: DataFolderOptions

    @Argument(help: "The folder to make; it must not exist.")
    var destination: String

    func run() throws {
        let store = try data.open()
        do {
            let report = try store.backup(to: destination)
            try store.close()
            print("version \(report.version): \(report.fileCount) files, \(report.byteCount) bytes in \(destination)")
        } catch {
            throw Failure(error)
        }
    }
}

/// `hearth restore BACKUP --data FOLDER`
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Makes a data folder from a backup, after checking every file of it.")

    @Option(help: ArgumentHelp("The data folder to make; it must not exist, or be empty.", valueName: "folder"))
    var data: String

    @Argument(help: "The backup.")
    var backup: String

    func run() throws {
        do {
            let report = try Store.restore(backup, to: data, on: POSIXFileSystem())
            print("version \(report.version): \(report.fileCount) files, \(report.byteCount) bytes in \(data)")
        } catch {
            throw Failure(error)
        }
    }
}
