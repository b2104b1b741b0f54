import CMemoryHints

/// The heap of the whole process.
package enum ProcessHeap {
    /// What is given back and kept for the next who asks, by each thread's part of the heap, at most.
    private static let keptByteCount = 16 << 20

    /// Keeps memory that was given back for the next who asks. Without it an answer of several hundred kilobytes gets new pages from the
    /// system each time, which then was two fifths of its time. Once, at start.
    package static func keepFreedMemory() { hearth_keep_freed(keptByteCount) }

    /// Has nothing of the process's memory come into a core file, and nobody else of the same user look into it. Once, at start.
    ///
    /// - Returns: The system's error; nil where it is so.
    package static func keepPrivate() -> Int32? {
        let error = hearth_keep_memory_private()
        return error == 0 ? nil : error
    }
}
