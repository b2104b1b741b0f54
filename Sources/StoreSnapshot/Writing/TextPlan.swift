import Bytes
import StoreColumns

/// How a text column is written: a text a row, or codes and the texts that rows hold; whichever takes fewer bytes.
struct TextPlan: Sendable {
    enum Form: Sendable {
        case plain
        case dictionary
    }

    let form: Form
    /// Distinct texts that rows hold.
    let count: Int
    /// Their bytes together.
    let byteCount: Int
    /// Of the plain form.
    let repeated: RepeatedTexts
    /// For each 64 codes: which are held, and how many before them; empty where all are.
    private let held: [UInt64]
    private let before: [UInt32]

    /// Arrow's 32-bit offsets are signed.
    private static let longestPlainBatch = Int(Int32.max)

    init(_ column: DictionaryColumn, _ rows: RowRenumbering) {
        let use = TextUse(column, rows)
        var before: [UInt32] = []
        before.reserveCapacity(use.held.count)
        var sum = 0
        for word in use.held {
            before.append(UInt32(truncatingIfNeeded: sum))
            sum += word.nonzeroBitCount
        }
        let isWhole = sum == column.dictionary.count
        let (bytes, longest) = use.lengths(column.dictionary, isWhole: isWhole)
        count = sum
        byteCount = bytes
        func fits(_ byteCount: Int) -> Bool {
            byteCount <= Self.longestPlainBatch || longest * ChunkLayout.rowCount <= Self.longestPlainBatch
        }
        let repeatCount = use.valueCount - sum
        if repeatCount == 0 {
            form = fits(bytes) ? .plain : .dictionary
            repeated = .none
        } else {
            // The texts themselves are there once in either form.
            let dictionary =
                rows.rowCount * Self.codeByteCount(sum) + (sum + 1) * (bytes > Self.longestPlainBatch ? 8 : 4)
            let plain = rows.rowCount * 4 + RepeatFile.byteCount(repeatCount)
            if let found = RepeatedTexts.found(in: column, rows, count: repeatCount, bytesBelow: dictionary - plain),
                fits(bytes + found.byteCount)
            {
                form = .plain
                repeated = found.texts
            } else {
                form = .dictionary
                repeated = .none
            }
        }
        held = isWhole ? [] : use.held
        self.before = isWhole ? [] : before
    }

    /// How wide the codes of so many texts are.
    static func codeByteCount(_ count: Int) -> Int { count <= 1 << 7 ? 1 : count <= 1 << 15 ? 2 : 4 }

    /// Whether every text that the dictionary has is held by a row.
    var isWhole: Bool { held.isEmpty }
    var needsLargeOffsets: Bool { byteCount > Int(Int32.max) }

    func isHeld(_ code: Int) -> Bool { held.isEmpty || held[code >> 6] >> UInt64(code & 63) & 1 != 0 }

    /// The code that a text has in the file, in the form of a dictionary.
    func code(_ old: UInt32) -> UInt32 {
        guard !held.isEmpty else { return old }
        let index = Int(old >> 6)
        let lower = held[index] & (1 << UInt64(old & 63) &- 1)
        return before[index] + UInt32(lower.nonzeroBitCount)
    }
}

/// Which texts of a dictionary rows hold.
private struct TextUse {
    /// For each 64 codes.
    private(set) var held: [UInt64]
    /// Rows that hold one.
    private(set) var valueCount = 0

    init(_ column: DictionaryColumn, _ rows: RowRenumbering) {
        held = [UInt64](repeating: 0, count: (column.dictionary.count + 63) / 64)
        for index in 0..<column.codes.chunkCount {
            let chunk = column.codes.chunk(index)
            let codes = chunk.values
            if rows.isIdentity, !chunk.hasNulls {
                for offset in codes.indices {
                    let code = Int(codes[offset])
                    held[code >> 6] |= 1 << UInt64(truncatingIfNeeded: code & 63)
                }
                valueCount += codes.count
                continue
            }
            for offset in codes.indices where !chunk.isNull(at: offset) {
                if !rows.isKept(RowNumber(truncatingIfNeeded: index << 16 | offset)) { continue }
                let code = Int(codes[offset])
                held[code >> 6] |= 1 << UInt64(code & 63)
                valueCount += 1
            }
        }
    }

    /// The bytes of all texts that are held, and of the longest.
    func lengths(_ dictionary: StringDictionary, isWhole: Bool) -> (sum: Int, longest: Int) {
        var (sum, longest) = (0, 0)
        for (index, segment) in dictionary.segments.enumerated() {
            let offsets = segment.offsets.span
            if isWhole {
                var most: UInt32 = 0
                for local in 0..<offsets.count - 1 { most = max(most, offsets[local + 1] &- offsets[local]) }
                sum += Int(offsets[offsets.count - 1]) - Int(offsets[0])
                longest = max(longest, Int(most))
                continue
            }
            for local in 0..<offsets.count - 1 where held[(index << 16 | local) >> 6] >> UInt64(local & 63) & 1 != 0 {
                let length = Int(offsets[local + 1]) - Int(offsets[local])
                sum += length
                longest = max(longest, length)
            }
        }
        return (sum, longest)
    }
}

extension RepeatedTexts {
    /// The rows of a column whose text came before, by the numbers that they will have.
    /// - Parameters:
    ///   - count: how many there are.
    ///   - limit: nil is returned where their texts together have as many bytes as this, or more.
    /// Memory: four bytes a text of the dictionary meanwhile.
    fileprivate static func found(
        in column: DictionaryColumn, _ renumbering: RowRenumbering, count: Int, bytesBelow limit: Int
    ) -> (texts: RepeatedTexts, byteCount: Int)? {
        guard limit > 0 else { return nil }
        let dictionary = column.dictionary
        let rows = ElementWriter<UInt32>(count: count, capacity: count)
        let firsts = ElementWriter<UInt32>(count: count, capacity: count)
        // By code; all ones where no row came.
        var firstRows = [UInt32](repeating: .max, count: dictionary.count)
        var found = 0
        var byteCount = 0
        for number in 0..<renumbering.rowCount {
            guard let code = column.codes[renumbering.row(number)] else { continue }
            let first = firstRows[Int(code)]
            if first == .max {
                firstRows[Int(code)] = UInt32(truncatingIfNeeded: number)
                continue
            }
            rows[found] = UInt32(truncatingIfNeeded: number)
            firsts[found] = first
            found += 1
            byteCount += dictionary.bytes(of: code).count
            guard byteCount < limit else { return nil }
        }
        return (RepeatedTexts(rows: rows.finish(), firsts: firsts.finish()), byteCount)
    }
}
