import Expressions
import QueryPlanning
import StoreColumns

/// Why a page could not be made.
enum PagingError: Error {
    case evaluation(EvaluationError)
    /// Not a cursor of this list.
    case foreignCursor
    /// The cursor was made on another version.
    case expiredCursor(version: UInt64)
}

extension ConnectionBinding {
    /// The page that the arguments ask for.
    ///
    /// - Parameters:
    ///   - parent: The row that the list belongs to; nil at the root.
    ///   - parentKey: Its key, to which cursors are bound.
    func page(of parent: RowNumber?, parentKey: [UInt8], _ run: GraphRun) throws(PagingError) -> Page {
        var page = Page(type: plan.type)
        var last: RowNumber?
        if plan.wantsPage {
            var list = digest
            list.add(parentKey)
            page.list = list.finish()
            last = try lastRow(of: page.list, run)
        }
        do throws(EvaluationError) {
            guard plan.wantsPage else {
                if plan.wantsTotalCount { page.totalCount = try count(of: parent) }
                return page
            }
            try fill(&page, of: parent, after: last)
            return page
        } catch {
            throw .evaluation(error)
        }
    }

    private func fill(_ page: inout Page, of parent: RowNumber?, after last: RowNumber?) throws(EvaluationError) {
        var rows = try rows(of: parent).array()
        if plan.wantsTotalCount { page.totalCount = rows.count }
        // One more than is shown tells whether there is a next page.
        let (shown, overflows) = offset.addingReportingOverflow(first + 1)
        let needed = overflows ? rows.count : min(shown, rows.count)
        if let last {
            rows = try order.sorted(rows, after: last, first: needed)
        } else {
            rows = try order.sorted(rows, first: needed)
        }
        page.hasPreviousPage = last != nil || offset > 0 && !rows.isEmpty
        rows.removeFirst(min(offset, rows.count))
        page.hasNextPage = rows.count > first
        if page.hasNextPage { rows.removeLast(rows.count - first) }
        page.rows = rows
    }

    /// The row after which the page begins; nil where it begins at the beginning.
    private func lastRow(of list: [UInt8], _ run: GraphRun) throws(PagingError) -> RowNumber? {
        guard !isAfterForeign else { throw .foreignCursor }
        guard let after else { return nil }
        guard after.list == list else { throw .foreignCursor }
        guard after.version == run.version.number else { throw .expiredCursor(version: after.version) }
        var reader = KeyBytes.Reader(after.key)
        guard let key = reader.key(of: plan.type, in: run.catalog), reader.isAtEnd,
            let row = run.version.row(of: plan.type, forKey: key)
        else {
            throw .foreignCursor
        }
        return row
    }
}
