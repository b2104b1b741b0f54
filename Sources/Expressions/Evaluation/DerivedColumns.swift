import StoreColumns
import Synchronization

/// What was computed for whole types on one version and as-of date, kept for every request that asks again.
///
/// Each derived field is computed once, on first use in set mode, even if two ask at once: the second waits, at most as long
/// as the first one's budget lasts, and computes it itself if the first gave up. Fields that build on each other never form a
/// cycle (`RowTypes.derivedCycle`), so waiting does not either.
package final class DerivedColumns: Sendable {
    private let columns: [Slot<DerivedColumn>]
    private let allowance: ByteAllowance
    private let lookups = Mutex<[LookupKey: Slot<ValidRows>]>([:])

    private struct LookupKey: Hashable {
        var owner: NodeTypeID
        var lookup: ValidLookup
        var date: Int32
    }

    /// A value computed by whoever asks first; the lock is held meanwhile.
    private final class Slot<Value: Sendable>: Sendable {
        private let value = Mutex<Kept<Value>?>(nil)
        /// How many rows all requests together have asked one by one.
        let asked = Atomic<Int>(0)

        var known: Kept<Value>? { value.withLockIfAvailable { $0 } ?? nil }

        func keep(_ known: Kept<Value>) { value.withLock { $0 = known } }

        /// What is made is given back, and kept where the allowance suffices.
        func value(
            _ allowance: ByteAllowance, byteCount: (Value) -> Int, _ make: () throws(EvaluationError) -> Value?
        ) throws(EvaluationError) -> Value? {
            try value.withLock { (kept) throws(EvaluationError) in
                if let kept { return kept.value }
                guard let made = try make() else { return nil }
                kept = Kept.make(made, byteCount: byteCount(made), allowance)
                return made
            }
        }
    }

    /// For one version and one as-of date: every context that it is put into must be of those.
    /// - Parameter allowance: What may be kept, of this and of whatever shares it; what does not fit is computed anew.
    package init(_ rowTypes: RowTypes, allowance: ByteAllowance = .unlimited) {
        self.allowance = allowance
        columns = rowTypes.derived.map { _ in Slot() }
    }

    /// For the next version of the same graph: what nothing has changed under is kept, within the same allowance.
    /// - Parameters:
    ///   - previous: of an earlier version, `old`, of the same line.
    ///   - sameAsOf: whether both are of one as-of date; if not, what reads the date is left behind.
    package convenience init(
        _ rowTypes: RowTypes, keeping previous: DerivedColumns, of old: GraphVersion, in new: GraphVersion, sameAsOf: Bool
    ) {
        self.init(rowTypes, allowance: previous.allowance)
        guard previous.columns.count == columns.count else { return }
        for index in columns.indices {
            guard let known = previous.columns[index].known else { continue }
            // The rows themselves are read too: a new one needs a value.
            var reads = ReadSet(rowTypes.derived[index].expression, in: rowTypes)
            reads.addRows(of: rowTypes.derived[index].type, in: rowTypes.catalog)
            guard sameAsOf || !reads.readsAsOf, reads.newestVersion(in: new) <= old.number else { continue }
            columns[index].keep(known)
        }
        guard sameAsOf else { return }
        for (key, slot) in previous.lookups.withLock({ $0 }) {
            guard let known = slot.known else { continue }
            var reads = ReadSet(.follow(.variable(0, key.owner), .valid(key.lookup, on: nil)), in: rowTypes)
            reads.addRows(of: key.lookup.periodType, in: rowTypes.catalog)
            guard reads.newestVersion(in: new) <= old.number else { continue }
            let kept = Slot<ValidRows>()
            kept.keep(known)
            lookups.withLock { $0[key] = kept }
        }
    }

    /// Tables up to this size are computed whole once many requests together have asked for as many rows as one would for
    /// which it pays; the one that does it for all waits a few milliseconds. Larger ones only where one request's rows pay.
    private static let sharedRowLimit = 65_536

    /// A derived field's column, where it is there already.
    func known(_ id: DerivedID) -> DerivedColumn? { columns[id.index].known?.value }

    /// A derived field's column: where it is there already, or where computing it pays.
    func column(
        _ id: DerivedID, _ context: EvaluationContext, asking count: Int, of total: Int, ifPaying pays: Bool
    ) throws(EvaluationError) -> DerivedColumn? {
        let slot = columns[id.index]
        if let known = slot.known { return known.value }
        guard pays || paysForAll(slot, context, asking: count, of: total) else { return nil }
        return try slot.value(allowance, byteCount: \.byteCount) { () throws(EvaluationError) in
            let field = context.rowTypes[id]
            let program = try Program(field.expression, of: field.type, as: field.resultType, context)
            var frame = program.makeFrame()
            let column = try program.root.column(over: context.version[field.type], slot: Program.rootSlot, &frame)
            try frame.settle()
            return column
        }
    }

    private func paysForAll(
        _ slot: Slot<DerivedColumn>, _ context: EvaluationContext, asking count: Int, of total: Int
    ) -> Bool {
        guard context.materialisation == .adaptive, total <= Self.sharedRowLimit else { return false }
        return slot.asked.add(count, ordering: .relaxed).newValue > Frame.payingCount(of: total)
    }

    func validRows(_ lookup: PeriodLookup, _ budget: Budget) throws(EvaluationError) -> ValidRows {
        let key = LookupKey(owner: lookup.ownerType, lookup: lookup.lookup, date: lookup.date)
        let slot = lookups.withLock { slots in
            if let slot = slots[key] { return slot }
            let slot = Slot<ValidRows>()
            slots[key] = slot
            return slot
        }
        let rows = try slot.value(allowance, byteCount: \.byteCount) { () throws(EvaluationError) in
            try lookup.validRows(budget)
        }
        if let rows { return rows }
        return try lookup.validRows(budget)
    }
}
