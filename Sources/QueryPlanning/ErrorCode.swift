import GraphQLSyntax
import GraphQLTypes

/// What `extensions.code` can say. The list is closed: clients match on it. `api.md` §6
package enum ErrorCode: String, Sendable, Hashable, CaseIterable {
    case graphQLParseFailed = "GRAPHQL_PARSE_FAILED"
    case graphQLValidationFailed = "GRAPHQL_VALIDATION_FAILED"
    case badUserInput = "BAD_USER_INPUT"
    case operationResolutionFailure = "OPERATION_RESOLUTION_FAILURE"
    case persistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND"
    case unauthenticated = "UNAUTHENTICATED"
    case forbidden = "FORBIDDEN"
    case queryTooDeep = "QUERY_TOO_DEEP"
    case queryTooComplex = "QUERY_TOO_COMPLEX"
    case queryTimeout = "QUERY_TIMEOUT"
    case rateLimited = "RATE_LIMITED"
    case versionGone = "VERSION_GONE"
    case versionNotReached = "VERSION_NOT_REACHED"
    case cursorExpired = "CURSOR_EXPIRED"
    case notTabular = "NOT_TABULAR"
    case nullOperand = "NULL_OPERAND"
    case unknownParameter = "UNKNOWN_PARAMETER"
    case patternLimit = "PATTERN_LIMIT"
    case overloaded = "OVERLOADED"
    case storageReadOnly = "STORAGE_READ_ONLY"
    case internalServerError = "INTERNAL_SERVER_ERROR"
}

/// Why the arguments of a field cannot be answered: the client's mistake, at one place of one argument.
package struct ArgumentProblem: Error, Hashable, Sendable {
    package var code: ErrorCode
    package var message: String
    /// `where.incidence.lt`
    package var argumentPath: String
    package var limit: ExceededLimit?
    /// What to point at in the document; nil: the argument, where it stands there.
    package var range: SourceRange?
    /// Where in the text that the argument is, if it is one that has places.
    package var textPlace: TextPlace?

    package init(_ code: ErrorCode, _ message: String, at argumentPath: String, limit: ExceededLimit? = nil) {
        self.code = code
        self.message = message
        self.argumentPath = argumentPath
        self.limit = limit
    }

    /// What coercion found when variables were bound.
    package init(_ problem: InputProblem) {
        self.init(.badUserInput, problem.message, at: problem.path)
        range = problem.range
    }
}

/// A limit that a request went beyond, by the name under which it is configured.
package struct ExceededLimit: Sendable, Hashable {
    /// As the flag is called, without its dashes: `max-rows-returned`.
    package var name: String
    package var maximum: Int
    /// What was found, where counting went on to the end.
    package var found: Int?

    package init(name: String, maximum: Int, found: Int? = nil) {
        self.name = name
        self.maximum = maximum
        self.found = found
    }
}

/// A place in a text that stands as a string in a document; both count from 1, columns Unicode scalars.
package struct TextPlace: Hashable, Sendable {
    package var line: Int
    package var column: Int
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
