import GraphQLSyntax
import Testing

@Suite struct `Tokens` {
    func kinds(_ text: String, keepsComments: Bool = false) throws -> [Token.Kind] {
        try tokens(of: Source(text), keepsComments: keepsComments).tokens.map(\.kind)
    }

    func value(_ literal: String) throws -> String {
        let (document, position) = try parseValue(Source(literal))
        guard case .string(let string) = document[position].kind else { return "no string" }
        return document.text(of: string)
    }

    @Test func `every punctuator is a token of its own kind`() throws {
        let expected: [Token.Kind] = [
            .bang, .dollar, .ampersand, .openParenthesis, .closeParenthesis, .spread, .colon, .equals, .at, .openBracket,
            .closeBracket, .openBrace, .pipe, .closeBrace, .endOfSource,
        ]
        #expect(try kinds("!$&()...:=@[]{|}") == expected)
    }

    @Test func `white space, commas, comments and byte order marks stand for nothing`() throws {
        #expect(try kinds("\u{FEFF}a,\t,\r\n#x}\rb\u{FEFF}") == [.name, .name, .endOfSource])
        #expect(try kinds("# all\n#", keepsComments: true) == [.comment, .comment, .endOfSource])
    }

    @Test func `numbers are ints or floats`() throws {
        #expect(try kinds("0 -0 12 0.5 1e3 -1.5E-2") == [.int, .int, .int, .float, .float, .float, .endOfSource])
    }

    @Test(arguments: [
        ("{a(b:0«0»)}", "0 and another digit"), ("{a(b:-«)»}", "digit"), ("{a(b:1.«)»}", "digit"), ("{a(b:1e«)»}", "digit"),
        ("{a(b:1«x»)}", "ends here"), ("{a(b:1«_»)}", "ends here"), ("{a(b:1.5«.»2)}", "ends here"), ("{a(b:«.»5)}", "0 before"),
        ("{a(b:«+»1)}", "'+'"), ("{«..»a}", "three dots"), ("{«.»a}", "'.'"), ("{«?»}", "'?'"), ("{«'»a'}", "double quotes"),
        ("{«\u{203B}»}", "U+203B"), ("{«\u{0}»}", "U+0000"),
        ("{«é»: a}", "U+00E9"),
    ])
    func `what starts no token or ends none is refused where it stands`(source: String, words: String) {
        check(source, isRefusedSaying: words)
    }

    @Test func `escapes stand for their characters`() throws {
        #expect(try value(#""\" \\ \/ \b\f\n\r\t""#) == "\" \\ / \u{8}\u{C}\n\r\t")
        #expect(try value(#""\u0041\u{1F600}\uD83D\uDE00\u{00000041}""#) == "A😀😀A")
    }

    @Test func `control characters may stand in strings`() throws {
        #expect(try value("\"a\u{0}\u{7}b\"") == "a\u{0}\u{7}b")
    }

    @Test(arguments: [
        #"{a(b:"x«\»x")}"#, #"{a(b:"«\»u12")}"#, #"{a(b:"«\»uZZZZ")}"#, #"{a(b:"«\»u{}")}"#, #"{a(b:"«\»u{110000}")}"#,
        #"{a(b:"«\»uD800")}"#, #"{a(b:"«\»uDC00\uD800")}"#, #"{a(b:"«\»u{D83D}\u{DE00}")}"#, #"{a(b:"«\»uD83D\u{DE00}")}"#,
        #"{a(b:"«\»uD800\uD800")}"#, #"{a(b:"«\»u{FFFFFFFFFFFFFFFFFF}")}"#, #"{a(b:"«\»u{41")}"#,
    ])
    func `escapes that name no character are refused at their backslash`(source: String) {
        check(source, isRefusedSaying: "escape")
    }

