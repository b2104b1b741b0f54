import ArgumentParser
import Store

/// `hearth snapshot --data FOLDER`
struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Writes the current version of a data folder as a snapshot.",
        discussion: "The journal begins anew behind it, and the oldest snapshots beyond --keep are removed.")

    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("How many snapshots are kept.", valueName: "number"))
    var keep = 8

    func run() throws {
        let store = try folder.open(keeping: keep)
        do {
            let snapshot = try store.snapshot()
            try store.close()
            print("version \(snapshot.version), published \(snapshot.publishedAt), SHA-256 of its manifest \(snapshot.digest)")
        } catch {
            throw Failure(error)
        }
    }
}
