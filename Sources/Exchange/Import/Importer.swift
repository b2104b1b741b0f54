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
    let choices: ImportChoices

    /// - Parameters:
    ///   - mapping: Nil for our own shape.
    ///   - profile: `exact` for files that an archive holds.
    ///   - choices: Of files in our own shape.
    package init(
        model: Model, mapping: ImportMapping? = nil, limits: ImportLimits = ImportLimits(), profile: CellProfile = .lenient,
        choices: ImportChoices = ImportChoices()
    ) {
        self.choices = choices
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
    ///
    /// - Parameter progress: Called now and then, with how many rows have been read.
    package func read(_ files: [SourceFile], progress: @escaping (Int) -> Void = { _ in }) -> ImportDraft {
        read(OpenedFiles(files, limits, choices), holdsRows: true, progress: progress)
    }

    /// - Parameter holdsRows: Whether the rows are kept. Those that are not are looked at one by one: also for what a change set would
    ///   be refused for at a row by itself.
    func read(_ files: OpenedFiles, holdsRows: Bool, progress: @escaping (Int) -> Void = { _ in }) -> ImportDraft {
        let planner = planner(files, checksText: true)
        var reading = Reading(planner.plan, planner.report, model, limits, profile, holdsRows: holdsRows, progress)
        reading.readLookUps()
        for file in reading.plan.files { reading.read(file) }
        return reading.draft()
    }
}

extension Importer {
    /// What is read from where.
    func planner(_ files: OpenedFiles, checksText: Bool) -> Planner {
        var planner = Planner(model: model, limits: limits, checksText: checksText, profile: profile, choices: choices)
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
    private let progress: (Int) -> Void
    /// Of all files.
    private var rowCount = 0

    init(
        _ plan: ImportPlan, _ report: ImportReport, _ model: Model, _ limits: ImportLimits, _ profile: CellProfile,
        holdsRows: Bool, _ progress: @escaping (Int) -> Void
    ) {
        self.progress = progress
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

    /// One file while its rows are read.
    private struct FileReading {
        let file: FilePlan
        let sieve: RowSieve
        /// Of the first of its mappings.
        let firstPlan: Int
        var counts: ImportReport.File
        var takers: [(gatherer: TypeGatherer, plan: TypePlan, slots: [SlotReader?], rowCount: Int)] = []
        var text: RowText
        /// Columns of a type, and of the file, that were told: what is missing is missing in every row.
        var missing: Set<Int> = []
        var unheaded: Set<Int> = []
    }

    /// Rows that may be notes below the table, which more than so many are not.
    private static let noteLimit = 100

    mutating func read(_ file: FilePlan) {
        let bytes = file.file.bytes
        var reading = FileReading(
            file: file, sieve: RowSieve(file, model), firstPlan: plans.count,
            counts: ImportReport.File(name: file.file.name, byteCount: file.file.byteCount),
            text: RowText(lookUps: lookUps, file.profile))
        for type in file.types {
            guard let gatherer = gatherers[type.type.index] else { continue }
            plans.append(ImportDraft.Plan(type: type, file: file.file, headings: file.headings))
            reading.takers.append((gatherer, type, gatherer.readers(of: type), 0))
        }
        var reader = CSVReader(limits: limits.csv, atRow: file.bodyStart, line: file.bodyLine)
        var row = CSVRow()
        var waiting: [CSVRow] = []
        while true {
            do throws(CSVError) {
                guard try reader.next(bytes, into: &row) else { break }
            } catch {
                for row in waiting { take(row, bytes, &reading) }
                waiting.removeAll()
                reading.counts.rowCount += 1
                reading.counts.badRowCount += 1
                for taker in reading.takers { taker.gatherer.markBad() }
                add(ImportProblem(error, file: file.file.name))
                continue
            }
            switch reading.sieve.verdict(row, bytes) {
            case .passedOver(let reason): report.passOver(reason, file: file.file.name, row: file.file.shownLine(row.line))
            case .noteAtTheEnd where waiting.count < Self.noteLimit: waiting.append(row)
            default:
                for row in waiting { take(row, bytes, &reading) }
                waiting.removeAll()
                take(row, bytes, &reading)
            }
        }
        for row in waiting { report.passOver(.note, file: file.file.name, row: file.file.shownLine(row.line)) }
        for taker in reading.takers { reading.counts.add(taker.rowCount, of: model[taker.plan.type].name) }
        if let place = report.files.firstIndex(where: { $0.name == reading.counts.name }) { report.files[place] = reading.counts }
    }

    /// Makes what one row of a file is to make.
    private mutating func take(_ row: CSVRow, _ bytes: Span<UInt8>, _ reading: inout FileReading) {
        let file = reading.file
        reading.counts.rowCount += 1
        rowCount += 1
        if rowCount & 0xFFF == 0 { progress(rowCount) }
        guard row.cells.count == file.headings.count else {
            reading.counts.badRowCount += 1
            for taker in reading.takers { taker.gatherer.markBad() }
            add(wrongCellCount(row, file))
            return
        }
        for position in reading.sieve.unheaded where !reading.unheaded.contains(position) {
            let cell = row.cells[position]
            guard !TextForm.trimmed(bytes, cell.start..<cell.end).isEmpty else { continue }
            reading.unheaded.insert(position)
            let place = CSVReader.place(of: cell.start, in: row, bytes)
            add(
                ImportProblem(
                    .unknownHeading, file: file.file.name, line: file.file.shownLine(place.line),
                    column: file.file.hasColumns ? place.column : nil, cell: position + 1,
                    message: "column \(position + 1) has no heading, and something stands in it"))
        }
        reading.text.beginRow()
        var isBad = false
        var faults: [TypeGatherer.Fault] = []
        for index in reading.takers.indices {
            let taker = reading.takers[index]
            let plan = reading.firstPlan + index
            switch taker.gatherer.take(row, by: taker.plan, taker.slots, at: plan, &reading.text, bytes, faults: &faults) {
            case .added:
                reading.takers[index].rowCount += 1
                if !holdsRows, !isWhole(taker.gatherer, plans[plan], row, &reading.missing) { isBad = true }
            case .leftOut: break
            case .bad:
                isBad = true
                for fault in faults { addOnce(problem(fault, plans[plan], row, reading.text, bytes)) }
                faults.removeAll()
            }
        }
        if isBad { reading.counts.badRowCount += 1 }
        if holdsRows, reading.counts.rowCount == Self.sampleRowCount {
            reserve(reading.takers.map { ($0.gatherer, $0.rowCount) }, row, file)
        }
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
