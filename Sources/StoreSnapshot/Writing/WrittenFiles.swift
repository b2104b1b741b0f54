import Bytes
import Synchronization

/// Files that were written and are still to be made durable: together at the end, so that nobody who has bytes to make waits for the
/// disk meanwhile.
final class WrittenFiles: Sendable {
    /// What the files' bytes wait in before they are written.
    let buffers = PageBuffers(byteCount: 1 << 20)
    private let waiting = Mutex<[(file: any File, byteCount: Int)]>([])

    /// So many files are open at most. Further ones are made durable at once.
    private static let openLimit = 256

    func add(_ file: any File, byteCount: Int) throws(SnapshotError) {
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.openLimit else { return false }
            waiting.append((file, byteCount))
            return true
        }
        if !isKept { try Self.synchronize(file) }
    }

    /// Makes every file durable. After an error nobody knows which are.
    func synchronize() throws(SnapshotError) {
        let files = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        _ = try Workers.results(weights: files.map { $0.byteCount / 64 }) { place throws(SnapshotError) in
            try Self.synchronize(files[place].file)
        }
    }

    private static func synchronize(_ file: any File) throws(SnapshotError) {
        do throws(FileError) {
            try file.synchronize()
        } catch {
            throw SnapshotError(error)
        }
    }
}
