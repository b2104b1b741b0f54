import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Rules for type system documents")
struct SDLRulesTests {
    @Test func `a schema is defined once`() throws {
        try check(
            "schema { query: Q } type Q { a: Int } «schema { mutation: Q }",
            reports: ["LoneSchemaDefinition: There can be only one schema definition."])
    }

    @Test func `an existing schema is not defined again, also where its root types have only their names`() throws {
        try check(
            "type Query { a: Int }", "«schema { mutation: M } type M { a: Int }",
            reports: ["LoneSchemaDefinition: A schema that exists already can be extended, not defined again."])
    }

    @Test func `a kind of operation has one root type`() throws {
        try check(
            "schema { «query: Q } extend schema { «query: Q } type Q { a: Int }",
            reports: ["UniqueOperationTypes: There can be only one query type in a schema."])
    }

    @Test func `a type name is taken once, whatever the kinds`() throws {
        try check(
            "type Query { a: Int } type «A { a: Int } enum «A { X }",
            reports: ["UniqueTypeNames: There can be only one type named 'A'."])
    }

    @Test func `an enum value is defined once, in the definition or an extension`() throws {
        try check(
            "type Query { a: E } enum E { «X Y } extend enum E { «X }",
            reports: ["UniqueEnumValueNames: The enum value 'E.X' can be defined only once."])
    }

    @Test func `a field is defined once, in the definition or an extension`() throws {
        try check(
            "type Query { «a: Int } extend type Query { «a: Int } input I { «b: Int «b: Int }",
            reports: [
                "UniqueFieldDefinitionNames: The field 'Query.a' can be defined only once.",
                "UniqueFieldDefinitionNames: The field 'I.b' can be defined only once.",
            ])
    }

    @Test func `an extension does not repeat a field of the schema before it`() throws {
        try check(
            "type Query { a: Int }", "extend type Query { «a: Int }",
            reports: ["UniqueFieldDefinitionNames: The type 'Query' has a field 'a' already."])
    }

    @Test func `an argument is defined once`() throws {
        try check(
            "type Query { f(«a: Int, b: Int, «a: Int, «a: Int): Int } directive @d(«x: Int «x: Int) on FIELD",
            reports: [
                "UniqueArgumentDefinitionNames: The argument 'Query.f(a:)' can be defined only once.",
                "UniqueArgumentDefinitionNames: The argument '@d(x:)' can be defined only once.",
            ])
    }

    @Test func `a directive name is taken once, but a built-in one may be`() throws {
        try check(
            "type Query { a: Int } directive @«d on FIELD directive @«d on FIELD directive @skip on FIELD",
            reports: ["UniqueDirectiveNames: There can be only one directive named '@d'."])
        try check(
            "type Query { a: Int }", "directive @«skip on FIELD",
            reports: ["UniqueDirectiveNames: The schema has a directive '@skip' already."])
    }

    @Test func `every type that is referred to is known`() throws {
        try check(
            """
            schema { query: «Qery }
            type Query implements «Missing { a(x: [«Intt!]): Int }
            union U = «V
            """,
            reports: [
                "KnownTypeNames: There is no type 'Qery'. Did you mean 'Query'?",
                "KnownTypeNames: There is no type 'Missing'.",
                "KnownTypeNames: There is no type 'Intt'. Did you mean 'Int'?",
                "KnownTypeNames: There is no type 'V'.",
            ])
    }

    @Test func `a type wrapped more often than a reference can say is refused`() throws {
        let brackets = TypeReference.maximumWrapperCount
        let right = String(repeating: "[", count: brackets) + "Int" + String(repeating: "]", count: brackets)
        #expect(try schema("type Query { a: \(right) }")[TypeID(0)].fields[0].type.wrapperCount == brackets)
        try check(
            "type Query { a: «[\(right)] }",
            reports: ["KnownTypeNames: A type can be wrapped 32 times, this one is wrapped 33 times."])
    }

    @Test func `a directive is known and stands where it may`() throws {
        try check(
            "type Query { a: Int «@depricated b: Int «@skip(if: true) }",
            reports: [
                "KnownDirectives: There is no directive '@depricated'. Did you mean '@deprecated'?",
                "KnownDirectives: The directive '@skip' cannot stand on FIELD_DEFINITION.",
            ])
    }

    @Test func `a directive stands once on a thing and its extensions, unless it is repeatable`() throws {
        try check(
            """
            directive @once on OBJECT | FIELD_DEFINITION
            directive @often repeatable on OBJECT
            type Query «@once @often @often { a: Int @once b: Int @once }
            extend type Query «@once @often
            """,
            reports: ["UniqueDirectivesPerLocation: The directive '@once' can stand only once on one thing."])
    }

    @Test func `what is extended exists and is of the same kind`() throws {
        try check(
            "type Query { a: Int } «scalar S «extend enum S { A } extend type «Quer { b: Int } extend directive @«d @deprecated",
            reports: [
                "PossibleTypeExtensions: 'S' is a scalar type and cannot be extended as an enum type.",
                "PossibleTypeExtensions: There is no type 'Quer' to extend. Did you mean 'Query'?",
                "PossibleTypeExtensions: There is no directive '@d' to extend.",
            ])
    }

    @Test func `a directive is given its arguments, each once, and no others`() throws {
        try check(
            """
            directive @d(need: Int!, have: Int! = 1) on OBJECT
            type Query «@d(«have: 1, «have: 2, «hve: 3) { a: Int }
            """,
            reports: [
                "ProvidedRequiredArgumentsOnDirectives: The directive '@d' needs its argument 'need' of type 'Int!'.",
                "UniqueArgumentNames: The argument 'have' can be given only once.",
                "KnownArgumentNamesOnDirectives: The directive '@d' has no argument 'hve'. Did you mean 'have'?",
            ])
    }

    @Test func `an object literal names a field once`() throws {
        try check(
            "type Query { a(x: I = { «n: 1, «n: 2 }): Int } input I { n: Int }",
            reports: ["UniqueInputFieldNames: The field 'n' can be given only once."])
    }

    @Test func `one rule can be run alone`() throws {
        let document = try parse(Source("type A { a: Missing } type A { b: Int }"))
        #expect(checkTypeSystemDocuments([document], rules: ["KnownTypeNames"]).map(\.rule) == ["KnownTypeNames"])
        #expect(checkTypeSystemDocuments([document], rules: []).isEmpty)
        #expect(Set(checkTypeSystemDocuments([document]).map(\.rule)) == ["KnownTypeNames", "UniqueTypeNames"])
        #expect(SDLRules.names.count == 15)
    }

    @Test func `reports are bounded`() throws {
        let fields = (0..<500).map { "f\($0): Missing" }.joined(separator: " ")
        let document = try parse(Source("type Query { \(fields) }"))
        #expect(checkTypeSystemDocuments([document], limit: 7).count == 7)
    }
}
