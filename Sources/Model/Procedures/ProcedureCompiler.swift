import Expressions
import GraphQLTypes
import StoreColumns

/// Compiles the procedures of a sound structure.
struct ProcedureCompiler {
    private let structure: Structure
    private let rowTypes: RowTypes
    private let checks: [[ModelCheck]]
    private(set) var byType: [TypeProcedures] = []
    private(set) var problems = ProblemList()
    /// Names of procedures, and of guards and checks, with the types that have them.
    private var names: [String: String] = [:]

    init(_ structure: Structure, _ rowTypes: RowTypes, _ checks: [[ModelCheck]]) {
        self.structure = structure
        self.rowTypes = rowTypes
        self.checks = checks
        for (type, checks) in zip(structure.types, checks) { for check in checks { names[check.id] = type.name } }
    }

    /// Compiles all of them; `problems` says which could not be.
    mutating func compile() {
        byType = structure.types.map { _ in TypeProcedures() }
        for index in structure.types.indices { byType[index].steps = steps(of: index) }
        for (index, type) in structure.types.enumerated() {
            for (field, source) in zip(type.fields, rowTypes.types[index].fields.map(\.source)) where field.isFixed != nil {
                if let column = source.storedColumn { byType[index].fixedColumns.append(column) }
            }
            byType[index].guards = guards(of: index)
            byType[index].procedures = procedures(of: index)
        }
    }

    // MARK: - Names

    private mutating func claim(_ name: Placed<String>, _ what: String, of type: Int) {
        if let owner = names[name.value] {
            problems.report(
                .name, "\(what) of \(structure.types[type].name) is called '\(name.value)', as is something of \(owner).",
                at: name.place)
        }
        names[name.value] = structure.types[type].name
    }

    private func column(_ name: String, of type: Int) -> Int? {
        structure.catalog.nodeTypes[type].columns.firstIndex { $0.name == name }
    }

    private func kind(_ column: Int, of type: Int) -> ColumnKind { structure.catalog.nodeTypes[type].columns[column].kind }

    private mutating func code(_ name: Placed<String>, of id: EnumerationID, _ user: String) -> UInt16? {
        let values = structure.catalog[id].values
        if let index = values.firstIndex(of: name.value) { return UInt16(truncatingIfNeeded: index) }
        problems.report(
            .directive,
            "\(user): \(structure.catalog[id].name) has no value '\(name.value)'." + suggestion(for: name.value, among: values),
            at: name.place)
        return nil
    }

    // MARK: - Steps

    private mutating func steps(of type: Int) -> StepFields? {
        guard let declared = structure.types[type].procedures.steps else { return nil }
        func find(_ name: Placed<String>, _ argument: String, _ fits: (ColumnKind) -> Bool) -> Int? {
            if let column = column(name.value, of: type), fits(kind(column, of: type)) { return column }
            problems.report(
                .unsuitableField,
                "@steps(\(argument):) names '\(name.value)', which is no stored field of \(structure.types[type].name) that fits.",
                at: name.place)
            return nil
        }
        func isBody(_ kind: ColumnKind) -> Bool {
            switch kind {
            case .enumeration, .enumerationList: true
            default: false
            }
        }
        let isEnumeration = { (kind: ColumnKind) in if case .enumeration = kind { true } else { false } }
        guard let subjectColumn = find(declared.of, "of", { if case .reference = $0 { true } else { false } }),
            let number = find(declared.number, "number", { $0 == .int }), let from = find(declared.from, "from", isEnumeration),
            let to = find(declared.to, "to", isEnumeration), let date = find(declared.on, "on", { $0 == .date }),
            case .reference(let subject) = kind(subjectColumn, of: type), case .enumeration(let states) = kind(to, of: type)
        else { return nil }
        var by: [Int] = []
        var bodies: EnumerationID?
        for name in declared.by {
            guard let column = find(name, "by", isBody) else { continue }
            by.append(column)
            switch kind(column, of: type) {
            case .enumeration(let id), .enumerationList(let id): bodies = bodies ?? id
            default: break
            }
        }
        let inverse = structure.catalog[subject].inverses.firstIndex {
            $0.source == NodeTypeID(type) && $0.column == subjectColumn
        }
        guard let inverse, kind(from, of: type) == kind(to, of: type) else {
            problems.report(
                .unsuitableField,
                "@steps of \(structure.types[type].name): \(structure.catalog[subject].name) needs a field that is the @inverse of "
                    + "'\(declared.of.value)', and 'from' and 'to' are of one enum.", at: declared.place)
            return nil
        }
        return StepFields(
            subject: subject, subjectColumn: subjectColumn, numberColumn: number, fromColumn: from, toColumn: to,
            dateColumn: date, byColumns: by, bodies: bodies, evidence: evidence(declared.evidence, of: type), inverse: inverse,
            states: states)
    }

