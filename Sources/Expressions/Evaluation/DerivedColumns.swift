import StoreColumns
import Synchronization

/// What was computed for whole types on one version and as-of date, kept for every request that asks again.
///
/// Each derived field is computed once, on first use in set mode, even if two ask at once: the second waits, at most as long
/// as the first one's budget lasts, and computes it itself if the first gave up. Fields that build on each other never form a
/// cycle (`RowTypes.derivedCycle`), so waiting does not either.
package final class DerivedColumns: Sendable {
    /// Made when the first is asked for: few changes to rows read any.
    private let slots = AtomicLazyReference<Slots>()
    private let slotCount: Int
    /// Columns of an earlier version that a change has reached: by which rows is found out when they are asked for.
    private let outdated: Mutex<[DerivedID: Outdated]>
    private let allowance: ByteAllowance
    private let lookups = Mutex<[LookupKey: Slot<ValidRows>]>([:])
    /// The verdicts of conditions, kept within bytes of their own.
    package let verdicts: KeptVerdicts
    let indexes: CodeIndexes
    /// Of the whole version, where these are of what somebody sees of it.
    private let ofWhole: DerivedColumns?

    private final class Slots: Sendable {
        let columns: [Slot<DerivedColumn>]
        init(count: Int) { columns = (0..<count).map { _ in Slot() } }
    }

    private var columns: [Slot<DerivedColumn>] { (slots.load() ?? slots.storeIfNil(Slots(count: slotCount))).columns }

    private struct Outdated: Sendable {
        var column: Kept<DerivedColumn>
        var version: GraphVersion
    }

    private struct LookupKey: Hashable {
        var owner: NodeTypeID
        var lookup: ValidLookup
        var date: Int32
    }

    /// For one version and one as-of date: every context that it is put into must be of those.
    /// - Parameters:
    ///   - allowance: What may be kept, of this and of whatever shares it; what does not fit is computed anew.
    ///   - verdicts: The same for the verdicts of conditions.
    package init(
        _ rowTypes: RowTypes, allowance: ByteAllowance = .unlimited, verdicts: VerdictAllowance = VerdictAllowance()
    ) {
        self.allowance = allowance
        self.verdicts = KeptVerdicts(verdicts)
        indexes = CodeIndexes(allowance)
        ofWhole = nil
        slotCount = rowTypes.derived.count
        outdated = Mutex([:])
    }

    /// For what somebody sees of a version: derived fields are the whole's, and so are indexes of what columns hold; dated rows and
    /// verdicts are of the rows that are seen, within the same bytes.
    package init(seeing whole: DerivedColumns) {
        allowance = whole.allowance
        verdicts = KeptVerdicts(whole.verdicts.allowance)
        indexes = whole.indexes
        ofWhole = whole
        slotCount = 0
        outdated = Mutex([:])
    }

    /// For a version that is asked once, whole or not.
    package convenience init(_ rowTypes: RowTypes, of version: GraphVersion) {
        if version.isWhole { self.init(rowTypes) } else { self.init(seeing: DerivedColumns(rowTypes)) }
    }

    var isOfSeen: Bool { ofWhole != nil }
    /// What is known of the version with all its rows.
    var whole: DerivedColumns { ofWhole ?? self }

    /// For the next version of the same graph: what nothing has changed under is kept, within the same allowance.
    /// - Parameters:
    ///   - previous: of an earlier version, `old`, of the same line.
    ///   - sameAsOf: whether both are of one as-of date; if not, what reads the date is left behind.
    ///   - changed: parameters that have another value now; what reads one is left behind.
    package init(
        _ rowTypes: RowTypes, keeping previous: DerivedColumns, of old: GraphVersion, in new: GraphVersion, sameAsOf: Bool,
        changed: Set<ParameterID> = []
    ) {
        allowance = previous.allowance
        verdicts = KeptVerdicts(
            keeping: previous.verdicts, of: old, in: new, rowTypes, sameAsOf: sameAsOf, changed: changed)
        indexes = CodeIndexes(keeping: previous.indexes, of: old, in: new)
        ofWhole = nil
        slotCount = rowTypes.derived.count
        outdated = Mutex([:])
        guard previous.slotCount == slotCount else { return }
        var earlier = previous.outdated.withLock { $0 }
        for index in 0..<slotCount {
            let id = DerivedID(index)
            if let known = previous.kept(id) { earlier[id] = Outdated(column: known, version: old) }
            guard let known = earlier[id] else { continue }
            earlier[id] = nil
            guard changed.isEmpty || rowTypes.derivedParameters[index].isDisjoint(with: changed) else { continue }
            // The rows themselves are read too: a new one needs a value.
            var reads = ReadSet(rowTypes.derived[index].expression, in: rowTypes)
            reads.addRows(of: rowTypes.derived[index].type, in: rowTypes.catalog)
            guard sameAsOf || !reads.readsAsOf else { continue }
            if reads.newestVersion(in: new) <= known.version.number {
                columns[index].keep(known.column)
            } else if new.number - known.version.number <= Self.outdatedVersionLimit {
                outdated.withLock { $0[id] = known }
            }
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
    func known(_ id: DerivedID) -> DerivedColumn? { whole.kept(id)?.value }

    private func kept(_ id: DerivedID) -> Kept<DerivedColumn>? { slots.load()?.columns[id.index].known }

    /// A derived field's column: where it is there already, or where computing it pays.
    func column(
        _ id: DerivedID, _ context: EvaluationContext, asking count: Int, of total: Int, ifPaying pays: Bool
    ) throws(EvaluationError) -> DerivedColumn? {
        if let ofWhole {
            return try ofWhole.column(id, context.whole, asking: count, of: total, ifPaying: pays)
        }
        let slot = columns[id.index]
        if let known = slot.known { return known.value }
        guard pays || paysForAll(slot, context, asking: count, of: total) else { return nil }
        return try slot.value(context.budget, keeping: keep) { () throws(EvaluationError) in
            let field = context.rowTypes[id]
            let name = context.trace == nil ? "" : "\(context.rowTypes[field.type].name).\(field.name)"
            if let renewed = try renewed(id, context, name) { return renewed }
            return try context.step(.column, name) { () throws(EvaluationError) in
                let program = try Program(field.expression, of: field.type, as: field.resultType, context)
                var frame = program.makeFrame()
                let column = try program.root.column(
                    over: context.version[field.type], slot: Program.rootSlot, cost: field.expression.cost, &frame)
                try frame.settle()
                return column
            } rows: { _ in
                context.version[field.type].liveRowCount
            }
        }?.value
    }

    /// Versions later a column of an earlier one is given up, so that it does not keep that version alive for good.
    private static let outdatedVersionLimit: UInt64 = 64
    /// Up to so large a share of the rows is computed anew one by one.
    private static let renewedShare = 16

    /// The column of an earlier version with the rows that changes have reached computed anew; nil where there is none, or where
    /// they have reached too many.
    private func renewed(
        _ id: DerivedID, _ context: EvaluationContext, _ name: String
    ) throws(EvaluationError) -> DerivedColumn? {
        guard let earlier = outdated.withLock({ $0.removeValue(forKey: id) }) else { return nil }
        let field = context.rowTypes[id]
        let table = context.version[field.type]
        var reach = try ChangeReach(from: earlier.version, context, limit: max(64, table.rowCount / Self.renewedShare))
        guard let rows = reach.rows(of: id)?.filter({ table.isLive($0) }) else { return nil }
        return try context.step(.renewed, name, estimatedRows: rows.count) { () throws(EvaluationError) in
            let program = try Program(field.expression, of: field.type, as: field.resultType, context)
            var frame = program.makeFrame()
            let column = try program.root.renewed(
                earlier.column.value, rows, rowCount: table.rowCount, slot: Program.rootSlot, &frame)
            try frame.settle()
            return column
        } rows: { _ in
            rows.count
        }
    }

    private func keep(_ column: DerivedColumn) -> Kept<DerivedColumn>? {
        Kept.make(column, byteCount: column.byteCount, allowance)
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
        let rows = try slot.value(
            budget, keeping: { Kept.make($0, byteCount: $0.byteCount, allowance) }
        ) { () throws(EvaluationError) in
            try lookup.validRows(budget)
        }
        if let rows { return rows.value }
        return try lookup.validRows(budget)
    }
}
