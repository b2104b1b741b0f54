import Expressions
import QueryExecution
import QueryPlanning
import StoreColumns

/// What somebody sees of a version, where their role restricts the rows.
extension QueryService {
    /// A version as a viewer sees it.
    /// - Parameter asOf: the day on which rights hold where the terms do not say.
    func seen(
        _ version: GraphVersion, by viewer: Viewer, _ terms: VersionTerms, _ asOf: CivilDate, _ budget: Budget
    ) throws(RequestError) -> GraphVersion {
        guard let seenVersions, version.isWhole else { return version }
        return try seenVersions.version(version, for: viewer, on: terms.today ?? asOf, newest: terms.newest, budget)
    }

    /// The same, on the way to an answer.
    func shown(
        _ version: GraphVersion, to viewer: Viewer, _ terms: VersionTerms, _ asOf: CivilDate, _ budget: Budget
    ) throws(BeginningEnd) -> GraphVersion {
        do throws(RequestError) {
            return try seen(version, by: viewer, terms, asOf, budget)
        } catch {
            throw .error(error)
        }
    }

    /// Who asks, as far as it matters for what they are shown: cursors are of such readers, and bound plans kept for them.
    package func reader(of viewer: Viewer) -> Viewer { seenVersions?.reader(viewer) ?? viewer }

    /// Whether some rows may be hidden from somebody. Whoever sees aggregates only is told as much of each as all of them allow.
    func seesPart(_ viewer: Viewer) -> Bool { smallCells != nil || seenVersions?.restricts(viewer.role) == true }

    /// Whether answers have names before they are made: not where rights change with the day, which no version tells.
    func namesAnswers(to viewer: Viewer) -> Bool { seenVersions?.changesWithDay(viewer.role) != true }

    /// Whether an answer from a version that is named stays the same for ever: not for whoever is shown less of it once a right has ended.
    package func keepsNamedVersions(for viewer: Viewer) -> Bool { !seesPart(viewer) }

    /// Whether how an answer was found may be told: not where it would tell how many rows there are that are not seen.
    func tellsSteps(to viewer: Viewer) -> Bool { !seesPart(viewer) }
}
