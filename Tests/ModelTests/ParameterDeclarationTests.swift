import GraphQLTypes
import Model
import Testing

/// `@parameters`, `@parameter` and `@node(figures:)`: what is taken, and what is said where it is not.
@Suite struct `Parameters and figures of a model` {
    private func problems(_ text: String) -> [String] {
        do {
            _ = try Model(sources: [ModelSource(name: "test.graphql", bytes: Array(text.utf8))], digest: "")
            return []
        } catch {
            return error.problems.map(\.message)
        }
    }

    private func setting(_ parameters: String) -> String {
        "enum Kind { OLD NEW } type Setting @node(key: \"name\") \(parameters) "
            + "{ name: String! value: String kind: Kind count: Int other: Setting }"
    }
    private static let rows = #"@parameters(name: "name", value: "value", variant: "kind")"#

    @Test func `values of every type are taken`() {
        let declared = ["Int:3", "Decimal:0.02", "Boolean:true", "Date:2020-01-31", "String:any text", "Kind:OLD"].map {
            let parts = $0.split(separator: ":")
            return
                "@parameter(name: \"\(parts[0])\", type: \"\(parts[0])\", value: \"\(parts[1])\", variants: [\"OLD=\(parts[1])\"], zh: \"值\")"
        }
        #expect(problems(setting(Self.rows + " " + declared.joined(separator: " "))) == [])
    }

    @Test(arguments: [
        (
            #"@parameter(name: "a", type: "Int", zh: "值")"#,
            "Setting has @parameter and no @parameters(…), which says what sets it."
        ),
        (
            rows + #" @parameter(name: "a", type: "Int", value: "3.5", zh: "值")"#,
            "The parameter 'a' is an Int, and '3.5' is none."
        ),
        (
            rows + #" @parameter(name: "a", type: "Int", variants: ["OLDER=3"], zh: "值")"#,
            "'OLDER=3' is no variant and its value; write one of OLD, NEW and =."
        ),
        (
            rows + #" @parameter(name: "a", type: "Kinds", zh: "值")"#,
            "The parameter 'a' is of type 'Kinds'; Int, Decimal, Boolean, Date, String or an enum of the model is possible."
        ),
        (
            rows + #" @parameter(name: "a", type: "Int", zh: "值") @parameter(name: "a", type: "Int", zh: "值")"#,
            "The parameter 'a' is declared twice."
        ),
        (
            #"@parameters(name: "names", value: "value")"#,
            "@parameters(name:) names 'names', which is no stored field of Setting that fits."
        ),
        (
            #"@parameters(name: "name", value: "count")"#,
            "@parameters(value:) names 'count', which is no stored field of Setting that fits."
        ),
        (
            #"@parameters(name: "name", value: "value", place: "other")"#,
            "@parameters(place:) names 'other'; a reference to a type with @tree is needed."
        ),
    ])
    func `what does not fit is told`(text: String, message: String) {
        #expect(problems(setting(text)) == [message])
    }

    @Test func `a type without figures has a count, and neither sums nor groups; others do not group by it`() throws {
        let text = """
            type Shelf @node(key: "code", figures: false) { code: String! books: [Book!]! @inverse(of: "shelf") }
            type Book @node(key: "code") { code: String! pages: Int shelf: Shelf notes: [Note!]! @inverse(of: "book") }
            type Note @node(key: "code", figures: false) { code: String! book: Book! length: Int }
            """
        let schema = try Model(sources: [ModelSource(name: "test.graphql", bytes: Array(text.utf8))], digest: "").schema
        func fields(_ type: String) -> [String] {
            schema.type(named: type).map { schema[$0].fields.map(\.name) + schema[$0].inputFields.map(\.name) } ?? []
        }
        #expect(fields("ShelfConnection") == ["nodes", "edges", "pageInfo", "totalCount"])
        #expect(fields("BookConnection") == ["nodes", "edges", "pageInfo", "totalCount", "aggregate", "groups"])
        #expect(fields("NoteListFilter") == ["some", "none", "every"])
        #expect(fields("BookListFilter") == ["some", "none", "every", "aggregate"])
        #expect(fields("BookGroupBy") == ["field", "pages"])
        #expect(fields("BookOrderBy") == ["code", "pages", "shelf"])
        #expect(fields("ShelfOrderBy") == ["code", "books"])
        #expect(schema.type(named: "NoteAggregate") == nil && schema.type(named: "NoteGroup") == nil)
    }
}
