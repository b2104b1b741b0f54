import Expressions
import QueryPlanning
import StoreColumns

/// What one text finds: once for every field of an operation that searches for it in the same types. Used on one thread.
final class SearchFindings {
    struct Searched {
        var type: SearchedType
        var table: Table
        /// By business key alone.
        var order: ListOrder
    }

    /// What makes two searches the same.
    struct Key: Hashable {
        var text: String
        var types: [NodeTypeID]
    }

    let searched: [Searched]
    private let search: TextSearch
    private var known: [TextSearch.Found]?

    init(_ search: TextSearch, _ searched: [Searched]) {
        self.search = search
        self.searched = searched
    }

    /// By type. Searched at the first call.
    func found(_ budget: Budget) throws(EvaluationError) -> [TextSearch.Found] {
        if let known { return known }
        var found: [TextSearch.Found] = []
        for searched in searched {
            found.append(
                try search.rows(
                    of: searched.table, columns: searched.type.columns, wholeColumn: searched.type.keyColumn, budget))
        }
        known = found
        return found
    }
}

/// A search over several types, bound to the arguments of one request. Used on one thread.
///
/// What is found stands in a total order: rows whose business key is the text, then rows that have a text beginning with it,
/// then the others; within these the types in the model's order, and each type's rows by business key. Cost: as
/// `TextSearch` says, and the sort of what is found where the version's ranks are not known.
final class SearchBinding {
    private let needs: PageNeeds
    private let findings: SearchFindings
    private var searched: [SearchFindings.Searched] { findings.searched }
    private let window: PageWindow
    private let list: [UInt8]

    init(needs: PageNeeds, findings: SearchFindings, window: PageWindow, list: [UInt8]) {
        self.needs = needs
        self.findings = findings
        self.window = window
        self.list = list
    }

    /// Rows of one type that have the text in the same way: they stand together.
    private struct Stretch {
        var searched: SearchFindings.Searched
        /// Ascending.
        var rows: [RowNumber]
    }

    /// A row of the list: in which of its stretches it stands.
    private struct Edge {
        var stretch: Int
        var row: RowNumber
    }

    /// The page that the arguments ask for.
    func page(_ run: GraphRun) throws(PagingError) -> Page {
        var page = Page(types: [], isMixed: true, list: list)
        guard needs.wantsPage || needs.wantsTotalCount else { return page }
        // Whether a cursor is one at all is told before anything is searched.
        let after = needs.wantsPage ? try row(at: window.after, .after, run) : nil
        let before = needs.wantsPage ? try row(at: window.before, .before, run) : nil
        let found: [TextSearch.Found]
        do throws(EvaluationError) { found = try findings.found(run.budget) } catch { throw .evaluation(error) }
        if needs.wantsTotalCount { page.totalCount = found.reduce(0) { $0 + $1.count } }
        guard needs.wantsPage else { return page }
        var stretches: [Stretch] = []
        for grade in [\TextSearch.Found.whole, \.beginning, \.inside] {
            for (searched, found) in zip(searched, found) where !found[keyPath: grade].isEmpty {
                stretches.append(Stretch(searched: searched, rows: found[keyPath: grade]))
            }
        }
        let start = try after.map { (row) throws(PagingError) in try edge(row, .after, in: stretches) }
        let end = try before.map { (row) throws(PagingError) in try edge(row, .before, in: stretches) }
        do throws(EvaluationError) { try fill(&page, from: stretches, after: start, before: end) } catch {
            throw .evaluation(error)
        }
        return page
    }

    /// Stretch by stretch, from the end that is counted from.
    private func fill(
        _ page: inout Page, from stretches: [Stretch], after: Edge?, before: Edge?
    ) throws(EvaluationError) {
        // One more than is shown tells whether there are others.
        let wanted = window.size + 1
        var parts: [(rows: [RowNumber], type: NodeTypeID)] = []
        var count = 0
        let first = after?.stretch ?? 0
        let last = before?.stretch ?? stretches.count - 1
        for step in 0..<max(0, last - first + 1) where count < wanted {
            let place = window.isFromEnd ? last - step : first + step
            let stretch = stretches[place]
            let (previous, next) = (place == after?.stretch ? after?.row : nil, place == before?.stretch ? before?.row : nil)
            let rows = try stretch.searched.order.rows(
                of: .list(stretch.rows),
                RowStretch(after: previous, before: next, limit: wanted - count, isFromEnd: window.isFromEnd),
                isDeep: previous != nil || next != nil)
            count += rows.count
            parts.append((rows, stretch.searched.type.type))
        }
        if window.isFromEnd { parts.reverse() }
        for part in parts {
            page.rows += part.rows
            page.types += part.rows.map { _ in part.type }
        }
        let hasMore = page.rows.count > window.size
        if hasMore {
            let spare = page.rows.count - window.size
            if window.isFromEnd {
                page.rows.removeFirst(spare)
                page.types.removeFirst(spare)
            } else {
                page.rows.removeLast(spare)
                page.types.removeLast(spare)
            }
        }
        page.hasPreviousPage = after != nil || hasMore && window.isFromEnd
        page.hasNextPage = before != nil || hasMore && !window.isFromEnd
    }

    /// Where a row stands in the list; a row that does not was found by another search.
    private func edge(_ row: NamedRow, _ argument: CursorArgument, in stretches: [Stretch]) throws(PagingError) -> Edge {
        for (place, stretch) in stretches.enumerated()
        where stretch.searched.type.type == row.type && stretch.rows.holds(row.row) {
            return Edge(stretch: place, row: row.row)
        }
        throw .foreignCursor(argument)
    }

    /// The row that a cursor stands for; nil where none is given.
    private func row(
        at cursor: GivenCursor?, _ argument: CursorArgument, _ run: GraphRun
    ) throws(PagingError) -> NamedRow? {
        guard let cursor else { return nil }
        guard case .of(let cursor) = cursor else { throw .foreignCursor(argument) }
        try cursor.check(list: list, version: run.version, argument)
        guard case .id(let id) = GlobalID.read(bytes: cursor.key, in: run.catalog),
            let row = run.version.row(of: id.type, forKey: id.key)
        else { throw .foreignCursor(argument) }
        return NamedRow(type: id.type, row: row)
    }
}

extension [RowNumber] {
    /// Whether an ascending list has the row.
    fileprivate func holds(_ row: RowNumber) -> Bool {
        let place = place(of: row)
        return place < count && self[place] == row
    }
}
