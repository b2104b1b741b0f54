import GraphQLSyntax
import GraphQLTypes
import Testing

@Suite("Type system validation")
struct TypeSystemValidationTests {
    @Test func `there is a query type`() throws {
        try check("type A { a: Int }", reports: ["RootOperationTypes: The schema needs a query type."])
        try check("«schema { mutation: A } type A { a: Int }", reports: ["RootOperationTypes: The schema needs a query type."])
    }

    @Test func `root types are objects and differ`() throws {
        try check(
            "schema { query: «Q mutation: «Q subscription: «I } type Q { a: Int } input I { a: Int }",
            reports: [
                "RootOperationTypes: 'Q' is the query and the mutation type; root types must differ.",
                "RootOperationTypes: The subscription type must be an object type; 'I' is an input object type.",
            ])
    }

    @Test func `names with two underscores are reserved everywhere`() throws {
        try check(
            """
            type Query { «__a(«__b: Int): Int }
            «enum __E { «__X }
            input I { «__c: Int }
            «directive @__d(«__e: Int) on FIELD
            """,
            reports: ["__a", "__b", "__E", "__X", "__c", "__d", "__e"].map {
                "ReservedNames: The name '\($0)' begins with '__', which is reserved for introspection."
            })
    }

    @Test(arguments: ["«scalar Int", "«type __Type { a: Int }", "«enum ID { A }"])
    func `what is built in is not defined anew`(definition: String) throws {
        let name = definition.split(separator: " ")[1]
        try check(
            "type Query { a: Float } \(definition)",
            reports: ["BuiltInsAreNotDefined: The type '\(name)' is built in and cannot be defined."])
    }

    @Test func `types have members, and every part of the definition is pointed at`() throws {
        try check(
            "type Query { a: Int } directive @d on UNION «type A «interface B «union U «enum E «input I «extend union U @d",
            reports: [
                "TypesHaveMembers: The type 'A' is an object type and needs at least one field.",
                "TypesHaveMembers: The type 'B' is an interface type and needs at least one field.",
                "TypesHaveMembers: The type 'U' is a union type and needs at least one member type.",
                "TypesHaveMembers: The type 'E' is an enum type and needs at least one value.",
                "TypesHaveMembers: The type 'I' is an input object type and needs at least one field.",
            ])
    }

    @Test func `what goes in has an input type, what comes out an output type`() throws {
        try check(
            "type Query { a(x: «[Query!]): «I } input I { y: «Query } directive @d(z: «Query) on FIELD",
            reports: [
                "InputAndOutputTypes: 'Query.a(x:)' needs an input type; '[Query!]' is an output type.",
                "InputAndOutputTypes: The field 'Query.a' needs an output type; 'I' is an input type.",
                "InputAndOutputTypes: 'I.y' needs an input type; 'Query' is an output type.",
                "InputAndOutputTypes: '@d(z:)' needs an input type; 'Query' is an output type.",
            ])
    }

    @Test func `what is required is not deprecated`() throws {
        try check(
            "type Query { a(x: «Int! «@deprecated, y: Int! = 1 @deprecated, z: Int @deprecated): Int }",
            reports: ["RequiredIsNotDeprecated: 'Query.a(x:)' is required and so cannot be deprecated."])
    }

    @Test func `members of a union are objects, each once`() throws {
        try check(
            "type Query { a: U } union U = «Query | «Int | «Query",
            reports: [
                "UnionMembers: The union 'U' names 'Query' more than once.",
                "UnionMembers: A union holds object types; 'Int' is a scalar type.",
            ])
    }

    @Test func `a oneOf has nullable fields without defaults, and no extension makes one`() throws {
        try check(
            "type Query { a(x: I, y: J): Int } input I @oneOf { a: «Int! «b: Int = 1 c: Int } input J { a: Int } extend input J «@oneOf",
            reports: [
                "OneOfFields: The field 'I.a' of a '@oneOf' input object must be nullable.",
                "OneOfFields: The field 'I.b' of a '@oneOf' input object cannot have a default.",
                "OneOfFields: '@oneOf' stands on the definition of an input object, not on an extension of it.",
            ])
    }

    @Test func `a type has what its interfaces have`() throws {
        try check(
            """
            interface Node { id: ID! «tag(key: «Int, «size: Int): «String «name: String }
            «type Query implements Node { id: ID! «tag(key: «String, «more: Int!): «[String] }
            """,
            reports: [
                "ImplementedInterfaces: 'Query.tag(key:)' is 'String', but 'Node.tag(key:)' is 'Int'.",
                "ImplementedInterfaces: 'Query.tag' needs the argument 'size' of 'Node.tag'.",
                "ImplementedInterfaces: 'Query.tag' is '[String]', but 'Node.tag' is 'String'.",
                "ImplementedInterfaces: 'Query' needs the field 'Node.name' of its interface.",
                "ImplementedInterfaces: 'Query.tag(more:)' cannot be required, as 'Node.tag' does not have it.",
            ])
    }

