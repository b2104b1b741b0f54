import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation

/// Any document is valid or not against any schema, and what is not has reasons; being valid does not change by printing.
enum ValidatorLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        let (schema, text) = split(source)
        guard let document = try? parse(text, limits: fuzzLimits) else { return }
        let isValid = try judge(document, schema)
        guard let again = try? parse(Source(Printer(document).text()), limits: .schema) else {
            throw BrokenLaw("what is printed cannot be read")
        }
        try hold(try judge(again, schema) == isValid, "printing makes a document valid or invalid")
    }

    /// Before a line of three percent signs stands a schema; without it the sample is taken.
    private static func split(_ source: Source) -> (Schema, Source) {
        let mark = Array("%%%\n".utf8)
        guard let end = source.bytes.indices.first(where: { source.bytes[$0...].starts(with: mark) }),
            let sdl = Source(validating: Array(source.bytes[..<end])),
            let rest = Source(validating: Array(source.bytes[(end + mark.count)...])),
            let document = try? parse(sdl, limits: fuzzLimits), let schema = try? buildSchema([document])
        else { return (SampleSchema.schema, source) }
        return (schema, rest)
    }

    private static func judge(_ document: Document, _ schema: Schema) throws(BrokenLaw) -> Bool {
        do throws(ValidationErrors) {
            let options = ValidationOptions(diagnostics: 20, suggests: false, mergingSteps: 20_000)
            _ = try validate(document, against: schema, options: options)
            return true
        } catch {
            try hold(!error.diagnostics.isEmpty && error.diagnostics.count <= 21, "no reason, or more than were asked for")
            try hold(error.diagnostics.allSatisfy { !$0.message.isEmpty }, "a reason without words")
            return false
        }
    }
}

/// A small schema with every kind of type.
enum SampleSchema {
    static let schema: Schema = {
        guard let document = try? parse(Source(text), limits: .schema), let schema = try? buildSchema([document]) else {
            preconditionFailure("the sample schema is none")
        }
        return schema
    }()

    private static let text = """
        directive @d(a: Int, b: [In!] = [{a: 1}]) repeatable on FIELD | QUERY | FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @once(of: One) on FIELD | MUTATION | SUBSCRIPTION | VARIABLE_DEFINITION | FRAGMENT_DEFINITION
        type Query { a(a: Int, b: In, c: [E!]! = [X], d: One): A u: U i: I! n(s: S): [[Int!]]! s: String q: Query }
        type Mutation { a(a: ID!): A }
        type Subscription { a: A s: String }
        interface I { i: I s: String }
        interface J implements I { i: I s(a: Boolean): String j: [J] }
        type A implements I & J { i: A s(a: Boolean): String j: [A] a: Int! f(x: Float = 1.5): Float }
        type B implements I { i: I s: String b: ID a: String }
        union U = A | B
        enum E { X Y @deprecated(reason: "old") }
        scalar S @specifiedBy(url: "x")
        input In { a: Int! = 3 b: [In] c: E = Y e: String f: Boolean }
        input One @oneOf { a: Int b: In c: [One!] }
        """
}
