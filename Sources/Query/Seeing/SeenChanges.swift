import Expressions
import Model
import QueryPlanning
import StoreColumns

/// Holds changes against what who makes them sees: every row that they change must be seen before and after, and what is not seen is
/// as if it were not there.
///
/// A key that a hidden row has is refused as a row is that would not be seen: whoever may make the row with other keys learns that
/// this one is taken. That a value is unique among all rows, or that a row is still referred to, is told as well. `SECURITY.md`
struct SeenChanges {
    let model: Model
    let base: GraphVersion
    let seenBase: GraphVersion
    let changes: ChangeSet

    /// What stands against the changes before they are applied.
    func problemsBefore() -> [ChangeReport.Problem] {
        var problems: [ChangeReport.Problem] = []
        func add(_ reason: ChangeProblem.Reason, _ type: NodeTypeID, _ row: Int, _ column: Int? = nil) {
            problems.append(
                ChangeReport.Problem(
                    ChangeProblem(type: type, row: row, column: column, reason: reason), of: changes, in: model))
        }
        for type in changes.types {
            for (place, key) in type.deletedKeys.enumerated() where isHidden(key, type.type) { add(.noSuchRow, type.type, place) }
            for place in 0..<type.rowCount {
                for (position, column) in type.columns.enumerated() {
                    guard let target = model.catalog[type.type].columns[column].kind.target else { continue }
                    let named: [Key] =
                        switch type.cells[place * type.columns.count + position] {
                        case .reference(let key): [key]
                        case .referenceList(let keys): keys
                        default: []
                        }
                    if named.contains(where: { isHidden($0, target) }) { add(.danglingReference, type.type, place, column) }
                }
                if let key = type.key(ofRow: place, in: model.catalog), isHidden(key, type.type) {
                    problems.append(outOfScope(type, place))
                }
            }
        }
        return problems
    }

    /// What stands against them once they are.
    /// - Parameter seen: what they make, as it is seen.
    func problemsAfter(_ applied: AppliedChanges, seen: GraphVersion) -> [ChangeReport.Problem] {
        var problems: [ChangeReport.Problem] = []
        for (type, rows) in zip(changes.types, applied.rows) {
            for (place, row) in rows.enumerated() where !seen[type.type].isLive(row.row) {
                problems.append(outOfScope(type, place))
            }
        }
        return problems
    }

    private func isHidden(_ key: Key, _ type: NodeTypeID) -> Bool {
        base.row(of: type, forKey: key) != nil && seenBase.row(of: type, forKey: key) == nil
    }

    private func outOfScope(_ type: TypeChanges, _ place: Int) -> ChangeReport.Problem {
        let name = model[type.type].name
        var problem = ChangeReport.Problem(
            .outOfScope, "The \(name) is not one that you may change, or would not be one any more.")
        problem.type = name
        problem.list = .upsert
        problem.row = place
        problem.key = type.key(ofRow: place, in: model.catalog).map { KeyText.text($0, of: type.type, in: model.catalog) }
        return problem
    }
}

extension QueryService {
    /// What checks changes of somebody who sees a part of the rows.
    func stageSeen(_ request: ChangeRequest, of mutation: Mutation, _ seenVersions: SeenVersions) -> ChangeStage {
        let (model, limits) = (model, limits)
        return { base, number, publishedAt in
            func refused(_ problems: [ChangeReport.Problem]) -> StagedChanges {
                var report = ChangeReport(version: base.number)
                report.isDryRun = request.isDryRun
                for problem in problems { report.add(problem) }
                return StagedChanges(report: report, version: nil)
            }
            let budget = Budget(
                rowLimit: limits.rowsVisited, byteLimit: limits.answerBytes, memoryLimit: limits.queryMemoryBytes)
            do throws(RequestError) {
                let seenBase = try seenVersions.version(base, for: mutation.viewer, on: mutation.today, budget)
                let seen = SeenChanges(model: model, base: base, seenBase: seenBase, changes: request.changes)
                let before = seen.problemsBefore()
                guard before.isEmpty else { return refused(before) }
                // What the graph itself refuses is told by whoever stages it.
                if let applied = try? base.applied(request.changes, number: number, publishedAt: publishedAt) {
                    let after = seen.problemsAfter(
                        applied,
                        seen: try seenVersions.passing(applied.version, for: mutation.viewer, on: mutation.today, budget))
                    guard after.isEmpty else { return refused(after) }
                }
            } catch {
                return refused([.init(.outOfScope, error.errors.map(\.message).joined(separator: " "))])
            }
            return model.stage(request, on: base, number: number, publishedAt: publishedAt, asOf: mutation.asOf)
        }
    }
}
