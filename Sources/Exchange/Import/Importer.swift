import Model
import Settings
import StoreColumns

/// Files → change set: a folder with one file a type, in our own shape or, through a mapping, in another system's.
///
/// Nothing is loaded here: the change set is whole or refused, and the report names every bad row.
package struct Importer: Sendable {
    let model: Model
    let mapping: ImportMapping?
    let limits: ImportLimits
    let profile: CellProfile

    /// - Parameters:
    ///   - mapping: Nil for our own shape.
    ///   - profile: `exact` for files that an archive holds.
    package init(
        model: Model, mapping: ImportMapping? = nil, limits: ImportLimits = ImportLimits(), profile: CellProfile = .lenient
    ) {
        self.profile = profile
        self.model = model
        self.mapping = mapping
        self.limits = limits
    }

    /// Reads all files whose names end in `.csv`, and the sheets of those that end in `.xlsx`. A folder need not hold every type. Where
    /// `SHA256SUMS` is among the files, they must be those that it lists.
    ///
    /// The cost is one pass over the bytes for their encoding and one for their rows; another system's files that texts are looked up in
    /// are read once more.
    package func read(_ files: [SourceFile]) -> ImportDraft {
        read(OpenedFiles(files, limits), holdsRows: true)
    }

    /// - Parameter holdsRows: Whether the rows are kept. Those that are not are looked at one by one: also for what a change set would
    ///   be refused for at a row by itself.
    func read(_ files: OpenedFiles, holdsRows: Bool) -> ImportDraft {
        let planner = planner(files, checksText: true)
        var reading = Reading(planner.plan, planner.report, model, limits, profile, holdsRows: holdsRows)
        reading.readLookUps()
        for file in reading.plan.files { reading.read(file) }
        return reading.draft()
    }
}

extension Importer {
    /// What is read from where.
    func planner(_ files: OpenedFiles, checksText: Bool) -> Planner {
        var planner = Planner(model: model, limits: limits, checksText: checksText, profile: profile)
        planner.take(files)
        if let mapping { planner.plan(files.tables, by: mapping) } else { planner.plan(files.tables) }
        return planner
    }
}

/// The state of one import while rows are read.
private struct Reading {
    let plan: ImportPlan
    let model: Model
    let limits: ImportLimits
    var report: ImportReport
    /// By type; nil where no file brings any.
    let gatherers: [TypeGatherer?]
    var plans: [ImportDraft.Plan] = []
    var lookUps: [TextTable] = []
    private let holdsRows: Bool

    init(
        _ plan: ImportPlan, _ report: ImportReport, _ model: Model, _ limits: ImportLimits, _ profile: CellProfile,
        holdsRows: Bool
    ) {
        self.holdsRows = holdsRows
        var plan = plan
        plan.align()
        self.plan = plan
        self.report = report
        self.model = model
        self.limits = limits
        let distinct = Set(plan.files.flatMap(\.types).filter(\.isDistinct).map(\.type))
        gatherers = zip(plan.columns, model.types).map { columns, type in
            columns.map {
                TypeGatherer(type, columns: $0, remembersKeys: distinct.contains(type.nodeType), model, profile)
            }
        }
    }

    mutating func add(_ problem: ImportProblem) { report.add(problem, limit: limits.problems) }

    /// One cell may fill several fields: what is wrong with it is told once.
    mutating func addOnce(_ problem: ImportProblem) {
        let isTold = report.problems.suffix(8).contains {
            $0.line == problem.line && $0.column == problem.column && $0.message == problem.message && $0.file == problem.file
        }
        if !isTold { add(problem) }
    }

    // MARK: Looking up in other files

    /// Makes the tables that texts are looked up in. Of equal texts the first counts.
    mutating func readLookUps() {
        for wanted in plan.lookUps {
            var table = TextTable()
            if let file = plan.files.first(where: { $0.file.name == wanted.file }),
                let match = file.headings.firstIndex(of: wanted.match), let take = file.headings.firstIndex(of: wanted.take)
            {
                var text = RowText(lookUps: [])
                forEachRow(of: file) { row, bytes in
                    text.beginRow()
                    guard let key = try? text.find(.column(match), row, bytes), key != .nothing,
                        let value = try? text.find(.column(take), row, bytes)
                    else { return }
                    table.insert(text.bytes(key, bytes).span, text.bytes(value, bytes).span)
                }
            }
            lookUps.append(table)
        }
    }

    /// The rows that can be read and have as many cells as there are headings. What is wrong with others is reported elsewhere.
    private func forEachRow(of file: FilePlan, _ body: (CSVRow, Span<UInt8>) -> Void) {
        let bytes = file.file.bytes
        var reader = CSVReader(limits: limits.csv, atRow: file.bodyStart, line: file.bodyLine)
        var row = CSVRow()
        while true {
            do throws(CSVError) {
                guard try reader.next(bytes, into: &row) else { return }
                if row.cells.count == file.headings.count { body(row, bytes) }
            } catch {
                continue
            }
        }
    }

    // MARK: Rows