    private mutating func evidence(_ path: Placed<String>?, of type: Int) -> StepEvidence? {
        guard let path else { return nil }
        let parts = path.value.split(separator: ".").map(String.init)
        if parts.count == 2, let list = column(parts[0], of: type), case .referenceList(let target) = kind(list, of: type),
            let kindColumn = column(parts[1], of: target.index), case .enumeration(let kinds) = kind(kindColumn, of: target.index)
        {
            return StepEvidence(column: list, target: target, kindColumn: kindColumn, kinds: kinds)
        }
        problems.report(
            .unsuitableField,
            "@steps(evidence:) is '\(path.value)'; a stored list of references, a dot and an enum of theirs is needed.",
            at: path.place)
        return nil
    }

    // MARK: - Guards

    private mutating func expression(
        _ text: Placed<ExpressionText>, on type: Int, expecting: ExpressionType?, _ user: String
    ) -> Expression? {
        do throws(CELError) {
            return try parseCEL(text.value.text, on: NodeTypeID(type), in: rowTypes, expecting: expecting)
        } catch {
            let source = text.place.source
            problems.report(
                .expression, "\(user) is not understood: \(error.message)", in: source,
                at: text.value.location(line: error.line, column: error.column, in: source))
            return nil
        }
    }

    private mutating func guards(of type: Int) -> [StepGuard] {
        var guards: [StepGuard] = []
        for declared in structure.types[type].procedures.guards {
            let id = declared.check.id.value
            claim(declared.check.id, "A guard", of: type)
            guard let expression = expression(declared.check.text, on: type, expecting: .boolean, "The guard '\(id)'") else {
                continue
            }
            let found = declared.found.flatMap { self.expression($0, on: type, expecting: nil, "What the guard '\(id)' found") }
            guards.append(
                StepGuard(
                    check: ModelCheck(
                        id: id, type: NodeTypeID(type), severity: declared.check.severity, expression: expression,
                        label: declared.check.label, explanation: declared.check.explanation ?? declared.check.text.value.text),
                    reason: declared.reason, passesUnknown: declared.passesUnknown, isAskedBeforehand: declared.isAskedBeforehand,
                    found: found))
        }
        return guards
    }

    // MARK: - Procedures

    private mutating func procedures(of type: Int) -> [Procedure] {
        let declarations = structure.types[type].procedures
        let steps = byType.lazy.compactMap(\.steps).first { $0.subject == NodeTypeID(type) }
        let known = Set(declarations.procedures.map(\.name.value))
        for transition in declarations.transitions {
            for name in transition.procedures where !known.contains(name.value) {
                problems.report(
                    .directive,
                    "The step '\(transition.step.value)' is of the procedure '\(name.value)', which \(structure.types[type].name) does not have."
                        + suggestion(for: name.value, among: known.sorted()), at: name.place)
            }
        }
        return declarations.procedures.compactMap { procedure($0, of: type, declarations.transitions, steps) }
    }

