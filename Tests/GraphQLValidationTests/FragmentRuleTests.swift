import GraphQLValidation
import Testing

@Suite struct `Rules about fragments` {
    @Test func `the second fragment of a name is reported with the first`() throws {
        try check(
            UniqueFragmentNames.self,
            "{ ...F } fragment «F» on Query { dog } fragment G on Dog { age } fragment «F» on Query { cat }",
            reports: ["2| There are two fragments named 'F'."])
    }

    @Test func `types that are named exist`() throws {
        try check(
            KnownTypeNames.self,
            "query ($a: [«Persno»!], $b: Kind) { ... on «Hundeartige» { age } ... on Dog { age } } fragment F on «Zzzzzzzz» { x }",
            reports: [
                "There is no type 'Persno'. Did you mean 'Person'?", "There is no type 'Hundeartige'.",
                "There is no type 'Zzzzzzzz'.",
            ])
    }

    @Test func `fragments are on composite types`() throws {
        try check(
            FragmentsOnCompositeTypes.self,
            "{ ... on «Kind» { x } ... on Pet { age } ... { dog } } fragment F on «Filter» { name }",
            reports: [
                "A fragment cannot be on 'Kind', which has no fields to select.",
                "The fragment 'F' cannot be on 'Filter', which has no fields to select.",
            ])
    }

    @Test func `every fragment is reached from an operation`() throws {
        try check(
            NoUnusedFragments.self,
            "{ ...A } fragment A on Query { ...B } fragment B on Query { dog } «fragment C on Query { ...D } «fragment D on Query { ...C }",
            reports: ["The fragment 'C' is not used.", "The fragment 'D' is not used."])
    }

    @Test func `a fragment that is spread exists`() throws {
        try check(
            KnownFragmentNames.self, "{ ...A dog { ...«Nope» } } fragment A on Query { ...«None» @tag }",
            reports: ["There is no fragment 'Nope'.", "There is no fragment 'None'."])
    }

    @Test func `a cycle is reported once, with its spreads`() throws {
        try check(
            NoFragmentCycles.self,
            "{ ...A } fragment A on Dog { mother { «...B» } } fragment B on Dog { ... { «...C» } } fragment C on Dog { «...A» }",
            reports: ["3| The fragment 'A' spreads itself through 'B', 'C'."])
        try check(NoFragmentCycles.self, "fragment A on Dog { age «...A» }", reports: ["The fragment 'A' spreads itself."])
        try check(NoFragmentCycles.self, allows: "{ ...A ...B } fragment A on Dog { ...B ...B } fragment B on Dog { age }")
    }

    @Test func `a fragment can apply where it is spread`() throws {
        try check(
            PossibleFragmentSpreads.self,
            "{ dog { «... on Cat { age }» ...P «...C» ... on DogOrCat { __typename } «... on Cats { __typename }» } pet { «... on Query { dog }» } } fragment P on Being { name } fragment C on Cat { age }",
            reports: [
                "A fragment is on 'Cat', but nothing of type 'Dog' can be one.",
                "The fragment 'C' is on 'Cat', but nothing of type 'Dog' can be one.",
                "A fragment is on 'Cats', but nothing of type 'Dog' can be one.",
                "A fragment is on 'Query', but nothing of type 'Pet' can be one.",
            ])
    }
}
