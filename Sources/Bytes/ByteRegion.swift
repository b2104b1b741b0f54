import CLostPages
import Glibc
import Synchronization

/// A piece of memory with one owner: 64-byte aligned room on the heap, or a file mapped for reading.
///
/// Bytes are handed out once. `claimedByteCount` says how many belong to someone; the rest is spare room that one writer
/// may claim, so that a list can grow in place while others read its beginning.
@usableFromInline @safe package final class ByteRegion: @unchecked Sendable {
    // Sendable: `base`, `byteCount` and `origin` are constant. Bytes below the claimed count are written only by the one
    // `ElementWriter` that claimed them and only before it finishes; `Elements` over them are made when it finishes.

    private enum Origin {
        case heap
        /// - Parameter slot: where the signal handler for lost pages finds it.
        case mapping(slot: Int32)
        /// A part of a slab, which lives as long as this.
        case scratch(ScratchSlab)
    }

    let base: UnsafeMutableRawPointer
    package let byteCount: Int
    private let origin: Origin
    private let claimedByteCount: Atomic<Int>

    static let alignment = 64

    /// Room of at least `byteCount` zero bytes, none of them claimed.
    init(byteCount: Int) {
        let room = (max(byteCount, 1) + Self.alignment - 1) & ~(Self.alignment - 1)
        var pointer: UnsafeMutableRawPointer?
        let code = unsafe posix_memalign(&pointer, Self.alignment, room)
        guard code == 0, let pointer = unsafe pointer else { preconditionFailure("the machine has no memory left") }
        // The pointer is `room` bytes long, fresh, and ours until `deinit`.
        unsafe memset(pointer, 0, room)
        unsafe base = pointer
        self.byteCount = room
        origin = .heap
        claimedByteCount = Atomic(0)
    }

    /// Takes over a mapping of a file made by `mmap`; it is unmapped with the region. Every byte counts as claimed.
    init(mapping: UnsafeMutableRawPointer, byteCount: Int, path: String) {
        unsafe base = mapping
        self.byteCount = byteCount
        origin = .mapping(slot: unsafe lost_pages_remember_mapping(mapping, byteCount, path))
        claimedByteCount = Atomic(byteCount)
    }

    /// A part of a slab that nobody else has: zero bytes, none of them claimed.
    init(in slab: ScratchSlab, at offset: Int, byteCount: Int) {
        precondition(offset >= 0 && offset + byteCount <= slab.byteCount, "a part of the slab")
        unsafe base = slab.base + offset
        self.byteCount = byteCount
        origin = .scratch(slab)
        claimedByteCount = Atomic(0)
    }

    deinit {
        // Whoever reads these bytes holds the region, so nobody reads them now.
        switch origin {
        case .heap: unsafe free(base)
        case .mapping(let slot):
            lost_pages_forget_mapping(slot)
            unsafe munmap(base, byteCount)
        case .scratch(let slab): unsafe slab.giveBack(base, byteCount)
        }
    }

    /// Takes the bytes `end..<newEnd` if nobody has taken any byte at or after `end`. False leaves everything as it was.
    func claim(from end: Int, to newEnd: Int) -> Bool {
        precondition(end <= newEnd, "a claim cannot shrink")
        guard newEnd <= byteCount else { return false }
        return claimedByteCount.compareExchange(expected: end, desired: newEnd, ordering: .acquiringAndReleasing).exchanged
    }

    /// The region of nothing, shared by all empty lists.
    static let empty = ByteRegion(byteCount: 0)
}
