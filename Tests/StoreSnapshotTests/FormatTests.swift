import Bytes
import Foundation
import StoreColumns
import StoreSnapshot
import Testing

@Suite struct `The format of a snapshot` {
    /// The snapshots that were written when a format was new, by its number. They are never written again.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path(percentEncoded: false)

    @Test func `numbers once used are never used again`() {
        #expect(SnapshotFormat.number == 1)
    }

    @Test func `1 opens for ever`() throws {
        let folder = Self.folder + "Format1"
        let files = POSIXFileSystem()
        let opened = try Snapshot.open(folder, on: files)
        #expect(told(opened.version) == told(Museum.fixture))
        #expect(opened.model == description.model)
        #expect(try Snapshot.verify(folder, on: files) == opened.manifest)
    }

    @Test func `1 is still what is written`() throws {
        let files = try storage()
        let manifest = try Snapshot.write(Museum.fixture, description, to: "/versions/1", on: files)
        for (name, bytes) in try contents("/versions/1", manifest, files) {
            let kept = try POSIXFileSystem().contents(of: Self.folder + "Format1/" + name, limit: 1 << 20)
            #expect(bytes == kept, "\(name) is written otherwise than before")
        }
    }
}
