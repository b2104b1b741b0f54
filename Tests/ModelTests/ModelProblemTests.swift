import GraphQLSyntax
import Model
import Testing

/// Models with one thing wrong, and what is said about it, where.
@Suite struct `Problems in a model` {
    /// Reads files of which one marks, with «», where each problem is to be reported.
    func check(
        _ marked: String, alongside others: String = "", reports messages: [String],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
        let text = marked.replacing("«", with: "").replacing("»", with: "")
        let places = marked.split(separator: "«", omittingEmptySubsequences: false).dropLast().reduce(into: [String]()) {
            list, part in
            list.append((list.last ?? "") + part.replacing("»", with: ""))
        }
        let expected = zip(places, messages).map { before, message in
            let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
            return "test.graphql:\(lines.count):\(lines.last.map { $0.unicodeScalars.count + 1 } ?? 1): \(message)"
        }
        #expect(expected.count == messages.count, "as many marks as messages", sourceLocation: sourceLocation)
        do {
            let sources = [
                ModelSource(name: "test.graphql", bytes: Array(text.utf8)),
                ModelSource(name: "others.graphql", bytes: Array(others.utf8)),
            ]
            _ = try Model(sources: others.isEmpty ? [sources[0]] : sources, digest: "")
            Issue.record("no problem was found", sourceLocation: sourceLocation)
        } catch {
            #expect(error.problems.map(\.description) == expected, sourceLocation: sourceLocation)
        }
    }

    // MARK: Files

    @Test func `bytes that are not UTF-8 are the file's problem`() {
        do {
            _ = try Model(sources: [ModelSource(name: "a.graphql", bytes: [0x23, 0xFF])], digest: "")
            Issue.record("no problem was found")
        } catch {
            #expect(error.description == "a.graphql: The file is not UTF-8.")
        }
    }

    @Test func `a file that does not parse is reported where it stops making sense`() {
        check("type A @node(key: \"x\") { x: «}»", reports: ["Expected a type, found '}'."])
    }

