import Expressions
import Model
import Query
import QueryPlanning
import StoreColumns
import Testing

/// One role with rules, on the register that is known by heart.
private func scopes(_ texts: [(type: String, cel: String)], _ claims: [(name: String, kind: ClaimKind)] = []) throws -> RowScopes
{
    try RowScopes(texts, claims: claims, in: music)
}

private func viewer(_ claims: (String, String)...) -> Viewer {
    Viewer(role: "R", claims: claims.map { Viewer.Claim(name: $0.0, value: $0.1) })
}

@Suite("Changes by somebody who sees a part of the rows")
struct SeenChangesTests {
    private func desk(
        _ texts: [(type: String, cel: String)], _ claims: [(name: String, kind: ClaimKind)] = [], _ viewer: Viewer
    ) throws -> ChangingDesk {
        let seen = SeenVersions(model: music, scopes: ["R": try scopes(texts, claims)])
        var desk = try ChangingDesk(SmallRegister.make(), seen: seen)
        desk.viewer = viewer
        return desk
    }

    private func told(_ report: JSON) -> [String] {
        report.problems.items.map { "\($0.code.string ?? "") \($0.message.string ?? "")" }
    }

    @Test func `are applied where their rows are seen before and after`() async throws {
        let desk = try desk([("Band", "code in claims.bands")], [("bands", .strings)], viewer(("bands", "B1")))
        let report = try await desk.apply(
            #"{songs: {upsert: [{band: "B1", title: "New", writers: []}, {band: "B1", title: "Waltz", seconds: 10}], delete: [{band: "B1", title: "Chant"}]}}"#
        )
        #expect(report.applied.bool == true && report.problemCount.int == 0, "\(told(report))")
        #expect(
            try await desk.data("{ songs { nodes { title } } bands { totalCount } }").description
                == #"{"bands":{"totalCount":1},"songs":{"nodes":[{"title":"Anthem"},{"title":"New"},{"title":"Waltz"}]}}"#)
    }

    /// What is hidden is told of as what never was, but for names.
    @Test func `find a hidden row as little as one that never was`() async throws {
        let desk = try desk([("Band", "code in claims.bands")], [("bands", .strings)], viewer(("bands", "B2")))
        for changes in [
            #"{songs: {upsert: [{band: "X", title: "New"}]}}"#, #"{songs: {delete: [{band: "X", title: "Waltz"}]}}"#,
            #"{bands: {delete: [{code: "X"}]}}"#,
            #"{players: {upsert: [{number: "P9", name: "N"}]}, stints: {upsert: [{player: "P9", since: "2020-01-01", band: "X"}]}}"#,
        ] {
            let hidden = try await desk.apply(changes.replacing("X", with: "B1"))
            let never = try await desk.apply(changes.replacing("X", with: "B7"))
            #expect(hidden.applied.bool == false)
            #expect(hidden.description.replacing("B1", with: "B7") == never.description, "\(changes)")
        }
        #expect(desk.writer.versionCount == 1)
    }

    @Test func `may not take a row out of sight, nor make one that is not seen`() async throws {
        let desk = try desk([("Player", "height > claims.least")], [("least", .int)], viewer(("least", "150")))
        let words = "OUT_OF_SCOPE The Player is not one that you may change, or would not be one any more."
        for changes in [
            #"{players: {upsert: [{number: "P1", height: 100}]}}"#,
            #"{players: {upsert: [{number: "P77", name: "N", height: 10}]}}"#,
            // Hidden: the same words as for one that is new.
            #"{players: {upsert: [{number: "P2", height: 180}]}}"#,
        ] {
            #expect(told(try await desk.apply(changes)) == [words], "\(changes)")
            #expect(told(try await desk.apply(changes, "dryRun: true")) == [words], "\(changes)")
        }
        #expect(try await desk.apply(#"{players: {upsert: [{number: "P1", height: 151}]}}"#).applied.bool == true)
        #expect(desk.writer.versionCount == 2)
    }
}

