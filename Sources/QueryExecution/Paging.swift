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

extension Cursor {
    /// Whether it is a place in that list on that version.
    func check(list: [UInt8], version: GraphVersion) throws(PagingError) {
        guard self.list == list else { throw .foreignCursor }
        guard self.version == version.number else { throw .expiredCursor(version: self.version) }
    }
}

extension ConnectionBinding {
    /// The page that the arguments ask for.
    ///
    /// - Parameters:
    ///   - parent: The row that the list belongs to, and its type; nil at the root.
    func page(of parent: RowNumber?, _ parentType: NodeTypeID?, _ run: GraphRun) throws(PagingError) -> Page {
        var page = Page(types: [plan.type])
        page.source = rows
        page.parent = parent
        var last: RowNumber?
        if plan.needs.wantsPage, plan.needs.wantsCursors || hasCursor {
            var list = digest
            if let parent, let parentType { list.add(run.key(of: parent, parentType)) }
            page.list = list.finish()
            last = try lastRow(of: page.list, run)
        }
        do throws(EvaluationError) {
            guard plan.needs.wantsPage else {
                if plan.needs.wantsTotalCount { page.totalCount = try rows.count(of: parent) }
                return page
            }
            try fill(&page, of: parent, after: last)
            return page
        } catch {
            throw .evaluation(error)
        }
    }

    private func fill(_ page: inout Page, of parent: RowNumber?, after last: RowNumber?) throws(EvaluationError) {
        let selection = try self.rows.rows(of: parent)
        let count = selection.count
        if plan.needs.wantsTotalCount { page.totalCount = count }
        // One more than is shown tells whether there is a next page.
        let (shown, overflows) = offset.addingReportingOverflow(first + 1)
        var rows = try order.rows(of: selection, after: last, first: overflows ? count : min(shown, count))
        page.hasPreviousPage = last != nil || offset > 0 && count > 0
        if offset > 0 { rows.removeFirst(min(offset, rows.count)) }
        page.hasNextPage = rows.count > first
        if page.hasNextPage { rows.removeLast(rows.count - first) }
        page.rows = rows
    }

    /// The row after which the page begins; nil where it begins at the beginning.
    private func lastRow(of list: [UInt8], _ run: GraphRun) throws(PagingError) -> RowNumber? {
        guard !isAfterForeign else { throw .foreignCursor }
        guard let after else { return nil }
        try after.check(list: list, version: run.version)
        var reader = KeyBytes.Reader(after.key)
        guard let key = reader.key(of: plan.type, in: run.catalog), reader.isAtEnd,
            let row = run.version.row(of: plan.type, forKey: key)
        else {
            throw .foreignCursor
        }
        return row
    }
}
