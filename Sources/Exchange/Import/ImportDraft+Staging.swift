import Model
import StoreColumns

/// What the rows of files make of a version.
package struct StagedImport: Sendable {
    /// What was staged last: without the rows that are left out, with those that are removed.
    package var request: ChangeRequest
    /// In the words of the model, at places in the files.
    package var report: ChangeReport
    /// Nil where nothing is to be applied: refused, a dry run, or no row.
    package var version: GraphVersion?
}

extension ImportDraft {
    /// Checks the rows against a version as a whole, on the way of every other change (`Model.stage`), and again without bad
    /// ones where these may be left out.
    ///
    /// - Parameters:
    ///   - fingerprint: Tells these files from others under the same `changeID`.
    ///   - asOf: The date on which checks read dated fields.
    package func stage(
        _ terms: ImportTerms, fingerprint: [UInt8], on base: GraphVersion, number: UInt64, publishedAt: Instant, asOf: CivilDate
    ) -> StagedImport {
        let rowCount = report.files.reduce(0) { $0 + $1.rowCount }
        let unreadCount = report.files.reduce(0) { $0 + $1.badRowCount }
        let allowance = terms.badRowShare.map { Int((Double(rowCount) * min(max($0, 0), 1)).rounded(.down)) }
        let isReadable = report.isClean || (allowance ?? -1) >= unreadCount && report.problems.allSatisfy(\.isOfRow)
        var leaves = rows.map { _ in Set<Int>() }
        var found: [ChangeReport.Problem] = []
        while true {
            let (changes, places) = changes(leaving: leaves, terms, base)
            let request = ChangeRequest(
                changes, isDryRun: terms.isDryRun || !isReadable, expectedVersion: terms.expectedVersion,
                changeID: terms.changeID, fingerprint: fingerprint, overrides: terms.overrides, reason: terms.reason)
            let staged = model.stage(
                request, on: base, number: number, publishedAt: publishedAt, asOf: asOf,
                problemLimit: max(ChangeReport.problemLimit, allowance ?? 0))
            let overridden = Set(terms.overrides.map(\.check))
            let against = staged.report.problems.filter { $0.stands(despite: overridden) }
            let leftOutCount = unreadCount + leaves.reduce(0) { $0 + $1.count }
            if let allowance, isReadable, !against.isEmpty, against.allSatisfy({ $0.list == .upsert && $0.row != nil }) {
                var next = leaves
                for problem in against {
                    guard let index = rows.firstIndex(where: { model[$0.type].name == problem.type }), let row = problem.row
                    else { continue }
                    next[index].insert(places[index]?[row] ?? row)
                }
                if unreadCount + next.reduce(0, { $0 + $1.count }) <= allowance {
                    found += against.compactMap { told($0, places, isLeftOut: true) }
                    leaves = next
                    continue
                }
            }
            var report = started(staged.report, terms)
            report.leftOutCount = staged.version != nil || terms.isDryRun && against.isEmpty ? leftOutCount : 0
            for problem in self.report.problems { report.add(ChangeReport.Problem(problem)) }
            report.problemCount += self.report.problemCount - self.report.problems.count
            for problem in found { report.add(problem) }
            add(staged.report, places, to: &report)
            return StagedImport(request: request, report: report, version: staged.version)
        }
    }

    /// A report with everything but the problems.
    private func started(_ staged: ChangeReport, _ terms: ImportTerms) -> ChangeReport {
        var report = ChangeReport(version: staged.version)
        (report.isApplied, report.isDryRun, report.counts) = (staged.isApplied, terms.isDryRun, staged.counts)
        report.files = self.report.reportFiles
        report.notes = self.report.notes
        report.passedOver = self.report.passedOver.map(\.told)
        report.tables = self.report.tables
        return report
    }

    private func add(_ staged: ChangeReport, _ places: [[Int]?], to report: inout ChangeReport) {
        var missing: Set<MissingColumn> = []
        for problem in staged.problems {
            // A column that no file gives is missing in every row: once is enough.
            if problem.code == .missingValue, let column = missingColumn(problem, places), !missing.insert(column).inserted {
                continue
            }
            if let problem = told(problem, places) { report.add(problem) }
        }
        report.problemCount += staged.problemCount - staged.problems.count
    }

    // MARK: - Rows

    /// - Returns: the change set, and for types of which rows are left out where each row of it stands in `rows`.
    private func changes(
        leaving leaves: [Set<Int>], _ terms: ImportTerms, _ base: GraphVersion
    ) -> (ChangeSet, places: [[Int]?]) {
        var changes = ChangeSet()
        var places: [[Int]?] = []
        for (gathered, left) in zip(rows, leaves) {
            var type = TypeChanges(type: gathered.type, columns: gathered.columns)
            if left.isEmpty {
                type.cells = gathered.cells
                places.append(nil)
            } else {
                let stay = (0..<gathered.rowCount).filter { !left.contains($0) }
                let width = gathered.columns.count
                for row in stay { type.cells += gathered.cells[row * width..<(row + 1) * width] }
                places.append(stay)
            }
            if terms.removesMissing { type.deletedKeys = missingKeys(type, base) }
            changes.types.append(type)
        }
        return (changes, places)
    }