@Suite("Rules of a role about rows")
struct RowScopeTests {
    @Test(arguments: [
        ("Plaxer", "true", "The model has no type 'Plaxer'."),
        ("Player", "name == claims.nome", "There is no claim 'nome'. Did you mean 'name'?"),
        ("Player", "name == claims.names", "'claims.names' is a list; it stands to the right of 'in', or in 'within'."),
        ("Player", "height in claims.names", "'claims.names' holds a String, and 'in' looks for an Int."),
        ("Player", "name", "The expression gives a String, expected a Boolean."),
        ("Band", "within(name, claims.name)", "'within' takes a row of a tree, found a String."),
        ("Band", "within(home, claims.age)", "'within' looks for a String, found an Int."),
        ("Player", "name == claim.name", "Player has no field 'claim', and no row here is named so."),
    ]) func `that cannot be read say why`(type: String, cel: String, message: String) {
        let problem = #expect(throws: RowScopeProblem.self) {
            try scopes([("Player", "true"), (type, cel)], [("name", .string), ("names", .strings), ("age", .int)])
        }
        #expect(problem?.scope == 1)
        #expect(problem?.message.lowercased().hasPrefix(message.lowercased()) == true, "\(problem?.message ?? "")")
    }

    private func desk(_ texts: [(type: String, cel: String)], _ claims: [(name: String, kind: ClaimKind)]) throws -> Desk {
        let graph = SmallRegister.make()
        return Desk(
            music, try graph.version(), asOf: try #require(CivilDate(days: Int32(graph.asOf))),
            seen: SeenVersions(model: music, scopes: ["R": try scopes(texts, claims)]))
    }

    @Test func `show nothing where a claim is missing, there twice, or of another kind`() throws {
        var desk = try desk(
            [("Player", "height > claims.least && name in claims.names")], [("least", .int), ("names", .strings)])
        for (claims, words) in [
            ([("names", "Ada")], "The claim 'least' is missing"), ([("least", "1")], "The claim 'names' is missing"),
            ([("least", "1"), ("least", "2"), ("names", "Ada")], "The claim 'least' is not of the kind"),
            ([("least", "secret"), ("names", "Ada")], "The claim 'least' is not of the kind"),
        ] {
            desk.viewer = Viewer(role: "R", claims: claims.map { Viewer.Claim(name: $0.0, value: $0.1) })
            let answer = desk.answer("{ bands { totalCount } }")
            let body = try JSON(answer.body)
            #expect(answer.outcome == .forbidden && body["data"].isNull)
            #expect(body["errors"][0].extensions.code.string == "FORBIDDEN")
            #expect(body["errors"][0].message.string?.hasPrefix(words) == true, "\(body)")
            #expect(!body.description.contains("secret"))
        }
        desk.viewer = viewer(("least", "1"), ("names", "Ada"), ("names", "Bela"), ("sub", "somebody"))
        #expect(try desk.data("{ players { nodes { number } } }")["players"].nodes.items.map(\.number.string) == ["P1", "P3"])
    }

    @Test func `hide a row for which they are unknown`() throws {
        var desk = try desk([("Player", "!(height > 1000)")], [])
        desk.viewer = viewer()
        // P4 and P5 have no height.
        #expect(try desk.data("{ players { totalCount } }")["players"].totalCount.int == 3)
    }

    /// Nobody widens their sight by asking about another day.
    @Test func `hold on the day that it is, whatever date is asked about`() throws {
        var desk = try desk([("Player", "band.code == claims.band")], [("band", .string)])
        desk.viewer = viewer(("band", "B2"))
        let today = try #require(CivilDate(isoText: "2019-07-01"))
        func numbers(_ asOf: String) throws -> [String?] {
            let request = QueryRequest(document: Array("query @asOf(date: \"\(asOf)\") { players { nodes { number } } }".utf8))
            let answer = desk.service.answer(
                request, version: desk.version, asOf: try #require(CivilDate(isoText: asOf)), today: today, viewer: desk.viewer,
                budget: desk.service.makeBudget())
            return try JSON(answer.body)["data"].players.nodes.items.map(\.number.string)
        }
        // In 2017 P1 played there, and P4 until today.
        for day in ["2019-07-01", "2017-06-01", "2018-06-01"] { #expect(try numbers(day) == ["P3"], "\(day)") }
    }

    @Test func `are asked anew of the next version where it matters, and few versions are kept`() async throws {
        var limits = QueryLimits()
        limits.seenVersions = 2
        let role = try scopes([("Player", "height > claims.least")], [("least", .int)])
        let seen = SeenVersions(model: music, scopes: ["R": role], limits: limits)
        let asking = try ChangingDesk(SmallRegister.make(), seen: seen)
        var reader = asking
        reader.viewer = viewer(("least", "150"))
        func found() async throws -> [Int?] {
            let data = try await reader.data("{ players { totalCount } stints { totalCount } bands { totalCount } }")
            return [data["players"].totalCount.int, data["stints"].totalCount.int, data["bands"].totalCount.int]
        }
        #expect(try await found() == [2, 3, 2])
        _ = try await asking.apply(#"{bands: {upsert: [{code: "B3", name: "C", founded: "2001-01-01"}]}}"#)
        #expect(try await found() == [2, 3, 3])
        _ = try await asking.apply(#"{stints: {upsert: [{player: "P3", since: "2019-06-30", band: "B3"}]}}"#)
        #expect(try await found() == [2, 4, 3])
        _ = try await asking.apply(#"{players: {upsert: [{number: "P3", height: 10}]}}"#)
        #expect(try await found() == [1, 2, 3])
        _ = try await asking.apply(
            #"{stints: {delete: [{player: "P3", since: "2019-06-30"}, {player: "P3", since: "2019-01-01"}]}, players: {delete: [{number: "P3"}]}}"#
        )
        #expect(try await found() == [1, 2, 3])
        #expect(seen.kept.count == 2)
        // An earlier version, and what differs, by the same rules.
        let old = try await reader.data("query @version(id: \"7\") { players { nodes { number } } }")
        #expect(old["players"].nodes.items.map(\.number.string) == ["P1", "P3"])
        let diff = try await reader.data(#"{ diff(from: "7", to: "11") { rows { nodes { type key change } } } }"#)
        #expect(
            diff["diff"].rows.nodes.items.map(\.description).filter { !$0.contains("Band") } == [
                #"{"change":"REMOVED","key":"P3","type":"Player"}"#,
                #"{"change":"REMOVED","key":"P3|2019-01-01","type":"Stint"}"#,
            ])
    }

    /// The end of a right that was written later holds for the versions before it.
    @Test func `that have come to hide a row hide it in older versions too`() async throws {
        let role = try scopes([("Player", "stints.exists(s, s.band.code == claims.band && !has(s.until))")], [("band", .string)])
        let seen = SeenVersions(model: music, scopes: ["R": role])
        let asking = try ChangingDesk(SmallRegister.make(), seen: seen)
        let old = asking.writer.current
        _ = try await asking.apply(
            #"{stints: {upsert: [{player: "P3", since: "2019-01-01", until: "2019-02-01"}], delete: [{player: "P4", since: "2018-01-01"}]}}"#
        )
        func numbers(of version: GraphVersion, newest: GraphVersion?) throws -> [String?] {
            let answer = asking.service.answer(
                QueryRequest(document: Array("{ players { nodes { number } } }".utf8)), version: version, asOf: asking.asOf,
                newest: newest, viewer: viewer(("band", "B2")), budget: asking.service.makeBudget())
            return try JSON(answer.body)["data"].players.nodes.items.map(\.number.string)
        }
        #expect(try numbers(of: old, newest: old) == ["P3"])
        #expect(try numbers(of: old, newest: asking.writer.current) == [])
        _ = try await asking.apply(#"{stints: {upsert: [{player: "P3", since: "2019-03-01", band: "B2"}]}}"#)
        #expect(try numbers(of: old, newest: asking.writer.current) == ["P3"])
    }

    @Test func `of a hidden row nothing is explained`() throws {
        var desk = try desk([("Player", "height > claims.least")], [("least", .int)])
        desk.viewer = viewer(("least", "150"))
        func explained(_ key: String) -> String {
            desk.ask("{ explain(rule: \"Player.isTall\", key: \"\(key)\") { verdict } }").replacing(key, with: "K")
        }
        #expect(explained("P2") == explained("P99"))
        #expect(explained("P1").contains("TRUE"))
    }
}
