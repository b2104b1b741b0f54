import GraphQLTypes
import Model

extension Model {
    /// A `where` argument with the variables of one request: what was not sent takes its operator away, and everything that is
    /// emptied so. `api.md` §2 "Absent, null, unknown"
    ///
    /// This is `AbsenceRule.removes` with one addition: `caseInsensitive`, and the `where` of a condition on figures, are no
    /// operators, so beside operators that are gone they do not keep their object.
    ///
    /// - Parameter open: Variables that stay variables where they have a value (`PlanVariables.free`).
    package func resolveFilter(
        _ template: InputTemplate, variables: [String: InputValue], open: Set<String> = []
    ) throws(InputProblem) -> ResolvedInput {
        switch template {
        case .variable(let position) where open.contains(position.name) && variables[position.name] ?? .null != .null:
            return .value(.variable(position.name))
        case .constant, .variable, .scalar: return try schema.resolve(template, variables: variables, absence: .removes)
        case .list(let items):
            var values: [InputValue] = []
            for item in items {
                if let value = try resolveFilter(item, variables: variables, open: open).value { values.append(value) }
            }
            return values.isEmpty && !items.isEmpty ? .emptied : .value(.list(values))
        case .object(let object):
            let fields = schema.inputFields(of: object.type)
            var entries: [InputObject.Entry] = []
            entries.reserveCapacity(object.entries.count)
            func append(_ value: InputValue?, for field: Int) {
                guard let value = value ?? fields[field].defaultValue else { return }
                entries.append(InputObject.Entry(name: fields[field].name, value: value))
            }
            var asksSomething = false
            // Both are in the order of the type.
            var next = 0
            for entry in object.entries {
                for field in next..<entry.field { append(nil, for: field) }
                next = entry.field + 1
                let value = try resolveFilter(entry.value, variables: variables, open: open).value
                append(value, for: entry.field)
                guard value != nil else { continue }
                switch binding.inputField(entry.field, of: object.type) {
                case .caseInsensitive, .where: break
                default: asksSomething = true
                }
            }
            guard asksSomething else { return .emptied }
            for field in next..<fields.count { append(nil, for: field) }
            return .value(.object(InputObject(entries)))
        }
    }
}
