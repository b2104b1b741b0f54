/// A value of a row, as a mutation's variables and as a cell of a file write it.
enum WalkValue {
    case text(String)
    case number(Int)
    case truth(Bool)
    /// Enum values, or keys of one part.
    case list([String])
    /// Rows that are named by where their record came from: their numbers there.
    case records([String])
    case record(String)

    var json: String {
        func key(_ number: String) -> String { "{\"source\":\"t\",\"recordNumber\":\"\(number)\"}" }
        return switch self {
        case .text(let text): "\"\(text)\""
        case .number(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case .list(let items): "[\(items.map { "\"\($0)\"" }.joined(separator: ","))]"
        case .records(let items): "[\(items.map(key).joined(separator: ","))]"
        case .record(let item): key(item)
        }
    }

    var cell: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case .list(let items): items.joined(separator: ";")
        case .records(let items): items.map { "t|\($0)" }.joined(separator: ";")
        case .record(let item): "t|\(item)"
        }
    }
}

/// A row of some type.
struct WalkRow {
    var type: String
    var values: [(String, WalkValue)]

    init(_ type: String, _ values: KeyValuePairs<String, WalkValue>) {
        self.type = type
        self.values = Array(values.map { ($0.key, $0.value) })
    }

    /// A row that is named by its record's number.
    static func record(_ type: String, _ number: String, _ values: KeyValuePairs<String, WalkValue>) -> WalkRow {
        var row = WalkRow(type, ["source": .text("t"), "recordNumber": .text(number)])
        row.values += values.map { ($0.key, $0.value) }
        return row
    }

    subscript(name: String) -> WalkValue? {
        get { values.first { $0.0 == name }?.1 }
        set {
            values.removeAll { $0.0 == name }
            if let newValue { values.append((name, newValue)) }
        }
    }
}

/// One step of a walk, with what comes with it.
struct WalkStep {
    /// As the procedure calls it.
    var name: String
    var to: String
    var bodies: [String]
    var day: String
    var evidence: [String]
    var action: String
    var note: String?
    /// Rows that come with it: what it needs.
    var with: [WalkRow]

    init(
        _ name: String, _ to: String, _ bodies: [String], _ day: String, evidence: [String] = [], action: String = "REVIEW",
        note: String? = nil, with: [WalkRow] = []
    ) {
        self.name = name
        self.to = to
        self.bodies = bodies
        self.day = day
        self.evidence = evidence
        self.action = action
        self.note = note
        self.with = with
    }
}

/// A case on its way from the first step to the last, and what the register holds before.
struct Walk: CustomStringConvertible {
    var procedure: String
    var caseNumber = "C1"
    var type: String
    var profile: String
    var subject: (field: String, key: String)
    var before: [WalkRow]
    var steps: [WalkStep]

    var description: String { "\(procedure), \(type)" }

    /// The rows of a step; of the first the case as well.
    func rows(ofStep index: Int, _ change: (inout WalkRow) -> Void = { _ in }, evidence: [String]? = nil) -> [WalkRow] {
        let step = steps[index]
        var row = WalkRow(
            "ProcessStep",
            [
                "case": .text(caseNumber), "number": .number(index + 1), "action": .text(step.action),
                "actorBody": .text(step.bodies[0]), "date": .text(step.day), "toState": .text(step.to),
            ])
        if step.bodies.count > 1 { row["jointBodies"] = .list(Array(step.bodies.dropFirst())) }
        if index > 0 { row["fromState"] = .text(steps[index - 1].to) }
        if let note = step.note { row["note"] = .text(note) }
        let kinds = evidence ?? step.evidence
        let papers = kinds.enumerated().map { "\(caseNumber)-\(index + 1)-\($0.offset)" }
        if !papers.isEmpty { row["evidence"] = .records(papers) }
        change(&row)
        var rows = step.with
        if index == 0 {
            rows.append(
                WalkRow(
                    "ProcessCase",
                    [
                        "caseNumber": .text(caseNumber), "type": .text(type), subject.field: .text(subject.key),
                        "profile": .text(profile), "year": .number(2020), "openedOn": .text(step.day),
                    ]))
        }
        for (paper, kind) in zip(papers, kinds) {
            rows.append(.record("Evidence", paper, ["kind": .text(kind), "date": .text(step.day)]))
        }
        return rows + [row]
    }
}

extension Walk {
    // MARK: - What walks are made of

    static func appraisal(_ level: String, _ day: String, votesFor: Int = 9, _ number: String = "a") -> WalkRow {
        .record(
            "Appraisal", number + level,
            [
                "cases": .list(["C1"]), "level": .text(level), "heldOn": .text(day), "votesFor": .number(votesFor),
                "votesAgainst": .number(3),
            ])
    }

