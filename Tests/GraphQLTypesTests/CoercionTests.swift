import GraphQLSyntax
import GraphQLTypes
import Testing

/// Coercion of one input type `T`, which the schema of the test calls so.
private struct Subject {
    let schema: Schema
    let sdl: String

    /// - Parameter type: What the argument is declared as.
    init(_ type: String, _ definitions: String = "", scalars: [String: ScalarBehavior] = [:]) throws {
        sdl = "type Query { f(x: \(type)): Int } \(definitions)"
        self.type = type
        schema = try GraphQLTypesTests.schema(sdl, scalars: scalars)
    }
    let type: String

    /// What a variable's value becomes, or the problems.
    func variable(_ value: InputValue?) throws -> String {
        let document = try parse(Source("query ($x: \(type)) { f(x: $x) }"))
        guard case .operation(let operation) = document.definitions[0] else { return "no operation" }
        let sent = InputObject(value.map { [.init(name: "x", value: $0)] } ?? [])
        do throws(InputProblems) {
            let values = try schema.coerceVariables(operation.variables, in: document, values: sent)
            return values["x"].map(\.literalText) ?? "absent"
        } catch {
            return error.problems.map { "\($0.path): \($0.message)" }.joined(separator: " ")
        }
    }

    /// What a literal becomes, or the problems.
    func literal(_ text: String, variables: [String: InputValue] = [:], absence: AbsenceRule = .specification) throws -> String {
        let document = try parse(Source("{ f(x: \(text)) }"))
        guard case .field(let field) = document.selections[0] else { return "no field" }
        do throws(InputProblems) {
            let arguments = try schema.coerceArguments(
                of: schema[TypeID(0)].fields[0], arguments: field.arguments, in: document, variables: variables, at: field.range,
                absence: absence)
            return arguments["x"].map(\.literalText) ?? "absent"
        } catch {
            return error.problems.map { "\($0.path): \($0.message)" }.joined(separator: " ")
        }
    }
}

@Suite("Input coercion")
struct CoercionTests {
    private static let literals: [(String, String, String)] = [
        ("Int", "2147483647", "2147483647"), ("Int", "-2147483648", "-2147483648"), ("Int", "-0", "0"),
        ("Int", "2147483648", "x: 2147483648 is not a 32-bit integer."), ("Int", "1.0", "x: 1.0 is not an integer."),
        ("Int", "\"1\"", "x: \"1\" is not an integer."), ("Int", "true", "x: true is not an integer."),
        ("Int", "9223372036854775808", "x: 9223372036854775808 is not a 32-bit integer."),
        ("Float", "1", "1"), ("Float", "1.5e3", "1500"), ("Float", "1e400", "x: 1e400 is beyond the range of Float."),
        ("Float", "9007199254740993", "x: 9007199254740993 is beyond the precision of Float."),
        ("Float", "\"1\"", "x: \"1\" is not a number."),
        ("String", "\"a\"", "\"a\""), ("String", "1", "x: 1 is not a string."), ("String", "A", "x: A is not a string."),
        ("Boolean", "true", "true"), ("Boolean", "0", "x: 0 is neither true nor false."),
        ("ID", "\"a\"", "\"a\""), ("ID", "7", "\"7\""),
        ("ID", "123456789012345678901234567890", "\"123456789012345678901234567890\""),
        ("ID", "1.0", "x: 1.0 is neither a string nor an integer."),
        ("Int!", "null", "x: 'Int!' cannot be null."), ("Int", "null", "null"),
    ]

    @Test(arguments: literals)
    func `built-in scalars read literals by their text`(type: String, literal: String, expected: String) throws {
        #expect(try Subject(type).literal(literal) == expected)
    }

    private static let variables: [(String, InputValue, String)] = [
        ("Int", InputValue.number("1.0"), "1"), ("Int", .number("12e2"), "1200"), ("Int", .number("-0.0"), "0"),
        ("Int", .number("1.5"), "$x: 1.5 is not a 32-bit integer."),
        ("Int", .number("1e400"), "$x: 1e400 is not a 32-bit integer."),
        ("Int", .string("1"), "$x: \"1\" is not an integer."), ("Int!", .null, "$x: 'Int!' cannot be null."),
        ("ID", .number("4"), "\"4\""), ("ID", .number("1.5"), "$x: 1.5 is neither a string nor an integer."),
        ("E", .string("A"), "A"), ("E", .string("C"), "$x: 'C' is not a value of the enum 'E'."),
        ("E", .number("1"), "$x: 1 is not a value of the enum 'E'."),
    ]

