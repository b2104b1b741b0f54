import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Testing

/// The schema of most cases.
let animals = """
    type Query {
      dog: Dog
      cat: Cat
      pet: Pet
      being: Being
      any: DogOrCat
      list: [Dog!]!
      find(where: Filter, tags: [String!], kind: Kind, limit: Int = 10): String
      must(count: Int!, other: Int! = 3): Int
      one(by: By!): Int
      free(value: Any): Int
    }
    type Mutation { rename(id: ID!, name: String!): Dog }
    type Subscription { born: Dog died(kind: Kind): Cat }
    interface Being { name(short: Boolean): String }
    interface Pet implements Being { name(short: Boolean): String age: Int owner: Person }
    type Dog implements Pet & Being { name(short: Boolean): String age: Int owner: Person barks: Boolean! mother: Dog nick: String! }
    type Cat implements Pet & Being { name(short: Boolean): String age: Int owner: Person meows: Boolean mother: Cat nick: String }
    type Person implements Being { name(short: Boolean): String pets: [Pet] }
    union DogOrCat = Dog | Cat
    union Cats = Cat
    enum Kind { BIG SMALL }
    scalar Any
    input Filter { name: String age: Int! = 1 kind: Kind and: [Filter!] id: ID! any: Any }
    input By @oneOf { id: ID name: String filter: Filter }
    directive @cached(seconds: Int!) on FIELD | QUERY
    directive @tag(name: String) repeatable on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | VARIABLE_DEFINITION
    """

func schema(_ text: String) throws -> Schema { try buildSchema([parse(Source(text))]) }

/// What a rule says of a document, each as `line:column line:column message`.
func reports(
    _ text: String, rules: [any ValidationRule.Type], schema sdl: String = animals, suggests: Bool = true, diagnostics: Int = 100
) throws -> [String] {
    let document = try parse(Source(text), limits: .schema)
    let schema = try schema(sdl)
    let options = ValidationOptions(diagnostics: diagnostics, suggests: suggests, rules: rules)
    do throws(ValidationErrors) {
        _ = try validate(document, against: schema, options: options)
        return []
    } catch {
        return error.diagnostics.map { diagnostic in
            (diagnostic.locations.map { "\($0.line):\($0.column)" } + [diagnostic.message]).joined(separator: " ")
        }
    }
}

/// Expects exactly the messages, the first at the first « », and so on; a message of several places counts its places:
/// `2| The fields…` is about two marks.
func check(
    _ rule: any ValidationRule.Type, _ marked: String, reports expected: [String],
    at place: Testing.SourceLocation = #_sourceLocation
) throws {
    let text = marked.filter { $0 != "«" && $0 != "»" }
    var marks: [String] = []
    var line = 1
    var column = 1
    for scalar in marked.unicodeScalars {
        switch scalar {
        case "«": marks.append("\(line):\(column)")
        case "»": break
        case "\n":
            line += 1
            column = 1
        default: column += 1
        }
    }
    var wanted: [String] = []
    for message in expected {
        let parts = message.split(separator: "| ", maxSplits: 1)
        let count = parts.count == 2 ? Int(parts[0]) ?? 1 : 1
        let words = String(parts[parts.count - 1])
        wanted.append((marks.prefix(count) + [words]).joined(separator: " "))
        marks.removeFirst(min(count, marks.count))
    }
    #expect(marks.isEmpty, "more marks than messages", sourceLocation: place)
    #expect(try reports(text, rules: [rule]) == wanted, sourceLocation: place)
}

/// Expects the rule to have nothing to say.
func check(
    _ rule: any ValidationRule.Type, allows text: String, at place: Testing.SourceLocation = #_sourceLocation
) throws {
    #expect(try reports(text, rules: [rule]) == [], sourceLocation: place)
}