    @Test func `files without types are no model`() {
        do {
            _ = try Model(sources: [ModelSource(name: "a.graphql", bytes: Array("enum A { B }".utf8))], digest: "")
            Issue.record("no problem was found")
        } catch {
            #expect(
                error.description == "a.graphql: The model has no types; a file of the model holds types with @node(key: …).")
        }
    }

    // MARK: Earlier models

    @Test func `an earlier name means one thing`() {
        check(
            """
            enum «E» @was(name: "F") { A «B» @was(name: "A") }
            enum F { X }
            type T @node(key: "a") { a: String! @was(name: "z") «b»: E @was(name: "z") «c»: F @was(name: "a") }
            """,
            reports: [
                "@was(name: \"F\") of the enum E: F has that name now; an earlier name means one thing.",
                "@was(name: \"A\") of the value E.B: E.A has that name now; an earlier name means one thing.",
                "@was(name: \"z\") of the field T.b: T.a says the same; an earlier name means one thing.",
                "@was(name: \"a\") of the field T.c: T.a has that name now; an earlier name means one thing.",
            ])
    }

    @Test func `what rows get that were there is a value of a stored field`() {
        func message(_ field: String, _ text: String, _ type: String) -> String {
            "@backfill(value:) of T.\(field) is '\(text)', which is no value of '\(type)'; a number, a date, a text, true, false "
                + "or the name of an enum value can be given, and no row."
        }
        check(
            """
            enum E { A }
            type T @node(key: "k") { k: String! @backfill(value: "") a: Int @backfill(value: «"1.5") b: Decimal! @backfill(value: «"0.125")
            c: E @backfill(value: «"B") d: T @backfill(value: «"k") e: Boolean @backfill(value: «"yes") f: Date @backfill(value: «"2020-13-01")
            g: [E!] @backfill(value: «"A") h: Int @derived(cel: "1") }
            """,
            reports: [
                message("a", "1.5", "Int"), message("b", "0.125", "Decimal!"), message("c", "B", "E"), message("d", "k", "T"),
                message("e", "yes", "Boolean"), message("f", "2020-13-01", "Date"), message("g", "A", "[E!]"),
            ])
        check(
            "type T @node(key: \"k\") { k: String! a: Int @derived(cel: \"1\") @backfill(value: «\"1\") }",
            reports: ["T.a has @derived and @backfill; @backfill is for stored fields."])
    }

    @Test func `names that the data keeps for what is hidden cannot be given`() {
        do {
            _ = try Model(
                sources: [
                    ModelSource(
                        name: "a.graphql", bytes: Array("type T @node(key: \"k\") { k: String! __hidden_k: String }".utf8))
                ], digest: "")
            Issue.record("no problem was found")
        } catch {
            #expect(error.description.contains("__"))
        }
    }

    // MARK: Search

    @Test func `what is searched is a stored text`() {
        check(
            "type A @node(key: \"x\") { x: String! n: Int «@search» b: A c: String «@search» @derived(cel: \"x\") }",
            reports: [
                "A.n is of type Int and has @search; it is for stored texts.",
                "A.c has @derived and @search; @search is for stored fields.",
            ])
    }

    @Test func `a person is found by a field only where the model says so twice`() throws {
        check(
            "type A @node(key: \"x\") { x: String! @search p: String @personal(class: PII) «@search» }",
            reports: ["A.p has @search and @personal; if a person is to be found by it, write @search(personal: true)."])
        let text = "type A @node(key: \"x\") { x: String! p: String @personal(class: PII) @search(personal: true) }"
        let model = try Model(sources: [ModelSource(name: "a", bytes: Array(text.utf8))], digest: "")
        #expect(model.type(named: "A")?.field(named: "p")?.isSearchable == true)
    }

    @Test func `a type that is searched is a value of an enum`() {
        check(
            "type «true» @node(key: \"x\") { x: String! @search }",
            reports: ["'true' has a field with @search and cannot be a value of an enum; call the type otherwise."])
    }

    // MARK: GraphQL's own rules

    @Test func `an unknown type is reported with what may have been meant`() {
        check(
            "type A @node(key: \"x\") { x: String! b: «B»ok }\ntype Book @node(key: \"y\") { y: Int! }",
            reports: ["There is no type 'Bok'. Did you mean 'Book'?"])
    }

    @Test func `an unknown directive, and an argument that a directive lacks, are reported`() {
        check(
            "type A @node(key: \"x\") { x: String! «@»lable(zh: \"甲\") y: Int «@»label }",
            reports: [
                "There is no directive '@lable'. Did you mean '@label'?",
                "The directive '@label' needs its argument 'zh' of type 'String!'.",
            ])
    }

    // MARK: Definitions

    @Test func `interfaces, unions, inputs and scalars are no part of a model`() {
        check(
            """
            interface «I» { x: Int }
            union «U» = A
            input «N» { x: Int }
            scalar «S»
            type A @node(key: "x") { x: String! }
            """,
            reports: ["interface 'I'", "union 'U'", "input type 'N'", "scalar 'S'"].map {
                "Found the \($0); a file of the model holds object types and enums only."
            })
    }

    @Test func `a type without a key is reported at its name`() {
        check(
            "type «A» { x: String! }",
            reports: ["A has no @node(key: …); every type of the model is a table whose rows have a key."])
    }

    @Test func `a field takes no arguments`() {
        check(
            "type A @node(key: \"x\") { x(«y»: Int): String! }",
            reports: ["A.x takes arguments; fields of the model take none, the API adds its own."])
    }

    // MARK: Fields

    @Test func `a stored list holds enum values or rows, none of them null`() {
        check(
            "type A @node(key: \"x\") { x: String! y: «[»String!] z: «[»A] w: «[»[A!]!] }",
            reports: [
                "A.y is stored as '[String!]'; a stored list holds enum values or rows of another type.",
                "A.z is '[A]'; elements are never null: write [A!].",
                "A.w is a list of lists; one list is possible.",
            ])
    }

    @Test func `a ratio is computed, not stored`() {
        check(
            "type A @node(key: \"x\") { x: String! y: «R»atio }",
            reports: ["A.y is a stored Ratio; ratios are computed: give it @derived(cel: …)."])
    }

    @Test func `digits are zero to nine, and of decimals and ratios only`() {
        check(
            "type A @node(key: \"x\") { x: String! y: Decimal @decimal(digits: «10») z: Int @decimal(digits: «2») }",
            reports: [
                "A.y has 10 digits; 0 to 9 are possible.", "A.z is of type Int and has @decimal; it is for Decimal and Ratio.",
            ])
    }

    @Test func `a field comes from one place`() {
        check(
            #"type A @node(key: "x") { x: String! y: [A!]! @inverse(of: "z") @valid(in: «"»z") z: A w: Int @derived(cel: "1") «@»unique }"#,
            reports: [
                "A.y has @inverse and @valid; a field comes from one of them.",
                "A.w has @derived and @unique; @unique is for stored fields.",
            ])
    }

    // MARK: Keys

    @Test func `a key names stored fields that are never null, each once`() {
        check(
            """
            type A @node(key: [«"y", «"n", «"r", «"f", "x", «"x"]) {
              x: String! n: Int f: Float! nam: String r: [A!]! @inverse(of: "a") a: A
            }
            """,
            reports: [
                "The key of A names 'y', but A has no field 'y'.",
                "A.n is part of the key and may be null; write 'Int!'.",
                "A.r cannot be part of the key; a key holds stored fields that are no lists and no Float.",
                "A.f cannot be part of the key; a key holds stored fields that are no lists and no Float.",
                "The key of A names 'x' twice.",
            ])
    }

    @Test func `keys that hold each other are reported as a circle`() {
        check(
            "type «A» @node(key: \"b\") { b: B! }\ntype B @node(key: \"a\") { a: A! }",
            reports: ["The keys of A → B → A hold each other; a key must end in values."])
    }

    // MARK: Edges

    let loans = """
        type Loan @node(key: "number") @period(from: "start", to: "end") {
          number: Int! start: Date! end: Date book: Book! state: Int later: [Loan!]! @inverse(of: "before") before: Loan
        }
        type Bare @node(key: "number") { number: Int! book: Book! }
        """

    @Test func `an inverse is a list of rows, of a field that refers back`() {
        check(
            """
            type Book @node(key: "isbn") {
              isbn: ID!
              a: «L»oan @inverse(of: "book")
              b: [Loan!]! @inverse(of: «"»bok")
              c: [Loan!]! @inverse(of: «"»before")
            }
            """, alongside: loans,
            reports: [
                "Book.a is 'Loan'; an inverse is a list of rows that is never null: '[Type!]!'.",
                "@inverse(of:) of Book.b names 'bok', but Loan has no field 'bok'. Did you mean 'book'?",
                "@inverse(of:) of Book.c names Loan.before of type 'Loan'; a stored reference to Book is needed.",
            ])
    }

    @Test func `a dated field reads an inverse of a dated type, and has the type of what it reads`() {
        check(
            """
            type Book @node(key: "isbn") {
              isbn: ID!
              loans: [Loan!]! @inverse(of: "book")
              bare: [Bare!]! @inverse(of: "book")
              a: Loan @valid(in: «"»lones")
              b: Loan @valid(in: «"»isbn")
              c: Bare @valid(in: «"»bare")
              d: «L»oan! @valid(in: "loans")
              e: Int @valid(in: «"»loans.stat")
              f: «S»tring @valid(in: "loans.state")
              g: [Loan!]! @valid(in: «"»loans.later")
              h: Loan @valid(in: «"»loans.before.before")
            }
            """, alongside: loans,
            reports: [
                "@valid(in:) of Book.a names 'lones', but Book has no field 'lones'. Did you mean 'loans'?",
                "@valid(in:) of Book.b names Book.isbn, which is no @inverse field.",
                "@valid(in:) of Book.c reads Bare, which has no @period(from:, to:).",
                "@valid(in:) of Book.d gives rows of Loan, but the field is 'Loan!'; write 'Loan' or '[Loan!]!'.",
                "@valid(in:) of Book.e names 'stat', but Loan has no field 'stat'. Did you mean 'start' or 'state'?",
                "Book.f is 'String', but @valid(in:) of Book.f reads a 'Int' of at most one row: write 'Int'.",
                "@valid(in:) of Book.g names Loan.later, which is not stored as one value or reference.",
                "@valid(in:) of Book.h is 'loans.before.before'; an inverse field is needed, perhaps a dot and one of its fields.",
            ])
    }

    @Test func `a period has two stored dates, the first never null`() {
        check(
            """
            type A @node(key: "x") @period(from: «"»start", to: "x") { x: String! start: DateTime }
            type B @node(key: "x") @period(from: "start", to: «"»ende") { x: String! start: Date! end: Date }
            type C @node(key: "x") @period(from: «"»start", to: "end") { x: String! start: Date end: Date }
            """,
            reports: [
                "@period(from:) names A.start of type 'DateTime'; a stored Date is needed.",
                "@period(to:) of B names 'ende', but B has no field 'ende'. Did you mean 'end'?",
                "C.start begins the period and may be null; write 'Date!'.",
            ])
    }

    // MARK: Names

    @Test func `names that the API needs are refused at the field, the type or the plural`() {
        check(
            """
            type Fish @node(key: "x", plural: «"»fish") { x: String! «i»d: Int }
            type ««M»»eta @node(key: "x") { x: String! }
            type Net @node(key: "x", plural: «"»a net") { x: String! }
            type «N»etFilter @node(key: "x") { x: String! }
            """,
            reports: [
                "Two fields of the API's root would be called 'fish', for Fish and for Fish; say another with @node(plural: …).",
                "Fish.id: the API needs the name 'id' for itself; call the field otherwise.",
                "Two fields of the API's root would be called 'meta', for the data itself and for Meta; say another with @node(plural: …).",
                "'Meta' is also the name of a type that the API makes itself; call it otherwise.",
                "'a net' cannot name the list of Net rows; letters, digits and _ can.",
                "'NetFilter' is also the name of a type that the API makes itself; call it otherwise.",
            ])
    }

    // MARK: Derived fields

    @Test func `an expression is reported where in the file it goes wrong`() {
        check(
            #"""
            type A @node(key: "x") {
              x: Int!
              y: Int! @derived(cel: "x + «z»")
              v: Int! @derived(cel: """
                x +
                  x * «w»
              """)
              u: String! @derived(cel: "«x»")
            }
            """#,
            reports: [
                "A.y is derived, but its expression is not understood: "
                    + "A has no field 'z', and no row here is named so. Did you mean 'x'?",
                "A.v is derived, but its expression is not understood: "
                    + "A has no field 'w', and no row here is named so. Did you mean 'x'?",
                "A.u is derived, but its expression is not understood: The expression gives an Int, expected a String.",
            ])
    }

    @Test func `derived fields that read each other are reported as a circle`() {
        check(
            """
            type A @node(key: "x") {
              x: Int!
              a: Int! @derived(cel: «"»b + 1")
              b: Int! @derived(cel: "c + 1")
              c: Int! @derived(cel: "a + x")
              d: Int! @derived(cel: «"»d")
            }
            """,
            reports: [
                "A.a → A.b → A.c → A.a: derived fields read each other in a circle.", "A.d → A.d: a derived field reads itself.",
            ])
    }
}
