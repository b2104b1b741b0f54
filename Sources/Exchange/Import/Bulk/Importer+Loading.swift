import Expressions
import Model
import StoreColumns

extension Importer {
    /// Reads all files and makes the first version of a register of them.
    ///
    /// They go straight into columns, block by block on all cores; memory is that of the result, of its keys once more, and of a few
    /// blocks. The moment anything is found wrong the way is that of `read` and `apply`, whose report names every bad row, so that what
    /// is told does not depend on the way. The model's checks are made on either.
    ///
    /// - Parameters:
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - asOf: The date on which checks read dated fields.
    ///   - workers: How many blocks are read at the same time.
    ///   - progress: Called now and then, from any thread.
    package func load(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [], asOf: CivilDate,
        workers: Int = 1, progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(ImportRefused) -> (version: GraphVersion, report: ImportReport) {
        if let loaded = loadInBulk(
            files, number: number, publishedAt: publishedAt, overrides: overrides, asOf: asOf, workers: workers, progress)
        {
            return loaded
        }
        let draft = read(files)
        let version = try draft.apply(
            to: .empty(catalog: model.catalog), number: number, publishedAt: publishedAt, overrides: overrides, asOf: asOf)
        return (version, draft.report)
    }

    /// The fast way; nil where it is not open to these files, or they hold something wrong.
    package func loadInBulk(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [], asOf: CivilDate,
        workers: Int, _ progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) -> (version: GraphVersion, report: ImportReport)? {
        var planner = Planner(model: model, limits: limits, checksText: false)
        if let list = files.first(where: { $0.name == ChecksumList.fileName }) { planner.check(files, by: list) }
        if let mapping { planner.plan(files, by: mapping) } else { planner.plan(files) }
        guard planner.report.isClean else { return nil }
        var plan = planner.plan
        plan.align()
        guard let load = BulkLoad(plan, model, limits, workers: workers, progress) else { return nil }
        guard let counts = load.run(), let version = load.finish(number: number, publishedAt: publishedAt),
            keepsChecks(version, overrides, asOf)
        else { return nil }
        var report = planner.report
        for (file, count) in zip(plan.files, counts) {
            guard let place = report.files.firstIndex(where: { $0.name == file.file.name }) else { continue }
            report.files[place].rowCount = count.rowCount
            for (type, madeCount) in zip(file.types, count.madeCounts) {
                report.files[place].add(madeCount, of: model[type.type].name)
            }
        }
        return (version, report)
    }

    /// Whether no check stands against a version. One that cannot be made does: the other way knows what to say of it.
    private func keepsChecks(_ version: GraphVersion, _ overrides: [ChangeRequest.Override], _ asOf: CivilDate) -> Bool {
        do throws(EvaluationError) {
            // Whole types at once: the bounds of a question are not those of a load.
            let budget = Budget(rowLimit: .max, byteLimit: .max)
            return try model.breaches(in: version, asOf: asOf, budget: budget).allSatisfy { check, _ in
                switch check.severity {
                case .hard: false
                case .soft: overrides.contains { $0.check == check.id }
                case .report: true
                }
            }
        } catch {
            return false
        }
    }
}