    @Test(arguments: variables)
    func `variables read JSON, where an integer may be written with a fraction`(
        type: String, value: InputValue, expected: String
    ) throws {
        #expect(try Subject(type, "enum E { A B }").variable(value) == expected)
    }

    /// GraphQL §3.11, the table of list coercion.
    private static let lists: [(String, String, String?)] = [
        ("[Int]", "[1, 2, 3]", "[1, 2, 3]"), ("[Int]", "[1, \"b\", true]", nil), ("[Int]", "1", "[1]"), ("[Int]", "null", "null"),
        ("[[Int]]", "[[1], [2, 3]]", "[[1], [2, 3]]"), ("[[Int]]", "[1, 2, 3]", "[[1], [2], [3]]"),
        ("[[Int]]", "[1, null, 3]", "[[1], null, [3]]"), ("[[Int]]", "1", "[[1]]"), ("[[Int]]", "null", "null"),
        ("[Int!]", "[1, null]", nil), ("[Int]!", "null", nil), ("[[[Int]]]", "1", "[[[1]]]"),
    ]

    @Test(arguments: lists)
    func `a single value is a list of one, at every level`(type: String, literal: String, expected: String?) throws {
        let subject = try Subject(type)
        let result = try subject.literal(literal)
        if let expected { #expect(result == expected) } else { #expect(result.hasPrefix("x")) }
        // JSON of the same shape gives the same.
        let document = try parse(Source("{ f(x: \(literal)) }"))
        let json = document.inputValue(of: document.arguments[0].value)
        let variable = try subject.variable(json)
        if let expected { #expect(variable == expected) } else { #expect(variable.hasPrefix("$x")) }
    }

    /// GraphQL §3.10, the table of input object coercion.
    private static let objects: [(String, [String: InputValue], String)] = [
        ("{ a: \"abc\", b: 123 }", [:], "{ a: \"abc\", b: 123 }"), ("{ b: 123, a: null }", [:], "{ a: null, b: 123 }"),
        ("{ b: 123 }", [:], "{ b: 123 }"), ("{ b: $v }", ["v": .int(5)], "{ b: 5 }"), ("{ a: $v, b: 1 }", [:], "{ b: 1 }"),
        ("{ a: $v, b: 1 }", ["v": .null], "{ a: null, b: 1 }"),
        ("{ b: $v }", [:], "x.b: The variable '$v' was not sent, but 'Int!' is required here."),
        ("{ b: $v }", ["v": .null], "x.b: The variable '$v' is null, but 'Int!' cannot be null."),
        ("{ b: \"1\", z: 2 }", [:], "x.b: \"1\" is not an integer. x: The input type 'T' has no field 'z'."),
        ("{ a: \"x\" }", [:], "x: The field 'T.b' of type 'Int!' is required."), ("7", [:], "x: 7 is no object of the type 'T'."),
    ]

    @Test(arguments: objects)
    func `objects keep absent apart from null, in the order of the definition`(
        literal: String, variables: [String: InputValue], expected: String
    ) throws {
        #expect(try Subject("T", "input T { a: String b: Int! }").literal(literal, variables: variables) == expected)
    }

    @Test func `a variable keeps absent apart from null, and has its default only when absent`() throws {
        let subject = try Subject("Int = 3")
        #expect(try subject.variable(nil) == "3")
        #expect(try subject.variable(.null) == "null")
        #expect(try Subject("Int").variable(nil) == "absent")
        #expect(try Subject("Int!").variable(nil) == "$x: The variable '$x' of type 'Int!' is required.")
    }

    /// What comes for each variable in the order of the declaration takes a way of its own where all are texts.
    @Test(arguments: UInt64(0)..<300)
    func `variables are coerced alike in whatever order they are sent`(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let schema = try schema("type Query { f: Int } enum E { A }")
        let types = (0..<1 + chance.below(4)).map { _ in
            ["String!", "String!", "String", "ID!", "Int", "E", "[String!]", "String = \"x\""][chance.below(8)]
        }
        let document = try parse(
            Source("query (\(types.enumerated().map { "$v\($0): \($1)" }.joined(separator: ", "))) { f }"))
        guard case .operation(let operation) = document.definitions[0] else { return }
        var sent: [InputObject.Entry] = []
        for place in types.indices where !chance.one(in: 12) {
            let values: [InputValue] = [.string("a"), .string("A"), .string(""), .string("b"), .number("1"), .null]
            sent.append(.init(name: chance.one(in: 12) ? "other" : "v\(place)", value: values[chance.below(values.count)]))
        }
        func coerced(_ entries: [InputObject.Entry]) -> String {
            do throws(InputProblems) {
                let values = try schema.coerceVariables(operation.variables, in: document, values: InputObject(entries))
                return values.map { "\($0): \($1.literalText)" }.sorted().joined(separator: " ")
            } catch {
                return error.problems.map(\.message).joined(separator: " ")
            }
        }
        // With one more that nobody declares it is none of those that are taken as they were sent.
        #expect(coerced(sent) == coerced(sent + [.init(name: "unknown", value: .null)]), "seed \(seed) \(types) \(sent)")
        if Set(sent.map(\.name)).count == sent.count {
            #expect(coerced(sent) == coerced(sent.reversed()), "seed \(seed) \(types) \(sent)")
        }
        // Of two of one name the last.
        let last = InputObject.Entry(name: "v0", value: .string("last"))
        #expect(coerced(sent + [last]) == coerced(sent.filter { $0.name != "v0" } + [last]), "seed \(seed) \(types) \(sent)")
    }

    @Test func `problems in a variable say where`() throws {
        let subject = try Subject("T", "input T { list: [U!] } input U { n: Int }")
        let value = InputValue.object(
            InputObject([
                .init(
                    name: "list",
                    value: .list([
                        .object(InputObject([.init(name: "n", value: .number("1"))])),
                        .object(InputObject([.init(name: "n", value: .string("1"))])),
                    ]))
            ]))
        #expect(try subject.variable(value) == "$x.list[1].n: \"1\" is not an integer.")
    }

    private static let oneOfs: [(String, String?)] = [
        ("{ a: 1 }", "{ a: 1 }"), ("{}", nil), ("{ a: 1, b: 2 }", nil), ("{ a: null }", nil), ("{ a: 1, b: null }", nil),
        ("{ a: $one }", "{ a: 1 }"), ("{ a: $none }", nil), ("{ a: $null }", nil), ("{ a: $one, b: $none }", nil),
    ]

    @Test(arguments: oneOfs)
    func `a oneOf has exactly one entry, and that is not null`(literal: String, expected: String?) throws {
        let subject = try Subject("T", "input T @oneOf { a: Int b: Int }")
        let result = try subject.literal(literal, variables: ["one": .int(1), "null": .null])
        if let expected {
            #expect(result == expected)
        } else {
            #expect(result.contains("exactly one entry") || result.contains("'$n"), "\(result)")
        }
    }

    @Test func `defaults are coerced once, with the defaults of what they leave out`() throws {
        let built = try schema(
            """
            type Query { f(x: A! = { list: 1 }): Int }
            input A { b: B = {} list: [ID!] }
            input B { n: Float = 1 e: E! = X none: Int }
            enum E { X }
            """)
        let argument = built[TypeID(0)].fields[0].arguments[0]
        #expect(argument.defaultValue?.literalText == "{ b: { n: 1, e: X }, list: [\"1\"] }")
        #expect(argument.defaultLiteral?.literalText == "{ list: 1 }")
        #expect(argument.isRequired == false)
    }

    @Test func `a custom scalar reads what it likes, and everything where it has no behavior`() throws {
        let even = ScalarBehavior { value throws(ScalarError) in
            guard case .number(let text) = value, let number = NumberText.exactInteger(text), number % 2 == 0 else {
                throw ScalarError("is not even")
            }
            return .int(number / 2)
        }
        let subject = try Subject("Half = 8", "scalar Half", scalars: ["Half": even])
        #expect(try subject.literal("6") == "3")
        #expect(try subject.literal("7") == "x: 7 is not even.")
        #expect(try subject.variable(.string("6")) == "$x: \"6\" is not even.")
        #expect(subject.schema[TypeID(0)].fields[0].arguments[0].defaultValue == .int(4))
        let any = try Subject("Any", "scalar Any")
        #expect(try any.literal("{ a: [$v, 1.50, X], b: $w }", variables: ["v": .int(1)]) == "{ a: [1, 1.50, X] }")
    }

    @Test func `number texts of any size and shape are read or refused, never trapped`() {
        var chance = Chance(seed: 20_261_118)
        let pieces = [
            "-", "0", "9", "1234567890", ".", "e", "E", "+", "00000", "9223372036854775808", "e-400", "e99999999999999999999",
        ]
        var read = 0
        for _ in 0..<20_000 {
            let text = (0...chance.below(6)).map { _ in pieces[chance.below(pieces.count)] }.joined()
            for scalar in BuiltInScalar.allCases {
                for isLiteral in [true, false] where (try? scalar.coerce(.number(text), isLiteral: isLiteral)) != nil {
                    read += 1
                }
            }
        }
        #expect(read > 0)
    }

    private static let integers: [(String, Int64?)] = [
        ("0", 0), ("-0", 0), ("0e99999999999", 0), ("1e18", 1_000_000_000_000_000_000), ("9223372036854775807", Int64.max),
        ("-9223372036854775808", Int64.min), ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1e19", nil),
        ("1.50e1", 15), ("1.55e1", nil), ("100e-2", 1), ("1e-1", nil), ("1e2147483648", nil), ("000120e-1", 12), ("", nil),
        ("-", nil),
        ("12x", nil),
    ]

    @Test(arguments: integers)
    func `an integer is found in every way to write it`(text: String, expected: Int64?) {
        #expect(NumberText.exactInteger(text) == expected)
    }

    @Test func `values nested without end are refused`() throws {
        let subject = try Subject("T", "input T { t: T }")
        var value = InputValue.object(InputObject([]))
        for _ in 0..<5_000 { value = .object(InputObject([.init(name: "t", value: value)])) }
        #expect(try subject.variable(value).contains("nested more than 200 levels deep"))
        // Taken apart from outside in, as releasing a chain recurses.
        while case .object(let object) = value, let inner = object["t"] { value = inner }
    }

    @Test func `what the schema holds is suggested apart from the message`() throws {
        let schema = try schema("type Query { f(x: I, e: E): Int } input I { limit: Int } enum E { NORTH }")
        for (text, message, suggestion) in [
            ("{ limt: 1 }", "The input type 'I' has no field 'limt'.", " Did you mean 'limit'?"),
            ("{ zebra: 1 }", "The input type 'I' has no field 'zebra'.", ""),
        ] {
            let (document, value) = try parseValue(Source(text))
            let type = schema[TypeID(0)].fields[0].arguments[0].type
            do throws(InputProblems) {
                _ = try schema.template(of: value, in: document, as: type, path: "x")
                Issue.record("accepted")
            } catch {
                #expect(error.problems.map(\.message) == [message])
                #expect(error.problems.map(\.suggestion) == [suggestion])
            }
        }
    }

    @Test func `no more problems are reported than anybody reads`() throws {
        let document = try parse(Source("query ($x: [Int]) { f(x: $x) }"))
        guard case .operation(let operation) = document.definitions[0] else { return }
        let bad = InputObject([.init(name: "x", value: .list(Array(repeating: .string("a"), count: 10_000)))])
        let schema = try schema("type Query { f(x: [Int]): Int }")
        #expect(throws: InputProblems.self) { try schema.coerceVariables(operation.variables, in: document, values: bad) }
        do throws(InputProblems) {
            _ = try schema.coerceVariables(operation.variables, in: document, values: bad)
        } catch {
            #expect(error.problems.count == 50)
        }
    }
}
