import Query
import StoreColumns

/// A question as a request brings it: to be asked once, or again whenever its answer may have changed.
struct Inquiry: Sendable {
    var route: Route
    var parameters: URLParameters
    /// Of the request's target and its body.
    var byteCount: Int
    /// Whether its answers say since when they are as they are, in place of their version.
    var namesChange = false
    /// The generation of the saved questions that it was read from.
    var generation = 0
    /// A response key of the list that a table of it shows, where it has several.
    var table: String?
    /// What a table of its answers is called.
    var title: String { if case .question(let name) = route { name } else { "data" } }
    var read: @Sendable () throws(RequestError) -> QueryRequest
}
