import Expressions
import StoreColumns

/// Looks whether rows went the way their procedures go, against the version before.
///
/// What a step needs of its row is asked as of the day of the step, on the data as it is known now: all rows of one day share what is
/// compiled and computed for it.
struct ProcedureExaminer {
    let model: Model
    let version: GraphVersion
    /// Nil where all rows are new.
    let base: GraphVersion?
    /// The day on which the changes are recorded.
    let asOf: CivilDate
    let budget: Budget
    private(set) var found: [ProcedureFinding] = []

    init(_ model: Model, _ version: GraphVersion, base: GraphVersion?, asOf: CivilDate, budget: Budget) {
        self.model = model
        self.version = version
        self.base = base
        self.asOf = asOf
        self.budget = budget
    }

    /// What is asked of rows as of a day.
    func day(_ date: CivilDate) -> DayOfSteps {
        let bound = model.standardParameters(in: version, asOf: date)
        return DayOfSteps(
            model, bound.values,
            EvaluationContext(
                version: version, rowTypes: bound.rowTypes, asOf: date, budget: budget,
                derived: DerivedColumns(bound.rowTypes)))
    }

    /// By row; of one row in the order in which they were found.
    var findings: [ProcedureFinding] {
        found.enumerated().sorted { ($0.element.row, $0.offset) < ($1.element.row, $1.offset) }.map(\.element)
    }

    /// Whether rows of a type have anything to be looked at.
    func concerns(_ type: NodeTypeID) -> Bool {
        let procedures = model[type].procedures
        guard base == nil else {
            return procedures.steps != nil || !procedures.fixedColumns.isEmpty
                || procedures.procedures.contains { $0.stateColumn != nil }
        }
        return procedures.steps != nil || procedures.procedures.contains { $0.stateColumn != nil && $0.saysHowToBegin }
    }

    /// Looks at rows of a type that are new or differ.
    mutating func examine(_ rows: [RowNumber], of type: NodeTypeID) throws(EvaluationError) {
        let procedures = model[type].procedures
        if let steps = procedures.steps { try examineSteps(rows, of: type, steps) }
        for column in procedures.fixedColumns {
            for row in rows where isThere(row, of: type) { examineFixed(column, of: row, type) }
        }
        try examineStates(rows, of: type, procedures.procedures.filter { $0.stateColumn != nil })
    }

    /// Whether the row was there before the changes.
    private func isThere(_ row: RowNumber, of type: NodeTypeID) -> Bool {
        guard let base else { return false }
        return Int(row) < base[type].rowCount
    }

    // MARK: - What never changes

    private mutating func examineFixed(_ column: Int, of row: RowNumber, _ type: NodeTypeID) {
        guard let base, let before = ValueText.text(ofColumn: column, at: row, of: type, in: base),
            before != ValueText.text(ofColumn: column, at: row, of: type, in: version)
        else { return }
        let field = model[type].fields.first { $0.column == column }
        let name = "\(model[type].name).\(field?.name ?? "")"
        let shown = field?.personal == nil ? "'\(before.prefix(100))'" : "a value"
        add(row, name, .fixed, "\(name) is set once, and was set to \(shown); it cannot be changed or cleared.")
    }

    mutating func add(
        _ row: RowNumber, _ check: String, _ fault: StepFault, _ message: String, procedure: String? = nil, step: String? = nil
    ) {
        found.append(
            ProcedureFinding(
                row: row, severity: .hard, check: check, procedure: procedure, step: step, reason: fault.rawValue,
                message: message))
    }

    // MARK: - States stored with their rows

    private mutating func examineStates(
        _ rows: [RowNumber], of type: NodeTypeID, _ procedures: [Procedure]
    ) throws(EvaluationError) {
        var today: DayOfSteps?
        for row in rows {
            // Of several procedures over one field the first counts.
            var seen: Set<Int> = []
            for procedure in procedures {
                guard let column = procedure.stateColumn, !seen.contains(column) else { continue }
                let before = isThere(row, of: type) ? base.flatMap { code(column, of: row, type, in: $0) } : nil
                let after = code(column, of: row, type, in: version)
                guard before != after, before != nil || procedure.saysHowToBegin else { continue }
                // Most changes are no steps: what a day costs is spent on those that are.
                var day: DayOfSteps
                if let known = today { day = known } else { day = self.day(asOf) }
                defer { today = day }
                guard try day.truth(procedure.condition, on: type, of: row) == .yes else { continue }
                seen.insert(column)
                guard let after, let transition = procedure.transition(from: before, to: after) else {
                    illegal(procedure, from: before, to: after, row)
                    continue
                }
                try examineGuards(of: transition, from: before, subject: row, row, &day)
            }
        }
        try today?.finish()
    }

    func code(_ column: Int, of row: RowNumber, _ type: NodeTypeID, in version: GraphVersion) -> UInt16? {
        guard case .enumeration(let codes) = version[type].column(column) else { return nil }
        return codes[row]
    }

    // MARK: - What any step may lack

    mutating func illegal(_ procedure: Procedure, from: UInt16?, to: UInt16?, _ row: RowNumber) {
        let names = model[procedure.states].values
        let next = procedure.transitions(from: from).map { "\($0.step) to \(names[Int($0.to)].name)" }
        let found = "\(stateName(from, procedure.states)) → \(stateName(to, procedure.states))"
        let expected =
            next.isEmpty
            ? "\(stateName(from, procedure.states)) is final"
            : "from \(stateName(from, procedure.states)) go " + next.joined(separator: ", ")
        add(
            row, procedure.name, .illegalTransition, "\(procedure.name): found \(found), which is no step of it; \(expected).",
            procedure: procedure.name)
    }

    func stateName(_ code: UInt16?, _ id: EnumerationID) -> String {
        code.map { model[id].values[Int($0)].name } ?? "(none)"
    }

    /// `Step 2b of a-procedure (ASKED → GRANTED)`
    func title(_ transition: Transition, from: UInt16?, _ states: EnumerationID) -> String {
        "Step \(transition.step) of \(transition.procedure) (\(stateName(from, states)) → \(stateName(transition.to, states)))"
    }

    /// - Parameters:
    ///   - subject: The row that the guards are asked of.
    ///   - row: The row that is told.
    mutating func examineGuards(
        of transition: Transition, from: UInt16?, subject: RowNumber, _ row: RowNumber, _ day: inout DayOfSteps
    ) throws(EvaluationError) {
        let type = transition.type
        guard let procedure = model[type].procedures.procedures.first(where: { $0.name == transition.procedure }) else { return }
        for index in transition.guards {
            let held = model[type].procedures.guards[index]
            let verdict = try day.truth(held.check.expression, on: type, of: subject)
            guard verdict == .no || verdict == .unknown && !held.passesUnknown else { continue }
            var message = "\(title(transition, from: from, procedure.states)) needs: \(held.check.explanation)"
            if let shown = held.found { message += " Found: \(try day.text(shown, on: type, of: subject))." }
            if verdict == .unknown {
                let missing = day.missing(held.check.expression, on: type, of: subject)
                message +=
                    " It is not known" + (missing.isEmpty ? "." : ": without a value is \(missing.joined(separator: ", ")).")
            }
            found.append(
                ProcedureFinding(
                    row: row, severity: held.check.severity, check: held.check.id, procedure: transition.procedure,
                    step: transition.step, reason: verdict == .unknown ? StepFault.unknown.rawValue : held.reason,
                    message: message))
        }
    }
}
