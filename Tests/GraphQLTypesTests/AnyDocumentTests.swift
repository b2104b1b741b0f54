import GraphQLSyntax
import GraphQLTypes
import Testing

/// Documents by chance, most of them wrong in several ways.
@Suite("Any type system document")
struct AnyDocumentTests {
    @Test func `makes a schema that prints and builds again, or is refused for a reason, and never traps`() throws {
        var chance = Chance(seed: 11)
        var (built, refused, looked) = (0, 0, 0)
        for round in 0..<4_000 {
            var writer = AnyDocument(chance: chance, isTame: round % 2 == 0)
            let text = writer.text()
            chance = writer.chance
            guard let document = try? parse(Source(text)) else {
                Issue.record("the writer wrote what is no document: \(text)")
                continue
            }
            do throws(SchemaErrors) {
                let schema = try buildSchema([document])
                let printed = printSchema(schema, directives: .all)
                let again = try buildSchema([try reread(printed)])
                #expect(printSchema(again, directives: .all) == printed)
                built += 1
            } catch {
                #expect(!error.diagnostics.isEmpty)
                #expect(error.diagnostics.allSatisfy { !$0.message.isEmpty && !$0.rule.isEmpty })
                refused += 1
            }
            if let unfinished = try? buildSchema([document], checks: .documentRules) {
                look(at: unfinished)
                looked += 1
            }
        }
        // The test is worth something only while all three happen.
        #expect(built > 50 && refused > 1_000 && looked > built, "\(built) built, \(refused) refused, \(looked) looked at")
    }

    private func reread(_ text: String) throws(SchemaErrors) -> Document {
        do throws(SyntaxError) {
            return try parse(Source(text))
        } catch {
            Issue.record("printed what is no document: \(text)")
            throw SchemaErrors([])
        }
    }

    /// Asks an unfinished schema for everything it has.
    private func look(at schema: Schema) {
        _ = printSchema(schema, directives: .all)
        var open: [IntrospectionNode] = [.schema]
        var seen = Set(open)
        while let node = open.popLast() {
            guard let type = schema.type(named: node.typeName) else { continue }
            for field in schema[type].fields {
                switch schema.introspect(node, field: field.name, arguments: InputObject([])) {
                case .node(let next) where seen.insert(next).inserted: open.append(next)
                case .nodes(let nodes): open += nodes.filter { seen.insert($0).inserted }
                default: break
                }
            }
        }
        for type in schema.types {
            for input in type.inputFields + type.fields.flatMap(\.arguments) {
                for value in [InputValue.object(InputObject([])), .list([.null]), .string("A"), .number("1e999")] {
                    let sent = InputObject([.init(name: "v", value: value)])
                    let text = "query ($v: \(input.type.text(in: schema))) { a }"
                    guard let document = try? parse(Source(text)), case .operation(let operation) = document.definitions[0] else {
                        continue
                    }
                    _ = try? schema.coerceVariables(operation.variables, in: document, values: sent)
                }
            }
        }
    }
}

/// Writes definitions out of few names, so that they meet; a tame one leaves out what is nearly always wrong.
private struct AnyDocument {
    var chance: Chance
    let isTame: Bool

    init(chance: Chance, isTame: Bool) {
        self.chance = chance
        self.isTame = isTame
    }

    private mutating func one(of choices: [String]) -> String { choices[chance.below(choices.count)] }

    private mutating func some(_ most: Int, separator: String = " ", _ write: (inout AnyDocument) -> String) -> String {
        (0..<chance.below(most + 1)).map { _ in write(&self) }.joined(separator: separator)
    }

    mutating func text() -> String {
        guard !isTame else {
            return "type Query { a: A } type A { \(field()) } input I { \(input()) } enum E { X @deprecated Y } "
                + (chance.one(in: 2) ? "interface N { \(field()) }" : "union N = A | Query") + " scalar S "
                + (chance.one(in: 3) ? "extend type A { b2: Int \(directive()) }" : "")
        }
        return "type Query { a: Int } " + some(8) { $0.definition() }
    }

    private mutating func name() -> String {
        one(
            of: isTame
                ? ["Int", "A", "I", "E", "N", "S", "String"]
                : ["Query", "A", "B", "I", "J", "Int", "E", "__Type", "ID", "Boolean"])
    }

    private mutating func definition() -> String {
        let extend = chance.one(in: 4) ? "extend " : ""
        let prefix = extend + (extend.isEmpty && chance.one(in: 5) ? "\"text\" " : "")
        switch chance.below(9) {
        case 0: return prefix + "schema @tag { \(one(of: ["query", "mutation", "subscription"])): \(name()) }"
        case 1: return prefix + "scalar \(name()) \(directive())@tag"
        case 2: return prefix + "interface \(name()) implements \(name()) & \(name()) { \(field()) \(field()) }"
        case 3: return prefix + "union \(name()) = \(name()) | \(name())"
        case 4: return prefix + "enum \(name()) { X \(directive()) Y \(one(of: ["", "X", "Z"])) }"
        case 5: return prefix + "input \(name()) \(one(of: ["", "@oneOf"])) { \(input()) \(input()) }"
        case 6:
            let arguments = chance.one(in: 2) ? "(\(input()))" : ""
            return
                "directive @\(one(of: ["tag", "d", "skip", "oneOf"]))\(arguments) \(directive()) on OBJECT | INPUT_FIELD_DEFINITION"
        default:
            return prefix
                + "type \(name()) \(chance.one(in: 2) ? "implements \(name())" : "") \(directive()){ \(field()) \(field()) }"
        }
    }

    private mutating func directive() -> String {
        guard chance.one(in: 3) else { return "" }
        return one(of: [
            "@deprecated ", "@deprecated(reason: \(value(2))) ", "@tag ", "@d(b: \(value(2))) ", "@oneOf ",
            "@specifiedBy(url: \"\") ",
        ])
    }

    private mutating func type() -> String {
        let base = name() + one(of: ["", "", "!"])
        return chance.one(in: 3) ? "[\(base)]" + one(of: ["", "!"]) : base
    }

    private mutating func field() -> String {
        let arguments = chance.one(in: 2) ? "(\(input()) \(input()))" : ""
        return "\(one(of: ["a", "b", "c"]))\(arguments): \(type()) \(directive())"
    }

    private mutating func input() -> String {
        let value = chance.one(in: 2) ? " = \(value(3))" : ""
        return "\(one(of: ["a", "b", "c"])): \(type())\(value) \(directive())"
    }

    private mutating func value(_ depth: Int) -> String {
        switch chance.below(depth > 0 ? 9 : 6) {
        case 0: return "null"
        case 1: return one(of: ["1", "-0", "2147483648", "1e400", "0.5"])
        case 2: return "\"X\""
        case 3: return one(of: ["X", "Y"])
        case 4: return "true"
        case 5: return "{}"
        case 6: return "[\(value(depth - 1)), \(value(depth - 1))]"
        default: return "{ \(one(of: ["a", "b", "c"])): \(value(depth - 1)) \(one(of: ["a", "b", "c"])): \(value(depth - 1)) }"
        }
    }
}
