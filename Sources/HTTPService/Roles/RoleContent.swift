import Query

/// What people of one role are given: an API of their own, and the saved questions that it can answer.
package struct RoleContent: Sendable {
    package var queries: QueryService
    /// The API as SDL; nil where it is not shown.
    package var schema: [UInt8]?
    /// Leaves those that people of the role may ask.
    package var fitting: @Sendable (SavedQuestions) -> SavedQuestions
    /// Whether they ask saved questions and nothing else.
    package var asksSavedOnly: Bool

    package init(
        queries: QueryService, schema: [UInt8]?, asksSavedOnly: Bool = false,
        fitting: @escaping @Sendable (SavedQuestions) -> SavedQuestions
    ) {
        self.queries = queries
        self.schema = schema
        self.asksSavedOnly = asksSavedOnly
        self.fitting = fitting
    }
}
