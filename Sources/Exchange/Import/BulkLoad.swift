import Dispatch
import Expressions
import Model
import StoreColumns
import Synchronization

extension Importer {
    /// Reads all files and makes the first version of a register of them.
    ///
    /// Files in our own shape go straight into columns, several at the same time; memory is that of the texts and of the result. The
    /// moment anything is found wrong the way is that of `read` and `apply`, whose report names every bad row, so that what is told does
    /// not depend on the way. The model's checks are made on either.
    ///
    /// - Parameters:
    ///   - overrides: Let rows pass that do not keep a SOFT check of the model.
    ///   - asOf: The date on which checks read dated fields.
    ///   - workers: How many files are read at the same time.
    ///   - progress: Called with the share that is done, from 0 to 1, from any thread.
    package func load(
        _ files: [SourceFile], number: UInt64, publishedAt: Instant, overrides: [ChangeRequest.Override] = [], asOf: CivilDate,
        workers: Int = 1, progress: @escaping @Sendable (Double) -> Void = { _ in }
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
        workers: Int, _ progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) -> (version: GraphVersion, report: ImportReport)? {
        guard mapping == nil else { return nil }
        var planner = Planner(model: model, limits: limits)
        if let list = files.first(where: { $0.name == ChecksumList.fileName }) { planner.check(files, by: list) }
        planner.plan(files)
        guard planner.report.isClean else { return nil }
        var plan = planner.plan
        plan.align()
        guard let load = BulkLoad(plan, model, limits, workers: workers, progress) else { return nil }
        guard let rowCounts = load.run(), let version = load.finish(number: number, publishedAt: publishedAt),
            keepsChecks(version, overrides, asOf)
        else { return nil }
        var report = planner.report
        for (file, rowCount) in zip(plan.files, rowCounts) {
            guard let place = report.files.firstIndex(where: { $0.name == file.file.name }) else { continue }
            report.files[place].rowCount = rowCount
            report.files[place].types = file.types.map {
                ImportReport.TypeCount(type: model[$0.type].name, rowCount: rowCount)
            }
        }
        return (version, report)
    }

    /// Whether no check stands against a version. One that cannot be made does: the other way knows what to say of it.
    private func keepsChecks(_ version: GraphVersion, _ overrides: [ChangeRequest.Override], _ asOf: CivilDate) -> Bool {
        do throws(EvaluationError) {
            return try model.breaches(in: version, asOf: asOf).allSatisfy { check, _ in
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

/// One load into columns: first where every key stands, then the rows.
private final class BulkLoad {
    private let files: [BulkFile]
    private let model: Model
    private let builder: GraphBuilder
    private let workers: Int
    private let progress: @Sendable (Double) -> Void

    /// - Returns: nil where a type has rows from several places, or a field is put together.
    init?(
        _ plan: ImportPlan, _ model: Model, _ limits: ImportLimits, workers: Int, _ progress: @escaping @Sendable (Double) -> Void
    ) {
        self.model = model
        self.workers = max(1, workers)
        self.progress = progress
        let builder = GraphBuilder(catalog: model.catalog)
        self.builder = builder
        var found: [BulkFile] = []
        for file in plan.files {
            guard file.types.count == 1, let type = file.types.first, type.conditions.isEmpty, !type.isDistinct,
                !found.contains(where: { $0.type.nodeType == type.type }),
                let made = BulkFile(file, type, model, limits, builder.table(type.type))
            else { return nil }
            found.append(made)
        }
        files = found
    }

    /// Reads all files; how many rows each has, or nil where something is wrong.
    func run() -> [Int]? {
        let targets = Set(files.flatMap(\.targets))
        let keyed = files.filter { targets.contains($0.type.nodeType) }
        let total = max(1, files.reduce(0) { $0 + $1.byteCount } + keyed.reduce(0) { $0 + $1.byteCount })
        let tally = Tally(total: total, progress)
        let keys = Mutex<[NodeTypeID: RowKeys]>([:])
        guard
            forEach(
                keyed, tally,
                { file in
                    guard let found = file.readKeys(tally) else { return false }
                    keys.withLock { $0[file.type.nodeType] = found }
                    return true
                })
        else { return nil }
        let known = keys.withLock { $0 }
        let counts = Mutex<[NodeTypeID: Int]>([:])
        guard
            forEach(
                files, tally,
                { file in
                    guard let count = file.readRows(known, tally) else { return false }
                    counts.withLock { $0[file.type.nodeType] = count }
                    return true
                })
        else { return nil }
        return counts.withLock { counts in files.map { counts[$0.type.nodeType] ?? 0 } }
    }

    func finish(number: UInt64, publishedAt: Instant) -> GraphVersion? {
        do throws(ChangeSetRefused) {
            return try builder.finish(number: number, publishedAt: publishedAt, problemLimit: 1)
        } catch {
            return nil
        }
    }

    /// Works on all files, the longest first; whether all went well.
    private func forEach(_ files: [BulkFile], _ tally: Tally, _ body: @Sendable (BulkFile) -> Bool) -> Bool {
        let queue = files.sorted { $0.byteCount > $1.byteCount }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(workers, queue.count)) { _ in
            while tally.isGood {
                let position = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard position < queue.count else { return }
                if !body(queue[position]) { tally.giveUp() }
            }
        }
        return tally.isGood
    }
}

/// How many bytes are done, and whether it is worth going on.
final class Tally: Sendable {
    private let done = Atomic<Int>(0)
    private let hasFailed = Atomic<Bool>(false)
    private let total: Int
    private let progress: @Sendable (Double) -> Void

    init(total: Int, _ progress: @escaping @Sendable (Double) -> Void) {
        self.total = total
        self.progress = progress
    }

    var isGood: Bool { !hasFailed.load(ordering: .relaxed) }

    func giveUp() { hasFailed.store(true, ordering: .relaxed) }

    func add(_ byteCount: Int) {
        progress(Double(done.wrappingAdd(byteCount, ordering: .relaxed).newValue) / Double(total))
    }
}
