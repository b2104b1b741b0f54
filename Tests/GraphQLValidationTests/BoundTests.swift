import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Testing

@Suite struct `Bounds of validation` {
    @Test func `as many problems as allowed are listed, and then that there are more`() throws {
        #expect(try reports("{ a b c }", rules: [FieldsOnCorrectType.self], suggests: false, diagnostics: 3).count == 3)
        #expect(
            try reports("{ a b c d }", rules: [FieldsOnCorrectType.self], suggests: false, diagnostics: 3)
                == [
                    "There are more problems; the first 3 that were found are listed.", "1:3 The type 'Query' has no field 'a'.",
                    "1:5 The type 'Query' has no field 'b'.", "1:7 The type 'Query' has no field 'c'.",
                ].sorted { $0.hasPrefix("1") && !$1.hasPrefix("1") })
    }

    func depth(_ text: String, limit: Int) throws -> [String] {
        let (document, schema) = (try parse(Source(text)), try schema(animals))
        do throws(ValidationErrors) {
            _ = try validate(document, against: schema, options: ValidationOptions(selectionDepth: limit))
            return []
        } catch {
            return error.diagnostics.map(\.message)
        }
    }

    @Test func `selections as deep as allowed are checked, one deeper are refused`() throws {
        #expect(try depth("{ dog { mother { age } } }", limit: 3) == [])
        let words = "Selections are nested more than 3 deep, counting fragments where they are spread."
        #expect(try depth("{ dog { mother { mother { age } } } }", limit: 3) == [words])
        #expect(try depth("{ dog { ...F } } fragment F on Dog { age }", limit: 3) == [])
        #expect(try depth("{ dog { ...F } } fragment F on Dog { ... { age } }", limit: 3) == [words])
        #expect(
            try depth("{ dog { age } } fragment F on Dog { ...G } fragment G on Dog { mother { mother { age } } }", limit: 3) == [
                words
            ])
    }

    @Test func `cycles of fragments are as deep as one way around`() throws {
        #expect(
            try depth("{ dog { ...F } } fragment F on Dog { mother { ...F } }", limit: 5) == ["The fragment 'F' spreads itself."])
    }

    /// Each is within the limits of a request but for its bytes.
    static let hostile: [String] = {
        func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }
        func each(_ count: Int, _ text: (Int) -> String) -> String { (0..<count).map(text).joined() }
        var texts: [String] = []
        texts.append("{" + times(9_990, "find ") + "}")
        texts.append("{" + times(2_400, "dog{age}") + "}")
        texts.append("{" + times(2_400, "find x:find ") + "}")
        texts.append("{ pet {" + times(1_600, "... on Dog { age }") + "} }")
        let fan = each(50) { "fragment F\($0) on Dog { ...F\($0 + 1) ...F\($0 + 1) }" }
        texts.append("{ dog { ...F0 } }" + fan + "fragment F50 on Dog { age }")
        let aliases = each(28) { "fragment F\($0) on Dog { x: mother { ...F\($0 + 1) } y: mother { ...F\($0 + 1) } }" }
        texts.append("{ dog { ...F0 } }" + aliases + "fragment F28 on Dog { age }")
        texts.append("{ dog { ...F0 } }" + each(1_000) { "fragment F\($0) on Dog { ...F\($0 + 1) }" })
        texts.append("{ dog { ...F } } fragment F on Dog { mother { ...F ...F ...F } }")
        texts.append("{ find " + times(4_900, "@tag ") + "}")
        texts.append("{ find " + times(1_400, "@skip(if: true) ") + "}")
        texts.append(each(900) { "query Q\($0) { ...F }" } + "fragment F on Query {" + times(4_000, "find ") + "}")
        texts.append("query (" + each(2_400) { "$v\($0): Int " } + ") { dog }")
        texts.append("{ find(where: " + times(30, "{and: ") + "{}" + times(30, "}") + ") }")
        texts.append("{ find(tags: [" + times(9_000, "1 ") + "]) }")
        texts.append("{ find(where: {" + times(3_000, "id: 1 ") + "}) }")
        let long = times(8, "Filte")
        texts.append("query (" + each(2_000) { "$v\($0): \(long)\($0) " } + ") { dog }")
        return texts
    }()

    @Test(arguments: hostile.indices)
    func `hostile documents are answered soon`(number: Int) throws {
        let schema = try schema(animals)
        let document = try parse(Source(Self.hostile[number]), limits: ParserLimits(bytes: 1 << 20))
        let clock = ContinuousClock()
        let duration = clock.measure { _ = try? validate(document, against: schema) }
        // Some milliseconds in a release build; this catches the next power of the size, not the machine's mood.
        #expect(duration < .seconds(8))
    }

    @Test func `a document that asks for exponentially many sets is refused`() throws {
        func chain(_ depth: Int) -> String { depth == 0 ? "age" : "owner { pets { \(chain(depth - 1)) } }" }
        func remembering(_ level: Int, _ depth: Int) -> String {
            guard level < depth else { return "age" }
            let rest = chain(depth - level - 1)
            return "owner { pets { \(remembering(level + 1, depth)) } } ... on Dog { owner { pets { \(rest) name } } }"
                + " ... on Cat { owner { pets { \(rest) age } } }"
        }
        let text = "{ pet { \(remembering(0, 14)) } }"
        let found = try reports(text, rules: [OverlappingFieldsCanBeMerged.self])
        #expect(found.count == 1 && found[0].contains("too many steps"), "\(found)")
    }
}

