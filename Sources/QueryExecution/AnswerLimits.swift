import Expressions
import QueryPlanning

/// What an answer may hold.
package struct AnswerLimits: Sendable, Hashable {
    package static let rowsName = "max-rows-returned"
    package static let bytesName = "max-answer-bytes"
    package static let pageSizeName = "max-page-size"
    package static let groupsName = "max-groups"
    package static let searchCharactersName = "max-search-characters"

    /// Rows written, on all pages together.
    package var rows: Int
    package var bytes: Int
    package var defaultPageSize: Int
    package var pageSize: Int
    /// Groups of one grouping, before any is left out.
    package var groups: Int
    /// Of the text of a search: as many as a test of texts takes, and more than any name has.
    package var searchCharacters: Int
    /// Errors recorded before the execution is given up.
    package var errors: Int
    /// Of filters, sorts and keys of groups.
    package var filters: FilterBounds
    /// Of patterns, and of texts that are looked for.
    package var texts: TextBounds

    package init(
        rows: Int = 50_000, bytes: Int = 32 << 20, defaultPageSize: Int = 50, pageSize: Int = 1_000,
        groups: Int = 1_000_000, searchCharacters: Int = 200, errors: Int = 50,
        filters: FilterBounds = FilterBounds(), texts: TextBounds = TextBounds()
    ) {
        self.rows = rows
        self.bytes = bytes
        self.defaultPageSize = defaultPageSize
        self.pageSize = pageSize
        self.groups = groups
        self.searchCharacters = searchCharacters
        self.errors = errors
        self.filters = filters
        self.texts = texts
    }
}
