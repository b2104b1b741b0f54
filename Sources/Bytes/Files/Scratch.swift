import Glibc
import Synchronization

/// Room for data in the making that need not fit the machine's memory: files without a name, mapped, from which the system
/// takes what it cannot keep. The room of a list is given back when nothing points into it, to the system and not to this.
///
/// Running out of disk is no crash: room is taken from the file system before it is written. Where it is refused the heap serves,
/// and `failure` says so; whoever fills large room asks now and then, and stops.
package final class Scratch: Sendable {
    /// A piece of a mapped file that is handed out front to back.
    private struct State {
        var slab: ScratchSlab?
        var used = 0
        var byteCount = 0
        var failure: FileError?
        /// All that somebody holds, and some that nobody does any more.
        var slabs: [WeakSlab] = []
    }

    private struct WeakSlab {
        weak var slab: ScratchSlab?
    }

    private let folder: String
    private let slabByteCount: Int
    private let state = Mutex(State())
    private let held = HeldBytes()

    /// - Parameter folder: must be there; its file system needs the room.
    package init(folder: String, slabByteCount: Int = 64 << 20) {
        self.folder = folder
        self.slabByteCount = slabByteCount
    }

    /// Why room could not be had; nil while all is well.
    package var failure: FileError? { state.withLock { $0.failure } }
    /// Bytes taken from the file system so far, given back or not.
    package var byteCount: Int { state.withLock { $0.byteCount } }
    /// Bytes that the files take of the file system now.
    package var heldByteCount: Int { held.count.load(ordering: .relaxed) }

    /// Has the system take the files' pages out of this process's memory, into which they come again when they are used: for whoever
    /// has gone over much of it and will not soon again.
    package func releasePages() {
        let slabs = state.withLock { state in
            state.slabs.removeAll { $0.slab == nil }
            return state.slabs.compactMap(\.slab)
        }
        for slab in slabs { slab.releasePages() }
    }

    /// Zeroed room that begins at a multiple of 64; nil where it could not be had.
    func region(byteCount: Int) -> ByteRegion? {
        let room = (max(byteCount, 1) + ByteRegion.alignment - 1) & ~(ByteRegion.alignment - 1)
        return state.withLock { state in
            // What fills pages begins with one, so that they can all be given back.
            let page = PageBuffer.pageByteCount
            if room >= page {
                state.used = (state.used + page - 1) & ~(page - 1)
            }
            if state.slab == nil || state.used + room > slabByteCount {
                do throws(FileError) {
                    let slab = try ScratchSlab(folder: folder, byteCount: max(room, slabByteCount), held)
                    state.byteCount += max(room, slabByteCount)
                    remember(slab, &state)
                    // A piece larger than a slab has one of its own, and the open slab stays.
                    if room > slabByteCount { return ByteRegion(in: slab, at: 0, byteCount: room) }
                    (state.slab, state.used) = (slab, 0)
                } catch {
                    state.failure = error
                    return nil
                }
            }
            guard let slab = state.slab else { return nil }
            defer { state.used += room }
            return ByteRegion(in: slab, at: state.used, byteCount: room)
        }
    }

    /// So many slabs that were opened last may be in this process's memory while rows are appended.
    private static let openSlabCount = 32

    private func remember(_ slab: ScratchSlab, _ state: inout State) {
        state.slabs.append(WeakSlab(slab: slab))
        if state.slabs.count > Self.openSlabCount {
            state.slabs[state.slabs.count - Self.openSlabCount - 1].slab?.releasePages()
        }
    }
}

/// How much files without a name take.
private final class HeldBytes: Sendable {
    let count = Atomic(0)
}

/// One mapped file without a name.
@safe final class ScratchSlab: @unchecked Sendable {
    // Sendable: both are constant, and each byte is handed to one region.
    let base: UnsafeMutableRawPointer
    let byteCount: Int
    private let held: HeldBytes
    private let returned = Atomic(0)

    fileprivate init(folder: String, byteCount: Int, _ held: HeldBytes) throws(FileError) {
        let descriptor = try posixScratchFile(folder)
        defer { close(descriptor) }
        let code = posix_fallocate(descriptor, 0, byteCount)
        guard code == 0 else { throw systemError(.allocate, folder, code) }
        // The mapping outlives the descriptor, and the file lives as long as the mapping.
        let mapping = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { throw systemError(.map, folder, errno) }
        unsafe base = mapping
        self.byteCount = byteCount
        self.held = held
        held.count.add(byteCount, ordering: .relaxed)
    }

    /// The pages stay in the file, and what was written into them with them.
    func releasePages() { unsafe madvise(base, byteCount, MADV_DONTNEED) }

    /// Takes bytes out of the file, as far as they fill pages, so that their room on the disk is free before the rest is. A file
    /// system that cannot do that keeps them until the slab goes.
    func giveBack(_ start: UnsafeMutableRawPointer, _ count: Int) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        // `start` lies in the mapping, whose pages begin at multiples of a page from `base`.
        let offset = unsafe start - base
        let (first, end) = ((offset + page - 1) / page * page, (offset + count) / page * page)
        guard page > 0, first < end else { return }
        guard unsafe madvise(base + first, end - first, Int32(MADV_REMOVE)) == 0 else { return }
        returned.add(end - first, ordering: .relaxed)
        held.count.subtract(end - first, ordering: .relaxed)
    }

    deinit {
        // Regions hold their slab, so nobody reads it now.
        unsafe munmap(base, byteCount)
        held.count.subtract(byteCount - returned.load(ordering: .relaxed), ordering: .relaxed)
    }
}