    @Test func `a string ends on its line, a block string anywhere`() {
        check("{a(b:\"x«\n»\")}", isRefusedSaying: "ends with its line")
        check("{a(b:\"x«\r»\")}", isRefusedSaying: "ends with its line")
        check("{a(b:\"x«»", isRefusedSaying: "not ended")
        check("{a(b:\"\"\"x\n\n\"\"«»", isRefusedSaying: "not ended")
        #expect(refusal("{a(b:\"\"\"x\n\n\"\"\")}") == nil)
    }

    @Test func `a block string loses what its lines share and the blank lines around it`() throws {
        #expect(try value("\"\"\"\n    a\n      b\r\n\r    c\n  \"\"\"") == "a\n  b\n\nc")
        #expect(try value("\"\"\"  a\n  b\"\"\"") == "  a\nb")
        #expect(try value(#""""say \""" now \n""""#) == #"say """ now \n"#)
        #expect(try value("\"\"\"\n \n\"\"\"") == "")
    }

    @Test func `an error before an unreadable byte is the one that is reported`() {
        check("{ a «)» ~ }", isRefusedSaying: "Expected a field")
        check("{ a «~» ) }", isRefusedSaying: "starts no token")
    }

    @Test func `lines end with LF, CR or CR LF, and columns count scalar values`() {
        let source = Source("a\r\nbé😀c\rd\n\re\u{301}f")
        #expect(source.location(of: 0) == SourceLocation(line: 1, column: 1))
        #expect(source.location(of: 3) == SourceLocation(line: 2, column: 1))
        #expect(source.location(of: 10) == SourceLocation(line: 2, column: 4))
        #expect(source.location(of: 12) == SourceLocation(line: 3, column: 1))
        #expect(source.location(of: 14) == SourceLocation(line: 4, column: 1))
        #expect(source.location(of: 15) == SourceLocation(line: 5, column: 1))
        #expect(source.location(of: 18) == SourceLocation(line: 5, column: 3))
        #expect(source.location(of: 999) == SourceLocation(line: 5, column: 4))
    }

    @Test func `bytes that are not UTF-8 make no source`() {
        for bytes in [
            [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE4, 0xB8], [0xFF, 0xFE],
        ] {
            #expect(Source(validating: bytes.map(UInt8.init)) == nil)
        }
    }
}

@Suite struct `Names` {
    @Test func `equal names have one id, and the text comes back`() throws {
        let document = try parse(Source("{ person people: person { name } }"))
        #expect(document.selections.count == 3)
        let names = document.selections.compactMap { if case .field(let field) = $0 { field.name.id } else { nil } }
        #expect(names.map { document[$0] }.sorted() == ["name", "person", "person"])
        #expect(Set(names).count == 2)
        #expect(document.names.id(of: "people") != nil)
        #expect(document.names.id(of: "peopl") == nil)
    }

    @Test func `the words of the grammar have their constants in every table`() {
        let table = NameTable()
        let words: [(NameID, String)] = [
            (.query, "query"), (.mutation, "mutation"), (.subscription, "subscription"), (.fragment, "fragment"), (.on, "on"),
            (.true, "true"), (.false, "false"), (.null, "null"), (.schema, "schema"), (.scalar, "scalar"), (.type, "type"),
            (.interface, "interface"), (.union, "union"), (.enum, "enum"), (.input, "input"), (.directive, "directive"),
            (.extend, "extend"), (.implements, "implements"), (.repeatable, "repeatable"), (.typenameField, "__typename"),
            (.schemaField, "__schema"), (.typeField, "__type"), (.skip, "skip"), (.include, "include"), (.if, "if"),
        ]
        #expect(table.count == words.count)
        for (id, word) in words {
            #expect(table[id] == word)
            #expect(table.id(of: word) == id)
        }
    }

    @Test func `a table holds many names, each found again by its bytes`() {
        var table = NameTable()
        let names = (0..<5_000).map { "n\($0 &* 7919)" }
        let ids = names.map { table.intern($0) }
        #expect(Set(ids).count == names.count)
        for (name, id) in zip(names, ids) {
            #expect(table.id(of: name) == id)
            #expect(table[id] == name)
        }
        #expect(table.intern("é") != table.intern("e\u{301}"))
    }
}