    /// Keys of rows that the version has and the files do not bring.
    private func missingKeys(_ given: TypeChanges, _ base: GraphVersion) -> [Key] {
        let table = base[given.type]
        var isGiven = [Bool](repeating: false, count: table.rowCount)
        for row in 0..<given.rowCount {
            if let key = given.key(ofRow: row, in: model.catalog), let number = base.row(of: given.type, forKey: key) {
                isGiven[Int(number)] = true
            }
        }
        return isGiven.indices.filter { !isGiven[$0] && table.isLive(RowNumber(truncatingIfNeeded: $0)) }
            .map { base.key(of: RowNumber(truncatingIfNeeded: $0), type: given.type) }
    }

    // MARK: - Places

    private struct MissingColumn: Hashable {
        var plan: UInt32
        var field: String
    }

    private func gathered(_ problem: ChangeReport.Problem, _ places: [[Int]?]) -> (rows: TypeRows, row: Int)? {
        guard problem.list == .upsert, let row = problem.row,
            let index = rows.firstIndex(where: { model[$0.type].name == problem.type })
        else { return nil }
        let place = places[index].map { row < $0.count ? $0[row] : row } ?? row
        return place < rows[index].rowCount ? (rows[index], place) : nil
    }

    private func column(_ problem: ChangeReport.Problem, _ type: NodeTypeID) -> Int? {
        problem.field.flatMap { name in model[type].field(named: name)?.column }
    }

    private func missingColumn(_ problem: ChangeReport.Problem, _ places: [[Int]?]) -> MissingColumn? {
        guard let (rows, row) = gathered(problem, places), let field = problem.field,
            let column = column(problem, rows.type)
        else { return nil }
        let plan = rows.origins[row].plan
        return plans[Int(plan)].type.source(ofColumn: column) == nil ? MissingColumn(plan: plan, field: field) : nil
    }

    /// A problem at its place in a file; nil where it only follows from a row that could not be read.
    /// - Parameter isLeftOut: Its row is left out, which is told in any case.
    private func told(
        _ problem: ChangeReport.Problem, _ places: [[Int]?], isLeftOut: Bool = false
    ) -> ChangeReport.Problem? {
        guard let (rows, row) = gathered(problem, places) else { return problem }
        let column = column(problem, rows.type)
        if !isLeftOut, problem.code == .danglingReference, let column, targetLostRows(rows.type, column) { return nil }
        let origin = rows.origins[row]
        let plan = plans[Int(origin.plan)]
        guard let read = plan.row(at: origin, limits) else { return problem }
        let columns = column.map { [$0] } ?? model.catalog[rows.type].key
        let placed = plan.problem(
            .checkFailed, column: problem.check == nil ? columns.first : nil, read,
            value: problem.check == nil ? value(columns, rows, row) : nil, problem.message, model, limits)
        var problem = problem
        problem.place = placed.place
        return problem
    }
}

extension ImportReport {
    /// The files, as every report lists them.
    package var reportFiles: [ChangeReport.File] {
        files.map {
            ChangeReport.File(name: $0.name, byteCount: $0.byteCount, rowCount: $0.rowCount, badRowCount: $0.badRowCount)
        }
    }
}

extension ImportProblem {
    var place: ChangeReport.Problem.Place {
        ChangeReport.Problem.Place(
            file: file, line: line, column: column, cell: cell, heading: heading, value: value, isValueHidden: isValueHidden)
    }

    /// Whether leaving a row out does away with it: what is wrong with a file as a whole stays.
    var isOfRow: Bool {
        switch reason {
        case .cellCount, .notBoolean, .notWholeNumber, .notNumber, .notDate, .notDateTime, .outOfRange, .tooManyDigits,
            .unknownValue, .ambiguousValue, .lostPrecision, .wrongKey, .endsBeforeItBegins, .missingKey, .missingValue,
            .wrongKind,
            .wrongQuoting, .notUTF8:
            line != nil
        default: false
        }
    }
}

extension ChangeReport {
    /// Whether one of its problems keeps the changes from being applied.
    package func stands(despite overridden: Set<String>) -> Bool { problems.contains { $0.stands(despite: overridden) } }
}

extension ChangeReport.Problem {
    /// What was found in a file before any row was compared with another.
    package init(_ problem: ImportProblem) {
        self.init(.unreadable, problem.message)
        place = problem.place
        reason = problem.reason.rawValue
        let parts = problem.field?.split(separator: ".", maxSplits: 1).map(String.init) ?? []
        if parts.count == 2 { (type, field) = (parts[0], parts[1]) }
    }

    /// Whether it keeps the changes from being applied.
    fileprivate func stands(despite overridden: Set<String>) -> Bool {
        switch severity {
        case .hard: true
        case .soft: check.map { !overridden.contains($0) } ?? true
        case .report: false
        }
    }
}
