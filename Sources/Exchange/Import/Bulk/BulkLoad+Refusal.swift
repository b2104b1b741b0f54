import Model
import StoreColumns

// Nothing of the rows was held: those at fault are found in the files, read again as cells, and told as a change set's are.
extension BulkLoad {
    /// Rows that do not go together, at their places in the files.
    func report(of refused: ChangeSetRefused, _ report: ImportReport) -> ImportReport {
        let found = refused.problems.filter { !$0.follows(from: refused.problems) }
        var rows: [NodeTypeID: Set<Int>] = [:]
        for problem in found {
            rows[problem.type, default: []].insert(problem.row)
            if case .duplicateKey(let first) = problem.reason { rows[problem.type, default: []].insert(first) }
        }
        let (draft, places) = self.draft(of: rows, report)
        func place(_ row: Int, _ type: NodeTypeID) -> Int { places[type]?[row] ?? .max }
        let problems = found.map { problem in
            var problem = problem
            if case .duplicateKey(let first) = problem.reason {
                problem.reason = .duplicateKey(firstRow: place(first, problem.type))
            }
            problem.row = place(problem.row, problem.type)
            return problem
        }
        let problemCount = refused.problemCount - refused.problems.count + problems.count
        return draft.refusal(ChangeSetRefused(problems, problemCount: problemCount)).report
    }

    /// Rows that do not keep a check or a procedure, at their places in the files.
    func report(of breaches: [BulkBreach], _ report: ImportReport) -> ImportReport {
        var rows: [NodeTypeID: Set<Int>] = [:]
        var shown = 0
        for breach in breaches where shown < limits.problems {
            let first = breach.rows.prefix(limits.problems)
            shown += first.count
            rows[breach.type, default: []].formUnion(first.map(Int.init))
        }
        let (draft, places) = self.draft(of: rows, report)
        var checked = ChangeReport(version: 0)
        for breach in breaches {
            for row in breach.rows.prefix(limits.problems) {
                var problem = ChangeReport.Problem(.checkFailed, breach.message)
                problem.severity = breach.severity
                problem.type = model[breach.type].name
                problem.list = .upsert
                problem.row = places[breach.type]?[Int(row)]
                problem.check = breach.check
                checked.add(problem)
            }
            checked.problemCount += max(0, breach.rows.count - limits.problems)
        }
        return draft.refusal(checked, overridden: []).report
    }

    /// A draft of some rows, and where each of them is in it.
    private func draft(
        of rows: [NodeTypeID: Set<Int>], _ report: ImportReport
    ) -> (draft: ImportDraft, places: [NodeTypeID: [Int: Int]]) {
        var plans: [ImportDraft.Plan] = []
        var firstPlans: [Int] = []
        for file in plan.files {
            firstPlans.append(plans.count)
            plans += file.types.map { ImportDraft.Plan(type: $0, file: file.file, headings: file.headings) }
        }
        var gathered: [TypeRows] = []
        var places: [NodeTypeID: [Int: Int]] = [:]
        for type in model.types {
            guard let wanted = rows[type.nodeType] else { continue }
            let gatherer = TypeGatherer(
                type, columns: plan.columns[type.nodeType.index] ?? [], remembersKeys: false, model,
                plan.files.first?.profile ?? .lenient)
            for (number, origin) in origins(of: type.nodeType, rows: wanted).sorted(by: { $0.key < $1.key }) {
                let file = plan.files[origin.file]
                let isGathered = gatherer.take(
                    origin, file.types[origin.plan], at: firstPlans[origin.file] + origin.plan, of: file.file,
                    lookUps: made?.lookUps ?? [], limits)
                if isGathered { places[type.nodeType, default: [:]][number] = gatherer.rows.rowCount - 1 }
            }
            gathered.append(gatherer.rows)
        }
        return (ImportDraft(model: model, limits: limits, report: report, rows: gathered, plans: plans), places)
    }
}

extension TypeGatherer {
    /// Makes the row that comes from one place; whether it did.
    fileprivate func take(
        _ origin: BulkLoad.Origin, _ type: TypePlan, at plan: Int, of file: SourceFile, lookUps: [TextTable],
        _ limits: ImportLimits
    ) -> Bool {
        let bytes = file.bytes
        var reader = CSVReader(limits: limits.csv, atRow: origin.start, line: origin.line)
        var row = CSVRow()
        guard (try? reader.next(bytes, into: &row)) == true else { return false }
        var text = RowText(lookUps: lookUps, type.profile)
        var faults: [Fault] = []
        return take(row, by: type, readers(of: type), at: plan, &text, bytes, faults: &faults) == .added
    }
}

extension ChangeProblem {
    /// Whether it only follows from another one: a row whose key names nobody, or stands twice, is no row that others could repeat.
    fileprivate func follows(from problems: [ChangeProblem]) -> Bool {
        switch reason {
        case .duplicateKey: problems.contains { $0.type == type && $0.row == row && $0.reason == .danglingReference }
        case .notUnique:
            problems.contains { other in
                guard other.type == type, other.row == row else { return false }
                if case .duplicateKey = other.reason { return true }
                return other.reason == .danglingReference
            }
        default: false
        }
    }
}
