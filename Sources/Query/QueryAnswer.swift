import StoreColumns

/// The answer to one request.
package struct QueryAnswer: Sendable {
    /// What became of a request. HTTPService, and nobody else, makes a status of it.
    package enum Outcome: Sendable, Hashable, CaseIterable {
        /// Data, and nothing to report.
        case data
        /// Data, with errors at some positions.
        case dataWithErrors
        /// Execution began, but an error reached the root: `data` is null.
        case dataIsNull
        /// The deadline came, or the client went, while it was being answered: `data` is null.
        case stopped
        /// It would have cost more than a request may: `data` is null.
        case overBudget
        /// What was to be read is damaged on disk. Nothing is answered from it.
        case damaged

        // Request errors: there is no `data`.
        /// The body is not JSON, or JSON that leaves room for two readings.
        case notJSON
        /// JSON, but no GraphQL request.
        case illFormedRequest
        /// The document is not GraphQL.
        case parseFailed
        /// The document is larger, deeper or more repetitive than we read.
        case beyondLimits
        /// The document breaks a rule of validation.
        case invalid
        /// Variables or arguments do not fit.
        case badVariables
        /// The operation names a version that is not kept.
        case versionGone
        /// The operation names a version that is not there yet, or one older than it may be.
        case versionNotReached
        /// No operation of that name, or several and no name.
        case operationUnresolved
        /// A digest was sent in place of the document, and no document with that digest is kept.
        case persistedQueryNotFound
        /// A mutation where only queries are answered.
        case mutationOverGet
        /// Nothing may be shown to who asks.
        case forbidden
    }

    package var outcome: Outcome
    /// The complete response: JSON, UTF-8.
    package var body: [UInt8]
    /// The date that the answer holds for: the request's, or the operation's own `@asOf`.
    package var asOf: CivilDate
    /// The version that it was answered from.
    package var version: UInt64
    /// Where a cursor was made on another version: that version. Asked of it, the next page can be had.
    package var cursorVersion: UInt64?
    /// Rows that stand in it, of all lists together.
    package var rowCount = 0
    /// Sets of rows of which figures stand in it for somebody who sees aggregates only, and those of which not all is told.
    package var cellCount = 0
    package var withheldCount = 0
    /// What it tells about persons, where the request wanted to know.
    package var told: AnswerTellings?
    /// To be told how long it took; nil where that changes nothing for those who ask next.
    package var pace: OperationPace?
}
