import Expressions
import StoreColumns

/// Changes checked against one version: the report, and the next version where nothing stands against it.
package struct StagedChanges: Sendable {
    /// As it is to be answered once `version` is durable and visible; says `isApplied` then already.
    package var report: ChangeReport
    /// Nil where nothing is to be applied: refused, a dry run, or nothing given that differs.
    package var version: GraphVersion?

    package init(report: ChangeReport, version: GraphVersion?) {
        self.report = report
        self.version = version
    }
}

extension Model {
    /// Checks changes against a version as a whole: keys, types, references, uniqueness, then the model's checks on the rows
    /// that are new or differ. The one way for the mutation and for imports.
    ///
    /// Pure: what it makes becomes data only when someone publishes it.
    /// - Parameters:
    ///   - number: of the version to make, greater than the base's.
    ///   - asOf: the date on which checks read dated fields.
    ///   - budget: for the checks.
    ///   - problemLimit: how many problems are listed.
    package func stage(
        _ request: ChangeRequest, on base: GraphVersion, number: UInt64, publishedAt: Instant, asOf: CivilDate,
        budget: Budget = Budget(), problemLimit: Int = ChangeReport.problemLimit
    ) -> StagedChanges {
        var report = ChangeReport(version: base.number, limit: problemLimit)
        report.isDryRun = request.isDryRun
        if let expected = request.expectedVersion, expected != String(base.number) {
            report.add(
                .init(
                    .otherVersion,
                    "The data is at version \(base.number), not \(expected.prefix(40)); read it again before changing it."))
            return StagedChanges(report: report, version: nil)
        }
        checkOverrides(request.overrides, into: &report)
        let applied: AppliedChanges
        do throws(ChangeSetRefused) {
            applied = try base.applied(
                request.changes, number: number, publishedAt: publishedAt, problemLimit: problemLimit)
        } catch {
            report.add(error, of: request.changes, in: self)
            return StagedChanges(report: report, version: nil)
        }
        report.counts = counts(request.changes, applied)
        var isRefused = report.problemCount > 0
        if !check(applied, of: request, asOf: asOf, budget: budget, into: &report) { isRefused = true }
        guard !isRefused, !request.isDryRun else { return StagedChanges(report: report, version: nil) }
        report.isApplied = true
        report.version = number
        return StagedChanges(report: report, version: applied.version)
    }

    private func counts(_ changes: ChangeSet, _ applied: AppliedChanges) -> [ChangeReport.Count] {
        var counts: [NodeTypeID: ChangeReport.Count] = [:]
        for (type, rows) in zip(changes.types, applied.rows) {
            var count = counts[type.type] ?? ChangeReport.Count(type: types[type.type.index].name)
            for row in rows {
                switch row.effect {
                case .added: count.added += 1
                case .changed: count.changed += 1
                case .unchanged: count.unchanged += 1
                }
            }
            count.deleted += type.deletedKeys.count
            counts[type.type] = count
        }
        return counts.sorted { $0.key < $1.key }.map(\.value)
            .filter { $0.added + $0.changed + $0.unchanged + $0.deleted > 0 }
    }
}
