import Expressions
import Model
import QueryExecution
import QueryPlanning
import StoreColumns
import Synchronization

/// The versions as those see them whose role restricts the rows: made when first asked for, and kept for whoever asks with the same
/// role and claims. One for all roles of a server. For any number of threads.
///
/// What is kept keeps to a number of entries, of bytes beside the whole versions, and of whole versions that it keeps alive; who was
/// not asked for the longest is forgotten first. The next version takes over what no change has reached.
package final class SeenVersions: Sendable {
    /// Whole versions that are kept alive.
    private static let versionCapacity = 8

    /// With everything, whatever roles see of it: what scopes read.
    private let model: Model
    private let scopes: [String: RowScopes]
    private let derived: DerivedColumnCache
    private let capacity: Int
    private let byteLimit: Int
    /// The last one asked for comes last.
    private let entries = Mutex<[Entry]>([])

    private struct Entry: Sendable {
        var role: String
        var claims: ClaimValues
        var day: CivilDate
        var parameters: ParameterValues
        var seen: GraphVersion
        /// The newest version, where this is an older one: what is not seen there is not seen here.
        var newest: GraphVersion?
    }

    /// - Parameters:
    ///   - model: all of it.
    ///   - scopes: by role; a role that is not among them, or has none, sees every row.
    ///   - limits: how many seen versions are kept, and how many bytes of them.
    package init(model: Model, scopes: [String: RowScopes], limits: QueryLimits = QueryLimits()) {
        let limits = limits.capped
        self.model = model
        self.scopes = scopes.filter { !$0.value.isEmpty }
        derived = DerivedColumnCache(byteLimit: limits.derivedBytes, verdictByteLimit: limits.verdictBytes)
        capacity = limits.seenVersions
        byteLimit = limits.seenVersionBytes
    }

    /// Whether some rows may be hidden from a role.
    package func restricts(_ role: String) -> Bool { scopes[role] != nil }

    /// Whether what a role sees depends on the day.
    func changesWithDay(_ role: String) -> Bool { scopes[role]?.readsDay == true }

    /// How many are kept, and the bytes they take beside the whole versions.
    package var kept: (count: Int, byteCount: Int) {
        entries.withLock { ($0.count, $0.reduce(0) { $0 + $1.seen.seenByteCount }) }
    }

    // MARK: - Who asks

    /// A viewer as far as it matters what they see: with the claims that their role's scopes name, in their order.
    func reader(_ viewer: Viewer) -> Viewer {
        let names = scopes[viewer.role]?.claims.map(\.name) ?? []
        return Viewer(
            role: viewer.role, claims: names.flatMap { name in viewer.claims.filter { $0.name == name } })
    }

    // MARK: - Versions

    /// A version as a viewer sees it; itself where the role sees every row.
    ///
    /// - Parameters:
    ///   - whole: with all rows.
    ///   - day: on which rights hold: the server's, whatever date is asked about.
    ///   - newest: the newest version there is: a row that a rule hides there is hidden in an older one too, while it is there at all.
    /// - Throws: `forbidden` where a claim is missing: nothing is shown then. Otherwise what asking the scopes throws.
    func version(
        _ whole: GraphVersion, for viewer: Viewer, on day: CivilDate, newest: GraphVersion? = nil, _ budget: Budget
    ) throws(RequestError) -> GraphVersion {
        guard let scopes = scopes[viewer.role] else { return whole }
        let claims = try claims(of: viewer, scopes)
        let newer = newest.flatMap { $0.number > whole.number ? $0 : nil }
        func isAsked(_ entry: Entry) -> Bool {
            entry.seen.whole === whole && entry.role == viewer.role && entry.claims == claims
                && (entry.day == day || !scopes.readsDay) && entry.newest === newer
        }
        var earlier: Entry?
        let known = entries.withLock { entries -> GraphVersion? in
            if let place = entries.lastIndex(where: isAsked) {
                if place < entries.count - 1 { entries.append(entries.remove(at: place)) }
                return entries[entries.count - 1].seen
            }
            let own = entries.filter { $0.role == viewer.role && $0.claims == claims && $0.newest == nil }
            earlier = own.filter { $0.seen.number < whole.number }.max { $0.seen.number < $1.seen.number }
            return nil
        }
        if let known { return known }
        do throws(EvaluationError) { try budget.beginUncounted() } catch { throw RequestError(seeing: error) }
        var made = try make(whole, scopes, viewer.role, claims, on: day, budget, after: newer == nil ? earlier : nil)
        if let newer {
            made.newest = newer
            made.seen = try self.made(
                made.seen, hidingWhatIsHiddenIn: try version(newer, for: viewer, on: day, budget), budget)
        }
        // What is forgotten is released outside the lock.
        var forgotten: [Entry] = []
        let kept = entries.withLock { entries -> GraphVersion in
            // Two that ask at once both make it; what is computed of it is kept for one.
            if let other = entries.last(where: isAsked) { return other.seen }
            entries.append(made)
            forgotten = trim(&entries)
            return made.seen
        }
        _ = forgotten
        return kept
    }

    /// As `version`, of one that will not be asked for again.
    func passing(
        _ whole: GraphVersion, for viewer: Viewer, on day: CivilDate, _ budget: Budget
    ) throws(RequestError) -> GraphVersion {
        guard let scopes = scopes[viewer.role] else { return whole }
        return try make(whole, scopes, viewer.role, try claims(of: viewer, scopes), on: day, budget, after: nil).seen
    }

    /// As `version`, for an archive, which nobody waits for on a server's thread.
    package func archived(
        _ whole: GraphVersion, for viewer: Viewer, on day: CivilDate, newest: GraphVersion? = nil, limits: QueryLimits
    ) throws(RequestError) -> GraphVersion {
        let limits = limits.capped
        let budget = Budget(rowLimit: limits.rowsVisited, byteLimit: limits.answerBytes, memoryLimit: limits.queryMemoryBytes)
        return try version(whole, for: viewer, on: day, newest: newest, budget)
    }

    private func claims(of viewer: Viewer, _ scopes: RowScopes) throws(RequestError) -> ClaimValues {
        do throws(ClaimProblem) {
            return try scopes.values(of: viewer.claims.map { ($0.name, $0.value) })
        } catch {
            throw RequestError(.forbidden, error.message, code: .forbidden)
        }
    }

    private func make(
        _ whole: GraphVersion, _ scopes: RowScopes, _ role: String, _ claims: ClaimValues, on day: CivilDate, _ budget: Budget,
        after earlier: Entry?
    ) throws(RequestError) -> Entry {
        let computed: DerivedColumnCache.Entry
        do throws(ParameterProblem) {
            computed = try derived.entry(for: whole, day, ParameterScope(), model)
        } catch {
            throw RequestError(.badVariables, error.message)
        }
        let parameters = computed.parameters.values
        let context = EvaluationContext(
            version: whole, rowTypes: computed.rowTypes, asOf: day, budget: budget, derived: computed.columns)
        let rows: VisibleRows
        do throws(EvaluationError) {
            rows = try scopes.visibleRows(
                in: context, claims, parameters: parameters,
                after: earlier.flatMap { entry in
                    entry.seen.visibleRows.map {
                        RowScopes.Earlier(
                            rows: $0, version: entry.seen.whole, day: entry.day, parameters: entry.parameters)
                    }
                })
        } catch {
            throw RequestError(seeing: error)
        }
        if whole.damage != nil { throw QueryService.isDamaged }
        return Entry(
            role: role, claims: claims, day: day, parameters: parameters,
            seen: whole.seen(rows, after: earlier?.seen))
    }

    /// An older version without the rows that are still there in the newest, and hidden: a right that has ended has ended for what was, too.
    private func made(
        _ seen: GraphVersion, hidingWhatIsHiddenIn newest: GraphVersion, _ budget: Budget
    ) throws(RequestError) -> GraphVersion {
        guard let given = seen.visibleRows else { return seen }
        var rows = VisibleRows(of: seen.catalog)
        for type in seen.catalog.nodeTypes.indices.map({ NodeTypeID($0) }) where given.restricts(type) {
            var kept: [RowNumber] = []
            do throws(EvaluationError) {
                try seen[type].forEachRow { (row) throws(EvaluationError) in
                    if row & 0x3FF == 0 { try budget.charge(rows: 1_024) }
                    let key = seen.key(of: row, type: type)
                    if newest.row(of: type, forKey: key) != nil || newest.whole.row(of: type, forKey: key) == nil {
                        kept.append(row)
                    }
                }
            } catch {
                throw RequestError(seeing: error)
            }
            rows.restrict(type, to: kept)
        }
        return seen.seen(rows)
    }

    private func trim(_ entries: inout [Entry]) -> [Entry] {
        var forgotten: [Entry] = []
        func isBeyond() -> Bool {
            entries.count > capacity || entries.reduce(0) { $0 + $1.seen.seenByteCount } > byteLimit
                || Set(entries.map { ObjectIdentifier($0.seen.whole) }).count > Self.versionCapacity
        }
        while entries.count > 1, isBeyond() { forgotten.append(entries.removeFirst()) }
        return forgotten
    }
}

extension RequestError {
    /// Why it could not be found out what somebody sees. What a row holds is not told.
    fileprivate init(seeing error: EvaluationError) {
        let (message, code, limit) = error.explanation
        switch error {
        case .stopped: self.init(.stopped, [QueryError(message, code: code, limit: limit)])
        case .overBudget: self.init(.overBudget, [QueryError(message, code: code, limit: limit)])
        case .overflow, .illTyped, .patternInvalid, .patternLimit:
            self.init(.forbidden, "It cannot be said which rows may be shown.", code: .forbidden)
        }
    }
}
