import Query
import Testing

/// `cel` in filters: conditions that constants cannot say. `api.md` §2
@Suite struct `Expressions in filters` {
    private let desk: Desk

    init() throws { desk = try Desk(SmallRegister.make()) }

    private func numbers(_ filter: String, variables: String = "{}", _ declarations: String = "") throws -> [String] {
        try desk.data("query\(declarations) { players(where: \(filter)) { nodes { number } } }", variables: variables)
            .players.nodes.items.compactMap { $0.number.string }
    }

    @Test func `an expression is asked of the row, beside what else is asked`() throws {
        #expect(try numbers("{cel: \"name == 'Ada'\"}") == ["P1", "P3"])
        #expect(try numbers("{cel: \"name == 'Ada'\" height: {gt: 170}}") == ["P3"])
        #expect(try numbers("{not: {cel: \"name == 'Ada'\"}}") == ["P2", "P4", "P5"])
        #expect(try numbers("{or: [{cel: \"height == 0\"} {cel: \"rank == 'MASTER'\"}]}") == ["P1", "P2"])
        #expect(try numbers("{cel: \"size(songs) >= 2\"}") == ["P1"])
        #expect(try numbers("{cel: \"\"\"\n  songs.exists(s,\n    s.seconds > height)\n\"\"\"}") == ["P1", "P2"])
    }

    @Test func `what is unknown is not listed`() throws {
        #expect(try numbers("{cel: \"height > 100\"}") == ["P1", "P3"])
        #expect(try numbers("{not: {cel: \"height > 100\"}}") == ["P2"])
        #expect(try numbers("{cel: \"teacher.name == 'Ada'\"}") == ["P2", "P3"])
    }

    @Test func `inside other filters it is asked of the row that these are about`() throws {
        // A player whose teacher is taller, and one with a pupil of the same name.
        #expect(try numbers("{teacher: {cel: \"pupils.exists(p, p.height > height)\"}}") == ["P2", "P3"])
        #expect(try numbers("{pupils: {some: {cel: \"teacher.name == name\"}}}") == ["P1"])
        #expect(try numbers("{pupils: {some: {stints: {every: {cel: \"since <= date(2019, 1, 1)\"}}}}}") == ["P1", "P2"])
        #expect(
            try numbers("{stints: {some: {band: {cel: \"songs.all(s, s.writers.size() < 3) && size(songs) > 0\"}}}}") == [
                "P1", "P2",
            ])
        #expect(
            try numbers(
                "{stints: {some: {band: {songs: {some: {cel: \"writers.exists(w, w.height == 160 && w.name != title)\"}}}}}}")
                == ["P1", "P2"])
    }

    @Test func `it may come in a variable, and asks nothing where it was not sent`() throws {
        let filter = "{cel: $c}"
        #expect(try numbers(filter, variables: "{\"c\": \"height == 175\"}", "($c: String)") == ["P3"])
        #expect(try numbers(filter, "($c: String)").count == 5)
        #expect(
            try desk.errors("{ players(where: {cel: null}) { totalCount } }").map { $0.extensions.code.string } == [
                "NULL_OPERAND"
            ])
    }

    /// The mark `^` stands before the character that the error points at.
    private func check(_ marked: String, says message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("^") })
        let column = lines[line].unicodeScalars.prefix { $0 != "^" }.count + 1
        let errors = try desk.errors(marked.replacing("^", with: ""))
        try #require(errors.count == 1, "\(errors)", sourceLocation: sourceLocation)
        #expect(errors[0].extensions.code.string == "BAD_USER_INPUT", sourceLocation: sourceLocation)
        #expect(errors[0].message.string?.contains(message) == true, "\(errors)", sourceLocation: sourceLocation)
        #expect(errors[0].locations.items.map { $0.line.int } == [line + 1], "\(errors)", sourceLocation: sourceLocation)
        #expect(errors[0].locations.items.map { $0.column.int } == [column], "\(errors)", sourceLocation: sourceLocation)
        #expect(errors[0].path.items.map(\.string) == ["players"], sourceLocation: sourceLocation)
    }

    @Test func `what is wrong with it is shown at its column in the document`() throws {
        try check(#"{ players(where: {cel: "^hight > 1"}) { totalCount } }"#, says: "Did you mean 'height'")
        try check(#"{ players(where: {and: [{cel: "name == 'x'"} {cel: "name ^> 3"}]}) { totalCount } }"#, says: "cannot compare")
        try check(#"{ players(where: {cel: "name == \"x\" && ^height"}) { totalCount } }"#, says: "takes a Boolean")
        try check(
            #"{ players(where: {cel: "name == '\u6751\u{1F600}\uD83D\uDE00' && ^hight > 1"}) { totalCount } }"#, says: "hight")
        try check(#"{ players(where: {cel: "true &&\n ^hight > 1"}) { totalCount } }"#, says: "line 2, column 2")
        try check(
            "{\n  players(where: {cel: \"\"\"\n    true &&\n      ^hight > 1\n    \"\"\"}) { totalCount }\n}",
            says: "line 2, column 3")
        try check(#"{ players(where: {cel: "^name"}) { totalCount } }"#, says: "expected a Boolean")
        try check(
            "{ players(where: {cel: \"^" + String(repeating: "x", count: 10_001) + "\"}) { totalCount } }", says: "10001 bytes")
    }

    @Test func `in a variable it is shown at the variable, with its own line and column`() throws {
        let errors = try desk.errors(
            "query($c: String!) {\n  players(where: {cel: $c}) { totalCount } }", variables: "{\"c\": \"hight > 1\"}")
        #expect(errors.map { $0.locations[0].line.int } == [2])
        #expect(errors.map { $0.locations[0].column.int } == [24])
        #expect(errors.first?.extensions.argumentPath.string == "where.cel")
        #expect(errors.first?.message.string?.contains("line 1, column 1") == true)
    }

    @Test func `its work counts`() throws {
        var limits = QueryLimits()
        limits.rowsVisited = 20
        let desk = try Desk(SmallRegister.make(), limits: limits)
        let errors = try desk.errors(
            "{ players(where: {cel: \"songs.all(s, s.writers.all(w, w.songs.all(t, t.writers.all(v, v.height >= height))))\"}) { totalCount } }"
        )
        #expect(errors.map { $0.extensions.limit.string } == ["max-rows-visited"])
    }

    @Test func `its patterns are bounded like all others`() throws {
        let errors = try desk.errors("{ players(where: {cel: \"name.matches('(?R)')\"}) { totalCount } }")
        #expect(errors.map { $0.extensions.code.string } == ["PATTERN_LIMIT"])
        #expect(errors.first?.extensions.argumentPath.string == "where.cel")
    }
}
