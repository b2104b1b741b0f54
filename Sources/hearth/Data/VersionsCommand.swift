import ArgumentParser
import Store

/// `hearth versions --data FOLDER`
struct VersionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "Lists the versions that a data folder can answer from, newest first.",
        discussion: "Versions between two snapshots are made again from the journal; a range of them is one line.")

    @OptionGroup var folder: DataFolderOptions

    func run() throws {
        let store = try folder.open(isReadOnly: true)
        let moments = Dictionary(store.versions.map { ($0.number, $0.publishedAt) }) { first, _ in first }
        let snapshots = Dictionary(store.snapshots.map { ($0.version, $0.digest) }) { first, _ in first }
        for range in store.answerable.reversed() {
            var above = range.upperBound
            // Those with a time of their own, and what lies between them in one line.
            for number in moments.keys.filter(range.contains).sorted(by: >) {
                if number < above { print(Self.between(number + 1, above)) }
                let source = snapshots[number].map { "snapshot \($0)" } ?? "journal"
                print("\(number)\t\(moments[number].map { "\($0)" } ?? "")\t\(source)")
                guard number > 0 else { return }
                above = number - 1
            }
        }
    }

    private static func between(_ first: UInt64, _ last: UInt64) -> String {
        "\(first == last ? "\(first)" : "\(first)–\(last)")\t\tmade again from the journal when asked for"
    }
}
