import Glibc
import Synchronization

/// Room for bytes on their way into a file: filled, written, emptied, filled again. It begins at a page and is whole pages long, so that
/// a file system may take the bytes from here without copying them.
@safe package final class PageBuffer: @unchecked Sendable {
    // Sendable: `base` and `capacity` are constant; the bytes and their count are touched only by the one who has taken the buffer from
    // its pool, or been handed it by them.

    /// A whole number of the pages and blocks of every file system that is known here.
    package static let pageByteCount = 4_096

    private let base: UnsafeMutableRawPointer
    package let capacity: Int
    /// Bytes that were put in.
    package private(set) var count = 0

    /// - Parameter byteCount: a multiple of `pageByteCount`.
    package init(byteCount: Int) {
        precondition(byteCount > 0 && byteCount % Self.pageByteCount == 0, "whole pages")
        var pointer: UnsafeMutableRawPointer?
        let code = unsafe posix_memalign(&pointer, Self.pageByteCount, byteCount)
        guard code == 0, let pointer = unsafe pointer else { preconditionFailure("the machine has no memory left") }
        // Fresh, `byteCount` bytes long, and ours until `deinit`. Nothing is read before it was put in.
        unsafe base = pointer
        capacity = byteCount
    }

    deinit { unsafe free(base) }

    /// Takes as many of the bytes as there is room for.
    /// - Returns: how many.
    package func append(_ bytes: Span<UInt8>) -> Int {
        let taken = min(bytes.count, capacity - count)
        unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress, taken > 0 else { return }
            // In bounds by the minimum; `bytes` is memory that others read, so the two do not overlap.
            unsafe memcpy(base + count, from, taken)
        }
        count += taken
        return taken
    }

    package func removeAll() { count = 0 }

    /// What was put in.
    package var bytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            // Written up to `count`, and alive as long as `self`.
            let span = unsafe Span<UInt8>(_unsafeStart: base.assumingMemoryBound(to: UInt8.self), count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

/// Buffers that nobody uses just now.
package final class PageBuffers: Sendable {
    private let free = Mutex<[PageBuffer]>([])
    private let byteCount: Int

    /// - Parameter byteCount: of each; a multiple of `PageBuffer.pageByteCount`.
    package init(byteCount: Int) { self.byteCount = byteCount }

    /// An empty buffer, which is the caller's until it is given back.
    package func take() -> PageBuffer { free.withLock { $0.popLast() } ?? PageBuffer(byteCount: byteCount) }

    package func giveBack(_ buffer: PageBuffer) {
        buffer.removeAll()
        free.withLock { $0.append(buffer) }
    }
}
