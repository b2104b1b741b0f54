import Glibc
import JSONText

/// Speaks the line protocol of public GraphQL conformance suites: one JSON request a line on standard input, one JSON reply
/// a line on standard output.
///
/// A request names its operation in `op`; an operation we do not offer is answered `{"unsupported": true}`. A line that is
/// no JSON object is answered with its error, so that the caller does not wait for ever.
@main
struct Conformance {
    static func main() {
        var desk = Desk()
        while let line = readLine() {
            print(desk.reply(to: line))
            _ = fflush(nil)
        }
    }
}

/// Hands each request to its operation, and keeps what is worth keeping between requests.
struct Desk {
    private var schemas = SchemaShelf()

    mutating func reply(to line: String) -> String {
        let reply: JSONValue
        do throws(JSONError) {
            reply = try answer(Request(JSONValue(parsing: line)))
        } catch {
            reply = ["error": .string("The request is no JSON object: \(error)")]
        }
        return reply.text
    }

    private mutating func answer(_ request: Request) -> JSONValue {
        switch request.string("op") {
        case "parse": SyntaxOperations.parse(request)
        case "lex": SyntaxOperations.lex(request)
        case "strip": SyntaxOperations.strip(request)
        case "dedent": SyntaxOperations.dedent(request)
        case "printBlock": SyntaxOperations.printBlock(request)
        case "validate": SchemaOperations.validate(request, &schemas)
        case "coordinate": SchemaOperations.coordinate(request, &schemas)
        case "schema": SchemaOperations.schema(request)
        case "validateSDL": SchemaOperations.validateSDL(request, &schemas)
        case "mixed": SchemaOperations.mixed(request)
        case "execute": ExecutionOperations.execute(request, &schemas)
        default: .unsupported
        }
    }
}

/// A request: a JSON object whose members are asked for by name.
struct Request {
    let body: JSONValue

    init(_ body: JSONValue) { self.body = body }

    func string(_ name: String) -> String? {
        guard case .string(let text) = body[name] else { return nil }
        return text
    }

    func boolean(_ name: String) -> Bool { body[name] == .boolean(true) }

    /// An array of strings; nil where it is absent, null or something else.
    func strings(_ name: String) -> [String]? {
        guard case .array(let items) = body[name] else { return nil }
        return items.compactMap { item in
            guard case .string(let text) = item else { return nil }
            return text
        }
    }
}
