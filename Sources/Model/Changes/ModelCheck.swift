import Expressions
import StoreColumns

/// A rule that rows of a type keep: `@check(id:, cel:, severity:)`. `design.md` §2
package struct ModelCheck: Sendable {
    package let id: String
    package let type: NodeTypeID
    package let severity: CheckSeverity
    /// True of rows that keep it. Only rows for which it is FALSE fail: a value that is missing breaks no rule.
    package let expression: Expression
    /// What it asks, in words.
    package let label: Label
    /// In English; the expression where nobody wrote any.
    package let explanation: String
}

extension Model {
    /// All checks, by type.
    package var checks: [ModelCheck] { types.flatMap(\.checks) }

    /// Overrides must name a SOFT check and say why.
    func checkOverrides(_ overrides: [ChangeRequest.Override], into report: inout ChangeReport) {
        for override in overrides {
            var problem: ChangeReport.Problem?
            let known = checks.filter { $0.id == override.check } + guards.map(\.check).filter { $0.id == override.check }
            if !known.contains(where: { $0.severity == .soft }) {
                let isKnown = !known.isEmpty
                problem = .init(
                    .unknownCheck,
                    isKnown
                        ? "'\(override.check)' is not a SOFT check and cannot be overridden."
                        : "The model has no check '\(override.check.prefix(100))'.")
            } else if override.reason.allSatisfy(\.isWhitespace) {
                problem = .init(.missingValue, "An override needs a reason.")
            }
            guard var problem else { continue }
            problem.check = override.check
            report.add(problem)
        }
    }

    /// Tests the checks on rows that are new or differ.
    /// - Returns: false where a check that is not overridden refuses the changes.
    package func check(
        _ applied: AppliedChanges, of request: ChangeRequest, asOf: CivilDate, budget: Budget = Budget(rowLimit: .max),
        into report: inout ChangeReport
    ) -> Bool {
        let overridden = Set(request.overrides.map(\.check))
        var mayApply = true
        // Many types have no checks, and many changes no rows that differ.
        var prepared: (values: ParameterValues, context: EvaluationContext)?
        for (changes, rows) in zip(request.changes.types, applied.rows) {
            let checks = types[changes.type.index].checks
            guard !checks.isEmpty, rows.contains(where: { $0.effect != .unchanged }) else { continue }
            let (values, context) = prepared ?? standardContext(applied.version, asOf: asOf, budget)
            prepared = (values, context)
            for check in checks {
                let failure = { (place: Int, message: String) in
                    var problem = ChangeReport.Problem(.checkFailed, message)
                    problem.severity = check.severity
                    problem.type = self[changes.type].name
                    problem.list = .upsert
                    problem.row = place
                    problem.key = changes.key(ofRow: place, in: self.catalog)
                        .map { KeyText.text($0, of: changes.type, in: self.catalog) }
                    problem.check = check.id
                    return problem
                }
                var failed = 0
                do throws(EvaluationError) {
                    var evaluator = try CompiledPredicate(
                        check.expression.bound(to: values), on: changes.type, context
                    ).makeEvaluator()
                    for (place, row) in rows.enumerated() where row.effect != .unchanged {
                        guard try evaluator.truth(of: row.row) == .no else { continue }
                        failed += 1
                        report.add(failure(place, check.explanation))
                    }
                    try evaluator.finish()
                } catch {
                    failed += 1
                    report.add(failure(0, "The check '\(check.id)' could not be made: \(error)."))
                }
                if failed > 0, check.severity == .hard || check.severity == .soft && !overridden.contains(check.id) {
                    mayApply = false
                }
            }
        }
        if !checkProcedures(applied, of: request, asOf: asOf, budget: budget, into: &report) { mayApply = false }
        return mayApply
    }
}

extension Model {
    /// The rows of a version that do not keep a check, by check, whole types at once; checks that all rows keep are left out.
    /// What was loaded in bulk is tested so, and what was there before a check was.
    ///
    /// - Parameter spreading: who evaluates the checks, which do not need one another.
    /// - Throws: where a check cannot be evaluated, or the budget is spent.
    package func breaches(
        in version: GraphVersion, asOf: CivilDate, budget: Budget = Budget(rowLimit: .max), by spreading: Spreading = .inOrder
    ) throws(EvaluationError) -> [(check: ModelCheck, rows: [RowNumber])] {
        let (values, context) = standardContext(version, asOf: asOf, budget)
        let results = spreading.results(weights: checks.map { version[$0.type].rowCount }) { place in
            Result { () throws(EvaluationError) in
                let check = checks[place]
                return try CompiledPredicate(.not(check.expression.bound(to: values)), on: check.type, context).rows().array()
            }
        }
        var found: [(check: ModelCheck, rows: [RowNumber])] = []
        for (check, result) in zip(checks, results) {
            let rows = try result.get()
            if !rows.isEmpty { found.append((check, rows)) }
        }
        return found
    }

    /// What checks are evaluated in, with the values of the parameters that they read.
    private func standardContext(
        _ version: GraphVersion, asOf: CivilDate, _ budget: Budget
    ) -> (values: ParameterValues, context: EvaluationContext) {
        let bound = standardParameters(in: version, asOf: asOf)
        return (
            bound.values,
            EvaluationContext(
                version: version, rowTypes: bound.rowTypes, asOf: asOf, budget: budget,
                derived: DerivedColumns(bound.rowTypes))
        )
    }
}

extension Instant {
    /// Its day in UTC.
    package var day: CivilDate {
        let microsecondsADay: Int64 = 86_400_000_000
        let days = microseconds / microsecondsADay - (microseconds % microsecondsADay < 0 ? 1 : 0)
        return Int32(exactly: days).flatMap(CivilDate.init(days:)) ?? (days < 0 ? .earliest : .latest)
    }
}