    static func notice(_ level: String, _ ordinal: Int, _ posted: String, _ closes: String?, type: String = "NOTICE") -> WalkRow {
        var row = WalkRow.record(
            "PublicNotice", "n\(level)\(ordinal)",
            [
                "type": .text(type), "ordinal": .number(ordinal), "level": .text(level), "cases": .list(["C1"]),
                "postedOn": .text(posted),
            ])
        if let closes { row["closesOn"] = .text(closes) }
        return row
    }

    static func announcement(_ day: String) -> WalkRow { notice("COUNTY", 9, day, nil, type: "ANNOUNCEMENT") }

    static func comparison(_ day: String) -> WalkRow {
        WalkRow("DataComparison", ["runNumber": .text("r1"), "runOn": .text(day), "cases": .list(["C1"])])
    }

    static func hit(_ state: String, verified: String? = nil) -> WalkRow {
        var row = WalkRow(
            "ComparisonHit",
            [
                "comparison": .text("r1"), "recordNumber": .text("h1"), "case": .text("C1"), "comparedWith": .text("TAX"),
                "state": .text(state),
            ])
        if let verified { row["verifiedOn"] = .text(verified) }
        return row
    }

    static func objection(_ notice: String, _ state: String, raised: String, decided: String?) -> WalkRow {
        var row = WalkRow.record(
            "Objection", "o1",
            ["notice": .record(notice), "case": .text("C1"), "raisedOn": .text(raised), "state": .text(state)])
        if let decided { row["decidedOn"] = .text(decided) }
        return row
    }

    static func inspection(_ day: String, findings: String? = nil, rectified: String? = nil) -> WalkRow {
        var row = WalkRow.record(
            "Inspection", "i1", ["level": .text("COUNTY"), "cases": .list(["C1"]), "date": .text(day)])
        if let findings { row["findings"] = .text(findings) }
        if let rectified { row["rectifiedOn"] = .text(rectified) }
        return row
    }

    /// A village with one household of one person.
    static func register(status: String?, income: Int, guarantees: Bool?) -> [WalkRow] {
        var rows: [WalkRow] = []
        for (code, name, level, parent) in [
            ("42", "P", "PROVINCE", ""), ("4201", "C", "PREFECTURE", "42"), ("420115", "D", "COUNTY", "4201"),
            ("420115101", "T", "TOWNSHIP", "420115"), ("420115101001", "V", "VILLAGE", "420115101"),
        ] {
            var row = WalkRow(
                "AdministrativeArea",
                ["code": .text(code), "name": .text(name), "level": .text(level), "designations": .list([])])
            if !parent.isEmpty { row["parent"] = .text(parent) }
            rows.append(row)
        }
        rows += [
            WalkRow(
                "Village",
                ["code": .text("v"), "area": .text("420115101001"), "name": .text("V"), "isPoorVillage": .truth(true)]),
            WalkRow(
                "VillageYear",
                [
                    "village": .text("v"), "year": .number(2019), "ruralRegisteredPopulation": .number(1_000),
                    "collectiveIncome": .number(120_000),
                ]),
            WalkRow("Household", ["number": .text("h"), "village": .text("v"), "householdKind": .text("RURAL")]),
            WalkRow("Person", ["number": .text("p"), "name": .text("P"), "idNumber": .text("999999198001010017")]),
            WalkRow(
                "Membership",
                [
                    "person": .text("p"), "household": .text("h"), "relationToHead": .text("HEAD"),
                    "validFrom": .text("2015-01-01"),
                ]),
            WalkRow(
                "IncomeRecord",
                [
                    "household": .text("h"), "year": .number(2019), "kind": .text("VERIFIED"), "wageIncome": .number(income),
                    "businessIncome": .number(0), "propertyIncome": .number(0), "transferIncome": .number(0),
                    "businessCost": .number(0), "memberCount": .number(1), "stableSource": .truth(true),
                ]),
            WalkRow(
                "AreaIncomeBenchmark",
                ["area": .text("42"), "year": .number(2019), "measure": .text("POVERTY_LINE_NATIONAL"), "value": .number(4_000)]),
        ]
        if let status {
            rows.append(
                WalkRow(
                    "HouseholdStatusPeriod",
                    ["household": .text("h"), "status": .text(status), "validFrom": .text("2018-01-01")]))
        }
        var assessment = WalkRow(
            "GuaranteeAssessment",
            [
                "household": .text("h"), "assessedOn": .text("2020-01-10"),
                "method": .list(["INCOME", "FOOD_CLOTHING", "GUARANTEES", "TREND"]), "electricity": .truth(true),
            ])
        for name in ["food", "clothing", "compulsoryEducation", "basicMedical", "safeHousing", "safeWater"] {
            if let guarantees { assessment[name] = .truth(guarantees) }
        }
        return rows + [assessment]
    }
}
