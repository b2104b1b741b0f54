import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// What an answer tells about persons: held against a table, and against the answer itself.
@Suite struct `What an answer tells` {
    let version: GraphVersion
    let asOf: CivilDate

    init() throws {
        version = try Clinic.version()
        asOf = try #require(CivilDate(isoText: "2020-06-01"))
    }

    private func answer(
        _ service: QueryService, _ document: String, variables: String = "{}", reason: String? = nil, notes: Bool = true
    ) throws -> QueryAnswer {
        var request = try QueryRequest.parse(
            query: document, variables: variables, extensions: nil, operationName: nil, limits: service.limits)
        request.statedReason = reason
        request.notesTellings = notes
        return service.answer(request, version: version, asOf: asOf, viewer: .local, budget: service.makeBudget())
    }

    /// `ID full, NAME masked; Person.paper; Person P1 P2`
    private func told(_ answer: QueryAnswer) -> String {
        guard let told = answer.told else { return "nothing" }
        var parts = [told.views.map { "\($0.kind) \($0.view)" }.joined(separator: ", ")]
        parts.append(told.sensitiveFields.joined(separator: " "))
        for subject in told.subjects {
            var keys: [String] = []
            subject.forEachKey { keys.append($0) }
            #expect(keys.count == subject.count)
            parts.append("\(subject.type) " + keys.sorted().joined(separator: " "))
        }
        return parts.joined(separator: "; ")
    }

    private func check(
        _ role: String?, _ document: String, variables: String = "{}", tells expected: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let service = try Clinic.service(role)
        // Bound anew, then kept, then used again.
        for round in 0..<4 {
            let answer = try answer(service, document, variables: variables)
            #expect(answer.outcome == .data, "\(String(decoding: answer.body, as: UTF8.self))", sourceLocation: sourceLocation)
            #expect(told(answer) == expected, "round \(round) of \(document)", sourceLocation: sourceLocation)
        }
    }

