import Expressions
import Model
import StoreColumns

/// What files hold, read and not yet loaded: a change set, where each of its rows came from, and what was wrong.
package struct ImportDraft: Sendable {
    /// The rows that one type mapping of one file made.
    struct Plan: Sendable {
        var type: TypePlan
        var file: SourceFile
        var headings: [String]
    }

    let model: Model
    let limits: ImportLimits
    let rows: [TypeRows]
    let plans: [Plan]
    /// What was found while reading. A change set of a draft with problems must not be loaded: rows are missing in it.
    package let report: ImportReport

    init(model: Model, limits: ImportLimits, report: ImportReport, rows: [TypeRows], plans: [Plan]) {
        self.model = model
        self.limits = limits
        self.report = report
        self.rows = rows
        self.plans = plans
    }

    /// All rows as one change set, types in the model's order, rows in the order of the files.
    package var changeSet: ChangeSet {
        ChangeSet(types: rows.map { TypeChanges(type: $0.type, columns: $0.columns, cells: $0.cells) })
    }

    /// The version that the files make of another: whole, or none.
    ///
    /// - Parameters:
    ///   - number: The new version's, greater than the other's.
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - asOf: The date on which checks read dated fields; nil: that of `publishedAt`, in UTC.
    /// - Throws: The report with every bad row, whether it was found in a file or between files.
    package func apply(
        to version: GraphVersion, number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [],
        asOf: CivilDate? = nil
    ) throws(ImportRefused) -> GraphVersion {
        let request = ChangeRequest(changeSet, overrides: overrides)
        let applied: AppliedChanges
        do throws(ChangeSetRefused) {
            applied = try version.applied(
                request.changes, number: number, publishedAt: publishedAt, problemLimit: limits.problems)
        } catch {
            throw refusal(error)
        }
        guard report.isClean else { throw ImportRefused(report) }
        var checked = ChangeReport(version: number)
        guard
            model.check(
                applied, of: request, asOf: asOf ?? publishedAt.day, budget: Budget(rowLimit: .max, byteLimit: .max),
                into: &checked)
        else {
            throw refusal(checked, overridden: Set(overrides.map(\.check)))
        }
        return applied.version
    }

    /// What the model's checks found, told in the words of the files.
    func refusal(_ checked: ChangeReport, overridden: Set<String>) -> ImportRefused {
        var report = report
        for problem in checked.problems {
            guard problem.severity != .report, let check = problem.check, !overridden.contains(check),
                let gathered = rows.first(where: { model[$0.type].name == problem.type }), let place = problem.row,
                place < gathered.rowCount
            else { continue }
            let plan = plans[Int(gathered.origins[place].plan)]
            guard let row = plan.row(at: gathered.origins[place], limits) else { continue }
            report.add(
                plan.problem(
                    .checkFailed, column: nil, row, value: nil, "\(problem.message) (check \(check))", model, limits),
                limit: limits.problems)
        }
        report.problemCount += checked.problemCount - checked.problems.count
        return ImportRefused(report)
    }

    /// What a store found wrong with the change set, told in the words of the files.
    package func refusal(_ refused: ChangeSetRefused) -> ImportRefused {
        var report = report
        var missingColumns: Set<MissingColumn> = []
        for problem in refused.problems {
            if case .missingValue = problem.reason, let missing = missingColumn(problem) {
                // A column that is missing is missing in every row: once is enough.
                if missingColumns.insert(missing).inserted {
                    report.add(plans[missing.plan].missing(missing.column, model), limit: limits.problems)
                }
            } else if let told = told(problem) {
                report.add(told, limit: limits.problems)
            }
        }
        // Those beyond the limit of the store are counted, not listed.
        report.problemCount += refused.problemCount - refused.problems.count
        return ImportRefused(report)
    }

    /// A column that the rows of a plan need and do not give.
    private struct MissingColumn: Hashable {
        var plan: Int
        var column: Int
    }

    private func missingColumn(_ problem: ChangeProblem) -> MissingColumn? {
        guard let gathered = rows.first(where: { $0.type == problem.type }), problem.row < gathered.rowCount,
            let column = problem.column
        else { return nil }
        let plan = Int(gathered.origins[problem.row].plan)
        return plans[plan].type.source(ofColumn: column) == nil ? MissingColumn(plan: plan, column: column) : nil
    }

    private func told(_ problem: ChangeProblem) -> ImportProblem? {
        guard let gathered = rows.first(where: { $0.type == problem.type }), problem.row < gathered.rowCount else {
            return ImportProblem(
                Self.reason(problem.reason), file: model[problem.type].name, message: Self.message(problem.reason, model))
        }
        if case .danglingReference = problem.reason, let column = problem.column, targetLostRows(problem.type, column) {
            // The row it names may be one of those that could not be read.
            return nil
        }
        let origin = gathered.origins[problem.row]
        let plan = plans[Int(origin.plan)]
        guard let row = plan.row(at: origin, limits) else { return nil }
        var message = Self.message(problem.reason, model)
        if case .duplicateKey(let first) = problem.reason, first < gathered.rowCount {
            let other = gathered.origins[first]
            let file = plans[Int(other.plan)].file
            let line = file.shownLine(Int(other.line))
            message += file.name == plan.file.name ? ", first in line \(line)" : ", first in \(file.name):\(line)"
        }
        if case .danglingReference = problem.reason, let column = problem.column { message = dangling(problem.type, column) }
        let columns = problem.column.map { [$0] } ?? model.catalog[problem.type].key
        return plan.problem(
            Self.reason(problem.reason), column: columns.first, row,
            value: value(columns, gathered, problem.row), message, model, limits)
    }

    func targetLostRows(_ type: NodeTypeID, _ column: Int) -> Bool {
        switch model.catalog[type].columns[column].kind {
        case .reference(let target), .referenceList(let target):
            rows.contains { $0.type == target && $0.badRowCount > 0 }
        default: false
        }
    }

    private func dangling(_ type: NodeTypeID, _ column: Int) -> String {
        switch model.catalog[type].columns[column].kind {
        case .reference(let target), .referenceList(let target): "no \(model[target].name) has this key"
        default: "no row has this key"
        }
    }

    /// The values at fault as one text: of one column, or of a key.
    func value(_ columns: [Int], _ gathered: TypeRows, _ row: Int) -> String? {
        var texts: [String] = []
        for column in columns {
            guard let cell = gathered.cell(row, column) else { return nil }
            var text: [UInt8] = []
            CellTextWriter.append(cell, model.catalog[gathered.type].columns[column].kind, in: model.catalog, to: &text)
            texts.append(String(decoding: text, as: UTF8.self))
        }
        return texts.allSatisfy(\.isEmpty) ? nil : texts.joined(separator: "|")
    }

    static func reason(_ reason: ChangeProblem.Reason) -> ImportProblem.Reason {
        switch reason {
        case .missingKey: .missingKey
        case .duplicateKey: .duplicateKey
        case .missingValue: .missingValue
        case .wrongKind: .wrongKind
        case .danglingReference: .danglingReference
        case .notUnique: .notUnique
        case .noSuchRow: .noSuchRow
        case .stillReferenced: .stillReferenced
        case .tooManyRows: .tooManyRows
        }
    }

    static func message(_ reason: ChangeProblem.Reason, _ model: Model) -> String {
        switch reason {
        case .missingKey: "the key is missing"
        case .duplicateKey: "the key stands twice"
        case .missingValue: "a value is required"
        case .wrongKind: "the value is of another kind"
        case .danglingReference: "no row has this key"
        case .notUnique: "another row has this value, which must be its own"
        case .noSuchRow: "the row to delete does not exist"
        case .stillReferenced(let type): "a row of \(model[type].name) still names the row to delete"
        case .tooManyRows: "more rows than a table can number"
        }
    }
}

