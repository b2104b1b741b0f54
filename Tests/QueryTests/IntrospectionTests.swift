import Foundation
import GraphQLSyntax
import GraphQLTypes
import JSONText
import Model
import Query
import QueryExecution
import QueryPlanning
import StoreColumns
import Testing

/// What clients rebuild from introspection is the schema itself. GraphQL §4
@Suite struct `Introspection of the API` {
    /// As current clients send it.
    static let query = """
        query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind }
          types { ...FullType }
          directives(includeDeprecated: true) { name description isRepeatable isDeprecated deprecationReason locations
            args(includeDeprecated: true) { ...InputValue } } } }
        fragment FullType on __Type { kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
            isDeprecated deprecationReason }
          inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
          ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }
        """

    /// As clients sent it before inputs could be deprecated, before `@specifiedBy` and before `@oneOf`.
    static let olderQuery = """
        query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
          types { ...FullType } directives { name description locations args { ...InputValue } } } }
        fragment FullType on __Type { kind name description fields { name description args { ...InputValue } type { ...TypeRef }
            isDeprecated deprecationReason } inputFields { ...InputValue } interfaces { ...TypeRef }
          enumValues { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
          ofType { kind name ofType { kind name ofType { kind name } } } } } } } }
        """

    private static func desk(_ name: String) throws -> Desk {
        if name == "music" { return try Desk(SmallRegister.make()) }
        let folder = name == "library" ? "Tests/ModelTests/Library" : "Schema/model"
        let model = try QueryTests.model(in: root.appending(path: folder))
        return Desk(model, .empty(catalog: model.catalog), asOf: try #require(CivilDate(isoText: "2020-01-01")))
    }

    private func rebuilt(_ data: JSON) throws -> Schema {
        try buildSchema([try parse(Source(ClientSchema(data).text), limits: .schema)])
    }

    @Test(arguments: ["music", "library", "shipped"]) func `a client rebuilds the schema that is served, letter by letter`(
        name: String
    ) throws {
        let desk = try Self.desk(name)
        let client = try rebuilt(try desk.data(Self.query))
        let (found, served) = (printSchema(client), desk.service.model.schemaText)
        let lines = zip(found.split(separator: "\n"), served.split(separator: "\n")).first { $0.0 != $0.1 }
        #expect(found == served, "first difference: \(String(describing: lines))")
        // The text builds the schema that prints it.
        #expect(printSchema(try buildSchema([try parse(Source(served), limits: .schema)])) == served)
        #expect(client.types.map(\.name).filter { !$0.hasPrefix("__") }.count > 20)
    }

    @Test(arguments: ["music", "library", "shipped"]) func `abstract types name their possible types in the schema's order`(
        name: String
    ) throws {
        let desk = try Self.desk(name)
        let (types, model) = (try desk.data(Self.query)["__schema"].types.items, desk.service.model)
        func possible(_ name: String) -> [String?] {
            types.first { $0.name.string == name }?.possibleTypes.items.map { $0.name.string } ?? []
        }
        #expect(possible("Node") == model.types.map(\.name))
        #expect(possible("SearchResult") == model.types.filter { $0.fields.contains(where: \.isSearchable) }.map(\.name))
    }

    @Test func `the answer for the whole model stays small, and its plan is made once`() throws {
        let desk = try Self.desk("shipped")
        let answer = desk.answer(Self.query)
        #expect(answer.outcome == .data)
        #expect(answer.body.count < 3_100_000, "api.md §4: \(answer.body.count) bytes")
        #expect(desk.service.keptOperationCount == 1)
        #expect(desk.answer(Self.query).body == answer.body)
        #expect(desk.service.keptOperationCount == 1)
    }

    @Test(arguments: ["music", "shipped"]) func `clients of older editions see the same schema, but for what they do not know`(
        name: String
    ) throws {
        let desk = try Self.desk(name)
        let (older, newer) = (try desk.data(Self.olderQuery)["__schema"], try desk.data(Self.query)["__schema"])
        #expect(older.types.items.map { $0.name.string } == newer.types.items.map { $0.name.string })
        for (old, new) in zip(older.types.items, newer.types.items) {
            func current(_ list: String) -> [String] {
                new[list].items.filter { $0.isDeprecated.bool != true }.compactMap { $0.name.string }
            }
            for list in ["fields", "inputFields", "enumValues"] {
                #expect(old[list].items.compactMap { $0.name.string } == current(list))
            }
        }
        // What is left of it is a schema still.
        #expect(try rebuilt(JSON(value: ["__schema": older.value])).queryType != nil)
    }

    @Test func `one type by its name, none for a name that is not there`() throws {
        let desk = try Self.desk("music")
        let data = try desk.data(
            """
            { player: __type(name: "Player") { kind fields { name } all: fields(includeDeprecated: true) { name isDeprecated deprecationReason } }
              wrapped: __type(name: "[Player]") { name } other: __type(name: "player") { name } empty: __type(name: "") { name }
              meta: __type(name: "__Type") { kind } }
            """)
        #expect(data.player.kind.string == "OBJECT")
        let names = data.player.fields.items.compactMap { $0.name.string }
        #expect(names.contains("songCount") && !names.contains("reach"))
        let reach = data.player.all.items.first { $0.name.string == "reach" }
        #expect(reach?.isDeprecated.bool == true && reach?.deprecationReason.string == "Made to break.")
        #expect(data.wrapped.isNull && data.other.isNull && data.empty.isNull)
        #expect(data.meta.kind.string == "OBJECT")
    }

    @Test func `everything that a schema can say comes through`() throws {
        let sdl = #"""
            "All of \"it\"."
            schema { query: Q mutation: M }
            "On everything." directive @d("An argument." a: J = {i: {n: 1}, s: "x"} b: [Int!]! = [1, 2] c: E @deprecated) repeatable on FIELD | QUERY | INPUT_FIELD_DEFINITION
            directive @gone @deprecated(reason: "Use @d.") on FIELD
            interface Node { id: ID! }
            interface Named implements Node @d { id: ID! name(first: Int = -5 text: String = "é\n\"q\"" e: [E] = [A, null] f: Float = 1e50): String }
            """
            Several
              lines, \""" quoted.
            """
            type Q implements Named & Node { id: ID! name(first: Int = -5 text: String = "é\n\"q\"" e: [E] = [A, null] f: Float = 1e50): String
              old(a: I b: Int @deprecated): [U!]! @deprecated(reason: "x") grid: [[Int!]]! }
            type B implements Named & Node { id: ID! name(first: Int = -5 text: String = "é\n\"q\"" e: [E] = [A, null] f: Float = 1e50): String }
            type M { id(by: E = A): ID }
            union U = Q | B
            enum E { A "Old." B @deprecated C @deprecated(reason: "") }
            input I @oneOf { n: Int o: [E!] }
            input J { i: I! = { n: 1 } s: String = "" old: Int @deprecated  flag: Boolean = false }
            scalar S @specifiedBy(url: "https://example.org/a?b=\"c\"")
            """#.replacing("@d {", with: "{")
        let schema = try buildSchema([try parse(Source(sdl))])
        let document = try parse(Source(Self.query))
        guard case .operation(let operation)? = document.definitions.first, let type = schema.queryType else {
            Issue.record("no operation")
            return
        }
        let plan = Plan(unvalidated: document, operation: operation, rootType: type, schema: schema, variables: [:])
        let tree = TreeSource(root: .members([:]), resolve: { _, _, _ in .null }, typeName: { _ in nil })
        let data = try JSON(execute(plan, variables: [:], on: tree, writer: JSONWriter()).finishedBytes())
        #expect(printSchema(try rebuilt(data)) == printSchema(schema))
    }
}
