import Expressions
import Model
import QueryExecution
import StoreColumns
import Synchronization

/// What was computed for whole types, by version and as-of date: a few of them, for the dates and versions that people ask
/// for at the same time. An entry keeps its version alive.
///
/// The next version takes over what nothing has changed under. All columns together keep to a number of bytes: what does not fit
/// is computed for the request that needs it, and the entry not asked for the longest goes, so that the next request may keep it.
final class DerivedColumnCache: Sendable {
    /// Enough for today, a quarter's ends and a comparison; each entry may hold a column for each derived field.
    private static let capacity = 8

    final class Entry: Sendable {
        let version: GraphVersion
        let asOf: CivilDate
        let scope: ParameterScope
        let parameters: ResolvedParameters
        /// Bound to these.
        let rowTypes: RowTypes
        let columns: DerivedColumns
        let ranks: KeyRanks
        /// What plans were bound to.
        let runs = KeptRuns()
        /// What was asked of it and may be asked again.
        let questions = RepeatedQuestions()
        /// What was held against rules for small cells.
        let grids = KeptGrids()
        /// `,"extensions":{"data":{…}}`: which data every answer from this version and date is of.
        let stamp: [UInt8]

        init(
            version: GraphVersion, asOf: CivilDate, scope: ParameterScope, parameters: ResolvedParameters, rowTypes: RowTypes,
            columns: DerivedColumns, ranks: KeyRanks
        ) {
            self.version = version
            self.asOf = asOf
            self.scope = scope
            self.parameters = parameters
            self.rowTypes = rowTypes
            self.columns = columns
            self.ranks = ranks
            stamp = AnswerStamp.bytes(version, asOf)
        }

        /// The question that may be asked again, if it is one. A call, so that nothing is counted on the way.
        @inline(never)
        func question(_ request: borrowing QueryRequest, role: String) -> RepeatedQuestion? {
            questions[request.document, request.operationName, role]
        }

        func isOf(_ version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope) -> Bool {
            self.version === version && self.asOf == asOf && self.scope == scope
        }
    }

    private let allowance: ByteAllowance
    let verdicts: VerdictAllowance
    /// The last one asked for comes last.
    private let entries = Mutex<[Entry]>([])
    /// Of versions as somebody sees them, the last one asked for last: little each, as derived columns are the whole's.
    private let seenEntries = Mutex<[Entry]>([])
    private static let seenCapacity = 64

    /// - Parameters:
    ///   - byteLimit: Of all columns together.
    ///   - verdictByteLimit: Of all verdicts of conditions together.
    init(byteLimit: Int, verdictByteLimit: Int = VerdictAllowance.standardByteLimit) {
        allowance = ByteAllowance(limit: byteLimit)
        verdicts = VerdictAllowance(byteLimit: verdictByteLimit)
    }

    /// The bytes that columns take now.
    var byteCount: Int { allowance.byteCount }

    /// What is kept of a version already; nil also where something is to be forgotten first.
    func known(_ version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope) -> Entry? {
        guard !allowance.hasRefused else { return nil }
        guard version.isWhole else { return seenEntries.withLock { $0.last { $0.isOf(version, asOf, scope) } } }
        return entries.withLock { entries in
            // What was asked for last is asked for again, as a rule: looked at before any search, which would count each it looks at.
            if let last = entries.last, last.isOf(version, asOf, scope) { return last }
            guard let place = entries.lastIndex(where: { $0.isOf(version, asOf, scope) }) else { return nil }
            let entry = entries.remove(at: place)
            entries.append(entry)
            return entry
        }
    }

    /// The operation of a question that may be asked again of one of the versions and dates here; nil where there is none. For whoever
    /// would read the document anew.
    func operation(ofAskedAgain document: [UInt8], _ operationName: String?, role: String) -> PreparedOperation? {
        let entries = entries.withLock { $0 }
        return entries.reversed().lazy.compactMap { $0.questions[document, operationName, role]?.operation }.first
    }

