import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Building a schema")
struct SchemaBuildingTests {
    @Test func `types come in the order of definition, built-in scalars where they are first used, introspection last`() throws {
        let built = try schema("type B { a: A } scalar S type Query { b(x: [Float!]): B } type A { i: Int }")
        #expect(
            built.types.map(\.name) == [
                "B", "S", "Query", "Float", "A", "Int", "Boolean", "String", "__Schema", "__Type", "__TypeKind", "__Field",
                "__InputValue", "__EnumValue", "__Directive", "__DirectiveLocation",
            ])
        #expect(built.directives.map(\.name) == ["include", "skip", "deprecated", "specifiedBy", "oneOf"])
        #expect(built.type(named: "ID") == nil)
        for (index, type) in built.types.enumerated() { #expect(built.type(named: type.name) == TypeID(index)) }
    }

    @Test func `an extension adds to its type wherever it stands`() throws {
        let definitions = [
            "type Query implements I @a { x: Int }", "extend type Query implements J @b { y: Int }", "interface I { x: Int }",
            "interface J { y: Int }", "extend union U = W", "union U = V", "type V { a: E }", "type W { a: Int }",
            "extend enum E { Y }", "enum E { X }", "input P { a: Int }", "extend input P { b: Int = 1 }",
            "directive @a on OBJECT", "directive @b on OBJECT | SCHEMA", "extend schema @b", "extend directive @a @deprecated",
        ]
        var chance = Chance(seed: 3)
        var printed: Set<String> = []
        for _ in 0..<20 {
            let shuffled = definitions.shuffled(using: &chance)
            // One document or many, the order of definitions is the order of types only.
            let documents = try [shuffled[..<8], shuffled[8...]].map { try parse(Source($0.joined(separator: " "))) }
            let built = try buildSchema(documents)
            printed.insert(
                try built.types.map { printType(try #require(built.type(named: $0.name)), of: built, directives: .all) }.sorted()
                    .joined())
            #expect(built.directive(named: "a")?.deprecationReason == "No longer supported")
            #expect(built.appliedDirectives.map(\.name) == ["b"])
        }
        #expect(printed.count == 1)
    }

    @Test func `possible types are what implements, what is a member, or the type itself`() throws {
        let built = try schema(
            """
            interface I { a: Int } interface J implements I { a: Int }
            type Query implements I { a: Int u: U } type A implements I & J { a: Int } type B { a: Int }
            union U = B | A
            """)
        func names(_ name: String) -> [String] {
            built.type(named: name).map { built[$0].possibleTypes.map { built[$0].name } } ?? []
        }
        #expect(names("I") == ["Query", "A"])
        #expect(names("J") == ["A"])
        #expect(names("U") == ["B", "A"])
        #expect(names("B") == ["B"])
    }

    @Test func `root types follow their names only where no schema is defined`() throws {
        let named = try schema("type Query { a: Int } type Mutation { a: Int }")
        #expect(named.mutationType == named.type(named: "Mutation"))
        let defined = try schema("schema { query: Query } type Query { a: Int } type Mutation { a: Int }")
        #expect(defined.mutationType == nil)
        let extended = try schema("type Query { a: Int } extend schema { mutation: M } type M { a: Int }")
        #expect(extended.queryType == extended.type(named: "Query"))
        #expect(extended.mutationType == extended.type(named: "M"))
    }

    @Test func `applied directives are kept as they were written`() throws {
        let built = try schema(
            """
            directive @tag(name: String = "none", more: [Int]) repeatable on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION
            type Query @tag { f(x: Int @tag(more: 1)): Int @tag(name: null) @tag(name: "b", more: [1, 2]) }
            """)
        let query = built[TypeID(0)]
        func text(_ applied: [AppliedDirective]) -> [String] {
            applied.map {
                "\($0.name)(" + $0.arguments.map { "\($0.name): \($0.value.literalText)" }.joined(separator: ", ") + ")"
            }
        }
        #expect(text(query.appliedDirectives) == ["tag()"])
        #expect(text(query.fields[0].appliedDirectives) == ["tag(name: null)", "tag(name: \"b\", more: [1, 2])"])
        #expect(text(query.fields[0].arguments[0].appliedDirectives) == ["tag(more: 1)"])
        #expect(query.fields[0].appliedDirectives[1].argument("name") == .string("b"))
    }

    @Test func `nothing recurses over the size of a schema`() throws {
        let count = 20_000
        var sdl = "type Query { f(a: A0, l: L0, d: D0): T0 }\n"
        for index in 0..<count {
            let next = (index + 1) % count
            sdl += "type T\(index) { next: T\(next) }\n"
            sdl += "input A\(index) { next: A\(next) }\n"
            if index + 1 < count { sdl += "input L\(index) { next: L\(next)! }\n" }
        }
        sdl += "input L\(count - 1) { a: Int }\n"
        for index in 0..<150 { sdl += "input D\(index) { next: D\(index + 1) = {} }\n" }
        sdl += "input D150 { a: Int = 1 }"
        let built = try schema(sdl)
        #expect(built.types.count > 3 * count)
    }

    @Test func `a circle through thousands of inputs is one report`() throws {
        let count = 5_000
        var sdl = "type Query { f(a: A0): Int }\n"
        for index in 0..<count { sdl += "input A\(index) { next: A\((index + 1) % count)! }\n" }
        let found = try problems(sdl)
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.places.count <= 100 && $0.message.utf8.count < 5_000 })
    }

