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
    private let first: Int
    private let after: GivenCursor?
    private let list: [UInt8]

    init(
        needs: PageNeeds, findings: SearchFindings, first: Int, after: GivenCursor?, list: [UInt8]
    ) {
        self.needs = needs
        self.findings = findings
        self.first = first
        self.after = after
        self.list = list
    }

    /// The page that the arguments ask for.
    func page(_ run: GraphRun) throws(PagingError) -> Page {
        var page = Page(types: [], isMixed: true, list: list)
        let last = needs.wantsPage ? try lastRow(run) : nil
        guard needs.wantsPage || needs.wantsTotalCount else { return page }
        let isWhole: Bool
        do throws(EvaluationError) {
            let found = try findings.found(run.budget)
            if needs.wantsTotalCount { page.totalCount = found.reduce(0) { $0 + $1.count } }
            isWhole = needs.wantsPage ? try fill(&page, from: found, after: last) : true
        } catch {
            throw .evaluation(error)
        }
        guard isWhole else { throw .foreignCursor(.after) }
        return page
    }

    /// - Returns: Whether the row to begin after was found.
    private func fill(_ page: inout Page, from found: [TextSearch.Found], after last: NamedRow?) throws(EvaluationError) -> Bool {
        var last = last
        page.hasPreviousPage = last != nil
        for grade in [\TextSearch.Found.whole, \.beginning, \.inside] {
            for (searched, found) in zip(searched, found) where page.rows.count <= first {
                let rows = found[keyPath: grade]
                var previous: RowNumber?
                if let row = last {
                    guard row.type == searched.type.type, rows.holds(row.row) else { continue }
                    previous = row.row
                    last = nil
                }
                // One more than is shown tells whether there is a next page.
                let shown = try searched.order.rows(
                    of: .list(rows), RowStretch(after: previous, limit: first + 1 - page.rows.count), isDeep: previous != nil)
                page.rows += shown
                page.types += shown.map { _ in searched.type.type }
            }
        }
        page.hasNextPage = page.rows.count > first
        if page.hasNextPage {
            page.rows.removeLast(page.rows.count - first)
            page.types.removeLast(page.types.count - first)
        }
        return last == nil
    }

    /// The row after which the page begins; nil where it begins at the beginning.
    private func lastRow(_ run: GraphRun) throws(PagingError) -> NamedRow? {
        guard let after else { return nil }
        guard case .of(let cursor) = after else { throw .foreignCursor(.after) }
        try cursor.check(list: list, version: run.version, .after)
        guard case .id(let id) = GlobalID.read(bytes: cursor.key, in: run.catalog),
            let row = run.version.row(of: id.type, forKey: id.key)
        else { throw .foreignCursor(.after) }
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
