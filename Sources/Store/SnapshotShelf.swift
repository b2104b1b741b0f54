import StoreColumns
import Synchronization

/// The snapshots of a folder, opened when somebody asks for their versions.
final class SnapshotShelf: Sendable {
    /// Snapshots that stay open after somebody asked for them.
    private static let openedLimit = 4

    private let folder: DataFolder
    private let storage: any VersionStorage
    /// The last one asked for first.
    private let opened = Mutex<[GraphVersion]>([])

    init(_ folder: DataFolder, _ storage: any VersionStorage) {
        self.folder = folder
        self.storage = storage
    }

    /// The version of a snapshot; nil if there is none, or it cannot be read.
    func version(_ number: UInt64, among snapshots: [SnapshotEntry]) -> GraphVersion? {
        if let version = opened.withLock({ $0.first { $0.number == number } }) { return version }
        guard let entry = snapshots.first(where: { $0.version == number }), let stored = try? folder.open(entry, storage) else {
            return nil
        }
        opened.withLock { $0 = Array(([stored.version] + $0).prefix(Self.openedLimit)) }
        return stored.version
    }
}
