import Query

/// What people of one role are given: an API of their own, and the saved questions that it can answer.
package struct RoleContent: Sendable {
    package var queries: QueryService
    package var questions: RoleShelf
    /// The API as SDL; nil where it is not shown.
    package var schema: [UInt8]?
    /// Whether they ask saved questions and nothing else.
    package var asksSavedOnly: Bool
    /// Whether they may ask the audit.
    package var asksAudit: Bool

    package init(
        queries: QueryService, questions: RoleShelf, schema: [UInt8]?, asksSavedOnly: Bool = false, asksAudit: Bool = false
    ) {
        self.queries = queries
        self.questions = questions
        self.schema = schema
        self.asksSavedOnly = asksSavedOnly
        self.asksAudit = asksAudit
    }
}
