/// A schema as a client rebuilds it: from the answer to an introspection query, and from nothing else.
struct ClientSchema {
    private let schema: JSON

    /// - Parameter data: With `__schema`.
    init(_ data: JSON) { schema = data["__schema"] }

    /// As SDL, in the order of the answer, without what every schema has.
    var text: String {
        let directives = schema["directives"].items.filter { !Self.builtInDirectives.contains($0["name"].string ?? "") }
        let types = schema["types"].items.filter { type in
            let name = type["name"].string ?? ""
            return !name.hasPrefix("__") && !Self.builtInScalars.contains(name)
        }
        return ([root] + directives.map(directive) + types.map(type)).joined(separator: "\n")
    }

    private static let builtInDirectives: Set<String> = ["skip", "include", "deprecated", "specifiedBy", "oneOf"]
    private static let builtInScalars: Set<String> = ["Int", "Float", "String", "Boolean", "ID"]

    private var root: String {
        let roots = [("query", "queryType"), ("mutation", "mutationType"), ("subscription", "subscriptionType")]
            .compactMap { kind, field in schema[field]["name"].string.map { "\(kind): \($0)" } }
        return description(of: schema) + "schema { \(roots.joined(separator: " ")) }"
    }

    private func directive(_ directive: JSON) -> String {
        description(of: directive) + "directive @\(directive["name"].string ?? "")" + arguments(directive["args"].items)
            + deprecation(of: directive) + (directive["isRepeatable"].bool == true ? " repeatable" : "") + " on "
            + directive["locations"].strings.joined(separator: " | ")
    }

    private func type(_ type: JSON) -> String {
        let name = type["name"].string ?? ""
        let interfaces = type["interfaces"].items.compactMap { $0["name"].string }
        let implements = interfaces.isEmpty ? "" : " implements " + interfaces.joined(separator: " & ")
        let start = description(of: type)
        switch type["kind"].string {
        case "SCALAR":
            return start + "scalar \(name)"
                + (type["specifiedByURL"].string.map { " @specifiedBy(url: \(JSON(value: $0)))" } ?? "")
        case "OBJECT": return start + "type \(name)\(implements) {\n\(fields(type))}"
        case "INTERFACE": return start + "interface \(name)\(implements) {\n\(fields(type))}"
        case "UNION":
            return start + "union \(name) = "
                + type["possibleTypes"].items.compactMap { $0["name"].string }.joined(separator: " | ")
        case "ENUM":
            let values = type["enumValues"].items.map { description(of: $0) + ($0["name"].string ?? "") + deprecation(of: $0) }
            return start + "enum \(name) {\n\(values.joined(separator: "\n"))\n}"
        case "INPUT_OBJECT":
            return start + "input \(name)\(type["isOneOf"].bool == true ? " @oneOf" : "") {\n"
                + type["inputFields"].items.map(input).joined(separator: "\n") + "\n}"
        default: return "unknown kind of \(name)"
        }
    }

    private func fields(_ type: JSON) -> String {
        type["fields"].items.map { field in
            description(of: field) + (field["name"].string ?? "") + arguments(field["args"].items)
                + ": \(reference(field["type"]))\(deprecation(of: field))\n"
        }.joined()
    }

    private func arguments(_ arguments: [JSON]) -> String {
        arguments.isEmpty ? "" : "(" + arguments.map(input).joined(separator: "\n") + ")"
    }

    private func input(_ input: JSON) -> String {
        description(of: input) + "\(input["name"].string ?? ""): \(reference(input["type"]))"
            + (input["defaultValue"].string.map { " = " + $0 } ?? "") + deprecation(of: input)
    }

    private func reference(_ type: JSON) -> String {
        switch type["kind"].string {
        case "NON_NULL": reference(type["ofType"]) + "!"
        case "LIST": "[" + reference(type["ofType"]) + "]"
        default: type["name"].string ?? "?"
        }
    }

    /// A JSON string is a GraphQL string.
    private func description(of element: JSON) -> String {
        element["description"].string.map { Self.quoted($0) + "\n" } ?? ""
    }

    private func deprecation(of element: JSON) -> String {
        guard element["isDeprecated"].bool == true else { return "" }
        return " @deprecated(reason: \(Self.quoted(element["deprecationReason"].string ?? "")))"
    }

    private static func quoted(_ text: String) -> String {
        JSON(value: text).description.replacing("\\/", with: "/")
    }
}
