import GraphQLValidation
import Testing

@Suite struct `Rules about variables` {
    @Test func `a variable is defined once`() throws {
        try check(
            UniqueVariableNames.self, "query ($«a»: Int, $b: Int, $«a»: Int) { dog } query B($a: Int) { dog }",
            reports: ["2| The variable '$a' is defined 2 times."])
    }

    @Test func `a variable is of an input type`() throws {
        try check(
            VariablesAreInputTypes.self, "query ($a: «[Dog!]», $b: [Filter!]!, $c: Nope) { dog }",
            reports: ["The variable '$a' cannot be of type '[Dog!]', which is no input type."])
        let deep = String(repeating: "[", count: 33) + "Int" + String(repeating: "]", count: 33)
        try check(
            VariablesAreInputTypes.self, "query ($a: «\(deep)») { dog }",
            reports: ["The type of the variable '$a' has more than 32 brackets and '!'."])
    }

    @Test func `variables are defined by every operation that uses them, through fragments`() throws {
        try check(
            NoUndefinedVariables.self,
            allows:
                "query A($x: Int) { ...F } query B($x: Int!) { find(limit: $x) ...F } fragment F on Query { must(count: $x) ...F }"
        )
    }

    @Test func `the use and the operation are named where a variable is not defined`() throws {
        let text =
            "query A($x: Int) { ...F }\nquery B { ...F }\nfragment F on Query { ...G }\nfragment G on Query { must(count: $x) find(where: {id: [$z]}) @tag(name: $x) }"
        #expect(
            try reports(text, rules: [NoUndefinedVariables.self]) == [
                "4:35 2:1 The variable '$x' is not defined by the operation 'B'.",
                "4:57 1:1 The variable '$z' is not defined by the operation 'A'.",
                "4:57 2:1 The variable '$z' is not defined by the operation 'B'.",
                "4:74 2:1 The variable '$x' is not defined by the operation 'B'.",
            ])
    }

    @Test func `every variable is used, through fragments`() throws {
        try check(
            NoUnusedVariables.self,
            "query A($x: Int, «$y: Int = 1», $z: Any) { ...F } fragment F on Query { must(count: $x) free(value: {a: [$z]}) }",
            reports: ["The variable '$y' is not used by the operation 'A'."])
    }

    @Test(arguments: [
        ("$v: Int!", "must(count: $v)"), ("$v: Int = 1", "must(count: $v)"), ("$v: Int", "must(count: 1, other: $v)"),
        ("$v: Int!", "find(limit: $v)"),
        ("$v: [String!]!", "find(tags: $v)"), ("$v: String!", "find(tags: [$v])"), ("$v: ID!", "one(by: {id: $v})"),
        ("$v: Dog", "nope(x: $v)"),
        ("$v: Int", "free(value: [$v])"), ("$v: Int", "find(where: {id: 1, age: $v})"),
        ("$v: Boolean = true", "dog @skip(if: $v) { age }"),
    ])
    func `a variable may stand where its type fits, or a default stands in`(variable: String, field: String) throws {
        try check(VariablesInAllowedPosition.self, allows: "query (\(variable)) { \(field) }")
    }

    @Test(arguments: [
        ("$v: Int", "must(count: «$v»)", "The variable '$v' is of type 'Int', but is used where 'Int!' is expected."),
        ("$v: Int = null", "must(count: «$v»)", "The variable '$v' is of type 'Int', but is used where 'Int!' is expected."),
        ("$v: String", "find(limit: «$v»)", "The variable '$v' is of type 'String', but is used where 'Int' is expected."),
        ("$v: String!", "find(tags: «$v»)", "The variable '$v' is of type 'String!', but is used where '[String!]' is expected."),
        (
            "$v: [String]", "find(tags: «$v»)",
            "The variable '$v' is of type '[String]', but is used where '[String!]' is expected."
        ),
        (
            "$v: Int", "dog { name @cached(seconds: «$v») }",
            "The variable '$v' is of type 'Int', but is used where 'Int!' is expected."
        ),
        (
            "$v: ID", "one(by: {id: «$v»})",
            "The variable '$v' of type 'ID' can be null, but the one field that 'By' is given cannot."
        ),
        ("$v: Int", "find(where: {id: «$v»})", "The variable '$v' is of type 'Int', but is used where 'ID!' is expected."),
    ])
    func `a variable that does not fit is reported with its definition`(variable: String, field: String, message: String) throws {
        try check(VariablesInAllowedPosition.self, "query («\(variable)») { \(field) }", reports: ["2| " + message])
    }
}
