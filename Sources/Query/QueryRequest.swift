import GraphQLTypes
import JSONText
import QueryPlanning

/// One GraphQL request, well formed and not yet looked into.
package struct QueryRequest: Sendable {
    /// UTF-8.
    package var document: [UInt8]
    /// Nil where the document has one operation only, or should have.
    package var operationName: String?
    /// Not coerced; numbers are texts.
    package var variables: InputObject
    package var extensions: InputObject
    /// False over GET.
    package var allowsMutation: Bool

    package init(
        document: [UInt8], operationName: String? = nil, variables: InputObject = InputObject([]),
        extensions: InputObject = InputObject([]), allowsMutation: Bool = false
    ) {
        self.document = document
        self.operationName = operationName
        self.variables = variables
        self.extensions = extensions
        self.allowsMutation = allowsMutation
    }

    /// Whether exact decimals are to be printed as strings: `extensions: {"decimals": "string"}`.
    package var wantsDecimalStrings: Bool { extensions["decimals"] == .string("string") }
}

extension QueryRequest {
    /// Reads the body of a POST. Unknown members are ignored; `null` is as good as absent.
    ///
    /// - Parameter body: Bytes as they came. Bounded by the caller.
    package static func parse(json body: [UInt8], limits: QueryLimits) throws(RequestError) -> QueryRequest {
        let value = try InputValue(json: body, limits: limits, refusesLists: true)
        if case .list = value {
            throw RequestError(.illFormedRequest, "The body is a list. Batches are not answered; send one request at a time.")
        }
        guard case .object(let members) = value else {
            throw RequestError(.illFormedRequest, "A request is a JSON object with a member 'query'.")
        }
        guard let query = members["query"], query != .null else {
            throw RequestError(.illFormedRequest, "The request has no member 'query'.")
        }
        guard case .string(let document) = query else {
            throw RequestError(.illFormedRequest, "The member 'query' is not a string.")
        }
        return QueryRequest(
            document: Array(document.utf8), operationName: try string("operationName", of: members),
            variables: try object("variables", of: members), extensions: try object("extensions", of: members),
            allowsMutation: true)
    }

    /// Reads the parameters of a GET; an empty one is as good as absent.
    ///
    /// - Parameters:
    ///   - variables: JSON text.
    ///   - extensions: JSON text.
    package static func parse(
        query: String?, variables: String?, extensions: String?, operationName: String?, limits: QueryLimits
    ) throws(RequestError) -> QueryRequest {
        guard let query, !query.isEmpty else { throw RequestError(.illFormedRequest, "The parameter 'query' is missing.") }
        let name = operationName.flatMap { $0.isEmpty ? nil : $0 }
        return QueryRequest(
            document: Array(query.utf8), operationName: name, variables: try object(variables, "variables", limits),
            extensions: try object(extensions, "extensions", limits), allowsMutation: false)
    }

    private static func string(_ name: String, of members: InputObject) throws(RequestError) -> String? {
        switch members[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw RequestError(.illFormedRequest, "The member '\(name)' is not a string.")
        }
    }

    private static func object(_ name: String, of members: InputObject) throws(RequestError) -> InputObject {
        switch members[name] {
        case nil, .null?: return InputObject([])
        case .object(let object)?: return object
        default: throw RequestError(.illFormedRequest, "The member '\(name)' is not an object.")
        }
    }

    private static func object(_ text: String?, _ name: String, _ limits: QueryLimits) throws(RequestError) -> InputObject {
        guard let text, !text.isEmpty else { return InputObject([]) }
        switch try InputValue(json: Array(text.utf8), limits: limits, refusesLists: false) {
        case .null: return InputObject([])
        case .object(let object): return object
        default: throw RequestError(.illFormedRequest, "The parameter '\(name)' is not a JSON object.")
        }
    }
}
