import GraphQLTypes
import JSONText
import QueryPlanning

/// Why something that came is no request that could be answered.
package struct RequestError: Error, Hashable, Sendable {
    package var outcome: QueryAnswer.Outcome
    /// Never empty.
    package var errors: [QueryError]

    package init(_ outcome: QueryAnswer.Outcome, _ errors: [QueryError]) {
        self.outcome = outcome
        self.errors = errors
    }

    init(_ outcome: QueryAnswer.Outcome, _ message: String, code: ErrorCode = .badUserInput, argumentPath: String? = nil) {
        self.init(outcome, [QueryError(message, code: code, argumentPath: argumentPath)])
    }

    init(_ error: JSONError) {
        switch error.reason {
        case .tooDeep(let limit):
            self.init(
                .beyondLimits,
                [QueryError(exceeding: .variableDepth, "The JSON cannot be read: \(error).", maximum: limit, code: .queryTooDeep)]
            )
        case .tooManyMembers(let limit):
            self.init(
                .beyondLimits,
                [
                    QueryError(
                        exceeding: .variableMembers, "The JSON cannot be read: \(error).", maximum: limit, code: .queryTooComplex)
                ])
        default: self.init(.notJSON, "The JSON cannot be read: \(error).")
        }
    }

    /// The complete response: errors, and no data.
    package var body: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        writer.name("errors")
        writer.errors(errors)
        writer.endObject()
        return writer.finish()
    }
}
