import GraphQLTypes
import QueryPlanning
import StoreColumns

/// What somebody may not choose who sees aggregates only: two answers from data that is nearly the same tell of the difference.
/// `SECURITY.md`
extension QueryService {
    /// Whether whoever asks here sees aggregates only.
    package var seesAggregatesOnly: Bool { smallCells != nil }

    /// Parameters are the server's: a line that may be moved finds every value that it passes.
    func checkCells(_ request: QueryRequest, _ terms: VersionTerms) throws(RequestError) {
        guard seesAggregatesOnly else { return }
        guard request.extensions["parameters"] ?? .null == .null else {
            throw RequestError(
                .forbidden, "Your role sees figures of many only, and sets no parameters.", code: .forbidden,
                argumentPath: "extensions.parameters")
        }
        guard !terms.isNamed else { throw Self.versionIsNotChosen }
    }

    /// The version is the day's, and dates are those on which everybody asks.
    func checkCells(
        on date: CivilDate, _ today: CivilDate, _ operation: PreparedOperation, _ variables: [String: InputValue]
    ) throws(RequestError) {
        guard seesAggregatesOnly else { return }
        guard try operation.versionName(variables: variables) == nil else { throw Self.versionIsNotChosen }
        guard date == today || date.isLastOfYear else {
            throw RequestError(
                .forbidden,
                "Your role sees figures of many only, as of today, \(today), or of the last day of a year; \(date) is neither.",
                code: .forbidden, argumentPath: "asOf")
        }
    }

    private static let versionIsNotChosen = RequestError(
        .forbidden, "Your role sees figures of many only, from one version a day, and names none.", code: .forbidden,
        argumentPath: "version")
}

extension CivilDate {
    fileprivate var isLastOfYear: Bool {
        let parts = components
        return parts.month == 12 && parts.day == 31
    }
}
