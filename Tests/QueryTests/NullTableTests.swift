import Testing

/// Every operator against a field without a value: `api.md` §2 "Absent, null, unknown".
@Suite struct `Operators and null` {
    /// One row whose nullable fields are all null, one whose fields are all there.
    static func makeRegister() -> NaiveGraph {
        let graph = NaiveGraph()
        graph.rows["Player"] = [
            ["number": .string("null"), "name": .string("nobody")],
            [
                "number": .string("value"), "name": .string("Ada"), "nickname": .string("ace"), "born": .date(days(1980, 5, 17)),
                "height": .int(160), "weight": .float(61.5), "fee": .decimal(12_500),
                "seenAt": .instant(days(2019, 3, 1) * 86_400_000_000), "retired": .boolean(true),
                "rank": .enumeration("SKILLED"), "skills": .enumerations(["KEYS", "DRUMS"]), "teacher": .row(0),
            ],
        ]
        graph.rows["Song"] = [["band": .row(0), "title": .string("t"), "writers": .rows([1])]]
        graph.rows["Band"] = [["code": .string("B"), "name": .string("B"), "founded": .date(0)]]
        return graph
    }

    /// An operator, an operand for which the row with the value is TRUE, and what the row without one is.
    struct Entry: CustomTestStringConvertible, Sendable {
        var field: String
        var filter: String
        var ofNull: String
        var testDescription: String { "\(field): \(filter)" }
    }

    /// For each kind of field: a value that equals the row's, a smaller and a greater one.
    static let kinds: [(field: String, equal: String, less: String, greater: String)] = [
        ("nickname", "\"ace\"", "\"abc\"", "\"b\""), ("born", "\"1980-05-17\"", "\"1979-01-01\"", "\"1981-01-01\""),
        ("height", "160", "159", "161"), ("weight", "61.5", "61", "62.25"), ("fee", "12.50", "\"12.4\"", "12.51"),
        ("seenAt", "\"2019-03-01T08:00:00+08:00\"", "\"2019-02-28T23:59:59Z\"", "\"2019-03-01T00:00:01Z\""),
        ("rank", "SKILLED", "NOVICE", "MASTER"), ("share", "\"1/160\"", "0.006", "\"2/160\""),
        ("retired", "true", "false", "true"),
    ]

    static let entries: [Entry] = {
        var entries: [Entry] = []
        func add(_ field: String, _ filter: String, _ ofNull: String = "unknown") {
            entries.append(Entry(field: field, filter: filter, ofNull: ofNull))
        }
        for (field, equal, less, greater) in kinds {
            add(field, "{eq: \(equal)}")
            add(field, "{in: [\(less), \(equal)]}")
            add(field, "{isNull: false}", "no")
            if field == "retired" {
                add(field, "{neq: \(less)}", "yes")
                add(field, "{notIn: [\(less)]}", "yes")
                continue
            }
            add(field, "{neq: \(less)}", "yes")
            add(field, "{notIn: [\(less), \(greater)]}", "yes")
            add(field, "{notIn: []}", "yes")
            add(field, "{lt: \(greater)}")
            add(field, "{lte: \(equal)}")
            add(field, "{gt: \(less)}")
            add(field, "{gte: \(equal)}")
            if !["nickname", "rank"].contains(field) {
                add(field, "{between: {from: \(equal), to: \(equal)}}")
                add(field, "{between: {from: \(less)}}")
                add(field, "{between: {to: \(greater)}}")
            }
            add(field, "{gte: \(less), lte: \(greater), neq: \(less)}")
        }
        add("born", "{during: \"1980-Q2\"}")
        add("seenAt", "{during: \"2019-03-01\"}")
        for test in [
            "startsWith: \"ac\"", "endsWith: \"ce\"", "contains: \"c\"", "like: \"a_e\"", "regex: \"^a.e$\"",
            "eq: \"ACE\", caseInsensitive: true", "in: [\"ACE\"], caseInsensitive: true", "like: \"A%\", caseInsensitive: true",
            "regex: \"^A\", caseInsensitive: true", "startsWith: \"AC\", caseInsensitive: true",
            "endsWith: \"CE\", caseInsensitive: true", "contains: \"C\", caseInsensitive: true",
            "lt: \"ACF\", caseInsensitive: true", "lte: \"ACE\", caseInsensitive: true",
            "gt: \"ACD\", caseInsensitive: true", "gte: \"ACE\", caseInsensitive: true",
        ] { add("nickname", "{\(test)}") }
        add("nickname", "{neq: \"ADA\", caseInsensitive: true}", "yes")
        add("nickname", "{notIn: [\"ADA\"], caseInsensitive: true}", "yes")
        add("skills", "{includes: KEYS}")
        add("skills", "{includesAny: [SINGING, KEYS]}")
        add("skills", "{includesAll: [DRUMS, KEYS]}")
        add("skills", "{isEmpty: false}")
        add("skills", "{isNull: false}", "no")
        // A to-one field is a set of none or one.
        add("teacher", "{}", "no")
        add("teacher", "{name: {eq: \"nobody\"}}", "no")
        add("songs", "{some: {}}", "no")
        add("songs", "{some: {title: {eq: \"t\"}}}", "no")
        add("songs", "{every: {title: {eq: \"t\"}}}", "yes")
        add("songs", "{none: {title: {eq: \"u\"}}}", "yes")
        return entries
    }()