    /// - Throws: where the scope names what is not there.
    func entry(
        for version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope, _ model: Model
    ) throws(ParameterProblem) -> Entry {
        guard version.isWhole else { return try seenEntry(for: version, asOf, scope, model) }
        // What was asked for last is asked for again, as a rule.
        let wasRefused = allowance.wasRefused()
        let last = wasRefused ? nil : entries.withLock { $0.last }
        if let last, last.isOf(version, asOf, scope) { return last }
        func find(_ entries: [Entry]) -> Int? { entries.lastIndex { $0.isOf(version, asOf, scope) } }
        var parameters: BoundParameters?
        if entries.withLock({ find($0) == nil }) {
            parameters = try model.boundParameters(scope, in: version, asOf: asOf)
        }
        // What is forgotten is released outside the lock.
        var forgotten: [Entry] = []
        let entry = entries.withLock { entries in
            if wasRefused, entries.count > 1 { forgotten.append(entries.removeFirst()) }
            if wasRefused { forgotten += forgetOldestSeen() }
            if let place = find(entries) {
                if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
            } else if let parameters {
                let entry = Entry(
                    version: version, asOf: asOf, scope: scope, parameters: parameters.resolved, rowTypes: parameters.rowTypes,
                    columns: columns(for: version, asOf, parameters.values, parameters.rowTypes, beside: entries),
                    ranks: ranks(for: version, parameters.values, beside: entries))
                if entries.count == Self.capacity { forgotten.append(entries.removeFirst()) }
                entries.append(entry)
            }
            return entries.last
        }
        _ = forgotten
        // Nil where another thread has dropped what was there a moment ago.
        guard let entry, entry.isOf(version, asOf, scope) else {
            return try self.entry(for: version, asOf, scope, model)
        }
        return entry
    }

    /// As `entry`, of what somebody sees of a version: its parameters and derived columns are the whole's.
    private func seenEntry(
        for version: GraphVersion, _ asOf: CivilDate, _ scope: ParameterScope, _ model: Model
    ) throws(ParameterProblem) -> Entry {
        let known = seenEntries.withLock { entries -> Entry? in
            guard let place = entries.lastIndex(where: { $0.isOf(version, asOf, scope) }) else { return nil }
            if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
            return entries[entries.count - 1]
        }
        if let known { return known }
        let whole = try entry(for: version.whole, asOf, scope, model)
        // What is forgotten is released outside the lock.
        var forgotten: [Entry] = []
        let entry = seenEntries.withLock { entries -> Entry in
            if let other = entries.last(where: { $0.isOf(version, asOf, scope) }) { return other }
            let made = Entry(
                version: version, asOf: asOf, scope: scope, parameters: whole.parameters, rowTypes: whole.rowTypes,
                columns: DerivedColumns(seeing: whole.columns),
                ranks: ranks(for: version, whole.parameters.values, beside: entries))
            if entries.count == Self.seenCapacity { forgotten.append(entries.removeFirst()) }
            entries.append(made)
            return made
        }
        _ = forgotten
        return entry
    }

    /// Ranks hold for every date, but only for the same values of parameters: derived fields that rows are sorted by read these.
    private func ranks(for version: GraphVersion, _ values: ParameterValues, beside entries: [Entry]) -> KeyRanks {
        let same = entries.last { $0.version === version && $0.parameters.values == values }
        return same?.ranks ?? KeyRanks(allowance: allowance)
    }

    private func forgetOldestSeen() -> [Entry] {
        seenEntries.withLock { $0.isEmpty ? [] : [$0.removeFirst()] }
    }

    /// The columns of a version that is new here: with what the newest earlier one knows, best of the same date.
    private func columns(
        for version: GraphVersion, _ asOf: CivilDate, _ values: ParameterValues, _ rowTypes: RowTypes, beside entries: [Entry]
    ) -> DerivedColumns {
        let earlier = entries.filter { $0.version.number < version.number || $0.version === version }
        let best = earlier.max { left, right in
            (left.asOf == asOf ? 1 : 0, left.version.number) < (right.asOf == asOf ? 1 : 0, right.version.number)
        }
        guard let best else { return DerivedColumns(rowTypes, allowance: allowance, verdicts: verdicts) }
        return DerivedColumns(
            rowTypes, keeping: best.columns, of: best.version, in: version, sameAsOf: best.asOf == asOf,
            changed: values.changes(from: best.parameters.values))
    }
}
