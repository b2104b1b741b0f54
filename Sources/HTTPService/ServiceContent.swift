import Query
import StoreColumns

/// What the server has to give, and where it gets it from.
package struct ServiceContent: Sendable {
    package var queries: QueryService
    package var limits: QueryLimits
    package var questions: SavedQuestions
    /// The version that is current now.
    package var currentVersion: @Sendable () -> GraphVersion
    /// The server's day.
    package var today: @Sendable () -> CivilDate
    /// The API's schema, as SDL; nil where it is not shown.
    package var schema: [UInt8]?
    package var pages: Pages

    package init(
        queries: QueryService, limits: QueryLimits, questions: SavedQuestions,
        currentVersion: @escaping @Sendable () -> GraphVersion, today: @escaping @Sendable () -> CivilDate, schema: [UInt8]?,
        pages: Pages
    ) {
        self.queries = queries
        self.limits = limits
        self.questions = questions
        self.currentVersion = currentVersion
        self.today = today
        self.schema = schema
        self.pages = pages
    }
}
