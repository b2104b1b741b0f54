import Expressions
import StoreColumns

extension Model {
    /// Tests whether rows that changes add or alter go the way their procedures go, and that what never changes has not.
    ///
    /// - Returns: false where something that is not overridden refuses the changes.
    func checkProcedures(
        _ applied: AppliedChanges, of request: ChangeRequest, asOf: CivilDate, budget: Budget, into report: inout ChangeReport
    ) -> Bool {
        let overridden = Set(request.overrides.map(\.check))
        var mayApply = true
        for (changes, rows) in zip(request.changes.types, applied.rows) {
            let type = changes.type
            if self[type].procedures.steps != nil, !changes.deletedKeys.isEmpty {
                for (place, key) in changes.deletedKeys.enumerated() {
                    var problem = ChangeReport.Problem(
                        .checkFailed, "Rows of \(self[type].name) are added, and never deleted.")
                    problem.type = self[type].name
                    problem.list = .delete
                    problem.row = place
                    problem.key = KeyText.text(key, of: type, in: catalog)
                    problem.check = self[type].name
                    problem.reason = StepFault.appendOnly.rawValue
                    report.add(problem)
                }
                mayApply = false
            }
            var examiner = ProcedureExaminer(self, applied.version, base: applied.base, asOf: asOf, budget: budget)
            guard examiner.concerns(type) else { continue }
            var places: [RowNumber: Int] = [:]
            for (place, row) in rows.enumerated() where row.effect != .unchanged { places[row.row] = place }
            guard !places.isEmpty else { continue }
            var failure: EvaluationError?
            do throws(EvaluationError) {
                try examiner.examine(places.keys.sorted(), of: type)
            } catch {
                failure = error
            }
            for finding in examiner.findings {
                var problem = ChangeReport.Problem(finding)
                problem.type = self[type].name
                problem.row = places[finding.row]
                problem.key = places[finding.row].flatMap { changes.key(ofRow: $0, in: self.catalog) }
                    .map { KeyText.text($0, of: type, in: self.catalog) }
                report.add(problem)
                switch finding.severity {
                case .hard: mayApply = false
                case .soft: if !overridden.contains(finding.check) { mayApply = false }
                case .report: break
                }
            }
            if let failure {
                var problem = ChangeReport.Problem(
                    .checkFailed, "The procedures of \(self[type].name) could not be tested: \(failure).")
                problem.type = self[type].name
                report.add(problem)
                mayApply = false
            }
        }
        return mayApply
    }

    /// The rows of a version of which none was there before that did not go the way of their procedures.
    ///
    /// - Throws: where one cannot be tested, or the budget is spent.
    package func procedureBreaches(
        in version: GraphVersion, asOf: CivilDate, budget: Budget = Budget(rowLimit: .max)
    ) throws(EvaluationError) -> [(type: NodeTypeID, findings: [ProcedureFinding])] {
        var found: [(type: NodeTypeID, findings: [ProcedureFinding])] = []
        for type in types {
            var examiner = ProcedureExaminer(self, version, base: nil, asOf: asOf, budget: budget)
            guard examiner.concerns(type.nodeType), version[type.nodeType].liveRowCount > 0 else { continue }
            let rows = 0..<RowNumber(version[type.nodeType].rowCount)
            try examiner.examine(rows.filter { version[type.nodeType].isLive($0) }, of: type.nodeType)
            if !examiner.findings.isEmpty { found.append((type.nodeType, examiner.findings)) }
        }
        return found
    }
}

extension ChangeReport.Problem {
    init(_ finding: ProcedureFinding) {
        self.init(.checkFailed, finding.message)
        severity = finding.severity
        list = .upsert
        check = finding.check
        procedure = finding.procedure
        step = finding.step
        reason = finding.reason
    }
}
