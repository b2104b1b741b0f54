import Expressions
import GraphQLTypes
import Model
import StoreColumns

/// A key of groups, with where in the answer's `key` it stands.
package struct AskedKey: Sendable {
    package var key: GroupingKey
    /// Positions of the to-one fields that lead to it.
    package var path: [Int]
    /// The position of the field that is the key; nil where the row itself is.
    package var field: Int?
}

/// Turns the arguments of `groups` into keys, figures, a condition and an order. `api.md` §4
package struct GroupCompiler {
    private let filters: FilterCompiler
    private let type: NodeTypeID
    private var model: Model { filters.model }
    /// What is to be computed of each group; those that are asked for twice stand here once.
    package private(set) var measures: [Measure] = []

    package init(_ filters: FilterCompiler, of type: NodeTypeID) {
        self.filters = filters
        self.type = type
    }

    /// The place of a figure among the measures.
    package mutating func place(of measure: Measure) -> Int {
        if let place = measures.firstIndex(of: measure) { return place }
        measures.append(measure)
        return measures.count - 1
    }

    // MARK: - Keys

    package func keys(_ value: InputValue?, as type: TypeID) throws(ArgumentProblem) -> [AskedKey] {
        guard case .list(let items)? = value, !items.isEmpty else {
            throw ArgumentProblem(.badUserInput, "'by' is empty; groups need at least one key.", at: "by")
        }
        let most = filters.bounds.groupKeys
        guard items.count <= most else {
            throw ArgumentProblem(
                .queryTooComplex,
                "Rows are grouped by at most \(most) keys, not \(items.count) (limit \(FilterBounds.groupKeysName)).", at: "by",
                limit: ExceededLimit(name: FilterBounds.groupKeysName, maximum: most, found: items.count))
        }
        var keys: [AskedKey] = []
        for (index, item) in items.enumerated() {
            let path = "by[\(index)]"
            let key = try key(item, type, path: path)
            if keys.contains(where: { $0.path == key.path && $0.field == key.field }) {
                throw ArgumentProblem(.badUserInput, "'\(path)' groups by what another key groups by already.", at: path)
            }
            keys.append(key)
        }
        return keys
    }

    /// Follows to-one edges until it comes to a key.
    private func key(_ item: InputValue, _ type: TypeID, path: String) throws(ArgumentProblem) -> AskedKey {
        var (item, type, path) = (item, type, path)
        var row = Expression.variable(0, self.type)
        var steps: [Int] = []
        for _ in 0..<filters.bounds.depth {
            guard case .object(let object) = item, let entry = object.entries.first, entry.value != .null,
                let position = model.schema.inputFieldIndex(named: entry.name, of: type),
                case .groupBy(let node) = model.binding[type]
            else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; a key is an object with one field.", at: path) }
            path += "." + entry.name
            switch model.binding.inputField(position, of: type) {
            case .figureField: return try fieldKey(entry.value, of: row, node, steps, path)
            case .level: return try levelKey(entry.value, of: row, node, steps, path)
            case .field(_, let field):
                let source = model.types[node.index].fields[field].source
                if case .toOne(let edge, _) = source {
                    steps.append(field)
                    row = .follow(row, edge)
                    type = model.schema.inputType(of: position, in: type)
                    item = entry.value
                    continue
                }
                guard let value = source.value(of: row) else { preconditionFailure("Keys are made of single values.") }
                return AskedKey(key: GroupingKey(value, try unit(entry.value, path)), path: steps, field: field)
            default: preconditionFailure("'\(entry.name)' is no part of a key.")
            }
        }
        throw filters.tooDeep("A key follows more than \(filters.bounds.depth) fields", path)
    }

    /// The row itself, a related row, or equal values of a field.
    private func fieldKey(
        _ value: InputValue, of row: Expression, _ node: NodeTypeID, _ steps: [Int], _ path: String
    ) throws(ArgumentProblem) -> AskedKey {
        guard case .enumeration(let name) = value, let position = model.types[node.index].position(of: name),
            let element = model.types[node.index].fields[position].source.element(of: row)
        else { return AskedKey(key: GroupingKey(row), path: steps, field: nil) }
        func wants(_ what: String, _ instead: String) -> ArgumentProblem {
            ArgumentProblem(.badUserInput, "'\(path)': '\(name)' is \(what); group by \(instead) of it: {\(name): …}.", at: path)
        }
        switch element.type {
        case .row: return AskedKey(key: GroupingKey(element), path: steps + [position], field: nil)
        // Equal dates are days.
        case .date: return AskedKey(key: GroupingKey(element, .period(.day)), path: steps, field: position)
        case .dateTime: throw wants("an instant", "periods")
        case .ratio, .float: throw wants("a number that is hardly ever equal to another", "intervals")
        default: return AskedKey(key: GroupingKey(element), path: steps, field: position)
        }
    }

    private func levelKey(
        _ value: InputValue, of row: Expression, _ node: NodeTypeID, _ steps: [Int], _ path: String
    ) throws(ArgumentProblem) -> AskedKey {
        guard let tree = model.types[node.index].tree,
            case .enumeration(let level)? = Scalar(coerced: value, as: .enumeration(tree.levels), in: model.catalog)
        else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; name a level.", at: path) }
        let ancestor = AncestorLevel(
            tree: node, parentColumn: tree.parentColumn, levelColumn: tree.levelColumn, level: level)
        return AskedKey(key: GroupingKey(row, .ancestor(ancestor)), path: steps, field: nil)
    }

    private func unit(_ value: InputValue, _ path: String) throws(ArgumentProblem) -> GroupingKey.Unit {
        switch value {
        case .enumeration(let name): return .period(DateBucket(rawValue: name) ?? .day)
        case .object(let buckets): return .buckets(try self.buckets(buckets, path))
        default: throw ArgumentProblem(.nullOperand, "'\(path)' is null; say how wide the groups are.", at: path)
        }
    }

    private func buckets(_ object: InputObject, _ path: String) throws(ArgumentProblem) -> NumberBuckets {
        func decimal(_ value: InputValue, _ path: String) throws(ArgumentProblem) -> Decimal {
            guard case .decimal(let number)? = Scalar(coerced: value, as: .decimal(fractionDigits: 0), in: model.catalog) else {
                throw ArgumentProblem(.nullOperand, "'\(path)' is null; leave it out instead.", at: path)
            }
            return number
        }
        let zero = Decimal(unscaled: 0, fractionDigits: 0)
        switch (object["width"], object["bounds"]) {
        case (let width?, nil):
            let wide = try decimal(width, path + ".width")
            guard wide > zero else {
                throw ArgumentProblem(
                    .badUserInput, "An interval is \(wide) wide; the width must be above 0.", at: path + ".width")
            }
            let origin = try object["origin"].map { (value) throws(ArgumentProblem) in try decimal(value, path + ".origin") }
            return .even(width: wide, origin: origin ?? zero)
        case (nil, let list?):
            guard case .list(let items) = list else {
                throw ArgumentProblem(.nullOperand, "'\(path).bounds' is null; leave it out instead.", at: path + ".bounds")
            }
            guard object["origin"] == nil else {
                throw ArgumentProblem(.badUserInput, "'origin' goes with 'width', not with 'bounds'.", at: path + ".origin")
            }
            guard !items.isEmpty else {
                throw ArgumentProblem(.badUserInput, "'bounds' is empty; one at least makes two intervals.", at: path + ".bounds")
            }
            let most = filters.bounds.groupBounds
            guard items.count <= most else {
                throw ArgumentProblem(
                    .queryTooComplex,
                    "Intervals have at most \(most) bounds, not \(items.count) (limit \(FilterBounds.groupBoundsName)).",
                    at: path + ".bounds",
                    limit: ExceededLimit(name: FilterBounds.groupBoundsName, maximum: most, found: items.count))
            }
            var bounds: [Decimal] = []
            for (index, item) in items.enumerated() {
                let bound = try decimal(item, "\(path).bounds[\(index)]")
                if let last = bounds.last, bound <= last {
                    throw ArgumentProblem(
                        .badUserInput, "Bounds ascend; \(bound) stands behind \(last).", at: "\(path).bounds[\(index)]")
                }
                bounds.append(bound)
            }
            return .between(bounds)
        default:
            throw ArgumentProblem(.badUserInput, "Intervals are given by 'width' or by 'bounds', one of them.", at: path)
        }
    }

    // MARK: - Conditions and order

    /// The condition on groups, over their measures; nil where nothing is asked.
    package mutating func having(_ value: InputValue?, as filter: TypeID) throws(ArgumentProblem) -> Expression? {
        guard let value else { return nil }
        let place = FilterPlace(row: .variable(0, type), type: type, variable: 0, depth: 0, path: "having")
        // A closure cannot change what it stands in.
        var asked = measures
        let (filters, type) = (filters, type)
        let condition = try filters.figureConditions(value, filter, place) { (figure) throws(ArgumentProblem) in
            let measure = try filters.measure(figure, on: type)
            guard let result = measure.resultType else { preconditionFailure("The schema names figures that there are.") }
            let index = asked.firstIndex(of: measure) ?? asked.count
            if index == asked.count { asked.append(measure) }
            return Measure.value(index, result, on: type)
        }
        measures = asked
        return condition
    }

    /// - Parameter keyCount: how many keys there are to sort by.
    package mutating func order(
        _ value: InputValue?, as type: TypeID, keyCount: Int
    ) throws(ArgumentProblem) -> [GroupSortKey] {
        guard case .list(let items)? = value else { return [] }
        var order: [GroupSortKey] = []
        for (index, item) in items.enumerated() {
            let path = "orderBy[\(index)]"
            guard case .object(let object) = item, let entry = object.entries.first,
                let position = model.schema.inputFieldIndex(named: entry.name, of: type)
            else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; a sort key is an object with one field.", at: path) }
            let place = FilterPlace(
                row: .variable(0, self.type), type: self.type, variable: 0, depth: 0, path: path + "." + entry.name)
            guard model.binding.inputField(position, of: type) == .groupKey else {
                let (figure, direction, _) = try model.figureOrder(
                    entry.value, model.schema.inputType(of: position, in: type), place)
                order.append(GroupSortKey(.measure(self.place(of: try filters.measure(figure, on: self.type))), direction))
                continue
            }
            guard case .object(let key) = entry.value, case .enumeration(let name)? = key["order"],
                let direction = SortDirection(rawValue: name)
            else { throw ArgumentProblem(.nullOperand, "'\(place.path)' is null; say how to sort.", at: place.path) }
            guard case .int(let number)? = key["index"], (0..<Int64(keyCount)).contains(number) else {
                throw ArgumentProblem(
                    .badUserInput, "'\(place.path).index' names no key; 'by' has keys 0 to \(keyCount - 1).",
                    at: place.path + ".index")
            }
            order.append(GroupSortKey(.key(Int(number)), direction))
        }
        return order
    }
}

extension GroupSortKey {
    fileprivate init(_ by: By, _ direction: SortDirection) {
        self.init(by, ascending: direction.isAscending, nullsFirst: direction.putsNullsFirst)
    }
}

extension FilterCompiler {
    /// A figure of a group as a measure of its rows.
    func measure(_ figure: AskedFigure, on type: NodeTypeID) throws(ArgumentProblem) -> Measure {
        var condition: Expression?
        if let asked = figure.condition { condition = try rowCondition(asked.value, asked.filter, asked.place) }
        return Measure(figure.operation, of: figure.field?.element(of: .variable(0, type)), where: condition)
    }
}