    @Test func `a default that would unfold without bound is refused`() throws {
        var wide = "type Query { f(a: A0): Int }\n"
        for index in 0..<40 { wide += "input A\(index) { x: A\(index + 1) = {} y: A\(index + 1) = {} }\n" }
        wide += "input A40 { n: Int = 1 }"
        var deep = "type Query { f(a: A0): Int }\n"
        for index in 0..<400 { deep += "input A\(index) { x: A\(index + 1) = {} }\n" }
        deep += "input A400 { n: Int = 1 }"
        for (sdl, words) in [(wide, "more than 100000 other defaults"), (deep, "levels deep; 200 are allowed")] {
            let found = try problems(sdl)
            #expect(!found.isEmpty && found.allSatisfy { $0.message.contains(words) })
        }
    }

    @Test func `the time is linear in the number of types`() throws {
        func seconds(_ count: Int) throws -> Double {
            var sdl = "type Query { f: T0 }\ninterface Node { id: ID! }\n"
            for index in 0..<count {
                sdl += """
                    "Type \(index)" type T\(index) implements Node @deprecatedType { id: ID! next(first: Int = 10, where: W\(index)): T\(index / 2) }
                    input W\(index) { and: [W\(index)!] eq: Int = 1 not: W\(index / 2) }
                    enum E\(index) { A B C }

                    """
            }
            sdl += "directive @deprecatedType on OBJECT"
            let document = try parse(Source(sdl), limits: .schema)
            let clock = ContinuousClock()
            let duration = try clock.measure { _ = try buildSchema([document]) }
            return Double(duration.components.attoseconds) / 1e18 + Double(duration.components.seconds)
        }
        _ = try seconds(100)
        let (small, large) = (try seconds(500), try seconds(4_000))
        // Eight times as much; sixteen leaves room for a busy machine, a square would be sixty-four.
        #expect(large < small * 32, "\(small) s for 500, \(large) s for 4,000")
    }

    @Test func `subtypes follow the wrappers`() throws {
        let built = try schema("interface I { a: Int } type Query implements I { a: Int } union U = Query")
        func reference(_ text: String) throws -> TypeReference {
            let (document, type) = try parseType(Source(text))
            return try #require(built.typeReference(of: type, in: document))
        }
        for (type, other, expected) in [
            ("Query", "I", true), ("Query!", "I", true), ("Query", "I!", false), ("[Query!]!", "[U]", true),
            ("[Query]", "U", false),
            ("Query", "[Query]", false), ("I", "Query", false), ("[[Int!]]", "[[Int]]", true), ("[[Int]]", "[[Int]!]", false),
        ] {
            #expect(built.isSubtype(try reference(type), of: try reference(other)) == expected, "\(type) of \(other)")
            #expect(try reference(type).text(in: built) == type)
        }
    }
}
