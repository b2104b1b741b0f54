import GraphQLTypes
import QueryExecution
import QueryPlanning
import StoreColumns

/// The version that an operation is answered from: the request's, or the one that its own `@version` names. `api.md` §5
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
