import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Printing a schema")
struct SchemaPrinterTests {
    @Test func `definitions print in their order, with what introspection tells of them`() throws {
        let sdl = """
            \"""Of the schema\"""
            schema {
              query: Q
            }

            directive @d(
              \"""An argument\"""
              a: Int = 1 @deprecated
              b: [I!]! = [{ n: 1 }]
            ) @deprecated(reason: "r") repeatable on FIELD | QUERY

            \"""
            Two
            lines
            \"""
            type Q implements Node & Other {
              id: ID!

              \"""Old\"""
              old(a: Int, b: String = "x"): Int @deprecated
            }

            interface Node {
              id: ID!
            }

            interface Other {
              id: ID!
            }

            union U = Q

            enum E {
              A @deprecated(reason: "gone")
              B
            }

            input I @oneOf {
              n: Int
            }

            scalar S @specifiedBy(url: "https://example.org")

            """
        #expect(printSchema(try schema(sdl)) == sdl)
    }

    @Test func `a schema that follows from names has no definition`() throws {
        #expect(printSchema(try schema("schema { query: Query } type Query { a: Int }")) == "type Query {\n  a: Int\n}\n")
        #expect(
            printSchema(try schema("schema { query: Query } type Query { a: Int } type Mutation { a: Int }")).hasPrefix(
                "schema {"))
    }

    @Test func `other directives print where all are asked for`() throws {
        let sdl = """
            schema @s {
              query: Query
            }

            directive @s on SCHEMA

            directive @t(x: [Int], y: String) repeatable on FIELD_DEFINITION | ARGUMENT_DEFINITION | OBJECT

            type Query @t {
              f(a: Int = 1 @t(y: "a\\"b")): Int @t(x: [1, 2]) @deprecated @t(x: null)
            }

            """
        let built = try schema(sdl)
        #expect(printSchema(built, directives: .all) == sdl)
        #expect(printSchema(built).contains("@t(") == true)
        #expect(printSchema(built).contains("f(a: Int = 1): Int @deprecated\n"))
    }

    @Test(arguments: [
        "", " ", "plain", " leads", "trails ", "a\nb", "\na", "a\n", "  a\n  b", "a\n  b", "  a\nb", "\"", "\"\"\"", "a\"", "a\\",
        "tab\there", "nul\u{0}", "\u{7F}", "cr\rlf", "\u{1F600}\n\u{1F600}", "\n", "a\n\nb", "a\n \nb", "a\n\t",
    ])
    func `every description is read back as it was`(description: String) throws {
        let literal = InputValue.string(description).literalText
        let built = try schema("\(literal) type Query { \(literal) a(\(literal) x: Int): Int }")
        #expect(built[TypeID(0)].description == description)
        let again = try schema(printSchema(built))[TypeID(0)]
        #expect(again.description == description)
        #expect(again.fields[0].description == description)
        #expect(again.fields[0].arguments[0].description == description)
    }

    @Test func `a printed schema builds the schema that it was printed from`() throws {
        var chance = Chance(seed: 2_026)
        for round in 0..<60 {
            var writer = RandomSchema(chance: chance)
            let sdl = writer.text()
            chance = writer.chance
            let built = try schema(sdl)
            for directives in [PrintedDirectives.specification, .all] {
                let printed = printSchema(built, directives: directives)
                let again = try schema(printed)
                #expect(printSchema(again, directives: directives) == printed, "round \(round), seed 2026")
                #expect(again.types.map(\.name) == built.types.map(\.name))
                #expect(defaults(again) == defaults(built))
            }
        }
    }

    private func defaults(_ schema: Schema) -> [InputValue?] {
        schema.types.flatMap { type in
            type.fields.flatMap { $0.arguments.map(\.defaultValue) } + type.inputFields.map(\.defaultValue)
        }
    }
}

/// Writes a valid schema by chance.
private struct RandomSchema {
    var chance: Chance
    private let outputs = ["Query", "T0", "T1", "I0", "U0", "E0", "S0", "Int", "String"]
    private let inputs = ["P0", "P1", "O0", "E0", "S0", "Int", "String", "ID"]

    init(chance: Chance) { self.chance = chance }

    mutating func text() -> String {
        """
        \(description())schema \(applied("@tag")) { query: Query }
        directive @tag(n: Int = \(chance.below(9)), s: [String!]) repeatable on SCHEMA | OBJECT | FIELD_DEFINITION | ENUM_VALUE | SCALAR
        \(description())type Query implements I0 \(applied("@tag(n: 1)")) { id: ID! \(fields()) }
        type T0 { \(fields()) } type T1 implements I0 { id: ID! \(fields()) }
        \(description())interface I0 { id: ID! }
        union U0 = Query | T0
        enum E0 { A \(applied("@deprecated")) B \(applied("@tag(s: \"x\")")) C }
        \(description())scalar S0 \(applied("@specifiedBy(url: \"u\")"))
        input P0 { \(inputFields("P1")) } input P1 { a: Int = 3 b: [E0!] = A c: String = \(literal()) }
        input O0 @oneOf { a: Int b: P0 }
        """
    }

    private mutating func description() -> String { chance.one(in: 2) ? literal() + " " : "" }
    private mutating func applied(_ directive: String) -> String { chance.one(in: 2) ? directive : "" }

    private mutating func literal() -> String {
        let pieces = ["a", " ", "\n", "\"", "\\", "é", "\t", "\u{1F600}", "\u{1}", "word"]
        return InputValue.string((0..<chance.below(8)).map { _ in pieces[chance.below(pieces.count)] }.joined()).literalText
    }

    private mutating func wrapped(_ name: String) -> String {
        switch chance.below(5) {
        case 0: "[\(name)]"
        case 1: "[\(name)!]!"
        case 2: "\(name)!"
        default: name
        }
    }

    private mutating func fields() -> String {
        (0...chance.below(4)).map { index in
            "\(description())f\(index)\(arguments()): \(wrapped(outputs[chance.below(outputs.count)])) \(applied("@deprecated(reason: \(literal()))"))"
        }.joined(separator: " ")
    }

    private mutating func arguments() -> String {
        guard chance.one(in: 2) else { return "" }
        return "("
            + (0...chance.below(3)).map { index in
                let choice: String =
                    switch chance.below(4) {
                    case 0: "P0 = {}"
                    case 1: "[[Int]] = [1, [2]]"
                    case 2: "O0 = { a: \(chance.below(100)) }"
                    default: wrapped(inputs[chance.below(inputs.count)])
                    }
                return "\(description())a\(index): \(choice)"
            }.joined(separator: ", ") + ")"
    }

    private mutating func inputFields(_ other: String) -> String {
        "x: \(other) = { a: \(chance.below(50)) } y: [\(other)!] \(applied("@deprecated")) z: Float = 1.50"
    }
}