    @Test(arguments: entries) func `an operator says of null what the table says`(entry: Entry) throws {
        let desk = try Desk(Self.makeRegister())
        func matches(_ filter: String) throws -> [String] {
            try desk.data("{ players(where: \(filter)) { nodes { number } } }").players.nodes.items.compactMap {
                $0.number.string
            }
        }
        let positive = try matches("{\(entry.field): \(entry.filter)}")
        let negative = try matches("{not: {\(entry.field): \(entry.filter)}}")
        #expect(positive.contains("value"), "the operand is chosen so that the value matches")
        #expect(!negative.contains("value"))
        let ofNull = positive.contains("null") ? "yes" : negative.contains("null") ? "no" : "unknown"
        #expect(ofNull == entry.ofNull)
    }

    @Test(arguments: [
        "eq", "neq", "in", "notIn", "lt", "lte", "gt", "gte", "startsWith", "endsWith", "contains", "like", "regex", "isNull",
        "caseInsensitive",
    ])
    func `a null operand is an error, written or sent`(name: String) throws {
        let desk = try Desk(Self.makeRegister())
        let written = try desk.errors("{ players(where: {nickname: {\(name): null}}) { totalCount } }")
        #expect(written.map { $0.extensions.code.string } == ["NULL_OPERAND"])
        #expect(written.first?.extensions.argumentPath.string == "where.nickname.\(name)")
        let sent = try desk.errors(
            "query($w: PlayerFilter) { players(where: $w) { totalCount } }",
            variables: "{\"w\": {\"nickname\": {\"\(name)\": null}}}")
        #expect(sent.map { $0.extensions.code.string } == ["NULL_OPERAND"])
    }

    @Test(arguments: [
        "{not: null}", "{and: null}", "{teacher: null}", "{songs: null}", "{songs: {every: null}}", "{born: {during: null}}",
        "{born: {between: null}}", "{born: {between: {from: null}}}", "{skills: {includes: null}}", "{skills: {isEmpty: null}}",
        "{id: {eq: null}}", "{stints: {some: {validOn: null}}}", "{nickname: null}",
    ]) func `a null where a filter belongs is an error`(filter: String) throws {
        let errors = try Desk(Self.makeRegister()).errors("{ players(where: \(filter)) { totalCount } }")
        #expect(errors.map { $0.extensions.code.string } == ["NULL_OPERAND"])
    }
}

/// What a variable that was not sent does. `api.md` §2
@Suite struct `Absent variables` {
    private func count(_ filter: String, _ declarations: String, _ variables: String = "{}") throws -> Int? {
        try Desk(SmallRegister.make())
            .data("query(\(declarations)) { players(where: \(filter)) { totalCount } }", variables: variables).players.totalCount
            .int
    }

    @Test(arguments: [
        "{name: {eq: $a}}", "{name: {in: $l}}", "{not: {name: {eq: $a}}}", "{and: [{name: {eq: $a}}]}",
        "{or: [{name: {eq: $a}}, {nickname: {like: $a}}]}", "{or: $f}", "{stints: {none: {since: {gte: $d}}}}",
        "{stints: {every: {band: {name: {eq: $a}}}}}", "{teacher: {name: {eq: $a}}}", "{name: {eq: $a, caseInsensitive: true}}",
        "{born: {between: {from: $d}}}", "{not: $g}", "{skills: {includesAny: $s}}",
    ]) func `what was not sent asks nothing, up to the top`(filter: String) throws {
        let declarations = "$a: String, $l: [String!], $d: Date, $f: [PlayerFilter!], $g: PlayerFilter, $s: [Skill!]"
        // Each variable stands in some filter; the others would be unused.
        let used = declarations.split(separator: ", ").filter { filter.contains($0.prefix { $0 != ":" }) }.joined(separator: ", ")
        #expect(try count(filter, used) == 5)
    }

    @Test func `what was sent still asks, beside what was not`() throws {
        let filter = "{or: [{name: {eq: $a}}, {height: {gt: $h}}]}"
        #expect(try count(filter, "$a: String, $h: Int", "{\"h\": 170}") == 1)
        #expect(try count(filter, "$a: String, $h: Int", "{\"a\": \"Ada\"}") == 2)
        #expect(try count("{stints: {some: {band: {}, since: {gte: $d}}}}", "$d: Date") == 4)
    }

    @Test func `an empty object that was written is empty, and nothing is removed inside a variable`() throws {
        #expect(
            try Desk(SmallRegister.make()).data("{ players(where: {stints: {some: {}}}) { totalCount } }").players.totalCount.int
                == 4)
        #expect(try count("$f", "$f: PlayerFilter", "{\"f\": {\"stints\": {\"some\": {}}}}") == 4)
        #expect(try count("$f", "$f: PlayerFilter", "{\"f\": {\"or\": []}}") == 0)
        #expect(try count("$f", "$f: PlayerFilter", "{\"f\": {\"and\": [], \"not\": {\"or\": []}}}") == 5)
        #expect(try count("$f", "$f: PlayerFilter", "{\"f\": {\"name\": {\"in\": []}}}") == 0)
    }

    @Test func `a default stands in for what was not sent`() throws {
        #expect(try count("{name: {eq: $a}}", "$a: String = \"Ada\"") == 2)
        #expect(try count("{name: {eq: $a}}", "$a: String = null", "{\"a\": \"Bela\"}") == 1)
    }
}