    @Test func `classes with what is seen of them, and whom something sensitive was about`() throws {
        try check(nil, "{ persons(first: 2) { totalCount nodes { number visits } } }", tells: "; ")
        try check(nil, "{ persons(first: 2) { nodes { name } } }", tells: "NAME full; ")
        try check(nil, "{ persons(first: 2) { nodes { paper } } }", tells: "ID full; Person.paper; Person P0 P1")
        try check(
            nil, "{ persons(first: 1) { edges { node { ill name } } } }", tells: "HEALTH full, NAME full; Person.ill; Person P0")
        try check(nil, #"{ person(number: "P4") { paper } }"#, tells: "ID full; Person.paper; Person P4")
        try check(
            nil, #"{ persons(where: {number: {in: ["P1", "P3"]}}) { nodes { home { account } } } }"#,
            tells: "BANK full; Home.account; Home H1 H3")
        try check(
            nil, #"{ homes(where: {number: {eq: "H2"}}) { nodes { persons { nodes { grade } } } } }"#,
            tells: "HEALTH full; Person.grade; Person P16 P2 P23 P9")
        try check("PART", "{ persons(first: 2) { nodes { paper name } } }", tells: "ID masked, NAME masked; ")
        try check("PART", "{ homes(first: 1) { nodes { account } } }", tells: "BANK full; Home.account; Home H0")
    }

    @Test func `rows that refer to somebody are about whom they refer to`() throws {
        try check(nil, "{ bills(first: 3) { nodes { clinic } } }", tells: "; ")
        try check(nil, "{ bills(first: 3) { nodes { cost } } }", tells: "HEALTH full; Bill.cost; Person P1 P10")
        try check(
            nil, "{ bills(first: 1) { nodes { person { number } } } }", tells: "HEALTH full; Bill.person; Person P1")
        // That somebody has bills at all.
        try check(
            nil, #"{ person(number: "P4") { bills { totalCount } } }"#, tells: "HEALTH full; Person.bills; Person P4")
    }

    @Test func `what is computed of something sensitive tells it, unless the model says that it does not`() throws {
        try check(nil, "{ persons(first: 1) { nodes { paid } } }", tells: "HEALTH full; Person.paid; Person P0")
        try check(nil, "{ persons(first: 1) { nodes { isDear } } }", tells: "HEALTH full; Person.isDear; Person P0")
        try check(nil, "{ persons(first: 1) { nodes { visits } } }", tells: "; ")
    }

    @Test func `by what rows are chosen, sorted, found and put into groups is told, though it stands nowhere`() throws {
        let paper = Clinic.paper(3)
        try check(nil, #"{ persons(where: {paper: {eq: "\#(paper)"}}) { nodes { number } } }"#, tells: "ID asked; ")
        try check(
            nil, "query ($where: PersonFilter) { persons(where: $where) { nodes { number } } }",
            variables: #"{"where": {"paper": {"eq": "\#(paper)"}}}"#, tells: "ID asked; ")
        try check(
            nil, "query ($where: PersonFilter) { persons(where: $where) { totalCount } }",
            variables: #"{"where": {"number": {"eq": "P1"}}}"#, tells: "; ")
        try check(nil, "{ persons(orderBy: [{grade: DESC}], first: 1) { nodes { number } } }", tells: "HEALTH asked; ")
        try check(nil, #"{ persons(where: {cel: "isDear"}) { totalCount } }"#, tells: "HEALTH asked; ")
        try check(
            nil, "{ persons(where: {bills: {some: {cost: {gt: 10}}}}) { totalCount } }", tells: "HEALTH asked; ")
        try check(nil, #"{ search(text: "张") { totalCount } }"#, tells: "NAME asked; ")
        try check(nil, "{ persons { aggregate { sum { grade } } } }", tells: "HEALTH figures; Person.grade")
    }

    @Test func `figures and groups of few rows are about each of them`() throws {
        try check(
            nil, #"{ persons(where: {number: {in: ["P1", "P3"]}}) { aggregate { max { grade } } } }"#,
            tells: "HEALTH figures; Person.grade; Person P1 P3")
        try check(
            nil, "{ persons { groups(by: [{field: state}]) { key { state } aggregate { count } } } }",
            tells: "HEALTH full; Person.state; Person P0 P10 P20")
        try check(
            nil, "{ persons { groups(by: [{field: state}]) { aggregate { count avg { grade } } } } }",
            tells: "HEALTH asked; Person.grade; Person P0 P10 P20")
        try check(
            nil, "{ persons { groups(by: [{field: state}]) { aggregate { count } } } }", tells: "HEALTH asked; ")
    }

    @Test func `nothing is noted for whoever does not want to know`() throws {
        let answer = try answer(try Clinic.service(nil), "{ persons { nodes { paper } } }", notes: false)
        #expect(answer.told == nil)
    }

    // MARK: - Against the answer

    /// Selections at random, in which every object says whose it is.
    private func selection(_ type: String, _ depth: Int, _ chance: inout Chance) -> String {
        var fields: [String] = []
        func may(_ text: String, _ chance: inout Chance) { if chance.below(3) == 0 { fields.append(text) } }
        switch type {
        case "Home":
            fields.append("H: number")
            may("account", &chance)
            if depth > 0 {
                may("persons(first: \(1 + chance.below(5))) { nodes { \(selection("Person", depth - 1, &chance)) } }", &chance)
            }
        case "Person":
            fields.append("P: number")
            for field in ["name", "paper", "ill", "paid", "visits"] { may(field, &chance) }
            if depth > 0 {
                may("home { \(selection("Home", depth - 1, &chance)) }", &chance)
                let page =
                    chance.below(2) == 0
                    ? "nodes { \(selection("Bill", depth - 1, &chance)) }"
                    : "edges { node { \(selection("Bill", depth - 1, &chance)) } }"
                may("bills { \(page) }", &chance)
            }
        default:
            // Whose it is stands in the edge, which is sensitive itself.
            fields.append("B: person { P: number }")
            for field in ["cost", "clinic", "day"] { may(field, &chance) }
        }
        return fields.joined(separator: " ")
    }

    /// Whom an answer shows something sensitive of, by hand.
    private func shown(_ json: JSON, _ found: inout Set<String>) {
        if let members = json.value as? [String: Any] {
            if let person = members["P"] as? String, !Set(members.keys).isDisjoint(with: ["paper", "ill", "paid", "bills"]) {
                found.insert("Person \(person)")
            }
            if let home = members["H"] as? String, members["account"] != nil { found.insert("Home \(home)") }
            if let owner = (members["B"] as? [String: Any])?["P"] as? String { found.insert("Person \(owner)") }
            for value in members.values { shown(JSON(value: value), &found) }
        }
        for item in json.items { shown(item, &found) }
    }

    @Test(arguments: 0..<60) func `about whom it was is whom the answer shows something sensitive of`(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed) &* 7 &+ 1)
        let service = try Clinic.service(nil)
        for _ in 0..<6 {
            let (list, type) = chance.pick([("persons", "Person"), ("homes", "Home"), ("bills", "Bill")])
            let document = "query ($n: Int) { \(list)(first: $n) { nodes { \(selection(type, 3, &chance)) } } }"
            for _ in 0..<3 {
                let answer = try answer(service, document, variables: "{\"n\": \(chance.below(20))}")
                var expected: Set<String> = []
                shown(try JSON(answer.body), &expected)
                var found: Set<String> = []
                for subject in try #require(answer.told).subjects {
                    subject.forEachKey { found.insert("\(subject.type) \($0)") }
                }
                #expect(found == expected, "seed \(seed): \(document)")
            }
        }
    }

    // MARK: - Reasons

    @Test func `what is told for a reason only is refused without one, before anything is read, and told with one`() throws {
        let service = try Clinic.service("CHECKER")
        let paper = Clinic.paper(3)
        for (document, variables) in [
            ("{ persons { nodes { paper } } }", "{}"), (#"{ person(number: "none") { paper } }"#, "{}"),
            ("{ homes { nodes { persons { edges { node { number paper } } } } } }", "{}"),
            (#"{ persons(where: {paper: {eq: "\#(paper)"}}) { totalCount } }"#, "{}"),
            (
                "query ($where: PersonFilter) { persons(where: $where) { totalCount } }",
                #"{"where": {"paper": {"startsWith": "4"}}}"#
            ),
            (#"{ persons(where: {cel: "paper == '\#(paper)'"}) { totalCount } }"#, "{}"),
            (#"{ homes(where: {persons: {some: {paper: {isNull: false}}}}) { totalCount } }"#, "{}"),
            ("{ persons(orderBy: [{paper: ASC}]) { nodes { number } } }", "{}"),
            ("{ persons { groups(by: [{field: paper}]) { aggregate { count } } } }", "{}"),
            ("{ persons { aggregate { countDistinct { paper } } } }", "{}"),
            (#"{ diff(from: "3", to: "3") { rows { totalCount } } }"#, "{}"),
            (#"{ explain(rule: "Person.isDear", key: "P3") { name } }"#, "{}"),
        ] {
            let refused = try answer(service, document, variables: variables)
            let body = String(decoding: refused.body, as: UTF8.self)
            #expect(refused.outcome == .forbidden, "\(document): \(body)")
            #expect(body.contains("\"FORBIDDEN\"") && body.contains("of ID for a reason") && body.contains("Audit-Reason"))
            #expect(!body.contains("\"data\"") && !body.contains(paper))
            let told = try answer(service, document, variables: variables, reason: "file 12")
            #expect(told.outcome == .data, "\(document): \(String(decoding: told.body, as: UTF8.self))")
        }
        for document in ["{ persons { nodes { number name ill } } }", "{ homes { nodes { account } } }", "{ __typename }"] {
            #expect(try answer(service, document).outcome == .data, "\(document)")
        }
        #expect(try answer(try Clinic.service("PART"), "{ persons { nodes { paper } } }").outcome == .data)
        #expect(service.needsReasons)
        #expect(try Clinic.service("PART").needsReasons == false)
    }
}
