import GraphQLSyntax
import GraphQLTypes
import Testing

/// The absence of variables in filters, which is not that of the specification.
@Suite("Templates")
struct TemplateTests {
    private static let sdl = """
        type Query { f(where: Filter, limit: Int = 5): Int }
        input Filter { and: [Filter!] not: Filter some: Filter size: IntFilter name: TextFilter tags: [String] }
        input IntFilter { lt: Int gt: Int in: [Int] }
        input TextFilter { starts: String anyCase: Boolean = false }
        """

    private func resolve(
        _ literal: String, _ variables: [String: InputValue], _ rule: AbsenceRule
    ) throws -> String {
        let schema = try schema(Self.sdl)
        let document = try parse(Source("{ f(where: \(literal)) }"))
        guard case .field(let field) = document.selections[0] else { return "no field" }
        do throws(InputProblems) {
            let arguments = try schema.coerceArguments(
                of: schema[TypeID(0)].fields[0], arguments: field.arguments, in: document, variables: variables, at: field.range,
                absence: rule)
            return arguments["where"].map(\.literalText) ?? "absent"
        } catch {
            return error.problems.map { "\($0.path): \($0.message)" }.joined(separator: " ")
        }
    }

    private static let removed: [(String, String)] = [
        ("$v", "absent"), ("{ size: { lt: $v } }", "absent"), ("{ size: { lt: $v, gt: 1 } }", "{ size: { gt: 1 } }"),
        ("{ size: {} }", "{ size: {  } }"), ("{}", "{  }"), ("{ some: {}, size: { lt: $v } }", "{ some: {  } }"),
        ("{ and: [{ size: { lt: $v } }, { size: { gt: 1 } }] }", "{ and: [{ size: { gt: 1 } }] }"),
        ("{ and: [{ size: { lt: $v } }] }", "absent"), ("{ and: [] }", "{ and: [] }"),
        ("{ not: { and: [{ not: { some: $v } }] } }", "absent"),
        ("{ size: { in: [$v] } }", "absent"), ("{ size: { in: [$v, 1] } }", "{ size: { in: [1] } }"),
        ("{ size: { lt: null } }", "{ size: { lt: null } }"), ("{ name: { starts: $v } }", "absent"),
        ("{ name: {} }", "{ name: { anyCase: false } }"),
        ("{ name: { anyCase: true, starts: $v } }", "{ name: { anyCase: true } }"),
    ]

    @Test(arguments: removed)
    func `what an absent variable empties goes, what is written empty stays`(literal: String, expected: String) throws {
        #expect(try resolve(literal, [:], .removes) == expected)
    }

    private static let kept: [(String, String)] = [
        ("{ size: { lt: $v } }", "{ size: {  } }"), ("{ and: [{ size: { lt: $v } }] }", "{ and: [{ size: {  } }] }"),
        ("{ size: { in: [$v, 1] } }", "{ size: { in: [null, 1] } }"),
        ("{ name: { starts: $v } }", "{ name: { anyCase: false } }"),
    ]

    @Test(arguments: kept)
    func `by the specification an absent variable leaves only its entry out`(literal: String, expected: String) throws {
        #expect(try resolve(literal, [:], .specification) == expected)
    }

    @Test func `inside a variable nothing is removed`() throws {
        let empty = InputValue.object(InputObject([.init(name: "size", value: .object(InputObject([])))]))
        #expect(try resolve("{ and: [$f], size: { lt: $v } }", ["f": empty], .removes) == "{ and: [{ size: {  } }] }")
    }

    @Test func `with all variables sent, both rules give the same`() throws {
        var chance = Chance(seed: 7)
        func literal(_ depth: Int, _ chance: inout Chance) -> String {
            guard depth > 0 else { return "{ size: { lt: $v, gt: \(chance.below(9)) } }" }
            switch chance.below(4) {
            case 0: return "{ not: \(literal(depth - 1, &chance)) }"
            case 1: return "{ and: [\(literal(depth - 1, &chance)), \(literal(depth - 1, &chance))] }"
            case 2: return "{ some: {}, tags: [\"a\", $t], name: { starts: $t } }"
            default: return "{ size: { in: [$v, 2] } }"
            }
        }
        for _ in 0..<200 {
            let text = literal(3, &chance)
            let variables: [String: InputValue] = ["v": .int(4), "t": .string("x")]
            #expect(try resolve(text, variables, .removes) == resolve(text, variables, .specification))
        }
    }

    @Test func `a template knows its variables, their types and their places`() throws {
        let schema = try schema(Self.sdl)
        let text = "{ f(where: { and: [{ size: { lt: $a } }, $b], tags: [\"x\", $c] }) }"
        let document = try parse(Source(text))
        guard case .field(let field) = document.selections[0] else { return }
        let template = try schema.template(
            of: field.arguments, in: document, for: schema[TypeID(0)].fields[0].arguments, at: field.range)
        #expect(
            template.variables.map { "\($0.name): \($0.type.text(in: schema)) at \($0.path)" } == [
                "a: Int at where.and[0].size.lt", "b: Filter! at where.and[1]", "c: String at where.tags[1]",
            ])
        #expect(template.variables.map { document.source.text($0.range) } == ["$a", "$b", "$c"])
    }

    @Test func `what has no variable is coerced in the template`() throws {
        let schema = try schema(Self.sdl)
        let document = try parse(Source("{ f(where: { size: { in: 1 } }) }"))
        guard case .field(let field) = document.selections[0] else { return }
        let template = try schema.template(
            of: field.arguments, in: document, for: schema[TypeID(0)].fields[0].arguments, at: field.range)
        guard case .constant(let value) = template["where"] else {
            Issue.record("not a constant")
            return
        }
        #expect(value.literalText == "{ size: { in: [1] } }")
        #expect(try schema.resolve(template, variables: [:])["limit"] == .int(5))
    }

    @Test func `a required argument that is absent is an error at the field or the variable`() throws {
        let schema = try schema("type Query { f(n: Int!): Int }")
        for (text, expected) in [
            ("{ f }", "n: The argument 'n' of type 'Int!' is required. at f"),
            ("{ f(n: $v) }", "n: The variable '$v' was not sent, but 'Int!' is required here. at $v"),
        ] {
            let document = try parse(Source(text))
            guard case .field(let field) = document.selections[0] else { return }
            do throws(InputProblems) {
                _ = try schema.coerceArguments(
                    of: schema[TypeID(0)].fields[0], arguments: field.arguments, in: document, variables: [:], at: field.range)
                Issue.record("accepted")
            } catch {
                let problem = error.problems[0]
                let place = problem.range.map { document.source.text($0) } ?? "nowhere"
                #expect("\(problem.path): \(problem.message) at \(place)" == expected)
            }
        }
    }
}