    mutating func read(_ file: FilePlan) {
        let bytes = file.file.bytes
        let firstPlan = plans.count
        var counts = ImportReport.File(name: file.file.name, byteCount: file.file.byteCount)
        var takers: [(gatherer: TypeGatherer, plan: TypePlan, slots: [SlotReader?], rowCount: Int)] = []
        for type in file.types {
            guard let gatherer = gatherers[type.type.index] else { continue }
            plans.append(ImportDraft.Plan(type: type, file: file.file, headings: file.headings))
            takers.append((gatherer, type, gatherer.readers(of: type), 0))
        }
        var reader = CSVReader(limits: limits.csv, atRow: file.bodyStart, line: file.bodyLine)
        var row = CSVRow()
        var text = RowText(lookUps: lookUps, file.profile)
        var faults: [TypeGatherer.Fault] = []
        var missing: Set<Int> = []
        while true {
            do throws(CSVError) {
                guard try reader.next(bytes, into: &row) else { break }
            } catch {
                counts.rowCount += 1
                counts.badRowCount += 1
                for taker in takers { taker.gatherer.markBad() }
                add(ImportProblem(error, file: file.file.name))
                continue
            }
            counts.rowCount += 1
            guard row.cells.count == file.headings.count else {
                counts.badRowCount += 1
                for taker in takers { taker.gatherer.markBad() }
                add(wrongCellCount(row, file))
                continue
            }
            text.beginRow()
            var isBad = false
            for index in takers.indices {
                let taker = takers[index]
                switch taker.gatherer.take(
                    row, by: taker.plan, taker.slots, at: firstPlan + index, &text, bytes, faults: &faults)
                {
                case .added:
                    takers[index].rowCount += 1
                    if !holdsRows, !isWhole(taker.gatherer, plans[firstPlan + index], row, &missing) { isBad = true }
                case .leftOut: break
                case .bad:
                    isBad = true
                    for fault in faults { addOnce(problem(fault, plans[firstPlan + index], row, text, bytes)) }
                    faults.removeAll()
                }
            }
            if isBad { counts.badRowCount += 1 }
            if holdsRows, counts.rowCount == Self.sampleRowCount { reserve(takers.map { ($0.gatherer, $0.rowCount) }, row, file) }
        }
        for taker in takers { counts.add(taker.rowCount, of: model[taker.plan.type].name) }
        if let place = report.files.firstIndex(where: { $0.name == counts.name }) { report.files[place] = counts }
    }

    /// Looks at the last row by itself, tells what it lacks, and lets go of it.
    /// - Parameter missing: Columns of the plan's type that were told: a column that is missing is missing in every row.
    private mutating func isWhole(
        _ gatherer: TypeGatherer, _ plan: ImportDraft.Plan, _ row: CSVRow, _ missing: inout Set<Int>
    ) -> Bool {
        let found = gatherer.missing
        gatherer.dropRows()
        for (reason, column) in found {
            if case .missingValue = reason, plan.type.source(ofColumn: column) == nil {
                if missing.insert(column).inserted { add(plan.missing(column, model)) }
            } else {
                let message = ImportDraft.message(reason, model)
                add(plan.problem(ImportDraft.reason(reason), column: column, row, value: nil, message, model, limits))
            }
        }
        return found.isEmpty
    }

    /// After so many rows the rest of a file can be guessed.
    private static let sampleRowCount = 1000

    /// Makes room for the rest of a file at once: doubling would move every cell of a long file several times.
    private func reserve(_ gatherers: [(TypeGatherer, Int)], _ row: CSVRow, _ file: FilePlan) {
        let readBytes = max(row.start - file.bodyStart, 1)
        let restBytes = file.file.byteCount - row.start
        for (gatherer, rowCount) in gatherers {
            // A little more than the guess; but a file that begins with tiny rows must not have more than its bytes can fill.
            let guess = rowCount * (restBytes / readBytes + 1) * 21 / 20
            gatherer.reserve(rowCount: min(guess, restBytes / (4 * max(gatherer.rows.columns.count, 1))))
        }
    }

    private func wrongCellCount(_ row: CSVRow, _ file: FilePlan) -> ImportProblem {
        let (found, expected) = (row.cells.count, file.headings.count)
        if !row.isTerminated, found < expected {
            return ImportProblem(
                .truncated, file: file.file.name, line: file.file.shownLine(row.line),
                message: "the file is cut off: its last line has \(found) of \(expected) cells and does not end")
        }
        return ImportProblem(
            .cellCount, file: file.file.name, line: file.file.shownLine(row.line),
            message: "the row has \(found) \(found == 1 ? "cell" : "cells"), the header \(expected)")
    }

    private func problem(
        _ fault: TypeGatherer.Fault, _ plan: ImportDraft.Plan, _ row: CSVRow, _ text: RowText, _ bytes: Span<UInt8>
    ) -> ImportProblem {
        var value = fault.found == .nothing ? nil : text.text(fault.found, bytes)
        if value == nil, let first = plan.type.source(ofColumn: fault.column)?.firstColumn {
            let cell = row.cells[first]
            value = String(checked: bytes.extracting(TextForm.trimmed(bytes, cell.start..<cell.end)))
        }
        return plan.problem(
            fault.problem.reason, column: fault.column, row, value: value, fault.problem.message, model, limits)
    }

    func draft() -> ImportDraft {
        ImportDraft(
            model: model, limits: limits, report: report, rows: gatherers.compactMap { $0?.rows }, plans: plans)
    }
}
