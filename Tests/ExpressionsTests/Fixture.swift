import Expressions
import StoreColumns

/// A small register to ask of: towns with families, whose standing and members change over time, and helpers who call on them.
enum Fixture {
    static let town = NodeTypeID(0)
    static let townYear = NodeTypeID(1)
    static let family = NodeTypeID(2)
    static let standingPeriod = NodeTypeID(3)
    static let person = NodeTypeID(4)
    static let membership = NodeTypeID(5)
    static let helper = NodeTypeID(6)
    static let care = NodeTypeID(7)
    static let call = NodeTypeID(8)

    static let standing = EnumerationID(0)
    static let place = EnumerationID(1)
    static let state = EnumerationID(2)
    static let topic = EnumerationID(3)
    static let duty = EnumerationID(4)

    static let enumerations = [
        Enumeration(name: "Standing", values: ["POOR", "LEFT", "RETURNED"]),
        Enumeration(name: "Place", values: ["AT_HOME", "OFFICE", "ELSEWHERE"]),
        Enumeration(name: "State", values: ["DRAFT", "DONE", "VOIDED"]),
        Enumeration(name: "Topic", values: ["HEALTH", "SCHOOL", "WORK", "MONEY"]),
        Enumeration(name: "Duty", values: ["MET", "DUE", "AT_RISK", "OVERDUE", "WAIVED"]),
    ]

    private static func column(_ name: String, _ kind: ColumnKind, _ isNullable: Bool = false, unique: Bool = false)
        -> ColumnDefinition
    {
        ColumnDefinition(name: name, kind: kind, isNullable: isNullable, isUnique: unique)
    }