    private mutating func procedure(
        _ declared: ProcedureDeclaration, of type: Int, _ transitions: [TransitionDeclaration], _ steps: StepFields?
    ) -> Procedure? {
        let name = declared.name.value
        claim(declared.name, "A procedure", of: type)
        let row = Expression.variable(0, NodeTypeID(type))
        guard let source = rowTypes.types[type].field(named: declared.state.value)?.source,
            let state = source.value(ofRow: row), case .enumeration(let states) = state.type,
            source.storedColumn != nil || steps?.states == states
        else {
            problems.report(
                .unsuitableField,
                "The procedure '\(name)' reads the state from '\(declared.state.value)'; a stored enum of \(structure.types[type].name) "
                    + "is needed, or a derived one of the enum that its steps lead to.", at: declared.state.place)
            return nil
        }
        let isStored = source.storedColumn != nil
        var condition: Expression? = .constant(.boolean(true), .boolean)
        if let text = declared.condition {
            condition = expression(text, on: type, expecting: .boolean, "Who follows the procedure '\(name)'")
        }
        let own = transitions.filter { $0.procedures.contains { $0.value == name } }
        let compiled = own.compactMap { transition($0, own, of: declared, type, states, isStored ? nil : steps) }
        for (index, transition) in compiled.enumerated() {
            for other in compiled[..<index]
            where other.to == transition.to
                && (other.from == transition.from || !Set(other.from).isDisjoint(with: transition.from))
            {
                problems.report(
                    .directive,
                    "The steps '\(other.step)' and '\(transition.step)' of '\(name)' lead from one state to the same; one is enough.",
                    at: declared.name.place)
            }
        }
        return condition.map {
            Procedure(
                name: name, type: NodeTypeID(type), label: declared.label, explanation: declared.explanation, condition: $0,
                state: state, stateColumn: source.storedColumn, states: states, transitions: compiled)
        }
    }

    private mutating func transition(
        _ declared: TransitionDeclaration, _ all: [TransitionDeclaration], of procedure: ProcedureDeclaration, _ type: Int,
        _ states: EnumerationID, _ steps: StepFields?
    ) -> Transition? {
        let user = "The step '\(declared.step.value)' of '\(procedure.name.value)'"
        guard let to = code(declared.to, of: states, user) else { return nil }
        var from: [UInt16] = []
        for name in declared.from {
            if name.value == "*" {
                let leaving = all.flatMap(\.from).filter { $0.value != "*" }
                from += leaving.compactMap { code($0, of: states, user) }
            } else if let state = code(name, of: states, user) {
                from.append(state)
            }
        }
        if steps == nil, let first = declared.by.first ?? declared.evidence.first {
            problems.report(
                .directive, "\(user) says who takes it or what proves it; that is for rows with @steps.", at: first.place)
            return nil
        }
        let bodies = declared.by.map { parts in
            parts.value.split(separator: "+").compactMap { part -> UInt16? in
                let name = part.drop { $0 == " " }
                let trimmed = String(name.prefix { $0 != " " })
                return steps?.bodies.flatMap { code(Placed(value: trimmed, place: parts.place), of: $0, user) }
            }
        }
        let evidence = declared.evidence.compactMap { kind in
            steps?.evidence.flatMap { code(kind, of: $0.kinds, user) }
        }
        let ids = byType[type].guards.map(\.check.id)
        var guards: [Int] = []
        for name in declared.guards {
            guard let index = ids.firstIndex(of: name.value) else {
                problems.report(
                    .directive,
                    "\(user) needs '\(name.value)', which is no guard of \(structure.types[type].name)."
                        + suggestion(for: name.value, among: ids), at: name.place)
                continue
            }
            guards.append(index)
        }
        return Transition(
            procedure: procedure.name.value, step: declared.step.value, type: NodeTypeID(type),
            from: Array(Set(from)).sorted(), to: to, by: bodies, evidence: evidence, guards: guards, label: declared.label,
            explanation: declared.explanation)
    }
}

extension FieldSource {
    fileprivate var storedColumn: Int? {
        switch self {
        case .column(let column, _), .toOne(.reference(let column, _), _), .toMany(.list(let column, _), _): column
        case .validColumn, .toOne, .toMany, .derived: nil
        }
    }

    fileprivate func value(ofRow row: Expression) -> Expression? {
        switch self {
        case .column(let column, let type): .column(of: row, column: column, type)
        case .derived(let id, let type): .derived(of: row, id, type)
        case .validColumn, .toOne, .toMany: nil
        }
    }
}
