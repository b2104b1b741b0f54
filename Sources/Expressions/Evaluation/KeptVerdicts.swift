import StoreColumns
import Synchronization

/// The verdicts of conditions for every row of a type, on one version and as-of date: kept for every request that asks the same
/// again, within a number of bytes, the one not asked for the longest forgotten first.
///
/// What two ask for at once is computed once. Whoever holds verdicts may go on reading them after they were forgotten here.
package final class KeptVerdicts: Sendable {
    /// A condition over variable 0.
    struct Key: Hashable, Sendable {
        var type: NodeTypeID
        var condition: Expression
        /// Whether it is the image of another type's rows through an edge: what a scan for the same condition reads, and so must not
        /// wait for.
        var isImage = false
    }

    private struct Entry {
        var slot: Slot<TruthBitmaps>
        var lastAsked: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    let allowance: VerdictAllowance
    private let state = Mutex(State())

    /// Conditions that are kept at once, whatever their bytes: looking for the oldest goes through all.
    static let capacity = 1_024

    init(_ allowance: VerdictAllowance) { self.allowance = allowance }

    /// For the next version of the same graph: what reads nothing that was changed.
    init(
        keeping previous: KeptVerdicts, of old: GraphVersion, in new: GraphVersion, _ rowTypes: RowTypes, sameAsOf: Bool,
        changed: Set<ParameterID> = []
    ) {
        allowance = previous.allowance
        for (key, entry) in previous.state.withLock({ $0.entries }) {
            guard let known = entry.slot.known else { continue }
            // A parameter of the condition itself is a constant in it by now.
            let fields = changed.isEmpty ? [] : key.condition.derivedFields
            guard fields.allSatisfy({ rowTypes.derivedParameters[$0.index].isDisjoint(with: changed) }) else { continue }
            var reads = ReadSet(key.condition, in: rowTypes)
            reads.addRows(of: key.type, in: rowTypes.catalog)
            guard sameAsOf || !reads.readsAsOf, reads.newestVersion(in: new) <= old.number else { continue }
            let slot = Slot<TruthBitmaps>()
            slot.keep(known)
            state.withLock { $0.entries[key] = Entry(slot: slot, lastAsked: 0) }
        }
    }

    /// How often they were of use, with those of all versions and dates that share the bytes.
    package var counts: VerdictAllowance.Counts { allowance.counts }

    /// What is kept now.
    package var count: Int { state.withLock { $0.entries.count } }

    /// The verdicts where they are there already; counts as nothing asked.
    func known(_ key: Key) -> TruthBitmaps? { state.withLock { $0.entries[key]?.slot }?.known?.value }

    /// The verdicts, made where they are not there.
    func verdicts(
        _ key: Key, _ make: () throws(EvaluationError) -> TruthBitmaps
    ) throws(EvaluationError) -> (value: TruthBitmaps, wasKnown: Bool) {
        let slot = slot(key)
        let found = try slot.value(keeping: { keep($0, of: key) }, make)
        guard let found else { return (try make(), false) }
        allowance.count(found.wasKnown ? .found : .made)
        return found
    }

    private func slot(_ key: Key) -> Slot<TruthBitmaps> {
        // What is forgotten is released outside the lock.
        var forgotten: Slot<TruthBitmaps>?
        let slot = state.withLock { state in
            state.clock += 1
            if let entry = state.entries[key] {
                state.entries[key]?.lastAsked = state.clock
                return entry.slot
            }
            if state.entries.count >= Self.capacity { forgotten = Self.removeOldest(&state, but: key) }
            let slot = Slot<TruthBitmaps>()
            state.entries[key] = Entry(slot: slot, lastAsked: state.clock)
            return slot
        }
        if forgotten != nil { allowance.count(.forgotten) }
        return slot
    }

    private func keep(_ made: TruthBitmaps, of key: Key) -> Kept<TruthBitmaps>? {
        while true {
            if let kept = Kept.make(made, byteCount: made.byteCount, allowance.bytes) { return kept }
            // Room is made by what was not asked for the longest, until nothing else is left.
            let forgotten = state.withLock { Self.removeOldest(&$0, but: key) }
            guard forgotten != nil else { return nil }
            allowance.count(.forgotten)
        }
    }

    private static func removeOldest(_ state: inout State, but key: Key) -> Slot<TruthBitmaps>? {
        var oldest: (key: Key, asked: UInt64)?
        for (other, entry) in state.entries where other != key {
            if oldest.map({ entry.lastAsked < $0.asked }) ?? true { oldest = (other, entry.lastAsked) }
        }
        return oldest.flatMap { state.entries.removeValue(forKey: $0.key)?.slot }
    }
}

/// So many bytes of verdicts, shared by all versions and dates, and how often they were of use.
package final class VerdictAllowance: Sendable {
    package struct Counts: Sendable, Hashable {
        /// Verdicts that were there when they were asked for, and that had to be computed.
        package var found = 0
        package var made = 0
        package var forgotten = 0
        package var byteCount = 0
        package var byteLimit = 0
    }
    enum Event { case found, made, forgotten }

    package static let standardByteLimit = 128 << 20

    let bytes: ByteAllowance
    private let found = Atomic<Int>(0)
    private let made = Atomic<Int>(0)
    private let forgotten = Atomic<Int>(0)

    package init(byteLimit: Int = VerdictAllowance.standardByteLimit) { bytes = ByteAllowance(limit: byteLimit) }

    package var counts: Counts {
        Counts(
            found: found.load(ordering: .relaxed), made: made.load(ordering: .relaxed),
            forgotten: forgotten.load(ordering: .relaxed), byteCount: bytes.byteCount, byteLimit: bytes.limit)
    }

    func count(_ event: Event) {
        switch event {
        case .found: found.add(1, ordering: .relaxed)
        case .made: made.add(1, ordering: .relaxed)
        case .forgotten: forgotten.add(1, ordering: .relaxed)
        }
    }
}
