import ArgumentParser
import Store

/// `hearth versions --data FOLDER`
struct VersionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "Lists the versions that a data folder can answer from, newest first.")

    @OptionGroup var folder: DataFolderOptions

    func run() throws {
        let store = try folder.open(isReadOnly: true)
        let snapshots = Dictionary(store.snapshots.map { ($0.version, $0.digest) }) { first, _ in first }
        for version in store.versions {
            print("\(version.number)\t\(version.publishedAt)\t\(snapshots[version.number].map { "snapshot \($0)" } ?? "journal")")
        }
    }
}
