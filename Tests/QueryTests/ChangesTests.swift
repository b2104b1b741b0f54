import Query
import QueryPlanning
import StoreColumns
import Testing

@Suite("Changes")
struct ChangesTests {
    let desk: ChangingDesk

    init() throws { desk = try ChangingDesk(SmallRegister.make()) }

    /// What a report says of problems, a line each.
    private func lines(_ report: JSON) -> [String] {
        report.problems.items.map { problem in
            let place = [problem.type, problem.list, problem.key, problem.field].compactMap(\.string).joined(separator: " ")
            let row = problem.row.int.map { "[\($0)] " } ?? ""
            return "\(problem.code.string ?? "") \(row)\(place.isEmpty ? "" : place + ": ")\(problem.message.string ?? "")"
        }
    }

    private func check(
        _ changes: String, _ more: String = "", reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = desk.writer.current
        let report = try await desk.apply(changes, more, sourceLocation: sourceLocation)
        #expect(lines(report) == expected, sourceLocation: sourceLocation)
        #expect(report.problemCount.int == expected.count, sourceLocation: sourceLocation)
        #expect(report.applied.bool == false, sourceLocation: sourceLocation)
        #expect(report.version.string == "7", sourceLocation: sourceLocation)
        #expect(desk.writer.current === before, sourceLocation: sourceLocation)
    }

    // MARK: What is applied

