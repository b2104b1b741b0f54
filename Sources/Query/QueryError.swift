import GraphQLSyntax
import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning

/// One entry of a response's `errors`. GraphQL §7.1.2
package struct QueryError: Sendable, Hashable {
    package var message: String
    package var code: ErrorCode
    package var locations: [SourceLocation]
    package var path: [FieldError.PathSegment]
    /// Where in the arguments of the field: `where.incidence.lt`; in a variable's value `$where.incidence.lt`.
    package var argumentPath: String?
    package var limit: ExceededLimit?
    /// The rule of the specification that a document breaks.
    package var rule: String?

    package init(
        _ message: String, code: ErrorCode, locations: [SourceLocation] = [], path: [FieldError.PathSegment] = [],
        argumentPath: String? = nil, limit: ExceededLimit? = nil, rule: String? = nil
    ) {
        self.message = message
        self.code = code
        self.locations = locations
        self.path = path
        self.argumentPath = argumentPath
        self.limit = limit
        self.rule = rule
    }

    /// - Parameter suggests: Whether to name what was perhaps meant.
    init(_ problem: InputProblem, in source: Source, suggests: Bool = false) {
        self.init(
            problem.message + (suggests ? problem.suggestion : ""), code: .badUserInput,
            locations: problem.range.map { [source.location(of: $0)] } ?? [],
            argumentPath: problem.path.isEmpty ? nil : problem.path)
    }

    /// A limit of the request. The message ends with its name, so that whoever configures the server can find it.
    init(
        exceeding name: QueryLimitName, _ message: String, maximum: Int, found: Int? = nil, code: ErrorCode,
        locations: [SourceLocation] = []
    ) {
        self.init(
            "\(message) (limit \(name.rawValue))", code: code, locations: locations,
            limit: ExceededLimit(name: name.rawValue, maximum: maximum, found: found))
    }
}

extension JSONWriter {
    /// `[{"message":…},…]`
    mutating func errors(_ errors: [QueryError]) {
        beginArray()
        for error in errors {
            separate()
            self.error(error)
        }
        endArray()
    }

    private mutating func error(_ error: QueryError) {
        beginObject()
        name("message")
        string(error.message)
        if !error.locations.isEmpty {
            name("locations")
            beginArray()
            for location in error.locations {
                separate()
                beginObject()
                name("line")
                int(location.line)
                name("column")
                int(location.column)
                endObject()
            }
            endArray()
        }
        if !error.path.isEmpty {
            name("path")
            beginArray()
            for segment in error.path {
                separate()
                switch segment {
                case .key(let key): string(key)
                case .index(let index): int(index)
                }
            }
            endArray()
        }
        name("extensions")
        beginObject()
        name("code")
        string(error.code.rawValue)
        if let path = error.argumentPath {
            name("argumentPath")
            string(path)
        }
        if let rule = error.rule {
            name("rule")
            string(rule)
        }
        if let limit = error.limit {
            name("limit")
            string(limit.name)
            name("maximum")
            int(limit.maximum)
            if let found = limit.found {
                name("found")
                int(found)
            }
        }
        endObject()
        endObject()
    }
}
