import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Schema coordinates")
struct SchemaElementTests {
    private static let sdl = """
        type Query { f(a: Int, b: Int): Int } input I { x: Int y: Int } enum E { A B } scalar S union U = Query
        directive @d(a: Int, b: Int) on FIELD
        """

    private func element(_ text: String) throws -> SchemaElement? {
        try schema(Self.sdl).element(at: SchemaCoordinate(parsing: Source(text)))
    }

    @Test func `every element is found under its coordinate`() throws {
        let built = try schema(Self.sdl)
        func find(_ text: String) throws -> SchemaElement? { try built.element(at: SchemaCoordinate(parsing: Source(text))) }
        for (index, type) in built.types.enumerated() {
            let id = TypeID(index)
            #expect(try find(type.name) == .type(id))
            for field in type.fields {
                #expect(try find("\(type.name).\(field.name)") == .field(id, name: field.name))
                for (position, argument) in field.arguments.enumerated() {
                    let coordinate = "\(type.name).\(field.name)(\(argument.name):)"
                    #expect(try find(coordinate) == .argument(id, field: field.name, position))
                }
            }
            for (position, value) in type.enumValues.enumerated() {
                #expect(try find("\(type.name).\(value.name)") == .enumValue(id, position))
            }
            for (position, field) in type.inputFields.enumerated() {
                #expect(try find("\(type.name).\(field.name)") == .inputField(id, position))
            }
        }
        for (index, directive) in built.directives.enumerated() {
            #expect(try find("@\(directive.name)") == .directive(index))
            for (position, argument) in directive.arguments.enumerated() {
                #expect(try find("@\(directive.name)(\(argument.name):)") == .directiveArgument(directive: index, position))
            }
        }
    }

    @Test(arguments: ["X", "Query.x", "Query.f(x:)", "I.z", "E.C", "@x", "@d(x:)"])
    func `what the last name does not find is nothing`(coordinate: String) throws {
        #expect(try element(coordinate) == nil)
    }

    @Test(arguments: ["X.f", "S.x", "U.x", "X.f(a:)", "Query.x(a:)", "I.x(a:)", "@x(a:)"])
    func `what contains it has to be there`(coordinate: String) {
        #expect(throws: CoordinateProblem.self) { try element(coordinate) }
    }

    @Test func `meta fields have coordinates`() throws {
        #expect(try element("Query.__typename") == .field(TypeID(0), name: "__typename"))
        #expect(try element("Query.__type(name:)") == .argument(TypeID(0), field: "__type", 0))
    }
}

@Suite("Suggestions")
struct SuggestionTests {
    @Test func `like names are suggested, nearest first`() {
        let names = ["harvest", "harvests", "Harvest", "stone", "lantern"]
        #expect(similarNames(to: "havest", among: names) == ["Harvest", "harvest", "harvests"])
        #expect(similarNames(to: "sotne", among: names) == ["stone"])
        #expect(similarNames(to: "zzz", among: names).isEmpty)
        #expect(suggestion(for: "stones", among: names) == " Did you mean 'stone'?")
        #expect(suggestion(for: "zzz", among: names).isEmpty)
    }

    @Test func `a name of one letter is like no other`() {
        #expect(similarNames(to: "a", among: ["b", "ab", "A"]) == ["A"])
        #expect(similarNames(to: "", among: ["b"]).isEmpty)
    }

    @Test func `the cost is bounded by the names looked at`() {
        let long = String(repeating: "a", count: 65)
        #expect(similarNames(to: long, among: [long]).isEmpty)
        #expect(similarNames(to: "aaaaa", among: (0..<3_000).map { $0 == 2_999 ? "aaaab" : "x\($0)" }).isEmpty)
    }
}