    @Test func `a type names the interfaces of its interfaces, and no interface comes back to itself`() throws {
        try check(
            """
            type Query implements «B { a: Int }
            interface A { a: Int }
            interface B implements «A { a: Int }
            """,
            reports: ["ImplementedInterfaces: 'Query' must implement 'A' too, because 'B' does."])
        try check(
            "type Query { a: A } interface A implements «B { a: Int } interface B implements «A { a: Int }",
            reports: [
                "ImplementedInterfaces: 'B' cannot implement 'A', which implements 'B'.",
                "ImplementedInterfaces: 'A' cannot implement 'B', which implements 'A'.",
            ])
        try check(
            "type Query { a: A } interface A implements «A { a: Int }",
            reports: ["ImplementedInterfaces: The interface 'A' cannot implement itself."])
    }

    @Test func `a field narrows the type of its interface's field, and deprecates only with it`() throws {
        _ = try schema(
            """
            interface Node { next: Node some: [U] old: Int @deprecated }
            union U = Query
            type Query implements Node { next: Query! some: [Query!]! old: Int @deprecated }
            """)
        try check(
            "interface I { a: Int } type Query implements I { a: Int «@deprecated }",
            reports: ["ImplementedInterfaces: 'Query.a' cannot be deprecated while 'I.a' is not."])
    }

    @Test func `an input object that needs itself is reported once, by the fields of the circle`() throws {
        try check(
            "type Query { f(a: A, x: X): Int } input A { «b: B! } input B { c: [B!]! «c2: C! } input C { «a: A! d: C } input X { a: A! }",
            reports: ["InputObjectsAreFinite: 'A' can never be given a value: it needs itself through 'A.b', 'B.c2', 'C.a'."])
    }

    @Test func `a oneOf is finite if one of its fields is`() throws {
        _ = try schema("type Query { f(a: A): Int } input A @oneOf { a: A b: B } input B { c: [A!]! }")
        try check(
            "type Query { f(a: A): Int } input A @oneOf { «a: A «b: B } input B { «a: A! }",
            reports: [
                "InputObjectsAreFinite: 'A' can never be given a value: it needs itself through 'A.a'.",
                "InputObjectsAreFinite: 'A' can never be given a value: it needs itself through 'A.b', 'B.a'.",
            ])
    }

    @Test func `a default fits its type and is reported at the part that does not`() throws {
        try check(
            """
            type Query { a(x: Int = «2.5, y: [E!] = [A, «C], z: I = { n: 1, m: «"x" }): Int }
            enum E { A B }
            input I { n: Int! = «null m: Int }
            """,
            reports: [
                "DefaultValues: The default of 'Query.a(x:)' does not fit: 2.5 is not an integer.",
                "DefaultValues: The default of 'Query.a(y:)' does not fit: 'C' is not a value of the enum 'E'.",
                "DefaultValues: The default of 'Query.a(z:)' does not fit: \"x\" is not an integer.",
                "DefaultValues: The default of 'I.n' does not fit: 'Int!' cannot be null.",
            ])
    }

    @Test func `no default takes in itself`() throws {
        try check(
            "type Query { f(a: A): Int } input A { b: B = «{} } input B { a: A = «{ c: 1 } c: Int } extend input A { c: Int } input C { c: C = { c: null } }",
            reports: ["DefaultValues: The default of 'A.b' needs itself, through the defaults of 'A.b', 'B.a'."])
    }

    @Test func `a directive is not defined by means of itself`() throws {
        let law = "is defined by means of itself."
        try check(
            "type Query { a: Int } «directive @a(x: Int @a) on ARGUMENT_DEFINITION",
            reports: ["DirectiveCycles: The directive '@a' \(law)"])
        try check(
            """
            type Query { a: Int }
            «directive @a(x: I) on ENUM_VALUE
            «directive @b @c on INPUT_FIELD_DEFINITION
            «directive @c(e: E) on DIRECTIVE_DEFINITION
            directive @d(x: I) on FIELD
            input I { e: Int @b }
            enum E { A @a }
            """,
            reports: ["a", "b", "c"].map { "DirectiveCycles: The directive '@\($0)' \(law)" })
    }

    @Test func `what a directive is given fits its arguments`() throws {
        try check(
            """
            directive @d(n: Int!, e: [E!]) repeatable on OBJECT | ENUM_VALUE
            type Query @d(n: «"1") @d(n: «null) @d(n: 1, e: [A, «1]) { a: E }
            enum E { A }
            enum F { B @d(n: 1, e: A) }
            """,
            reports: [
                "DirectiveArgumentValues: The argument 'n' of '@d' does not fit: \"1\" is not an integer.",
                "DirectiveArgumentValues: The argument 'n' of '@d' does not fit: 'Int!' cannot be null.",
                "DirectiveArgumentValues: The argument 'e' of '@d' does not fit: 1 is not a value of the enum 'E'.",
            ])
    }

    @Test func `an unfinished schema can still be looked at`() throws {
        let document = try parse(Source("type Query input I { n: Int = \"x\" m: Int = 1 }"))
        let schema = try buildSchema([document], checks: .documentRules)
        let fields = schema[try #require(schema.type(named: "I"))].inputFields
        #expect(fields.map(\.defaultValue) == [nil, .int(1)])
    }
}
