import GraphQLSyntax
import QueryPlanning

/// An error of one response position, or of the whole execution. GraphQL §7.1.2
package struct FieldError: Error, Sendable, Hashable {
    package enum PathSegment: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    package var message: String
    package var code: ErrorCode?
    /// Response keys and list indexes down to the position.
    package var path: [PathSegment]
    /// The fields of the document that make the position.
    package var ranges: [SourceRange]
    package var argumentPath: String?
    /// The limit that was exceeded.
    package var limit: ExceededLimit?
    /// Members of `extensions` that a tree of values brought with its error: JSON, without braces.
    package var extensions: [(name: String, json: [UInt8])] = []

    package init(
        _ message: String, code: ErrorCode?, path: [PathSegment], ranges: [SourceRange], argumentPath: String? = nil,
        limit: ExceededLimit? = nil
    ) {
        self.message = message
        self.code = code
        self.path = path
        self.ranges = ranges
        self.argumentPath = argumentPath
        self.limit = limit
    }

    package static func == (left: FieldError, right: FieldError) -> Bool {
        left.message == right.message && left.code == right.code && left.path == right.path && left.ranges == right.ranges
            && left.argumentPath == right.argumentPath && left.limit == right.limit
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(message)
        hasher.combine(path)
    }
}
