import GraphQLSyntax
import Testing

@Suite struct `Executable documents` {
    @Test func `every part of an operation comes back`() {
        let text = """
            "What it asks"
            query Ask(
            "How many"
            $first: Int = 3 @a
            $ids: [[ID!]!]
            ) @b(c: $first) {
              alias: field(
                x: [1, -2.5e3, "s", true, null, RED, $first]
                y: { z: 1, l: [] }
                w: 5
              ) @skip(if: false) {
                ...F @d
                ... on T @e {
                  a
                }
                ... {
                  b
                }
              }
            }

            \"""A part\"""
            fragment F on T @g {
              __typename
            }

            subscription {
              s
            }
            """
        #expect(printed(text) == text)
    }

    @Test func `a description belongs to operations, fragments and variables, not to the short form`() {
        #expect(printed("\"d\" { a }").contains("no description"))
        check("«\"d\"» { a }", isRefusedSaying: "no description")
        check("«\"d\"» extend type T @a", isRefusedSaying: "Only definitions")
        check("«\"d\"» nonsense", isRefusedSaying: "Only definitions")
        check("\"d\" «~»", isRefusedSaying: "starts no token")
    }

    @Test func `selection sets may be empty since September 2026`() {
        #expect(printed("{ a { } }") == "{\n  a {}\n}")
        check("{ a { «}» }", isRefusedSaying: "Expected a field", edition: .september2025)
    }

    @Test func `a field with braces is told from a field without`() throws {
        let document = try parse(Source("{ a b {} }"))
        let fields = document.selections.compactMap { if case .field(let field) = $0 { field } else { nil } }
        #expect(fields.map { $0.selectionSet != nil } == [false, true])
    }

    @Test(arguments: [
        ("«»", "a definition"), ("«...»", "a definition"), ("«foo» { a }", "a definition"), ("{«»", "found the end"),
        ("{ a(«)» }", "name of an argument"), ("{ a(b «c») }", "':'"), ("{ a(b: «)») }", "a value"),
        ("query («)» { a }", "a variable"),
        ("query ($a: «)») { a }", "a type"), ("query ($a: [Int«)») { a }", "']'"),
        ("query ($a: Int = «$»b) { a }", "no variable"),
        ("query ($a: Int = [{x: «$»b}]) { a }", "no variable"), ("fragment «on» on T { a }", "name of the fragment"),
        ("fragment F «of» T { a }", "'on'"), ("fragment F on «{» a }", "name of a type"),
        ("{ ... on «{» a } }", "name of a type"),
        ("{ a @«»", "name of a directive"), ("{ a: «(»b: 1) }", "a name"), ("query A «B» { a }", "'{'"),
        ("{ a }«}»", "a definition"),
        ("{ field: «{»} }", "a name"), ("{ a(b: {c«}») }", "':'"), ("{ a(b: {«1»: 2}) }", "input field"),
    ])
    func `the first token that does not belong is reported`(source: String, words: String) {
        check(source, isRefusedSaying: words)
    }

