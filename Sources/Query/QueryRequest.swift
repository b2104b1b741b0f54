import GraphQLTypes
import JSONText
import QueryExecution
import QueryPlanning

/// One GraphQL request, well formed and not yet looked into.
package struct QueryRequest: Sendable {
    /// UTF-8. Empty where the document is to be found by its digest.
    package var document: [UInt8]
    package var persistedQuery: PersistedQuery?
    /// Nil where the document has one operation only, or should have.
    package var operationName: String?
    /// Not coerced; numbers are texts.
    package var variables: InputObject
    package var extensions: InputObject
    /// False over GET.
    package var allowsMutation: Bool
    /// Set where the answer is to say how it was found, and in what time: nanoseconds since any moment.
    package var explainClock: (@Sendable () -> Int64)?
    /// Set where the answer is to say since when it is as it is, in place of the version: then an answer that did not change is the
    /// same bytes.
    package var dataChange: AnswerIdentity?
    /// Whether the answer is a table of all rows: pages are as large as a table may be.
    package var isExport = false
    /// Why it is asked, as whoever asks says; nil where nothing was said.
    package var statedReason: String?
    /// Whether the answer is to tell which classes of data it shows, and of which rows (`QueryAnswer.told`).
    package var notesTellings = false

    /// Whether exact decimals are to be printed as strings: `extensions: {"decimals": "string"}`.
    var wantsDecimalStrings: Bool {
        guard case .string("string")? = extensions["decimals"] else { return false }
        return true
    }
    /// How exact numbers are to be printed. `extensions: {"ratios": "fraction"}` asks for the two integers of a ratio.
    package var numberStyle: NumberStyle {
        guard case .string("fraction")? = extensions["ratios"] else { return NumberStyle(quotesExact: wantsDecimalStrings) }
        return NumberStyle(quotesExact: wantsDecimalStrings, showsFractions: true)
    }
}

// By the initializer that takes all members, so that what is made is not copied to be returned.
extension QueryRequest {
    package init(
        document: [UInt8], persistedQuery: PersistedQuery? = nil, operationName: String? = nil,
        variables: InputObject = InputObject([]),
        extensions: InputObject = InputObject([]), allowsMutation: Bool = false
    ) {
        self.init(
            document: document, persistedQuery: persistedQuery, operationName: operationName, variables: variables,
            extensions: extensions, allowsMutation: allowsMutation, explainClock: nil)
    }

    /// A document of ours with variables that we wrote as a JSON object.
    package init(document: [UInt8], jsonVariables: [UInt8], limits: QueryLimits) throws(RequestError) {
        guard case .object(let variables) = try InputValue(json: jsonVariables, limits: limits, refusesLists: false) else {
            throw RequestError(.illFormedRequest, "The variables are no JSON object.")
        }
        self.init(document: document, variables: variables)
    }
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
            throw RequestError(
                .illFormedRequest, "The body is \(value.kindPhrase). A request is a JSON object with a member 'query'.")
        }
        let extensions = try object("extensions", of: members)
        let document = try string("query", of: members)
        let persistedQuery = try PersistedQuery(in: extensions, hasDocument: document != nil)
        guard document != nil || persistedQuery != nil else {
            throw RequestError(
                .illFormedRequest,
                "The request has no member 'query'." + (members.isEmpty ? "" : " It has \(names(of: members))."))
        }
        return QueryRequest(
            document: Array((document ?? "").utf8), persistedQuery: persistedQuery,
            operationName: try string("operationName", of: members), variables: try object("variables", of: members),
            extensions: extensions, allowsMutation: true)
    }

    /// The first few, as a hint at what was misspelt.
    private static func names(of members: InputObject) -> String {
        members.entries.prefix(5).map { "'\($0.name.prefix(40))'" }.joined(separator: ", ")
            + (members.entries.count > 5 ? ", …" : "")
    }

    /// Reads the parameters of a GET; an empty one is as good as absent.
    ///
    /// - Parameters:
    ///   - variables: JSON text.
    ///   - extensions: JSON text.
    package static func parse(
        query: String?, variables: String?, extensions: String?, operationName: String?, limits: QueryLimits
    ) throws(RequestError) -> QueryRequest {
        let document = query.flatMap { $0.isEmpty ? nil : $0 }
        let name = operationName.flatMap { $0.isEmpty ? nil : $0 }
        let extensions = try object(extensions, "extensions", limits)
        let persistedQuery = try PersistedQuery(in: extensions, hasDocument: document != nil)
        guard document != nil || persistedQuery != nil else {
            throw RequestError(.illFormedRequest, "The parameter 'query' is missing.")
        }
        return QueryRequest(
            document: Array((document ?? "").utf8), persistedQuery: persistedQuery, operationName: name,
            variables: try object(variables, "variables", limits), extensions: extensions, allowsMutation: false)
    }

    private static func string(_ name: String, of members: InputObject) throws(RequestError) -> String? {
        switch members[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        case let value?:
            throw RequestError(.illFormedRequest, "The member '\(name)' is \(value.kindPhrase); it is a string.")
        }
    }

    private static func object(_ name: String, of members: InputObject) throws(RequestError) -> InputObject {
        switch members[name] {
        case nil, .null?: return InputObject([])
        case .object(let object)?: return object
        case let value?:
            throw RequestError(.illFormedRequest, "The member '\(name)' is \(value.kindPhrase); it is an object.")
        }
    }

    private static func object(_ text: String?, _ name: String, _ limits: QueryLimits) throws(RequestError) -> InputObject {
        guard let text, !text.isEmpty else { return InputObject([]) }
        switch try InputValue(json: Array(text.utf8), limits: limits, refusesLists: false) {
        case .null: return InputObject([])
        case .object(let object): return object
        case let value:
            throw RequestError(.illFormedRequest, "The parameter '\(name)' is \(value.kindPhrase); it is a JSON object.")
        }
    }
}
