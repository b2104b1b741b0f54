import GraphQLValidation
import Testing

@Suite struct `Rules about fields and arguments` {
    @Test func `a field that its type does not define is reported`() throws {
        try check(
            FieldsOnCorrectType.self,
            "{ dog { «bark» ... on Cat { «barks» } } «dgo» { what } __typename __schema { types { name } } }",
            reports: [
                "The type 'Dog' has no field 'bark'. Did you mean 'barks'?",
                "The type 'Cat' has no field 'barks'.",
                "The type 'Query' has no field 'dgo'. Did you mean 'dog'?",
            ])
    }

    @Test func `a field of a possible type is told where it can be selected`() throws {
        try check(
            FieldsOnCorrectType.self, "{ pet { «barks» } any { «age» __typename } }",
            reports: [
                "The type 'Pet' has no field 'barks', but 'Dog' has; select it inside '... on Dog { … }'.",
                "The type 'DogOrCat' has no field 'age', but 'Dog', 'Cat' has; select it inside '... on Dog { … }'.",
            ])
    }

    @Test func `suggestions can be switched off`() throws {
        #expect(
            try reports("{ pet { barks } dgo find(lmit: 1) }", rules: ValidationRules.all, suggests: false) == [
                "1:9 The type 'Pet' has no field 'barks'.", "1:17 The type 'Query' has no field 'dgo'.",
                "1:26 The field 'Query.find' has no argument 'lmit'.",
            ])
    }

    @Test func `meta fields stand where the specification has them`() throws {
        try check(
            FieldsOnCorrectType.self, "{ any { __typename } dog { «__schema» { description } «__type»(name: \"T\") { name } } }",
            reports: ["The type 'Dog' has no field '__schema'.", "The type 'Dog' has no field '__type'."])
    }

    @Test func `a leaf has no braces and a composite has`() throws {
        try check(
            ScalarLeafs.self, "{ dog { age «{ x }» owner { name } } «pet» list { age } «cat» cat2: cat { } }",
            reports: [
                "The field 'age' is of type 'Int', which has no fields to select.",
                "The field 'pet' is of type 'Pet'; say which of its fields: 'pet { … }'.",
                "The field 'cat' is of type 'Cat'; say which of its fields: 'cat { … }'.",
            ])
    }

    @Test func `an argument the field or directive does not define is reported`() throws {
        try check(
            KnownArgumentNames.self,
            "{ dog { name(«shorter: true», short: true) @cached(«minutes: 1», seconds: 2) age(«x: 1») } zip(x: 1) @zap(x: 1) }",
            reports: [
                "The field 'Dog.name' has no argument 'shorter'. Did you mean 'short'?",
                "The directive '@cached' has no argument 'minutes'.",
                "The field 'Dog.age' has no argument 'x'.",
            ])
    }

    @Test func `an argument is given once`() throws {
        try check(
            UniqueArgumentNames.self,
            "{ find(«limit»: 1, tags: [], «limit»: 2, «limit»: 3) dog @tag(«name»: \"a\", «name»: \"b\") { name(short: true) } }",
            reports: ["3| The argument 'limit' is given 3 times.", "2| The argument 'name' is given 2 times."])
    }

    @Test func `required arguments are given`() throws {
        try check(
            ProvidedRequiredArguments.self,
            "{ «must» two: must(count: 1) dog «@cached» { age } «__type» { name } find @skip(if: true) }",
            reports: [
                "The field 'Query.must' needs its argument 'count' of type 'Int!'.",
                "The directive '@cached' needs its argument 'seconds' of type 'Int!'.",
                "The field 'Query.__type' needs its argument 'name' of type 'String!'.",
            ])
    }

    @Test func `introspection goes through two lists at most`() throws {
        try check(MaxIntrospectionDepth.self, allows: "{ __schema { types { fields { type { inputFields { name } } } } } }")
        try check(
            MaxIntrospectionDepth.self,
            "{ «__schema» { types { ...T } } } fragment T on __Type { fields { type { fields { type { ...U } } } } } fragment U on __Type { interfaces { name } }",
            reports: ["Introspection goes through more than two lists inside each other."])
        try check(
            MaxIntrospectionDepth.self,
            allows: "{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...T } } }")
    }
}
