import Bytes
import Dispatch
import Synchronization

/// Digests and writes the blocks of one file in their order, on a thread of its own, while the next ones are made: whoever makes them
/// waits neither for the digest nor for the disk.
final class BlocksBehind: Sendable {
    private struct State {
        var hasher = SHA256Hasher()
        var byteCount = 0
        /// Bytes that were told to go to the disk.
        var begunCount = 0
        var failure: FileError?
    }

    private let file: any File
    private let buffers: PageBuffers
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "snapshot file")
    /// So many blocks of the file wait or are written, besides the one that is filled.
    private let room = DispatchSemaphore(value: 2)

    /// So many bytes go to the disk together, where they do not go there at once.
    private static let behindLimit = 8 << 20
    /// For fewer bytes a call of their own does not pay.
    private static let leastPages = 1 << 17

    init(_ file: any File, _ buffers: PageBuffers) {
        self.file = file
        self.buffers = buffers
    }

    /// Takes over a full block. Waits while too many are on their way.
    /// - Throws: what went wrong with an earlier one; then nothing more is written.
    func put(_ block: PageBuffer) throws(SnapshotError) {
        room.wait()
        if let failure = state.withLock({ $0.failure }) {
            room.signal()
            throw SnapshotError(failure)
        }
        queue.async { [self] in
            write(block, isLast: false)
            room.signal()
        }
    }

    /// Writes the last block, when all before it are written.
    /// - Returns: the digest of all.
    func finish(_ last: PageBuffer) throws(SnapshotError) -> SHA256Digest {
        queue.sync { write(last, isLast: true) }
        let (digest, failure) = state.withLock { ($0.hasher.digest, $0.failure) }
        if let failure { throw SnapshotError(failure) }
        return digest
    }

    private func write(_ block: PageBuffer, isLast: Bool) {
        state.withLock { state in
            guard state.failure == nil else { return }
            let bytes = block.bytes
            state.hasher.update(bytes)
            let page = PageBuffer.pageByteCount
            let pages = bytes.count < Self.leastPages ? 0 : bytes.count / page * page
            do throws(FileError) {
                if pages > 0 { try file.writePages(bytes.extracting(0..<pages), at: state.byteCount) }
                if pages < bytes.count { try file.write(bytes.extracting(pages..<bytes.count), at: state.byteCount + pages) }
            } catch {
                state.failure = error
                return
            }
            state.byteCount += bytes.count
            if isLast || state.byteCount - state.begunCount >= Self.behindLimit {
                file.beginWriting(state.begunCount..<state.byteCount)
                state.begunCount = state.byteCount
            }
        }
        buffers.giveBack(block)
    }
}
