/// An index of texts by their bytes: open addressing over positions, with a hash seeded for each process.
struct ByteTable: Sendable {
    /// Position + 1, or 0 for a free slot; a power of two of them.
    private var slots: [UInt32]
    private var hashes: [UInt32]
    private(set) var count = 0

    init(expecting count: Int = 0) {
        var size = 16
        while size < count * 2 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        hashes = Array(repeating: 0, count: size)
    }

    /// Unknown outside the process, so that nobody can choose texts that collide.
    private static let seed = UInt64(bitPattern: Int64(Hasher().finalize()))

    static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state = seed ^ UInt64(bytes.count)
        for index in bytes.indices { state = (state ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3 }
        state ^= state >> 32
        return state &* 0x9E37_79B9_7F4A_7C15
    }

    /// The position of a text, or nil.
    func find(_ text: Span<UInt8>, hash: UInt64, in bytes: [UInt8], _ offsets: [UInt32]) -> UInt32? {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash >> 24) & mask
        while slots[slot] != 0 {
            let position = slots[slot] - 1
            if hashes[slot] == UInt32(truncatingIfNeeded: hash) {
                let start = Int(offsets[Int(position)])
                let count = Int(offsets[Int(position) + 1]) - start
                if count == text.count, (0..<count).allSatisfy({ bytes[start + $0] == text[$0] }) { return position }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds the text at the next position, which `find` did not find.
    mutating func insert(_ position: UInt32, hash: UInt64) {
        if (count + 1) * 2 > slots.count { grow() }
        place(position, hash >> 24, UInt32(truncatingIfNeeded: hash))
        count += 1
        fullHashes.append(hash)
    }

    /// By position: what a larger table needs to place it again.
    private var fullHashes: [UInt64] = []

    private mutating func place(_ position: UInt32, _ start: UInt64, _ hash: UInt32) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: start) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = position + 1
        hashes[slot] = hash
    }

    private mutating func grow() {
        slots = Array(repeating: 0, count: slots.count * 2)
        hashes = Array(repeating: 0, count: slots.count)
        for (position, hash) in fullHashes.enumerated() {
            place(UInt32(position), hash >> 24, UInt32(truncatingIfNeeded: hash))
        }
    }
}
