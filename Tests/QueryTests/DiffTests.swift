import Expressions
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

@Suite("Two versions side by side")
struct DiffTests {
    let desk: ChangingDesk

    init() throws { desk = try ChangingDesk(SmallRegister.make()) }

    private func change() async throws {
        let first = try await desk.apply(
            #"""
            {players: {upsert: [{number: "P1", name: "Eve", rank: NOVICE, teacher: "P2", skills: [DRUMS, KEYS]}, {number: "P2", rank: null},
              {number: "P9", name: "New"}]}, stints: {upsert: [{player: "P1", since: "2019-06-01", band: "B2", role: DRUMS}]}}
            """#)
        let second = try await desk.apply(
            #"{players: {delete: [{number: "P5"}]}, songs: {upsert: [{band: "B1", title: "Chant"}]}}"#)
        #expect(first.applied.bool == true && second.applied.bool == true)
    }

    @Test func `types tell how many rows differ, and how enum fields went, dated ones too`() async throws {
        try await change()
        let diff = try await desk.data(
            #"{ diff(from: "7", to: "9") { from to types { type added removed changed transitions { field from to count } } } }"#)[
                "diff"]
        #expect(diff.from.string == "7" && diff.to.string == "9")
        #expect(
            diff.types.items.map(\.description) == [
                #"{"added":1,"changed":2,"removed":1,"transitions":[{"count":1,"field":"rank","from":"NOVICE","to":null},{"count":1,"field":"rank","from":"MASTER","to":"NOVICE"},{"count":1,"field":"role","from":"KEYS","to":"DRUMS"}],"type":"Player"}"#,
                #"{"added":1,"changed":0,"removed":0,"transitions":[],"type":"Stint"}"#,
            ])
    }

    @Test func `rows tell the old and the new value of each stored field that differs`() async throws {
        try await change()
        let rows = try await desk.data(
            #"{ diff(from: "7", to: "9") { rows { totalCount nodes { type key change fields { field old new } } pageInfo { hasNextPage } } } }"#
        )[
            "diff"
        ].rows
        #expect(rows.totalCount.int == 5)
        #expect(rows.pageInfo.hasNextPage.bool == false)
        #expect(
            rows.nodes.items.map { "\($0.type.string ?? "") \($0.key.string ?? "") \($0.change.string ?? "")" } == [
                "Player P1 CHANGED", "Player P2 CHANGED", "Player P5 REMOVED", "Player P9 ADDED", "Stint P1|2019-06-01 ADDED",
            ])
        #expect(
            rows.nodes[0].fields.items.map(\.description) == [
                #"{"field":"name","new":"Eve","old":"Ada"}"#, #"{"field":"rank","new":"NOVICE","old":"MASTER"}"#,
                #"{"field":"skills","new":"DRUMS;KEYS","old":"KEYS;SINGING"}"#, #"{"field":"teacher","new":"P2","old":null}"#,
            ])
        #expect(rows.nodes[1].fields.items.map(\.description) == [#"{"field":"rank","new":null,"old":"NOVICE"}"#])
        #expect(
            rows.nodes[3].fields.items.map(\.description) == [
                #"{"field":"number","new":"P9","old":null}"#, #"{"field":"name","new":"New","old":null}"#,
            ])
    }

    @Test func `backwards, what was added is removed`() async throws {
        try await change()
        let data = try await desk.data(
            #"{ diff(from: "8", to: "7") { types(type: "Player") { type added removed changed } } }"#)["diff"]
        #expect(data.types.description == #"[{"added":0,"changed":2,"removed":1,"type":"Player"}]"#)
        #expect(
            try await desk.data(#"{ diff(from: "9", to: "9") { types { type } rows { totalCount } } }"#)["diff"].description
                == #"{"rows":{"totalCount":0},"types":[]}"#)
    }

    @Test func `the pages of a list are the list, and a cursor is of its list only`() async throws {
        try await change()
        let field = { (arguments: String) in
            "{ diff(from: \"7\", to: \"9\") { rows(\(arguments)) { totalCount nodes { key } pageInfo { hasNextPage endCursor } } } }"
        }
        var keys: [String] = []
        var after = ""
        for _ in 0..<10 {
            let page = try await desk.data(field("first: 2\(after)"))["diff"].rows
            #expect(page.totalCount.int == 5)
            keys += page.nodes.items.compactMap(\.key.string)
            guard page.pageInfo.hasNextPage.bool == true else { break }
            after = ", after: \"\(page.pageInfo.endCursor.string ?? "")\""
        }
        #expect(keys == ["P1", "P2", "P5", "P9", "P1|2019-06-01"])
        let filtered = try await desk.data(field(#"type: ["Player"], change: [ADDED, REMOVED]"#))["diff"].rows
        #expect(filtered.nodes.items.compactMap(\.key.string) == ["P5", "P9"])
        let foreign = try JSON(try await desk.answer(field("type: \"Player\"\(after)")).body).errors[0]
        #expect(foreign.message.string == "'after' is no cursor of this list: its versions, types or changes are others.")
        #expect(foreign.extensions.argumentPath.string == "after")
    }

    @Test(arguments: [
        (#"from: "x", to: "7""#, "", "BAD_USER_INPUT", "'from' is not the number of a version."),
        (#"from: "7", to: "10""#, "", "VERSION_NOT_REACHED", "Version 10 is not reached yet; the data is at version 9."),
        (#"from: "2", to: "7""#, "", "VERSION_GONE", "Version 2 is not kept; the nearest is 7."),
        (#"from: "7", to: "8""#, "type: \"Plaxer\"", "BAD_USER_INPUT", "There is no type 'Plaxer'. Did you mean 'Player'?"),
        (
            #"from: "7", to: "8""#, "first: 1001", "BAD_USER_INPUT",
            "A page has from 0 to 1000 rows; 'first' is 1001 (limit max-page-size)."
        ),
        (#"from: "7", to: "8""#, "after: \"x\"", "BAD_USER_INPUT", "'after' is no cursor of this list"),
    ])
    func `what cannot be compared says why`(arguments: String, rows: String, code: String, message: String) async throws {
        try await change()
        let list = rows.isEmpty ? "rows" : "rows(\(rows))"
        let error = try JSON(try await desk.answer("{ diff(\(arguments)) { \(list) { totalCount } } }").body).errors[0]
        #expect(error.extensions.code.string == code)
        #expect(error.message.string?.hasPrefix(message) == true, "\(error)")
    }

    @Test func `a comparison counts the rows it looks at`() async throws {
        try await change()
        var limits = QueryLimits()
        limits.rowsVisited = 3
        let service = QueryService(model: music, limits: limits, cursorKey: cursorKey, versions: desk.writer.source)
        let request = QueryRequest(document: Array(#"{ diff(from: "7", to: "9") { types { type } } }"#.utf8))
        let answer = service.answer(
            request, version: desk.writer.current, asOf: desk.asOf, viewer: .local, budget: service.makeBudget())
        #expect(try JSON(answer.body).errors[0].extensions.code.string == "QUERY_TOO_COMPLEX")
    }

    @Test func `rows stand in the order of their keys, numbers by size`() async throws {
        let model = try Self.model()
        let desk = ChangingDesk(model, .empty(catalog: model.catalog), asOf: try #require(CivilDate(isoText: "2020-01-01")))
        _ = try await desk.apply(
            #"{people: {upsert: [{number: 9, name: "I"}, {number: 10, name: "J"}, {number: 2, name: "B"}]}}"#)
        _ = try await desk.apply(
            #"{people: {delete: [{number: 10}], upsert: [{number: 11, name: "K"}, {number: 2, name: "C"}, {number: 1, name: "A"}]}}"#
        )
        let rows = try await desk.data(#"{ diff(from: "1", to: "2") { rows { nodes { key change } } } }"#)["diff"].rows
        #expect(
            rows.nodes.items.map { "\($0.key.string ?? "") \($0.change.string ?? "")" }
                == ["1 ADDED", "2 CHANGED", "10 REMOVED", "11 ADDED"])
    }

    @Test func `what fields about persons hold is told only to those who ask for it`() async throws {
        let model = try Self.model()
        let desk = ChangingDesk(model, .empty(catalog: model.catalog), asOf: try #require(CivilDate(isoText: "2020-01-01")))
        _ = try await desk.apply(#"{people: {upsert: [{number: 1, name: "Ada", note: "x", health: WELL}]}}"#)
        _ = try await desk.apply(#"{people: {upsert: [{number: 1, name: "Eve", note: "y", health: ILL}]}}"#)
        func diff(_ arguments: String) async throws -> JSON {
            try await desk.data(
                #"{ diff(from: "1", to: "2") { types\#(arguments) { transitions { field from to } } rows\#(arguments) { nodes { fields { field old new hidden } } } } }"#
            )["diff"]
        }
        for arguments in ["", "(personal: false)"] {
            let found = try await diff(arguments)
            #expect(
                found.rows.nodes[0].fields.items.map(\.description) == [
                    #"{"field":"name","hidden":true,"new":null,"old":null}"#,
                    #"{"field":"note","hidden":false,"new":"y","old":"x"}"#,
                    #"{"field":"health","hidden":true,"new":null,"old":null}"#,
                ])
            #expect(found.types[0].transitions.items.isEmpty)
            #expect(!"\(found)".contains("Ada") && !"\(found)".contains("ILL"))
        }
        let shown = try await diff("(personal: true)")
        #expect(shown.rows.nodes[0].fields[0].description == #"{"field":"name","hidden":false,"new":"Eve","old":"Ada"}"#)
        #expect(shown.types[0].transitions[0].description == #"{"field":"health","from":"WELL","to":"ILL"}"#)
    }

    private static func model() throws -> Model {
        let sdl = """
            type Person @node(key: "number", plural: "people") {
              number: Int!
              name: String! @personal(class: PII)
              note: String
              health: Health @personal(class: SPI)
            }
            enum Health { WELL ILL }
            """
        return try Model(sources: [ModelSource(name: "people.graphql", bytes: Array(sdl.utf8))], digest: "of the test")
    }
}
