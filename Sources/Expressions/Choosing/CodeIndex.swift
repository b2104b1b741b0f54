import StoreColumns
import Synchronization

/// The rows of a string column by code: how many have a text, and which. Deleted rows are among them.
final class CodeIndex: Sendable {
    /// One more than there are codes.
    private let offsets: [UInt32]
    private let rows: [RowNumber]

    /// Two passes over the column.
    init(_ column: DictionaryColumn, _ budget: Budget) throws(EvaluationError) {
        let codes = column.codes
        var offsets = Array(repeating: UInt32(0), count: column.dictionary.count + 1)
        for chunk in 0..<codes.chunkCount {
            let chunk = codes.chunk(chunk)
            try budget.charge(rows: chunk.count)
            let values = chunk.values
            for index in values.indices where !chunk.isNull(at: index) { offsets[Int(values[index]) + 1] += 1 }
        }
        for code in offsets.indices.dropFirst() { offsets[code] += offsets[code - 1] }
        var next = offsets
        var rows = Array(repeating: RowNumber(0), count: Int(offsets[offsets.count - 1]))
        for place in 0..<codes.chunkCount {
            let chunk = codes.chunk(place)
            try budget.charge(rows: chunk.count)
            let values = chunk.values
            for index in values.indices where !chunk.isNull(at: index) {
                let code = Int(values[index])
                rows[Int(next[code])] = RowNumber(truncatingIfNeeded: place << 16 | index)
                next[code] += 1
            }
        }
        self.offsets = offsets
        self.rows = rows
    }

    var byteCount: Int { (offsets.count + rows.count) * 4 }

    func count(of code: UInt32) -> Int { Int(code) + 1 < offsets.count ? Int(offsets[Int(code) + 1] - offsets[Int(code)]) : 0 }

    /// Ascending.
    func rows(of code: UInt32) -> ArraySlice<RowNumber> {
        Int(code) + 1 < offsets.count ? rows[Int(offsets[Int(code)])..<Int(offsets[Int(code) + 1])] : []
    }
}

/// The indexes by code of one version, made for columns that are asked for equality again and again.
final class CodeIndexes: Sendable {
    private let slots = Mutex<[ReadSet.Place: Slot<CodeIndex>]>([:])
    private let allowance: ByteAllowance

    /// A column is read through twice to index it, and once by every question that has no index.
    static let payingCount = 3
    /// Below, a scan costs a few microseconds.
    static let minimumRowCount = 8_192

    init(_ allowance: ByteAllowance) { self.allowance = allowance }

    init(keeping previous: CodeIndexes, of old: GraphVersion, in new: GraphVersion) {
        allowance = previous.allowance
        for (place, slot) in previous.slots.withLock({ $0 }) {
            guard let known = slot.known, new[place.type].columnVersion(place.index) <= old.number else { continue }
            let kept = Slot<CodeIndex>()
            kept.keep(known)
            slots.withLock { $0[place] = kept }
        }
    }

    /// The index of a column where it is there, or where it now pays to make it.
    /// - Parameter counts: whether this question counts towards making it.
    func index(
        _ place: ReadSet.Place, _ column: DictionaryColumn, _ context: EvaluationContext, counts: Bool
    ) throws(EvaluationError) -> CodeIndex? {
        guard context.materialisation != .never else { return nil }
        let slot = slots.withLock { slots in
            if let slot = slots[place] { return slot }
            let slot = Slot<CodeIndex>()
            slots[place] = slot
            return slot
        }
        if let known = slot.known { return known.value }
        if context.materialisation == .adaptive {
            guard counts, column.codes.rowCount >= Self.minimumRowCount,
                slot.asked.add(1, ordering: .relaxed).newValue >= Self.payingCount
            else { return nil }
        }
        return try slot.value(
            context.budget, keeping: { Kept.make($0, byteCount: $0.byteCount, allowance) }
        ) { () throws(EvaluationError) in
            try CodeIndex(column, context.budget)
        }?.value
    }
}