extension ImportDraft.Plan {
    /// A row of the file, read once more.
    func row(at origin: RowOrigin, _ limits: ImportLimits) -> CSVRow? {
        var reader = CSVReader(limits: limits.csv, atRow: origin.start, line: Int(origin.line))
        var row = CSVRow()
        return (try? reader.next(file.bytes, into: &row)) == true ? row : nil
    }

    /// A column that its rows need and do not have.
    func missing(_ column: Int, _ model: Model) -> ImportProblem {
        let modelType = model[type.type]
        let field = modelType.fields.first { $0.column == column }
        let names = (field.map { [$0.name] } ?? []) + (field?.label.chinese.map { [$0] } ?? [])
        return ImportProblem(
            .missingValue, file: file.name, line: 1, field: field.map { "\(modelType.name).\($0.name)" },
            message: "the column '\(names.joined(separator: " or "))' is missing; a new \(modelType.name) needs it")
    }

    /// A problem of a row, at the cell that fills a column of its type.
    func problem(
        _ reason: ImportProblem.Reason, column: Int?, _ row: CSVRow, value: String?, _ message: String, _ model: Model,
        _ limits: ImportLimits
    ) -> ImportProblem {
        let modelType = model[type.type]
        let field = column.flatMap { column in modelType.fields.first { $0.column == column } }
        let position = column.flatMap { type.source(ofColumn: $0)?.firstColumn }
        let place = position.map { CSVReader.place(of: row.cells[$0].start, in: row, file.bytes) }
        let isHidden = field?.personal != nil && value != nil
        let shown = value.map { value in
            value.unicodeScalars.count > limits.valueCharacters ? "\(value.prefix(limits.valueCharacters))…" : value
        }
        return ImportProblem(
            reason, file: file.name, line: file.shownLine(place?.line ?? row.line),
            column: file.hasColumns ? place?.column : nil, cell: position.map { $0 + 1 },
            heading: position.map { headings[$0] }, field: field.map { "\(modelType.name).\($0.name)" },
            value: isHidden ? nil : shown, isValueHidden: isHidden, message: message)
    }
}
