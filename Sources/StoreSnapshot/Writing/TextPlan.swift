import Bytes
import StoreColumns

/// How a text column is written: as plain text, or as codes and the texts that rows hold.
struct TextPlan: Sendable {
    enum Form: Sendable {
        /// No two rows hold the same text.
        case plain
        case dictionary
    }

    let form: Form
    /// Texts that rows hold.
    let count: Int
    /// Their bytes together.
    let byteCount: Int
    /// For each 64 codes: which are held, and how many before them; empty where all are.
    private let held: [UInt64]
    private let before: [UInt32]

    /// Arrow's 32-bit offsets are signed.
    private static let longestPlainBatch = Int(Int32.max)

    init(_ column: DictionaryColumn, _ rows: RowRenumbering) {
        let dictionary = column.dictionary
        var held = [UInt64](repeating: 0, count: (dictionary.count + 63) / 64)
        var isRepeating = false
        for index in 0..<column.codes.chunkCount {
            let chunk = column.codes.chunk(index)
            let codes = chunk.values
            if rows.isIdentity, !chunk.hasNulls {
                for offset in codes.indices {
                    let code = Int(codes[offset])
                    let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: code & 63)
                    let word = held[code >> 6]
                    isRepeating = isRepeating || word & bit != 0
                    held[code >> 6] = word | bit
                }
                continue
            }
            for offset in codes.indices where !chunk.isNull(at: offset) {
                if !rows.isKept(RowNumber(truncatingIfNeeded: index << 16 | offset)) { continue }
                let code = Int(codes[offset])
                let bit: UInt64 = 1 << UInt64(code & 63)
                isRepeating = isRepeating || held[code >> 6] & bit != 0
                held[code >> 6] |= bit
            }
        }
        var before: [UInt32] = []
        before.reserveCapacity(held.count)
        var sum = 0
        for word in held {
            before.append(UInt32(truncatingIfNeeded: sum))
            sum += word.nonzeroBitCount
        }
        count = sum
        let isWhole = sum == dictionary.count
        var bytes = 0
        var longest = 0
        for (index, segment) in dictionary.segments.enumerated() {
            let offsets = segment.offsets.span
            if isWhole {
                var most: UInt32 = 0
                for local in 0..<offsets.count - 1 { most = max(most, offsets[local + 1] &- offsets[local]) }
                bytes += Int(offsets[offsets.count - 1]) - Int(offsets[0])
                longest = max(longest, Int(most))
                continue
            }
            for local in 0..<offsets.count - 1 where held[(index << 16 | local) >> 6] >> UInt64(local & 63) & 1 != 0 {
                let length = Int(offsets[local + 1]) - Int(offsets[local])
                bytes += length
                longest = max(longest, length)
            }
        }
        byteCount = bytes
        let fits = bytes <= Self.longestPlainBatch || longest * ChunkLayout.rowCount <= Self.longestPlainBatch
        form = !isRepeating && fits ? .plain : .dictionary
        self.held = isWhole ? [] : held
        self.before = isWhole ? [] : before
    }

    /// Whether every text that the dictionary has is held by a row.
    var isWhole: Bool { held.isEmpty }
    var needsLargeOffsets: Bool { byteCount > Int(Int32.max) }

    func isHeld(_ code: Int) -> Bool { held.isEmpty || held[code >> 6] >> UInt64(code & 63) & 1 != 0 }

    /// The code that a text has in the file.
    func code(_ old: UInt32) -> UInt32 {
        guard !held.isEmpty else { return old }
        let index = Int(old >> 6)
        let lower = held[index] & (1 << UInt64(old & 63) &- 1)
        return before[index] + UInt32(lower.nonzeroBitCount)
    }
}
