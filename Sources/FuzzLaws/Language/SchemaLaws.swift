import GraphQLSyntax
import GraphQLTypes

/// A schema that is accepted is printed, built again and printed alike; one that is refused has a reason at a place.
enum SchemaLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        guard let document = try? parse(source, limits: fuzzLimits) else { return }
        var built: Schema?
        do throws(SchemaErrors) {
            built = try buildSchema([document])
        } catch {
            try hold(
                !error.diagnostics.isEmpty && error.diagnostics.allSatisfy { !$0.message.isEmpty }, "refused without a reason")
        }
        if let schema = built {
            for directives in [PrintedDirectives.all, .specification] { try checkPrinting(of: schema, directives) }
            for element in schema.types.indices { _ = printType(TypeID(element), of: schema) }
        }
        _ = try? buildSchema([document], checks: .documentRules)
    }

    private static func checkPrinting(of schema: Schema, _ directives: PrintedDirectives) throws(BrokenLaw) {
        let printed = printSchema(schema, directives: directives)
        // A schema of built-in types only is no document.
        if printed.allSatisfy(\.isWhitespace) { return }
        guard let document = try? parse(Source(printed), limits: .schema), let again = try? buildSchema([document]) else {
            throw BrokenLaw("a printed schema builds none:\n\(printed)")
        }
        try hold(printSchema(again, directives: directives) == printed, "a printed schema builds another:\n\(printed)")
    }
}

/// A literal is coerced or refused, whatever type is asked for.
enum ValueLaws {
    static func check(_ source: Source) throws(BrokenLaw) {
        guard let (document, value) = try? parseValue(source, limits: fuzzLimits) else { return }
        let schema = SampleSchema.schema
        for type in schema.types.indices where schema.types[type].isInput {
            let named = TypeReference(TypeID(type))
            for type in [named, named.nonNull, named.list, named.nonNull.list.nonNull.list] {
                do throws(InputProblems) {
                    _ = try schema.coerceLiteral(value, in: document, as: type, variables: ["a": .int(1), "b": .null])
                } catch {
                    try hold(!error.problems.isEmpty, "a value is refused without a problem")
                }
            }
        }
    }
}
