import GraphQLTypes
import QueryExecution
import QueryPlanning
import StoreColumns

/// The version that an operation is answered from: the request's, or the one that its own `@version` names. `api.md` §5
///
/// Where neither names one, pages that were begun on an earlier version go on there. `api.md` §1
extension QueryService {
    /// - Throws: `.needed` where a version has to be found first.
    func version(
        of operation: PreparedOperation, _ variables: [String: InputValue], _ current: GraphVersion, _ terms: VersionTerms
    ) throws(BeginningEnd) -> GraphVersion {
        var version = current
        let name: VersionName?
        do throws(RequestError) {
            name = try operation.versionName(variables: variables)
        } catch {
            throw .error(error)
        }
        if let name, name != .number(current.number) {
            switch terms.found[name] ?? versions.atHand(name) {
            case .version(let found): version = found
            case .unavailable(let code, let message):
                throw .error(RequestError(Self.outcome(of: code), message, code: code, argumentPath: "@version"))
            case nil: throw .needed([name])
            }
        }
        if name == nil, !terms.isNamed, let earlier = try versionOfCursors(of: operation, variables, current, terms) {
            version = earlier
        }
        guard !terms.isNamed || version.number == current.number else {
            throw .error(
                RequestError(
                    .badVariables,
                    "The request names version \(current.number), and its operation version \(version.number) (@version). "
                        + "Name one.", argumentPath: "@version"))
        }
        guard version.catalog == current.catalog else {
            throw .error(
                RequestError(
                    .versionGone, "Version \(version.number) was kept under another model.", code: .versionGone,
                    argumentPath: "@version"))
        }
        if let minimum = terms.minimum, version.number < minimum {
            throw .error(
                RequestError(
                    .versionNotReached,
                    "Version \(minimum) is asked for at least (Min-Data-Version); the answer would be from version "
                        + "\(version.number).", code: .versionNotReached))
        }
        return version
    }

    /// The version of the cursors among the arguments, while it is kept: nil where the request's own answers. A cursor that then is
    /// of another version has expired, and so has the second of two that are of different ones.
    private func versionOfCursors(
        of operation: PreparedOperation, _ variables: [String: InputValue], _ current: GraphVersion, _ terms: VersionTerms
    ) throws(BeginningEnd) -> GraphVersion? {
        let prepared = operation.preparedPlan(variables: variables)
        guard !prepared.plan.cursors.isEmpty, let number = prepared.plan.versionOfCursors(variables, seal),
            number < current.number
        else { return nil }
        let name = VersionName.number(number)
        switch terms.found[name] ?? versions.atHand(name) {
        case .version(let found): return found.catalog == current.catalog ? found : nil
        case .unavailable(.versionGone, _), .unavailable(.versionNotReached, _), .unavailable(.badUserInput, _): return nil
        case .unavailable(let code, let message): throw .error(RequestError(Self.outcome(of: code), message, code: code))
        case nil: throw .needed([name])
        }
    }

    private static func outcome(of code: ErrorCode) -> QueryAnswer.Outcome {
        switch code {
        case .versionGone: .versionGone
        case .versionNotReached: .versionNotReached
        case .queryTimeout, .overloaded: .stopped
        default: .badVariables
        }
    }
}

/// Why a request was not begun.
enum BeginningEnd: Error {
    case error(RequestError)
    /// These versions are not at hand; once they are found, it can be begun again.
    case needed([VersionName])
}
