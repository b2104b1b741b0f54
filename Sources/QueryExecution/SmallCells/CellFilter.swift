import Expressions
import GraphQLTypes
import Model
import QueryPlanning
import StoreColumns

/// A filter of which every part says which values of a dimension are asked for.
final class CellFilter {
    struct Condition {
        var dimension: Int
        /// The levels that it may be about, the coarsest first.
        var levels: [Int]
        var rows: CompiledPredicate
    }
    let conditions: [Condition]
    init(_ conditions: [Condition]) { self.conditions = conditions }

    /// The dimensions it reads.
    var dimensions: Set<Int> { Set(conditions.map(\.dimension)) }
}

/// Reads a filter of somebody who sees aggregates only: values of dimensions, joined by `and`, and nothing else.
///
/// What is refused is refused by what stands in the filter, never by what the rows hold.
struct CellFilterReader {
    /// A part of a filter, as a filter of its own.
    struct Part {
        var dimension: Int
        var levels: [Int]
        var value: InputValue
    }

    let model: Model
    let type: NodeTypeID
    let dimensions: [CellDimension]

    /// - Parameters:
    ///   - value: Coerced, variables bound.
    ///   - filter: Its type.
    func parts(of value: InputValue, as filter: TypeID) throws(ArgumentProblem) -> [Part] {
        var parts: [Part] = []
        try read(value, filter, "where", steps: [], type, &parts) { $0 }
        return parts
    }

    /// - Parameter wrap: Makes of an object at this place a filter of the type.
    private func read(
        _ value: InputValue, _ filter: TypeID, _ path: String, steps: [Int], _ owner: NodeTypeID, _ parts: inout [Part],
        _ wrap: (InputValue) -> InputValue
    ) throws(ArgumentProblem) {
        // An object that asks nothing of a related row asks whether there is one.
        guard case .object(let object) = value, steps.isEmpty || !object.entries.isEmpty else { throw refused(path) }
        for entry in object.entries {
            guard let position = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            let path = path + "." + entry.name
            let inner = model.schema[filter].inputFields[position].type.named
            func alone(_ value: InputValue) -> InputValue { wrap(.object(InputObject([.init(name: entry.name, value: value)]))) }
            switch model.binding.inputField(position, of: filter) {
            case .and:
                guard case .list(let items) = entry.value else { throw refused(path) }
                for (index, item) in items.enumerated() {
                    try read(item, filter, "\(path)[\(index)]", steps: steps, owner, &parts, wrap)
                }
            case .within:
                guard let found = levels(where: { $0.path == steps && $0.field == nil && $0.isAncestor }) else {
                    throw refused(path)
                }
                parts.append(Part(dimension: found.dimension, levels: found.levels, value: alone(entry.value)))
            case .globalID:
                guard !steps.isEmpty, let found = levels(where: { $0.path == steps && $0.isRow }) else { throw refused(path) }
                try checkOperators(entry.value, inner, path)
                parts.append(Part(dimension: found.dimension, levels: found.levels, value: alone(entry.value)))
            case .field(_, let field):
                if case .toOne(_, let target) = model.types[owner.index].fields[field].source {
                    try read(entry.value, inner, path, steps: steps + [field], target, &parts, alone)
                    continue
                }
                let isKey = !steps.isEmpty && model.types[owner.index].key == [field]
                guard
                    let found = levels(where: {
                        $0.path == steps && ($0.field == field && $0.key.unit == .value || isKey && $0.isRow)
                    })
                else { throw refused(path) }
                try checkOperators(entry.value, inner, path)
                parts.append(Part(dimension: found.dimension, levels: found.levels, value: alone(entry.value)))
            default: throw refused(path)
            }
        }
    }

    private func levels(where holds: (CellLevel) -> Bool) -> (dimension: Int, levels: [Int])? {
        for (index, dimension) in dimensions.enumerated() {
            let found = dimension.levels.indices.filter { holds(dimension.levels[$0]) }
            if !found.isEmpty { return (index, found) }
        }
        return nil
    }

    /// Values may be named, and nothing else be asked of them.
    private func checkOperators(_ value: InputValue, _ filter: TypeID, _ path: String) throws(ArgumentProblem) {
        guard case .object(let object) = value else { throw refused(path) }
        for entry in object.entries {
            guard let position = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            switch model.binding.inputField(position, of: filter) {
            case .filter(.equal), .filter(.isIn), .filter(.isNull): continue
            case .caseInsensitive where entry.value == .boolean(false): continue
            default: throw refused(path + "." + entry.name, "; values of it may be named by 'eq', 'in' and 'isNull'")
            }
        }
    }

    private func refused(_ path: String, _ more: String? = nil) -> ArgumentProblem {
        ArgumentProblem(.forbidden, "'\(path)' is nothing that your role may filter by\(more ?? offered).", at: path)
    }

    private var offered: String { dimensions.offered(of: model.types[type.index].name) }
}

extension [CellDimension] {
    /// What may be asked by, for the end of a message.
    func offered(of type: String) -> String {
        let texts = flatMap(\.levels).map { "'\($0.text)'" }
        return texts.isEmpty ? "; \(type) has no dimensions" : "; the dimensions of \(type) are \(texts.joined(separator: ", "))"
    }
}

extension CellLevel {
    fileprivate var isAncestor: Bool { if case .ancestor = key.unit { true } else { false } }
    /// Whether its values are rows, by themselves.
    fileprivate var isRow: Bool { field == nil && key.unit == .value }
}
