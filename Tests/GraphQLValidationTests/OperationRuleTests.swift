import GraphQLValidation
import Testing

@Suite struct `Rules about operations` {
    @Test func `definitions of types are reported where they begin`() throws {
        try check(
            ExecutableDefinitions.self, "{ dog { age } } «type T { a: Int } «extend schema @a",
            reports: [
                "A definition of types cannot be executed; only operations and fragments can.",
                "A definition of types cannot be executed; only operations and fragments can.",
            ])
    }

    @Test func `an operation without a root type is reported`() throws {
        #expect(
            try reports(
                "mutation { a } subscription { b } { dog }", rules: [KnownOperationTypes.self], schema: "type Query { dog: Int }")
                == ["1:1 The schema has no mutation operations.", "1:16 The schema has no subscription operations."])
    }

    @Test func `the second operation of a name is reported with the first`() throws {
        try check(
            UniqueOperationNames.self, "query «A» { dog } mutation B { x } query «A» { cat }",
            reports: ["2| There are two operations named 'A'."])
        #expect(try reports("query A{dog} query A{dog} query A{dog}", rules: [UniqueOperationNames.self]).count == 2)
    }

    @Test func `an operation without a name stands alone`() throws {
        try check(
            LoneAnonymousOperation.self, "«{ dog } query A { cat } «query { pet }",
            reports: [
                "An operation without a name must be the only one in its document; name this one.",
                "An operation without a name must be the only one in its document; name this one.",
            ])
        try check(LoneAnonymousOperation.self, allows: "{ ...F } fragment F on Query { dog }")
    }

    @Test func `a subscription selects one field`() throws {
        try check(
            SingleFieldSubscriptions.self,
            allows: "subscription { born { age } ...F } fragment F on Subscription { born { name } }")
        try check(
            SingleFieldSubscriptions.self,
            "subscription S { born { age } «died { age } ...F } fragment F on Subscription { «x: died { age } }",
            reports: ["2| The subscription 'S' must select one field only; 'born' is the first."])
        try check(SingleFieldSubscriptions.self, "subscription «{ }", reports: ["A subscription must select one field."])
        try check(
            SingleFieldSubscriptions.self, "subscription { «__typename }",
            reports: ["A subscription cannot select the introspection field '__typename'."])
        try check(
            SingleFieldSubscriptions.self,
            "subscription { born «@skip(if: false) { age } ... «@include(if: true) { born { age } } }",
            reports: ["2| A subscription cannot use '@skip' or '@include' on the field it selects."])
    }

    @Test func `a subscription that spreads itself is read once`() throws {
        try check(SingleFieldSubscriptions.self, allows: "subscription { ...F } fragment F on Subscription { born { age } ...F }")
    }
}
