import Expressions
import GraphQLTypes
import JSONText
import Model
import StoreColumns

/// A parameter that an answer was made with, as its extensions tell it.
struct RecordedParameter: Sendable {
    var name: String
    /// Nil where the question named none.
    var variant: String?
    /// Nil where nothing is set.
    var value: String?
    var origin: ResolvedParameters.Origin
    /// Where a declared value comes from.
    var source: String?
}

extension Model {
    func recorded(_ ids: [ParameterID], _ resolved: ResolvedParameters) -> [RecordedParameter] {
        guard let parameters else { return [] }
        return ids.map { id in
            let parameter = parameters.parameters[parameters.table.definition(of: id)]
            return RecordedParameter(
                name: parameter.name, variant: parameters.table.variant(of: id).map { parameters.table.variants[$0] },
                value: text(of: resolved.values.scalars[id.index], parameter.type), origin: resolved.origins[id.index],
                source: parameter.source)
        }
    }

    private func text(of scalar: Scalar, _ type: ExpressionType) -> String? {
        switch scalar {
        case .null: nil
        case .boolean(let value): String(value)
        case .int(let value): String(value)
        case .decimal(let value): value.description
        case .date(let value): value.description
        case .string(let value): value
        case .enumeration(let code):
            if case .enumeration(let id) = type { catalog[id].values[Int(code)] } else { String(code) }
        case .ratio, .float, .dateTime, .row: nil
        }
    }
}

extension JSONWriter {
    mutating func parameter(_ parameter: RecordedParameter) {
        beginObject()
        name("name")
        string(parameter.name)
        if let variant = parameter.variant {
            name("profile")
            string(variant)
        }
        name("value")
        if let value = parameter.value { string(value) } else { null() }
        name("from")
        switch parameter.origin {
        case .request: string("REQUEST")
        case .row(let key):
            string("ROW")
            name("row")
            string(key)
        case .model:
            string("MODEL")
            if let source = parameter.source {
                name("source")
                string(source)
            }
        case .none: string("NONE")
        }
        endObject()
    }
}

extension QueryRequest {
    /// `extensions: {parameters: {…}}`: values by name, and under the names `profile` and `area` for what they are read.
    ///
    /// - Parameter standard: What holds where the request says nothing.
    func parameterScope(besides standard: ParameterScope) throws(RequestError) -> ParameterScope {
        guard let given = extensions["parameters"], given != .null else { return standard }
        guard case .object(let entries) = given else {
            throw RequestError(
                .badVariables, "'parameters' is \(given.kindPhrase); it is an object.", argumentPath: "extensions.parameters")
        }
        var scope = standard
        for entry in entries.entries {
            switch entry.value {
            case .string(let text), .number(let text): scope.texts[entry.name] = text
            case .boolean(let value): scope.texts[entry.name] = String(value)
            case .int(let value): scope.texts[entry.name] = String(value)
            default:
                throw RequestError(
                    .badVariables,
                    "The parameter '\(entry.name)' is \(entry.value.kindPhrase); it is a text, a number or a Boolean.",
                    argumentPath: "extensions.parameters." + entry.name)
            }
        }
        return scope
    }
}
