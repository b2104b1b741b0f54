import Expressions
import GraphQLSyntax
import GraphQLTypes
import Model
import StoreColumns

/// What of a request may be another while all that its plan was bound to stays: the values of variables that are operands in filters,
/// name rows, or say which page is meant. Other variables change what is bound.
package final class PlanVariables: Sendable {
    /// Variables whose value may be another.
    package let free: Set<String>
    /// All variables that the plan's arguments read, in order of appearance.
    private let names: [String]
    /// The variables of the operation, in the order in which values are handed in.
    package let declared: [String]
    private let read: [Read]
    /// False where the plan asks for something that is bound anew for each request.
    package let isKeepable: Bool

    /// A variable that is read: its place among those declared.
    private struct Read: Sendable {
        var place: Int
        var isFree: Bool
    }

    /// - Parameter declared: The names of the operation's variables.
    package init(_ plan: Plan, in model: Model, declared: [String]) {
        var reader = VariableReader(model: model)
        for node in plan.nodes { reader.read(node) }
        let free = Set(reader.names).subtracting(reader.fixed)
        self.free = free
        let names = reader.names
        let read = names.compactMap { name in
            declared.firstIndex(of: name).map { Read(place: $0, isFree: free.contains(name)) }
        }
        self.names = names
        self.declared = declared
        self.read = read
        isKeepable = plan.operation == .query && reader.isKeepable && read.count == names.count
    }

    /// The values of a request in the order in which its variables are declared.
    package func values(in variables: [String: InputValue]) -> VariableValues { VariableValues(declared.map { variables[$0] }) }

    /// The same by name.
    package func byName(_ values: VariableValues) -> [String: InputValue] {
        var named: [String: InputValue] = [:]
        for (place, name) in declared.enumerated() { named[name] = values[place] }
        return named
    }

    /// What has to be the same where something that was bound is used again, by variable: the value of one that is not free, else
    /// only whether it has one, which is not null.
    package func shape(of variables: [String: InputValue]) -> [InputValue?] {
        names.map { name in
            guard let value = variables[name] else { return nil }
            return value == .null || !free.contains(name) ? value : .boolean(true)
        }
    }

    /// Whether values, in the order in which they are declared, have a shape.
    package func isShape(_ shape: [InputValue?], of values: VariableValues) -> Bool {
        for index in read.indices {
            let place = read[index].place
            guard values.presence(at: place) == InputPresence(shape[index]) else { return false }
            if !read[index].isFree, values[place] != shape[index] { return false }
        }
        return true
    }

    /// Whether an argument reads a free variable.
    /// - Parameter passedOver: The names of those that are not looked at.
    package func reads(_ arguments: ArgumentsTemplate?, besides passedOver: [String] = []) -> Bool {
        !namesReading(arguments, besides: passedOver).isEmpty
    }

    /// Where the size of a page stands among the values, if a free variable is that and no other argument of a list reads one; nil where it
    /// is not so, or a page may be counted from either end.
    package func placeOfSize(in arguments: ArgumentsTemplate?, besides passedOver: [String]) -> Int? {
        let names = namesReading(arguments, besides: passedOver)
        guard let arguments, names == ["first"] || names == ["last"], arguments["first"] == nil || arguments["last"] == nil,
            case .variable(let position)? = arguments[names[0]]
        else { return nil }
        return declared.firstIndex(of: position.name)
    }

    /// The names of arguments that read a free variable.
    private func namesReading(_ arguments: ArgumentsTemplate?, besides passedOver: [String]) -> [String] {
        guard !free.isEmpty, let arguments else { return [] }
        return zip(arguments.definitions, arguments.values).compactMap { definition, value in
            guard !passedOver.contains(definition.name), let value, value.variables.contains(where: { free.contains($0.name) })
            else { return nil }
            return definition.name
        }
    }
}

/// Walks the arguments of a plan's nodes.
private struct VariableReader {
    let model: Model
    private(set) var names: [String] = []
    private(set) var fixed: Set<String> = []
    private(set) var isKeepable = true

    init(model: Model) { self.model = model }

    mutating func read(_ node: PlanNode) {
        switch node.source {
        case .typeName, .globalID, .value, .toOne, .nodes, .edges, .pageInfo, .totalCount, .aggregate, .edgeNode, .edgeCursor,
            .hasNextPage, .hasPreviousPage, .startCursor, .endCursor, .aggregateCount, .aggregateFields, .suppressed, .figure:
            add(node, free: [])
        case .rowByKey, .node, .nodesByID: add(node, free: node.arguments?.definitions.map(\.name) ?? [])
        case .rows(let connection), .toMany(_, let connection):
            add(node, free: ["first", "last", "offset", "after", "before"], filter: connection.filterType)
        default: isKeepable = false
        }
    }

    /// - Parameters:
    ///   - free: Arguments that are read anew for each request.
    ///   - filter: The type of the argument `where`.
    private mutating func add(_ node: PlanNode, free: [String], filter: TypeID? = nil) {
        guard let arguments = node.arguments else { return }
        for (definition, value) in zip(arguments.definitions, arguments.values) {
            guard let value else { continue }
            if definition.name == "where", let filter {
                readFilter(value, filter)
            } else {
                add(value, isFree: free.contains(definition.name))
            }
        }
    }

    private mutating func add(_ template: InputTemplate, isFree: Bool) {
        for position in template.variables {
            if !names.contains(position.name) { names.append(position.name) }
            if !isFree { fixed.insert(position.name) }
        }
    }

    // MARK: - Filters: as `FilterCompiler` goes through them

    private mutating func readFilter(_ template: InputTemplate, _ filter: TypeID) {
        switch template {
        case .list(let items): for item in items { readFilter(item, filter) }
        case .object(let object):
            for entry in object.entries {
                let type = model.schema.inputType(of: entry.field, in: filter)
                switch model.binding.inputField(entry.field, of: filter) {
                case .and, .or, .not, .some, .none, .every: readFilter(entry.value, type)
                case .field(let row, let position):
                    let source = model.types[row.index].fields[position].source
                    switch source {
                    case .toOne, .toMany: readFilter(entry.value, type)
                    case .column, .validColumn, .derived:
                        // Only its type and its shape are looked at.
                        readOperators(entry.value, type, source.value(of: .variable(0, row)))
                    }
                default: add(entry.value, isFree: false)
                }
            }
        default: add(template, isFree: false)
        }
    }

    private mutating func readOperators(_ template: InputTemplate, _ filter: TypeID, _ operand: Expression?) {
        guard case .object(let object) = template, let operand else { return add(template, isFree: false) }
        let bindings = object.entries.map { model.binding.inputField($0.field, of: filter) }
        let foldsCase = bindings.contains(.caseInsensitive)
        for (entry, binding) in zip(object.entries, bindings) {
            guard case .filter(let asked) = binding, let comparison = asked.comparison, !foldsCase,
                operand.comparesArguments(by: comparison)
            else {
                add(entry.value, isFree: false)
                continue
            }
            if case .variable = entry.value { add(entry.value, isFree: true) } else { add(entry.value, isFree: false) }
        }
    }
}

extension FilterOperator {
    /// The comparison with one value that it is.
    fileprivate var comparison: Comparison? {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        default: nil
        }
    }
}
