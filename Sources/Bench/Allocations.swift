import CAllocations

/// What one call takes from the heap.
struct Allocations {
    /// Blocks given out.
    var blocks: Int
    var bytes: Int
    /// The most that was held at one time, beyond what was held before.
    var peakBytes: Int

    /// Counts while a body runs, whatever thread does the work; nil where the heap cannot be watched.
    static func of(_ body: () throws -> Void) rethrows -> Allocations? {
        guard allocations_are_counted() else { return nil }
        allocations_begin()
        let counted: allocations
        do {
            try body()
            counted = allocations_end()
        } catch {
            _ = allocations_end()
            throw error
        }
        return Allocations(blocks: Int(counted.blocks), bytes: Int(counted.bytes), peakBytes: Int(counted.peak_bytes))
    }
}
