import Bytes
import Foundation
import StoreColumns
import StoreSnapshot
import Testing

/// Writes snapshots for the script that reads them with other people's programs: `.ci/read_snapshots.py`.
@Suite struct `Snapshots for other programs` {
    /// Where to write; the test does nothing without it.
    static let folder = ProcessInfo.processInfo.environment["SNAPSHOT_FOLDER"]

    @Test(.enabled(if: folder != nil)) func `are written where the script wants them`() throws {
        let folder = try #require(Self.folder)
        let files = POSIXFileSystem()
        let small = Museum.version(seed: 4, exhibits: 300)
        _ = try Snapshot.write(small, description, to: folder + "/small", on: files)
        try files.writeNew(folder + "/small.tsv", Array(Self.table(small).utf8))
        let rows = TypeChanges(
            type: Museum.room, columns: [0, 1],
            cells: (0..<70_000).flatMap { [Cell.string("r\($0)"), $0 % 7 == 0 ? .null : .string("Hall \($0 % 1_000)")] })
        let large = try GraphVersion.empty(catalog: Museum.catalog).applying(
            ChangeSet(types: [rows]), number: 1, publishedAt: Instant(microseconds: 1))
        _ = try Snapshot.write(large, description, to: folder + "/large", on: files)
        for format in [1, 2, 3] {
            _ = try Snapshot.write(Museum.fixture(format), description, to: folder + "/fixture\(format)", on: files)
        }
        _ = try Snapshot.verify(folder + "/small", on: files)
        #expect(told(try Snapshot.open(folder + "/large", on: files).version) == told(large))
    }

    /// What the script compares with: a line an exhibit with number, room's code, value in hundredths, date in days, form, title.
    private static func table(_ version: GraphVersion) -> String {
        let table = version[Museum.exhibit]
        var lines = ""
        guard case .int(let numbers) = table.column(0), case .decimal(let values, _) = table.column(2),
            case .date(let dates) = table.column(4), case .enumeration(let forms) = table.column(6),
            case .string(let titles) = table.column(7)
        else { return "" }
        for row in 0..<table.rowCount where table.isLive(RowNumber(row)) {
            guard case .reference(let room) = version.key(of: RowNumber(row), type: Museum.exhibit).parts[0],
                case .string(let code) = room.parts[0]
            else { continue }
            let form = forms[row].map { Museum.catalog.enumerations[0].values[Int($0)] }
            let cells = [
                numbers[row].map { "\($0)" }, code, values[row].map { "\($0)" }, dates[row].map { "\($0)" }, form,
                titles.text(at: row),
            ]
            lines += cells.map { $0 ?? "" }.joined(separator: "\t") + "\n"
        }
        return lines
    }
}
