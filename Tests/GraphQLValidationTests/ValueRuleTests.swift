import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Testing

@Suite struct `Rules about values` {
    @Test(arguments: [
        "find(limit: 1)", "find(limit: null)", "find(limit: $v)", "find(tags: \"a\")", "find(tags: [\"a\", $v])",
        "find(tags: [])",
        "find(kind: BIG)", "find(where: {id: 1, and: [{id: \"x\"}, {id: $v}]})", "find(where: {id: 1, and: {id: 2}})",
        "one(by: {id: 1})", "one(by: {filter: {id: 2}})", "one(by: $v)", "free(value: {a: [1, {b: $v}], c: E})",
        "free(value: null)",
        "must(count: -2147483648)", "find(where: {id: 9999999999999999999})",
    ])
    func `what fits is allowed`(field: String) throws {
        try check(ValuesOfCorrectType.self, allows: "{ \(field) }")
    }

    @Test(arguments: [
        ("find(limit: «\"1\"»)", "\"1\" is not an integer."), ("find(limit: «1.0»)", "1.0 is not an integer."),
        ("find(limit: «2147483648»)", "2147483648 is not a 32-bit integer."),
        ("find(limit: «-9999999999999999999999»)", "-9999999999999999999999 is not a 32-bit integer."),
        ("find(limit: «BIG»)", "BIG is not an integer."), ("find(limit: «[1]»)", "A list is not an integer."),
        ("must(count: «null»)", "'Int!' cannot be null."), ("find(tags: [\"a\", «null»])", "'String!' cannot be null."),
        ("find(tags: «1»)", "1 is not a string."), ("find(tags: [«[\"a\"]»])", "A list is not a string."),
        ("find(kind: «\"BIG\"»)", "\"BIG\" is not a value of the enum 'Kind'."),
        ("find(kind: «BIGG»)", "'BIGG' is not a value of the enum 'Kind'. Did you mean 'BIG'?"),
        ("find(kind: «true»)", "true is not a value of the enum 'Kind'."),
        ("find(where: «1»)", "1 is not an object of the input type 'Filter'."),
        ("find(where: «[]»)", "A list is not an object of the input type 'Filter'."),
        ("find(where: «{}»)", "The input type 'Filter' needs its field 'id' of type 'ID!'."),
        ("find(where: {id: 1, «nmae: 1»})", "The input type 'Filter' has no field 'nmae'. Did you mean 'name'?"),
        ("find(where: {id: 1, and: [{id: «1.5»}]})", "1.5 is neither a string nor an integer."),
        ("find(where: {id: 1, age: «null»})", "'Int!' cannot be null."),
        ("one(by: «{}»)", "'By' takes exactly one of its fields, and that not null."),
        ("one(by: «{id: 1, name: \"a\"}»)", "'By' takes exactly one of its fields, and that not null."),
        ("one(by: «{id: null}»)", "'By' takes exactly one of its fields, and that not null."),
        ("dog @cached(seconds: «true») { age }", "true is not an integer."),
    ])
    func `what does not fit is reported where it stands`(field: String, message: String) throws {
        try check(ValuesOfCorrectType.self, "{ \(field) }", reports: [message])
    }

    @Test func `defaults of variables fit too`() throws {
        try check(
            ValuesOfCorrectType.self, "query ($a: Int = «\"x\"», $b: [Kind!] = [BIG, «HUGE»], $c: Nope = 1, $d: Dog = 1) { dog }",
            reports: ["\"x\" is not an integer.", "'HUGE' is not a value of the enum 'Kind'."])
    }

    @Test func `a custom scalar says itself what it refuses`() throws {
        let behavior = ScalarBehavior { value throws(ScalarError) in
            guard case .string = value else { throw ScalarError("is not a day") }
            return value
        }
        let schema = try buildSchema([parse(Source("type Query { at(day: Day): Int } scalar Day"))], scalars: ["Day": behavior])
        let document = try parse(Source("{ a: at(day: \"2026-01-01\") b: at(day: 5) c: at(day: [$d]) }"))
        let error = #expect(throws: ValidationErrors.self) {
            try validate(document, against: schema, options: ValidationOptions(rules: [ValuesOfCorrectType.self]))
        }
        #expect(error?.diagnostics.map(\.message) == ["5 is not a day."])
    }

    @Test func `an input field is given once`() throws {
        try check(
            UniqueInputFieldNames.self, "{ find(where: {«id»: 1, and: [{id: 1}], «id»: 2}) }",
            reports: ["2| The input field 'id' is given twice."])
    }
}

@Suite struct `Rules about directives` {
    @Test func `directives are known and stand where they may`() throws {
        try check(
            KnownDirectives.self,
            "query @cached(seconds: 1) «@skip(if: true)» { dog @cached(seconds: 1) «@nope» { ...F @tag } } fragment F on Dog «@tag» { age }",
            reports: [
                "The directive '@skip' cannot stand here (QUERY), only on FIELD, FRAGMENT_SPREAD, INLINE_FRAGMENT.",
                "There is no directive '@nope'.",
                "The directive '@tag' cannot stand here (FRAGMENT_DEFINITION), only on FIELD, FRAGMENT_SPREAD, INLINE_FRAGMENT, VARIABLE_DEFINITION.",
            ])
    }

    @Test func `a directive that is not repeatable stands once in a place`() throws {
        try check(
            UniqueDirectivesPerLocation.self,
            "{ dog «@cached(seconds: 1)» @tag @tag @nope @nope «@cached(seconds: 2)» { age @cached(seconds: 1) } }",
            reports: ["2| The directive '@cached' can stand only once in one place."])
    }
}
