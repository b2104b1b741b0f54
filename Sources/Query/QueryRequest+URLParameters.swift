import GraphQLTypes
import QueryPlanning

extension QueryRequest {
    /// What stands in a URL before the name of a parameter of the model: `param.a.name=0.03`.
    package static let parameterPrefix = "param."

    /// Takes the parameters of the model that a URL gives, each decoded already; an empty one is as good as absent, as forms send it.
    /// They take the place of those that `extensions.parameters` gives under the same names.
    ///
    /// - Throws: Where one is given twice. Whether there is such a parameter shows when the request is answered.
    package mutating func takeParameters(fromURL pairs: [(name: String, value: String)]) throws(RequestError) {
        var given: [InputObject.Entry] = []
        for pair in pairs where pair.name.hasPrefix(Self.parameterPrefix) && !pair.value.isEmpty {
            let name = String(pair.name.dropFirst(Self.parameterPrefix.count))
            guard !given.contains(where: { $0.name == name }) else {
                throw RequestError(
                    .badVariables, "The parameter '\(name)' is given more than once; it is one value.",
                    argumentPath: "extensions.parameters." + name)
            }
            given.append(InputObject.Entry(name: name, value: .string(pair.value)))
        }
        guard !given.isEmpty else { return }
        switch extensions["parameters"] {
        case nil, .null?: break
        case .object(let own)?: given = own.entries.filter { entry in !given.contains { $0.name == entry.name } } + given
        // What is no object is refused when the request is answered.
        default: return
        }
        let others = extensions.entries.filter { $0.name != "parameters" }
        extensions = InputObject(others + [InputObject.Entry(name: "parameters", value: .object(InputObject(given)))])
    }
}