    @Test func `an absent field stays as it is, null clears, a new row comes`() async throws {
        let report = try await desk.apply(
            #"{players: {upsert: [{number: "P1", name: "Eve", nickname: null}, {number: "P9", name: "New", fee: 1.5}]}}"#)
        #expect(report.applied.bool == true)
        #expect(report.version.string == "8")
        #expect(
            report.counts.description
                == #"[{"added":1,"changed":1,"deleted":0,"type":"Player","unchanged":0}]"#)
        let data = try await desk.data(
            #"{ a: player(number: "P1") { name nickname height rank skills } b: player(number: "P9") { name fee skills } }"#)
        #expect(data.a.description == #"{"height":160,"name":"Eve","nickname":null,"rank":"MASTER","skills":["KEYS","SINGING"]}"#)
        #expect(data.b.description == #"{"fee":1.5,"name":"New","skills":null}"#)
    }

    @Test func `a row that is given as it was makes it unchanged, and still a version`() async throws {
        let report = try await desk.apply(#"{players: {upsert: [{number: "P5"}, {number: "P1", height: 160}]}}"#)
        #expect(report.counts[0].unchanged.int == 2)
        #expect(report.applied.bool == true)
    }

    @Test func `references name rows by key, of the data or of the same changes, in any order and in circles`() async throws {
        let report = try await desk.apply(
            #"""
            {players: {upsert: [{number: "X", name: "X", teacher: "Y"}, {number: "Y", name: "Y", teacher: "X"}]},
             stints: {upsert: [{player: "X", since: "2019-01-01", band: "N", role: DRUMS}]},
             songs: {upsert: [{band: "N", title: "T", writers: ["X", "P1"]}]},
             bands: {upsert: [{code: "N", name: "N", founded: "2019-01-01"}]}}
            """#)
        #expect(report.problemCount.int == 0, "\(report)")
        let data = try await desk.data(
            #"{ player(number: "X") { teacher { teacher { number } } band { code songs { nodes { writers { nodes { number } } } } } } }"#
        )
        #expect(data.player.teacher.teacher.number.string == "X")
        #expect(data.player.band.songs.nodes[0].writers.nodes.items.compactMap(\.number.string) == ["P1", "X"])
    }

    @Test func `rows are deleted by key, composite ones by all parts, together with those that name them`() async throws {
        let report = try await desk.apply(
            #"""
            {bands: {delete: [{code: "B1"}]}, songs: {delete: [{band: "B1", title: "Waltz"}, {band: "B1", title: "Anthem"},
             {band: "B1", title: "Chant"}]}, stints: {delete: [{player: "P1", since: "2018-01-01"}, {player: "P2", since: "2019-07-01"}]}}
            """#)
        #expect(report.applied.bool == true, "\(report)")
        let data = try await desk.data("{ bands { nodes { code } } songs { totalCount } stints { totalCount } }")
        #expect(data.bands.nodes.items.count == 1)
        #expect(data.songs.totalCount.int == 0)
        #expect(data.stints.totalCount.int == 3)
    }

    @Test func `rows come from variables as they come from literals`() async throws {
        let document = "mutation ($c: ChangesInput!, $d: Boolean) { applyChanges(changes: $c, dryRun: $d) { applied version } }"
        let data = try await desk.data(
            document,
            variables: #"{"c":{"players":{"upsert":[{"number":"V","name":"V","seenAt":"2020-01-01T00:00:00Z","weight":1}]}}}"#)
        #expect(data.applyChanges.applied.bool == true)
        #expect(try await desk.data(#"{ player(number: "V") { seenAt weight } }"#).player.weight.int == 1)
    }

    // MARK: Order, retries, versions

    @Test func `changes of one document are applied one after another, and each report tells its version`() async throws {
        let data = try await desk.data(
            #"""
            mutation {
              a: applyChanges(changes: {players: {upsert: [{number: "Z", name: "1"}]}}) { version }
              b: applyChanges(changes: {players: {upsert: [{number: "Z", name: "2"}]}}) { version counts { added changed } }
              c: applyChanges(changes: {players: {delete: [{number: "Z"}]}}) { version }
              d: applyChanges(changes: {players: {delete: [{number: "Z"}]}}) { version applied problems { code } }
            }
            """#)
        #expect(
            [data.a.version.string, data.b.version.string, data.c.version.string, data.d.version.string] == [
                "8", "9", "10", "10",
            ])
        #expect(data.b.counts.description == #"[{"added":0,"changed":1}]"#)
        #expect(data.d.problems[0].code.string == "NO_SUCH_ROW")
    }

    @Test func `the answer to a mutation tells the version after it`() async throws {
        let answer = try await desk.answer(#"mutation { applyChanges(changes: {}) { applied version } __typename }"#)
        #expect(answer.version == 8)
        #expect(try JSON(answer.body).data.__typename.string == "Mutation")
        #expect(try JSON(answer.body).extensions.data.version.string == "8")
    }

    @Test func `an expected version that is another one refuses everything`() async throws {
        try await check(
            #"{players: {upsert: [{number: "P1", name: "x"}]}}"#, #"expectVersion: "6""#,
            reports: ["OTHER_VERSION The data is at version 7, not 6; read it again before changing it."])
        #expect(
            try await desk.apply(#"{players: {upsert: [{number: "P1", name: "x"}]}}"#, #"expectVersion: "7""#).applied.bool
                == true)
    }

    @Test func `changes under the id of earlier ones are not applied again, and others are refused`() async throws {
        let first = try await desk.apply(#"{players: {upsert: [{number: "R", name: "R"}]}}"#, #"changeId: "once""#)
        let second = try await desk.apply(#"{players: {upsert: [{number: "R", name: "R"}]}}"#, #"changeId: "once""#)
        #expect(first.repeated.bool == false)
        #expect(second.repeated.bool == true)
        #expect(second.applied.bool == true)
        #expect(second.version.string == first.version.string)
        #expect(second.counts.description == first.counts.description)
        #expect(desk.writer.versionCount == 2)
        let third = try await desk.apply(#"{players: {upsert: [{number: "R", name: "S"}]}}"#, #"changeId: "once""#)
        #expect(third.applied.bool == false)
        #expect(
            lines(third) == ["CHANGE_ID_REUSED Other changes were applied under the id 'once', as version 8; give these another."]
        )
    }

    @Test func `a dry run checks everything and applies nothing`() async throws {
        let report = try await desk.apply(
            #"{players: {upsert: [{number: "D", name: "D"}], delete: [{number: "P5"}]}}"#, "dryRun: true")
        #expect(report.applied.bool == false)
        #expect(report.dryRun.bool == true)
        #expect(report.counts.description == #"[{"added":1,"changed":0,"deleted":1,"type":"Player","unchanged":0}]"#)
        #expect(report.version.string == "7")
        #expect(desk.writer.versionCount == 1)
    }

    @Test func `where the data cannot be changed, the answer says so and the schema is the same`() async throws {
        desk.writer.makeReadOnly()
        let document = "mutation { a: applyChanges(changes: {}) { applied } b: applyChanges(changes: {}) { applied } }"
        let answer = try await desk.answer(document)
        let body = try JSON(answer.body)
        #expect(answer.outcome == .dataIsNull)
        #expect(body.data.isNull)
        #expect(body.errors.items.count == 1)
        #expect(body.errors[0].message.string == "The disk is full.")
        #expect(body.errors[0].extensions.code.string == "STORAGE_READ_ONLY")
        // Whoever has no writer at all asks through `answer`.
        let request = try QueryRequest.parse(json: Array(#"{"query":"\#(document)"}"#.utf8), limits: desk.service.limits)
        let read = desk.service.answer(
            request, version: desk.writer.current, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(try JSON(read.body).errors[0].extensions.code.string == "STORAGE_READ_ONLY")
    }

    // MARK: What is refused

    @Test func `a new row needs what every row has, and nobody clears it`() async throws {
        try await check(
            #"{players: {upsert: [{number: "N"}, {number: "P1", name: null}]}, songs: {upsert: [{band: "B1", title: "N"}]}}"#,
            reports: [
                "MISSING_VALUE [0] Player UPSERT N name: 'name' is missing; a new Player needs it.",
                "MISSING_VALUE [1] Player UPSERT P1 name: 'name' cannot be cleared; every Player has it.",
                "MISSING_VALUE [0] Song UPSERT B1|N writers: 'writers' is missing; a new Song needs it.",
            ])
    }

    @Test func `a key stands once`() async throws {
        try await check(
            #"{players: {upsert: [{number: "P1"}, {number: "P2"}, {number: "P1"}]}}"#,
            reports: ["DUPLICATE_KEY [2] Player UPSERT P1: The Player is given twice, first as row 0."])
        try await check(
            #"{players: {upsert: [{number: "P5"}], delete: [{number: "P5"}]}}"#,
            reports: ["DUPLICATE_KEY [0] Player UPSERT P5: The Player is given and deleted at once."])
        try await check(
            #"{players: {delete: [{number: "P5"}, {number: "P5"}, {number: "??"}]}}"#,
            reports: [
                "NO_SUCH_ROW [1] Player DELETE P5: There is no Player with this key, or it is to be deleted twice.",
                "NO_SUCH_ROW [2] Player DELETE ??: There is no Player with this key, or it is to be deleted twice.",
            ])
    }

    @Test func `a reference names a row that will be there`() async throws {
        try await check(
            #"""
            {players: {upsert: [{number: "P5", teacher: "P77"}], delete: [{number: "P3"}]},
             stints: {upsert: [{player: "P88", since: "2019-01-01", band: "B1"}]},
             songs: {upsert: [{band: "B1", title: "Waltz", writers: ["P1", "P99"]}]}}
            """#,
            reports: [
                "STILL_REFERENCED [0] Player DELETE P3: A Stint that stays refers to the Player.",
                "DANGLING_REFERENCE [0] Player UPSERT P5 teacher: 'teacher' names a row that does not exist: Player P77.",
                "DANGLING_REFERENCE [0] Stint UPSERT P88|2019-01-01 player: 'player' names a row that does not exist: Player P88.",
                "DANGLING_REFERENCE [0] Song UPSERT B1|Waltz writers: 'writers' names a row that does not exist.",
            ])
    }

    @Test func `a text that is too long is refused`() async throws {
        let report = try await desk.data(
            "mutation ($n: String) { applyChanges(changes: {players: {upsert: [{number: \"P1\", name: $n}]}}) { problems { code message } } }",
            variables: "{\"n\":\"\(String(repeating: "x", count: 65_536))\"}")["applyChanges"]
        #expect(report.problems[0].code.string == "WRONG_VALUE")
        #expect(report.problems[0].message.string == "'name' cannot hold the value: it is too long, or out of range.")
    }

    // MARK: What is no change at all

    @Test(arguments: [
        (#"{players: {upsert: [{name: "x"}]}}"#, "The input type 'PlayerRow' needs its field 'number' of type 'String!'."),
        (#"{players: {upsert: [{number: "P1", rank: GRAND}]}}"#, "'GRAND' is not a value of the enum 'Rank'."),
        (#"{players: {upsert: [{number: "P1", pupils: []}]}}"#, "The input type 'PlayerRow' has no field 'pupils'."),
        (#"{stints: {delete: [{player: "P1"}]}}"#, "since"),
        (#"{nobody: {}}"#, "The input type 'ChangesInput' has no field 'nobody'."),
    ])
    func `what does not fit the schema is no report but an error`(changes: String, message: String) async throws {
        let answer = try await desk.answer("mutation { applyChanges(changes: \(changes)) { applied } }")
        let body = try JSON(answer.body)
        #expect(answer.outcome == .invalid)
        #expect(body.data.isNull)
        #expect(body.errors[0].message.string?.contains(message) == true, "\(body.errors)")
    }

    @Test func `what does not fit a field is an error at its place, and nothing of the document is applied`() async throws {
        let document = """
            mutation ($c: ChangesInput!) {
              a: applyChanges(changes: {players: {upsert: [{number: "A", name: "A"}]}}) { applied }
              b: applyChanges(changes: $c) { applied }
            }
            """
        for (variables, path, message) in [
            (
                #"{"c":{"players":{"upsert":[{"number":"P1","fee":1.234}]}}}"#, "changes.players.upsert[0].fee",
                "'changes.players.upsert[0].fee' has 3 fraction digits; the field keeps 2."
            ),
            (
                #"{"c":{"players":{"upsert":[{"number":"P1"},{"number":"P2","rank":"GRAND"}]}}}"#, "$c.players.upsert[1].rank",
                "'GRAND' is not a value of the enum 'Rank'."
            ),
            (#"{"c":{"players":{"upsert":[{"number":null}]}}}"#, "$c.players.upsert[0].number", "'String!' cannot be null."),
        ] {
            let answer = try await desk.answer(document, variables: variables)
            let error = try JSON(answer.body).errors[0]
            #expect(answer.outcome == .badVariables)
            #expect(error.extensions.code.string == "BAD_USER_INPUT")
            #expect(error.extensions.argumentPath.string == path)
            #expect(error.message.string?.hasPrefix(message) == true, "\(error)")
        }
        #expect(desk.writer.versionCount == 1)
    }
}
