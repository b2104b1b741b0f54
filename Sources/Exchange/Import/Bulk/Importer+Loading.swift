import Expressions
import Model
import StoreColumns

extension Importer {
    /// Reads all files and makes the first version of a register of them.
    ///
    /// They go straight into columns, block by block on all cores; memory is that of the result, of its keys once more, and of a few
    /// blocks. Where something is found wrong in small files the way is that of `read` and `apply`, whose report names every bad row.
    /// Rows of large ones are not held: first each is looked at by itself; then those that do not go together are told, or do not keep a
    /// check. So what is told does not depend on the number of threads, and what it takes not on the number of rows.
    ///
    /// - Parameters:
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - asOf: The date on which checks read dated fields.
    ///   - workers: How many blocks are read at the same time.
    ///   - tell: Called with a line for whoever waits, where the files have to be read in another way.
    ///   - progress: Called now and then, from any thread.
    package func load(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [], asOf: CivilDate,
        workers: Int = 1, tell: (String) -> Void = { _ in },
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(ImportRefused) -> (version: GraphVersion, report: ImportReport) {
        let files = OpenedFiles(files, limits, choices)
        let isHeld = files.tables.reduce(0) { $0 + $1.byteCount } <= limits.heldBytes
        switch loadInBulk(
            files, number: number, publishedAt: publishedAt, overrides: overrides, asOf: asOf, workers: workers,
            tellsConflicts: !isHeld, checksRules: true, progress)
        {
        case .loaded(let version, let report): return (version, report)
        case .refused(let report): throw ImportRefused(report)
        case .stopped(let obstacle):
            tell("the files cannot be loaded in bulk (\(obstacle)); they are read row by row")
            if !isHeld {
                var report = read(files, holdsRows: false).report
                report.notes.append(
                    "the files have more than \(limits.heldBytes) bytes, so each row was looked at by itself; what is wrong between rows "
                        + "is told once every row can be read")
                guard report.isClean else { throw ImportRefused(report) }
                tell("each row by itself can be read; they are read again and held against one another, which takes much memory")
            }
            let draft = read(files, holdsRows: true)
            let version = try draft.apply(
                to: .empty(catalog: model.catalog), number: number, publishedAt: publishedAt, overrides: overrides, asOf: asOf)
            return (version, draft.report)
        }
    }

    /// Makes the version that files were written of: texts as they stand, and no rule asked, which they were when the rows came.
    ///
    /// - Throws: What keeps the files from being what was written: they were made otherwise, or the model is another one.
    func loadExactly(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, workers: Int,
        progress: @escaping @Sendable (ImportProgress) -> Void
    ) throws(ImportRefused) -> GraphVersion {
        switch loadInBulk(
            files, number: number, publishedAt: publishedAt, asOf: publishedAt.day, workers: workers, tellsConflicts: true,
            checksRules: false, progress)
        {
        case .loaded(let version, _): return version
        case .refused(let report): throw ImportRefused(report)
        case .stopped(let obstacle):
            var report = read(OpenedFiles(files, limits, choices), holdsRows: false).report
            if report.isClean {
                report.add(
                    ImportProblem(.cellCount, file: files.first?.name ?? "", message: "\(obstacle)"), limit: limits.problems)
            }
            throw ImportRefused(report)
        }
    }

    /// What a load in bulk comes to.
    package enum BulkOutcome: Sendable {
        case loaded(GraphVersion, ImportReport)
        /// Every row can be read, and some do not go together or do not keep a check.
        case refused(ImportReport)
        case stopped(BulkObstacle)

        package var isLoaded: Bool { if case .loaded = self { true } else { false } }
    }

    /// The fast way, which stops where files hold something wrong, or something that it does not read.
    ///
    /// - Parameter tellsConflicts: Whether rows that do not go together are told here, or only stop it.
    package func loadInBulk(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [], asOf: CivilDate,
        workers: Int, tellsConflicts: Bool = false, checksRules: Bool = true,
        _ progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) -> BulkOutcome {
        loadInBulk(
            OpenedFiles(files, limits, choices), number: number, publishedAt: publishedAt, overrides: overrides, asOf: asOf,
            workers: workers, tellsConflicts: tellsConflicts, checksRules: checksRules, progress)
    }

    private func loadInBulk(
        _ files: OpenedFiles, number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override], asOf: CivilDate,
        workers: Int, tellsConflicts: Bool, checksRules: Bool, _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) -> BulkOutcome {
        let planner = planner(files, checksText: false)
        guard planner.report.isClean else { return .stopped(.headings(problemCount: planner.report.problemCount)) }
        var plan = planner.plan
        plan.align()
        let load = BulkLoad(plan, model, limits, workers: workers, progress)
        guard let counts = load.run() else { return .stopped(load.obstacle) }
        var report = planner.report
        for (file, count) in zip(plan.files, counts) {
            guard let place = report.files.firstIndex(where: { $0.name == file.file.name }) else { continue }
            report.files[place].rowCount = count.rowCount
            for (type, madeCount) in zip(file.types, count.madeCounts) {
                report.files[place].add(madeCount, of: model[type.type].name)
            }
        }
        let version: GraphVersion
        do throws(ChangeSetRefused) {
            version = try load.finish(number: number, publishedAt: publishedAt)
        } catch {
            guard tellsConflicts else { return .stopped(.conflicts(count: error.problemCount)) }
            return .refused(load.report(of: error, report))
        }
        guard checksRules else { return .loaded(version, report) }
        do throws(EvaluationError) {
            let breaches = try standing(version, overrides, asOf, workers: workers)
            if breaches.isEmpty { return .loaded(version, report) }
            guard tellsConflicts else { return .stopped(.conflicts(count: breaches.reduce(0) { $0 + $1.rows.count })) }
            return .refused(load.report(of: breaches, report))
        } catch {
            return .stopped(.check("\(error)"))
        }
    }

    /// What stands against a version: the checks that rows do not keep, and the procedures that they do not follow.
    private func standing(
        _ version: GraphVersion, _ overrides: [ChangeRequest.Override], _ asOf: CivilDate, workers: Int
    ) throws(EvaluationError) -> [BulkBreach] {
        // Whole types at once: the bounds of a question are not those of a load.
        let budget = Budget(rowLimit: .max, byteLimit: .max)
        func stands(_ severity: CheckSeverity, _ id: String) -> Bool {
            switch severity {
            case .hard: true
            case .soft: !overrides.contains { $0.check == id }
            case .report: false
            }
        }
        var breaches: [BulkBreach] = []
        let ofChecks = try model.breaches(in: version, asOf: asOf, budget: budget, by: .threads(atMost: workers))
        for (check, rows) in ofChecks where stands(check.severity, check.id) {
            breaches.append(
                BulkBreach(
                    check: check.id, type: check.type, severity: check.severity, message: check.explanation, rows: rows))
        }
        for (type, findings) in try model.procedureBreaches(in: version, asOf: asOf, budget: budget) {
            for finding in findings where stands(finding.severity, finding.check) {
                breaches.append(
                    BulkBreach(
                        check: finding.check, type: type, severity: finding.severity, message: finding.message,
                        rows: [finding.row]))
            }
        }
        return breaches
    }
}

/// Rows that a load in bulk brought and that break a rule.
struct BulkBreach {
    var check: String
    var type: NodeTypeID
    var severity: CheckSeverity
    var message: String
    var rows: [RowNumber]
}
