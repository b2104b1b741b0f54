import Bytes
import Foundation
import StoreColumns
import StoreSnapshot
import Testing

@Suite struct `The format of a snapshot` {
    /// The snapshots that were written when a format was new, by its number. They are never written again.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path(percentEncoded: false)

    @Test func `numbers once used are never used again`() {
        #expect(SnapshotFormat.number == 3)
    }

    @Test(arguments: [1, 2, 3])
    func `opens for ever, whatever its number`(number: Int) throws {
        let folder = Self.folder + "Format\(number)"
        let files = POSIXFileSystem()
        let opened = try Snapshot.open(folder, on: files)
        #expect(told(opened.version) == told(Museum.fixture(number)))
        #expect(opened.manifest.formatNumber == number)
        #expect(opened.model == description.model)
        let lazily = try Snapshot.open(folder, on: files, checking: .onFirstUse { Issue.record("\($0)") })
        #expect(told(lazily.version) == told(Museum.fixture(number)))
        #expect(lazily.version.checkColumns() == nil && !lazily.version.hasUncheckedColumns)
        #expect(try Snapshot.verify(folder, on: files) == opened.manifest)
    }

    @Test func `3 is still what is written`() throws {
        let files = try storage()
        let manifest = try Snapshot.write(Museum.fixture(3), description, to: "/versions/1", on: files)
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            // Once, when a format is new.
            for (name, bytes) in try contents("/versions/1", manifest, files) {
                let file = URL(filePath: Self.folder + "Format3/" + name)
                try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(bytes).write(to: file)
            }
        }
        for (name, bytes) in try contents("/versions/1", manifest, files) {
            let kept = try POSIXFileSystem().contents(of: Self.folder + "Format3/" + name, limit: 1 << 20)
            #expect(bytes == kept, "\(name) is written otherwise than before")
        }
    }
}
