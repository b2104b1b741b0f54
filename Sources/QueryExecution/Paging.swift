import Expressions
import QueryPlanning
import StoreColumns

/// Why a page could not be made.
enum PagingError: Error {
    case evaluation(EvaluationError)
    /// Not a cursor of this list.
    case foreignCursor(CursorArgument)
    /// The cursor was made on another version.
    case expiredCursor(CursorArgument, version: UInt64)
}

/// The arguments that are cursors.
enum CursorArgument: String { case after, before }

/// A cursor as it was given.
enum GivenCursor {
    /// Changed, of another kind of server, or made under another key.
    case foreign
    case of(Cursor)

    init(_ text: String, _ seal: CursorSeal) { self = Cursor(text, seal).map(GivenCursor.of) ?? .foreign }
}

/// What of a list a page shows: `api.md` §1, and Relay's pagination algorithm but that `first` and `last` exclude each other.
struct PageWindow {
    var size: Int
    /// Whether the last so many rows are meant: `last`.
    var isFromEnd = false
    /// Rows to pass over, behind `after`.
    var offset = 0
    var after: GivenCursor?
    var before: GivenCursor?

    var hasCursor: Bool { after != nil || before != nil }
}

extension Cursor {
    /// Whether it is a place in that list on that version.
    func check(list: [UInt8], version: GraphVersion, _ argument: CursorArgument) throws(PagingError) {
        guard self.list == list else { throw .foreignCursor(argument) }
        guard self.version == version.number else { throw .expiredCursor(argument, version: self.version) }
    }
}

extension ConnectionBinding {
    /// The page that the arguments ask for.
    ///
    /// - Parameters:
    ///   - parent: The row that the list belongs to, and its type; nil at the root.
    func page(of parent: RowNumber?, _ parentType: NodeTypeID?, _ run: GraphRun) throws(PagingError) -> Page {
        var page = Page(types: types)
        page.source = rows
        page.parent = parent
        if let notedOwners, let parent { notedOwners.rows.append(parent) }
        var (after, before): (RowNumber?, RowNumber?)
        if plan.needs.wantsPage, plan.needs.wantsCursors || window.hasCursor {
            var list = digest
            if let parent, let parentType { list.add(run.key(of: parent, parentType)) }
            page.list = list.finish()
            after = try row(at: window.after, .after, of: page.list, run)
            before = try row(at: window.before, .before, of: page.list, run)
        }
        do throws(EvaluationError) {
            guard plan.needs.wantsPage else {
                if plan.needs.wantsTotalCount { page.totalCount = try rows.count(of: parent) }
                return page
            }
            try fill(&page, of: parent, after: after, before: before)
            return page
        } catch {
            throw .evaluation(error)
        }
    }

    /// Whether there are rows on either side is exact: a cursor is a row of the list, so there is one where a cursor is given.
    private func fill(
        _ page: inout Page, of parent: RowNumber?, after: RowNumber?, before: RowNumber?
    ) throws(EvaluationError) {
        let selection = try self.rows.rows(of: parent)
        let count = selection.count
        if plan.needs.wantsTotalCount { page.totalCount = count }
        let cut = try cut(selection, count, after: after, before: before)
        page.hasPreviousPage = after != nil || cut.passedOver > 0 || cut.hasMore && window.isFromEnd
        page.hasNextPage = before != nil || cut.hasMore && !window.isFromEnd
        page.rows = cut.rows
    }

    /// The rows of the page, how many were passed over before them, and whether there are others behind them (or before, from the end).
    private func cut(
        _ selection: consuming RowSelection, _ count: Int, after: RowNumber?, before: RowNumber?
    ) throws(EvaluationError) -> (rows: [RowNumber], passedOver: Int, hasMore: Bool) {
        // One more than is shown tells whether there are others.
        let (shown, overflows) = window.offset.addingReportingOverflow(window.size + 1)
        let stretch = RowStretch(
            after: after, before: before, limit: overflows ? count : min(shown, count), isFromEnd: window.isFromEnd)
        var rows = try order.rows(
            of: selection, stretch, isDeep: after != nil || before != nil || window.offset > window.size)
        let passedOver = min(window.offset, rows.count)
        if passedOver > 0 { rows.removeFirst(passedOver) }
        let hasMore = rows.count > window.size
        if hasMore, window.isFromEnd { rows.removeFirst(rows.count - window.size) }
        if hasMore, !window.isFromEnd { rows.removeLast(rows.count - window.size) }
        return (rows, passedOver, hasMore)
    }

    /// At the root, the rows of a page of which nothing else is asked, and how many there are on all pages; nil where it begins or ends at a
    /// cursor.
    func plainPage() throws(EvaluationError) -> (rows: [RowNumber], totalCount: Int)? {
        guard plan.needs.wantsPage else { return ([], try rows.count(of: nil)) }
        guard !window.hasCursor else { return nil }
        let selection = try rows.rows(of: nil)
        let count = selection.count
        return (try cut(selection, count, after: nil, before: nil).rows, count)
    }

    /// The row that a cursor stands for; nil where none is given.
    private func row(
        at cursor: GivenCursor?, _ argument: CursorArgument, of list: [UInt8], _ run: GraphRun
    ) throws(PagingError) -> RowNumber? {
        guard let cursor else { return nil }
        guard case .of(let cursor) = cursor else { throw .foreignCursor(argument) }
        try cursor.check(list: list, version: run.version, argument)
        var reader = KeyBytes.Reader(cursor.key)
        guard let key = reader.key(of: plan.type, in: run.catalog), reader.isAtEnd,
            let row = run.version.row(of: plan.type, forKey: key)
        else {
            throw .foreignCursor(argument)
        }
        return row
    }
}