    static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Town",
                columns: [
                    column("code", .string), column("name", .string, true), column("area", .decimal(fractionDigits: 2), true),
                    column("isRemote", .boolean, true), column("within", .reference(town), true),
                ],
                key: [0],
                inverses: [
                    InverseDefinition(name: "years", source: townYear, column: 0),
                    InverseDefinition(name: "families", source: family, column: 1),
                    InverseDefinition(name: "parts", source: town, column: 4),
                ]),
            NodeType(
                name: "TownYear",
                columns: [
                    column("town", .reference(town)), column("year", .int), column("residents", .int, true),
                    column("income", .decimal(fractionDigits: 1), true),
                ],
                key: [0, 1]),
            NodeType(
                name: "Family",
                columns: [
                    column("number", .string), column("town", .reference(town), true),
                    column("phone", .string, true, unique: true),
                    column("income", .decimal(fractionDigits: 2), true), column("weight", .float, true),
                    column("seen", .dateTime, true), column("since", .date, true),
                ],
                key: [0],
                inverses: [
                    InverseDefinition(name: "standings", source: standingPeriod, column: 0),
                    InverseDefinition(name: "memberships", source: membership, column: 0),
                    InverseDefinition(name: "cares", source: care, column: 1),
                    InverseDefinition(name: "calls", source: call, column: 1),
                ]),
            NodeType(
                name: "StandingPeriod",
                columns: [
                    column("family", .reference(family)), column("validFrom", .date), column("validTo", .date, true),
                    column("standing", .enumeration(standing), true),
                ],
                key: [0, 1]),
            NodeType(
                name: "Person",
                columns: [
                    column("number", .int), column("name", .string, true), column("born", .date, true),
                    column("friends", .referenceList(person), true),
                ],
                key: [0],
                inverses: [
                    InverseDefinition(name: "memberships", source: membership, column: 1),
                    InverseDefinition(name: "friendOf", source: person, column: 3),
                ]),
            NodeType(
                name: "Membership",
                columns: [
                    column("family", .reference(family)), column("person", .reference(person)), column("validFrom", .date),
                    column("validTo", .date, true),
                ],
                key: [0, 1, 2]),
            NodeType(
                name: "Helper", columns: [column("number", .string), column("name", .string, true)], key: [0],
                inverses: [
                    InverseDefinition(name: "cares", source: care, column: 0),
                    InverseDefinition(name: "calls", source: call, column: 2),
                ]),
            NodeType(
                name: "Care",
                columns: [
                    column("helper", .reference(helper)), column("family", .reference(family)), column("validFrom", .date),
                    column("validTo", .date, true),
                ],
                key: [0, 1, 2]),
            NodeType(
                name: "Call",
                columns: [
                    column("number", .int), column("family", .reference(family)), column("helpers", .referenceList(helper)),
                    column("date", .date, true), column("place", .enumeration(place), true), column("state", .enumeration(state)),
                    column("topics", .enumerationList(topic), true), column("minutes", .int, true),
                    column("cost", .decimal(fractionDigits: 2), true), column("isJoint", .boolean, true),
                    column("remark", .string, true),
                ],
                key: [0]),
        ],
        enumerations: enumerations)

    static let standingLookup = ValidLookup(
        inverse: 0, periodType: standingPeriod, fromColumn: 1, toColumn: 2, thenReference: nil, target: standingPeriod)
    static let memberLookup = ValidLookup(
        inverse: 1, periodType: membership, fromColumn: 2, toColumn: 3, thenReference: 1, target: person)
    static let careLookup = ValidLookup(
        inverse: 2, periodType: care, fromColumn: 2, toColumn: 3, thenReference: nil, target: care)
    static let homeLookup = ValidLookup(
        inverse: 0, periodType: membership, fromColumn: 2, toColumn: 3, thenReference: 0, target: family)

    /// The fields by which the fixture's rows read dated types.
    private static let validFields: [(NodeTypeID, RowField)] = [
        (family, RowField(name: "standing", source: .validColumn(standingLookup, column: 3, .enumeration(standing)))),
        (family, RowField(name: "members", source: .toMany(.valid(memberLookup, on: nil), target: person))),
        (family, RowField(name: "care", source: .toOne(.valid(careLookup, on: nil), target: care))),
        (family, RowField(name: "openCares", source: .toMany(.valid(careLookup, on: nil), target: care))),
        (person, RowField(name: "home", source: .toOne(.valid(homeLookup, on: nil), target: family))),
    ]

    static let derivedFields: [(NodeTypeID, String, ExpressionType, String)] = [
        (family, "memberCount", .int, "size(members)"),
        (family, "isPoor", .boolean, "standing == 'POOR' || standing == 'RETURNED'"),
        (
            town, "poorPersons", .int,
            "sum(families.filter(f, f.standing in [Standing.POOR, 'RETURNED']).map(f, f.memberCount))"
        ),
        (
            town, "incidence", .ratio(displayDigits: 4),
            """
            ratio(poorPersons, coalesce(
              latest(years.filter(y, date(y.year, 12, 31) <= asOf), y, y.year),
              earliest(years, y, y.year)).residents)
            """
        ),
        (town, "meanIncome", .decimal(fractionDigits: 2), "avg(families.map(f, f.income))"),
        (
            care, "duty", .enumeration(duty),
            """
            family.calls.exists(c, c.place == 'AT_HOME' && c.state != 'VOIDED' && helper in c.helpers
              && c.date >= greatest(validFrom, quarterStart(asOf)) && c.date <= asOf
              && (!has(validTo) || c.date < validTo)) ? 'MET'
            : daysBetween(greatest(validFrom, quarterStart(asOf)), quarterEnd(asOf)) + 1 < 15 ? Duty.WAIVED
            : has(validTo) && validTo <= asOf ? 'OVERDUE'
            : daysBetween(asOf, quarterEnd(asOf)) <= 15 ? 'AT_RISK' : 'DUE'
            """
        ),
        (call, "hint", .string, "has(remark) ? remark : 'none'"),
    ]

    /// The row types, and what went wrong with the derived fields: nothing.
    private static let made: (rowTypes: RowTypes, errors: [String]) = {
        var types = catalog.nodeTypes.indices.map { index in
            let type = catalog.nodeTypes[index]
            var fields = type.columns.indices.map { column in
                RowField(name: type.columns[column].name, source: source(type.columns[column].kind, column))
            }
            for (number, inverse) in type.inverses.enumerated() {
                fields.append(
                    RowField(
                        name: inverse.name,
                        source: .toMany(.inverse(index: number, target: inverse.source), target: inverse.source)))
            }
            fields += validFields.filter { $0.0.index == index }.map(\.1)
            for (number, field) in derivedFields.enumerated() where field.0.index == index {
                fields.append(RowField(name: field.1, source: .derived(DerivedID(number), field.2)))
            }
            return RowType(id: NodeTypeID(index), name: type.name, fields: fields)
        }
        _ = types.count
        var rowTypes = RowTypes(
            catalog: catalog, types: types,
            derived: derivedFields.map {
                DerivedField(name: $0.1, type: $0.0, resultType: $0.2, text: $0.3, expression: .constant(.null, $0.2))
            })
        types = []
        var errors: [String] = []
        for (index, field) in derivedFields.enumerated() {
            do {
                rowTypes.derived[index].expression = try parseCEL(field.3, on: field.0, in: rowTypes, expecting: field.2)
            } catch {
                errors.append("\(field.1): \(error)")
            }
        }
        return (rowTypes, errors)
    }()

    static var rowTypes: RowTypes { made.rowTypes }
    static var errors: [String] { made.errors }

    private static func source(_ kind: ColumnKind, _ column: Int) -> FieldSource {
        switch kind {
        case .boolean: .column(column, .boolean)
        case .int: .column(column, .int)
        case .decimal(let digits): .column(column, .decimal(fractionDigits: digits))
        case .float: .column(column, .float)
        case .date: .column(column, .date)
        case .dateTime: .column(column, .dateTime)
        case .enumeration(let id): .column(column, .enumeration(id))
        case .string: .column(column, .string)
        case .reference(let target): .toOne(.reference(column: column, target: target), target: target)
        case .enumerationList(let id): .column(column, .enumerationList(id))
        case .referenceList(let target): .toMany(.list(column: column, target: target), target: target)
        }
    }

    static func date(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        guard let date = CivilDate(year: year, month: month, day: day) else { preconditionFailure("no such day") }
        return date
    }
}
