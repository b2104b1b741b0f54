import Query
import QueryPlanning
import StoreColumns
import Testing

@Suite("An operation that names its version")
struct VersionDirectiveTests {
    let desk: ChangingDesk

    /// At version 9; P1 is called Ada up to version 7.
    init() async throws {
        desk = try ChangingDesk(SmallRegister.make())
        _ = try await desk.apply(#"{players: {upsert: [{number: "P1", name: "Eve"}]}}"#)
        _ = try await desk.apply(#"{players: {upsert: [{number: "P1", name: "Eva"}]}}"#)
    }

    private func check(_ directive: String, names name: String, version: String) async throws {
        let data = try await desk.data("query \(directive) { player(number: \"P1\") { name } meta { version } }")
        #expect(data["player"].name.string == name && data["meta"].version.string == version)
    }

    @Test func `is answered from it, by number or by a moment`() async throws {
        try await check("", names: "Eva", version: "9")
        try await check(#"@version(id: "9")"#, names: "Eva", version: "9")
        try await check(#"@version(id: "8")"#, names: "Eve", version: "8")
        try await check(#"@version(id: "7") @asOf(date: "2019-01-01")"#, names: "Ada", version: "7")
        try await check(#"@version(knownAt: "1970-01-01T00:00:08.5Z")"#, names: "Eve", version: "8")
        try await check("@version", names: "Eva", version: "9")
        try await check("@version(id: null)", names: "Eva", version: "9")
    }

    @Test func `says so beside the data, and by a variable as well`() async throws {
        let answer = try await desk.answer(
            "query Q($v: String) @version(id: $v) { meta { version } }", variables: #"{"v": "8"}"#)
        #expect(answer.version == 8)
        #expect(try JSON(answer.body).extensions.data.version.string == "8")
        #expect(try await desk.answer("query Q($v: String) @version(id: $v) { meta { version } }").version == 9)
    }

    @Test(arguments: [
        (#"@version(id: "x")"#, "BAD_USER_INPUT", "'@version(id:)' is not the number of a version."),
        (
            #"@version(id: "8", knownAt: "2020-01-01T00:00:00Z")"#, "BAD_USER_INPUT",
            "'@version' takes 'id' or 'knownAt', and not both."
        ),
        (#"@version(id: "10")"#, "VERSION_NOT_REACHED", "Version 10 is not reached yet; the data is at version 9."),
        (#"@version(id: "2")"#, "VERSION_GONE", "Version 2 is not kept; the nearest is 7."),
        (#"@version(knownAt: "1960-01-01T00:00:00Z")"#, "BAD_USER_INPUT", "Nothing was known then."),
    ])
    func `and cannot have it is told why`(directive: String, code: String, message: String) async throws {
        let error = try JSON(try await desk.answer("query \(directive) { meta { version } }").body).errors[0]
        #expect(error.extensions.code.string == code && error.message.string == message, "\(error)")
        #expect(error.extensions.argumentPath.string == "@version")
    }

    @Test func `twice, or on a mutation, is no valid document`() async throws {
        for document in [
            #"query @version(id: "8") @version(id: "8") { meta { version } }"#,
            #"mutation @version(id: "8") { applyChanges(changes: {}) { version } }"#,
        ] {
            #expect(try await desk.answer(document).outcome == .invalid)
        }
    }

    private func begin(_ directive: String, at version: UInt64, _ terms: VersionTerms) throws -> QueryStep {
        let request = QueryRequest(document: Array("query \(directive) { meta { version } }".utf8))
        guard case .version(let base) = desk.writer.source.find(.number(version)) else { preconditionFailure("it is kept") }
        return desk.service.begin(
            request, version: base, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget(), terms)
    }

    @Test func `must name the one that the request names beside it, and none below the least`() throws {
        let named = VersionTerms(isNamed: true)
        guard case .answered(let same) = try begin(#"@version(id: "8")"#, at: 8, named),
            case .answered(let other) = try begin(#"@version(id: "7")"#, at: 8, named),
            case .answered(let older) = try begin(#"@version(id: "7")"#, at: 9, VersionTerms(minimum: 8)),
            case .answered(let newer) = try begin(#"@version(id: "8")"#, at: 9, VersionTerms(minimum: 8))
        else {
            Issue.record("all were at hand")
            return
        }
        #expect(same.outcome == .data && same.version == 8)
        #expect(other.outcome == .badVariables)
        #expect(
            try JSON(other.body).errors[0].message.string
                == "The request names version 8, and its operation version 7 (@version). Name one.")
        #expect(older.outcome == .versionNotReached && newer.outcome == .data)
        #expect(try JSON(older.body).errors[0].extensions.code.string == "VERSION_NOT_REACHED")
    }

    @Test func `waits for versions that are not at hand, all of them together`() throws {
        let found = desk.writer.source
        let service = QueryService(
            model: music, cursorKey: cursorKey,
            versions: VersionSource(
                atHand: { name in
                    if case .number(9) = name { found.find(name) } else { nil }
                }, find: found.find))
        let request = QueryRequest(
            document: Array(
                #"query @version(id: "8") { a: diff(from: "7", to: "9") { from } b: diff(from: "8", to: "7") { to } }"#.utf8))
        var terms = VersionTerms()
        var asked: [[VersionName]] = []
        while true {
            switch service.begin(
                request, version: desk.writer.current, asOf: desk.asOf, viewer: .local, budget: service.makeBudget(), terms)
            {
            case .answered(let answer):
                #expect(asked == [[.number(8)], [.number(7), .number(7)]])
                #expect(try JSON(answer.body)["data"].description == #"{"a":{"from":"7"},"b":{"to":"7"}}"#)
                return
            case .versions(let names):
                asked.append(names)
                for name in names { terms.found[name] = found.find(name) }
            case .mutation: Issue.record("it is a query")
            }
        }
    }
}
