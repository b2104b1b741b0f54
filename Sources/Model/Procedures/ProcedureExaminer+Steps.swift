import Expressions
import StoreColumns

/// Steps that are rows of their own: their order, who took them, what proves them, and what their subject needs.
extension ProcedureExaminer {
    /// What a step says of itself.
    struct Step {
        var row: RowNumber
        var subject: RowNumber
        var number: Int32
        var from: UInt16?
        var to: UInt16
        var date: CivilDate
    }

    mutating func examineSteps(_ rows: [RowNumber], of type: NodeTypeID, _ fields: StepFields) throws(EvaluationError) {
        var days: [CivilDate: [Step]] = [:]
        for row in rows {
            if let base, Int(row) < base[type].rowCount {
                add(
                    row, model[type].name, .appendOnly,
                    "Rows of \(model[type].name) are added, and never changed; what is wrong is answered by another step.")
                continue
            }
            if let step = step(row, of: type, fields) { days[step.date, default: []].append(step) }
        }
        for (date, steps) in days.sorted(by: { $0.key < $1.key }) {
            var day = self.day(date)
            for step in steps { try examine(step, of: type, fields, &day) }
            try day.finish()
        }
    }

    /// Nil where the row is not there, or lacks what every step has: then the graph refused it already.
    private func step(_ row: RowNumber, of type: NodeTypeID, _ fields: StepFields) -> Step? {
        let table = version[type]
        guard case .reference(let subjects) = table.column(fields.subjectColumn), let subject = subjects[row],
            case .int(let numbers) = table.column(fields.numberColumn), let number = numbers[row],
            let to = code(fields.toColumn, of: row, type, in: version),
            case .date(let dates) = table.column(fields.dateColumn), let date = dates[row].flatMap(CivilDate.init(days:))
        else { return nil }
        return Step(
            row: row, subject: subject, number: number, from: code(fields.fromColumn, of: row, type, in: version), to: to,
            date: date)
    }

    /// The step of the same subject with the greatest number below.
    private func previous(_ step: Step, of type: NodeTypeID, _ fields: StepFields) -> Step? {
        let inverse = version[fields.subject].inverse(fields.inverse)
        let rows = inverse.targets(of: step.subject)
        var found: Step?
        for index in rows.indices {
            guard version[type].isLive(rows[index]), let other = self.step(rows[index], of: type, fields),
                other.number < step.number, other.number > found?.number ?? .min
            else { continue }
            found = other
        }
        return found
    }

    private mutating func examine(
        _ step: Step, of type: NodeTypeID, _ fields: StepFields, _ day: inout DayOfSteps
    ) throws(EvaluationError) {
        let subject = fields.subject
        var chosen: Procedure?
        for procedure in model[subject].procedures.procedures where procedure.stateColumn == nil {
            if try day.truth(procedure.condition, on: subject, of: step.subject) == .yes {
                chosen = procedure
                break
            }
        }
        guard let procedure = chosen else {
            let key = KeyText.text(version.key(of: step.subject, type: subject), of: subject, in: model.catalog)
            add(step.row, model[type].name, .noProcedure, "No procedure is for the \(model[subject].name) \(key.prefix(100)).")
            return
        }
        examineOrder(step, procedure, of: type, fields)
        guard let transition = procedure.transition(from: step.from, to: step.to) else {
            return illegal(procedure, from: step.from, to: step.to, step.row)
        }
        examineTaker(step, transition, procedure, of: type, fields)
        examineEvidence(step, transition, procedure, of: type, fields)
        try examineGuards(of: transition, from: step.from, subject: step.subject, step.row, &day)
    }

    /// Numbers without a gap, each step where the one before led to, on its day or later.
    private mutating func examineOrder(_ step: Step, _ procedure: Procedure, of type: NodeTypeID, _ fields: StepFields) {
        let before = previous(step, of: type, fields)
        let user = "\(procedure.name): step number \(step.number)"
        func add(_ fault: StepFault, _ message: String) {
            self.add(step.row, procedure.name, fault, message, procedure: procedure.name)
        }
        if step.number != (before?.number ?? 0) + 1 {
            let last = before.map { "number \($0.number)" } ?? "nothing"
            add(.stepMissing, "\(user) follows \(last); steps are numbered from 1 without a gap.")
        }
        if step.from != before?.to {
            add(
                .illegalTransition,
                "\(user) begins in \(stateName(step.from, procedure.states)), but the step before led to "
                    + "\(stateName(before?.to, procedure.states)).")
        }
        if let before, step.date < before.date {
            add(.dateOrder, "\(user) is of \(step.date), before the step before it, which is of \(before.date).")
        }
    }

    private mutating func examineTaker(
        _ step: Step, _ transition: Transition, _ procedure: Procedure, of type: NodeTypeID, _ fields: StepFields
    ) {
        let takers = procedure.takers(of: transition, in: step.from)
        guard !takers.isEmpty, let bodies = fields.bodies else { return }
        var found: [UInt16] = []
        for column in fields.byColumns {
            switch version[type].column(column) {
            case .enumeration(let codes): found += codes[step.row].map { [$0] } ?? []
            case .enumerationList(let lists) where !lists.isNull(at: Int(step.row)):
                let list = lists.list(at: Int(step.row))
                for index in list.indices { found.append(list[index]) }
            default: break
            }
        }
        guard !takers.contains(where: { Set($0).isSubset(of: found) }) else { return }
        let values = model[bodies].values
        func names(_ codes: [UInt16]) -> [String] { codes.map { values[Int($0)].name } }
        let expected = takers.map { names($0).joined(separator: " with ") }.joined(separator: " or ")
        add(
            step.row, transition.name, .wrongActor,
            "\(title(transition, from: step.from, procedure.states)) is taken by \(expected); found "
                + "\(found.isEmpty ? "nobody" : names(found).joined(separator: ", ")).",
            procedure: procedure.name, step: transition.step)
    }

    private mutating func examineEvidence(
        _ step: Step, _ transition: Transition, _ procedure: Procedure, of type: NodeTypeID, _ fields: StepFields
    ) {
        guard !transition.evidence.isEmpty, let evidence = fields.evidence,
            case .referenceList(let lists) = version[type].column(evidence.column)
        else { return }
        var found: [UInt16] = []
        if !lists.isNull(at: Int(step.row)) {
            let list = lists.list(at: Int(step.row))
            for index in list.indices {
                if let kind = code(evidence.kindColumn, of: list[index], evidence.target, in: version) { found.append(kind) }
            }
        }
        for kind in transition.evidence where !found.contains(kind) {
            let names = found.map { stateName($0, evidence.kinds) }
            add(
                step.row, transition.name, .missingEvidence,
                "\(title(transition, from: step.from, procedure.states)) needs \(stateName(kind, evidence.kinds)) as evidence; found "
                    + "\(names.isEmpty ? "none" : names.joined(separator: ", ")).",
                procedure: procedure.name, step: transition.step)
        }
    }
}