@Suite struct `What the join tells` {
    func valid(_ text: String) throws -> ValidDocument { try validate(try parse(Source(text)), against: try schema(animals)) }

    @Test func `every field has its type and its place there`() throws {
        let document = try valid("{ pet { age ... on Dog { barks } ...F } __typename } fragment F on Being { name(short: true) }")
        var told: [String] = []
        for (index, selection) in document.document.selections.enumerated() {
            guard case .field(let field) = selection, let (parent, place) = document.typed.field(ofSelection: index) else {
                continue
            }
            let definition = try #require(document.typed.fieldDefinition(ofSelection: index))
            #expect(definition.name == document.document[field.name.id])
            #expect(document.schema.definition(of: place, on: parent)?.name == definition.name)
            #expect(document.typed.type(ofSelection: index) == definition.type)
            told.append(document.schema[parent].name + "." + definition.name)
        }
        #expect(told.sorted() == ["Being.name", "Dog.barks", "Pet.age", "Query.__typename", "Query.pet"])
    }

    @Test func `arguments, variables and fragments are found`() throws {
        let document = try valid("query Q($n: Int!) { must(other: 1, count: $n) ...F } fragment F on Query { dog { age } }")
        #expect(document.document.arguments.indices.map { document.typed.place(ofArgument: $0) } == [1, 0])
        #expect(document.typed.type(ofVariable: 0)?.text(in: document.schema) == "Int!")
        let name = try #require(document.document.names.id(of: "F"))
        #expect(document.typed.fragmentIndex(named: name) == 1)
        #expect(document.typed.operations == [0] && document.typed.fragments == [1])
        #expect(document.typed.fragment(1).name.id == name)
        #expect(document.typed.operation(0).kind == .query)
    }

    @Test func `every rule of the specification has a name of its own, and runs unless told otherwise`() throws {
        let names = ValidationRules.all.map { $0.name }
        #expect(Set(names).count == 28)
        #expect(ValidationRules.specification.count == 27)
        let broken = "query A { nope } query A { dog } fragment F on Dog { ...F }"
        let error = #expect(throws: ValidationErrors.self) { try valid(broken) }
        #expect(
            Set(error?.diagnostics.map(\.rule) ?? []) == [
                "FieldsOnCorrectTypeRule", "UniqueOperationNamesRule", "ScalarLeafsRule", "NoUnusedFragmentsRule",
                "NoFragmentCyclesRule",
            ])
    }
}