    @Test func `positions cover what was read`() throws {
        let text = "query Q($v: [Int!] = [1]) { a: b(c: {d: $v}) @e { f } }"
        let document = try parse(Source(text))
        guard case .operation(let operation) = document.definitions.first else { return #expect(Bool(false)) }
        #expect(document.source.text(operation.range) == text)
        #expect(document[operation.variables].map { document.source.text($0.range) } == ["$v: [Int!] = [1]"])
        guard case .field(let field) = document[operation.selectionSet.selections].first else { return #expect(Bool(false)) }
        #expect(document.source.text(field.range) == "a: b(c: {d: $v}) @e { f }")
        #expect(document[field.arguments].map { document.source.text(document[$0.value].range) } == ["{d: $v}"])
        #expect(document[field.directives].map { document.source.text($0.range) } == ["@e"])
    }

    @Test func `children of a node are adjacent however deep their siblings nest`() throws {
        let document = try parse(Source("{ a { b { c } d } e(x: [[1, [2]], 3], y: {p: {q: 1}, r: 2}) { f } g }"))
        func names(_ set: GraphQLSyntax.SelectionSet) -> String {
            document[set.selections].map { selection in
                guard case .field(let field) = selection else { return "?" }
                return document[field.name.id] + (field.selectionSet.map { "{" + names($0) + "}" } ?? "")
            }.joined(separator: " ")
        }
        guard case .operation(let operation) = document.definitions.first else { return #expect(Bool(false)) }
        #expect(names(operation.selectionSet) == "a{b{c} d} e{f} g")
        #expect(printed(document.source.text(operation.range)).contains("x: [[1, [2]], 3], y: { p: { q: 1 }, r: 2 }"))
    }
}

@Suite struct `Type system documents` {
    @Test func `every definition and extension comes back`() {
        let text = #"""
            "The whole"
            schema @a {
              query: Q
              mutation: M
            }

            extend schema @b

            scalar S @a

            """
            A thing
            of two lines
            """
            type T implements I & J @a {
              "first"
              f(
                "how"
                x: Int = 1 @a
                y: [S!]!
              ): T @a
              g(x: Int, y: Int): [T]
            }

            interface I implements J

            union U @a = T | V

            enum E {
              "one"
              A @a
              B
            }

            input In @oneOf {
              a: Int = -1 @a
              b: In
            }

            directive @a(x: Int) @b repeatable on FIELD | DIRECTIVE_DEFINITION

            extend directive @a @b

            extend type T implements K

            extend interface I {
              f: Int
            }

            extend union U = W

            extend enum E {
              C
            }

            extend input In @a

            extend scalar S @a
            """#
        #expect(printed(text) == text)
    }

    @Test(arguments: [
        ("extend type T«»", "'implements'"), ("extend schema«»", "directives"), ("extend scalar S«»", "directives"),
        ("extend union U«»", "directives"), ("extend enum E«»", "directives"), ("extend input I«»", "directives"),
        ("extend directive @d«»", "directives"), ("extend «nothing» T", "what is extended"),
        ("extend «\"d\"» type T @a", "what is"),
        ("enum E { «true» }", "no value called 'true'"), ("enum E { A «null» }", "no value called"),
        ("type T {«}»", "name of a field"),
        ("schema {«}»", "'query'"), ("schema «»", "'{'"), ("union U = A | «|» B", "name of a type"),
        ("input I { a«(»b: Int) }", "':'"),
        ("directive @d on «ROOF»", "no directive location 'ROOF'"), ("directive @d «FIELD»", "'on'"),
        ("type T implements «{» a: Int }", "an interface"), ("type T { a«}»", "':'"), ("schema { «root»: Q }", "'query'"),
    ])
    func `the first token that does not belong is reported`(source: String, words: String) {
        check(source, isRefusedSaying: words)
    }

    @Test func `leading separators are allowed where the grammar has them`() {
        #expect(printed("union U = | A | B") == "union U = A | B")
        #expect(printed("type T implements & A & B") == "type T implements A & B")
        #expect(printed("directive @d on | FIELD | QUERY") == "directive @d on FIELD | QUERY")
    }

    @Test func `directives on directives are of September 2026`() {
        check("directive @a «@»b on FIELD", isRefusedSaying: "'on'", edition: .september2025)
        check("extend «directive» @a @b", isRefusedSaying: "what is extended", edition: .september2025)
        check("directive @a on «DIRECTIVE_DEFINITION»", isRefusedSaying: "no directive location", edition: .september2025)
    }
}

@Suite struct `Lone values, types and coordinates` {
    @Test func `a lone value is one value and nothing else`() throws {
        let (document, value) = try parseValue(Source("[1 {a: $b}]"))
        #expect(Printer(document).text(of: value) == "[1, { a: $b }]")
        #expect(throws: SyntaxError.self) { try parseValue(Source("1 2")) }
        #expect(throws: SyntaxError.self) { try parseValue(Source("[$a]"), isConstant: true) }
    }

    @Test func `a lone type is one type and nothing else`() throws {
        let (document, type) = try parseType(Source(" [ [A!] ]! "))
        #expect(Printer(document).text(of: type) == "[[A!]]!")
        #expect(throws: SyntaxError.self) { try parseType(Source("A!!")) }
    }

    @Test(arguments: ["Type", "Type.field", "Type.field(arg:)", "@dir", "@dir(arg:)", "__T._1"])
    func `coordinates come back`(text: String) throws {
        #expect(try SchemaCoordinate(parsing: Source(text)).description == text)
    }

    @Test(arguments: [
        ("", 1), (" A", 1), ("A ", 2), ("A.", 3), ("A.b(", 5), ("A.b(c)", 6), ("A.b(c:", 7), ("@a.b", 3), ("A(b:)", 2), ("1", 1),
        ("#A", 1),
    ])
    func `what is no coordinate is refused where it goes wrong`(text: String, column: Int) {
        let error = #expect(throws: SyntaxError.self) { try SchemaCoordinate(parsing: Source(text)) }
        #expect(error?.location == SourceLocation(line: 1, column: column))
    }
}
