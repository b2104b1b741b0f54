import Expressions
import Model
import QueryPlanning
import StoreColumns

/// What rows of a type may be told apart by, where only aggregates are seen: one level below another, each value of a level within one
/// value of the level above.
package struct CellDimension: Sendable {
    package let levels: [CellLevel]
}

/// A level of a dimension: a key of groups, and what filters may name.
package struct CellLevel: Sendable {
    /// As it is written in the policy.
    package let text: String
    package let key: GroupingKey
    /// Positions of the to-one fields that lead to it.
    package let path: [Int]
    /// The position of the field that is the key; nil where the row that the path leads to is.
    package let field: Int?
    /// The type whose rows are the key, or that the field is of.
    package let owner: NodeTypeID
    /// Rows that a cell has at least that names one of its values.
    package let minimumCell: Int
}

extension SmallCellPolicy {
    /// Reads a level: `rank`, `band`, `band.home: CITY`, `born: YEAR`, `height: 160, 180`.
    static func level(
        _ text: String, of type: NodeTypeID, _ minimumCell: (NodeTypeID, Int) -> Int, in model: Model
    ) throws(SmallCellProblem) -> CellLevel {
        let name = model.types[type.index].name
        func problem(_ what: String) -> SmallCellProblem { SmallCellProblem("The dimension '\(text)' of \(name) \(what).") }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map { $0.trimmingSpaces }
        var row = Expression.variable(0, type)
        var (owner, path, minimum) = (type, [Int](), 0)
        var value: (position: Int, expression: Expression)?
        for step in parts[0].split(separator: ".") {
            guard value == nil else { throw problem("goes on behind a value") }
            guard let position = model.types[owner.index].position(of: String(step)) else {
                throw problem("names '\(step)', which \(model.types[owner.index].name) does not have")
            }
            let field = model.types[owner.index].fields[position]
            // What a related row alone refers to is as good a name for it as any.
            let isNamed = field.isUnique || !isReference(field) && model.types[type.index].key.contains(position)
            guard !isNamed || !path.isEmpty && isReference(field) || !path.isEmpty && !field.isUnique else {
                throw problem("names '\(step)', whose values tell rows apart one by one")
            }
            minimum = max(minimum, minimumCell(owner, position))
            if case .toOne(let edge, let target) = field.source {
                (row, owner) = (.follow(row, edge), target)
                path.append(position)
            } else if let expression = field.source.value(of: row) {
                value = (position, expression)
            } else {
                throw problem("names '\(step)', of which a row may have many")
            }
        }
        let unit = parts.count > 1 ? parts[1] : nil
        let expression = value?.expression ?? row
        guard value != nil || !path.isEmpty || unit != nil else { throw problem("names no field") }
        return CellLevel(
            text: text, key: GroupingKey(expression, try self.unit(unit, of: expression, owner, in: model, problem)), path: path,
            field: value?.position, owner: owner, minimumCell: minimum)
    }

    private static func isReference(_ field: ModelField) -> Bool {
        if case .toOne = field.source { true } else { false }
    }

    private static func unit(
        _ text: String?, of expression: Expression, _ owner: NodeTypeID, in model: Model, _ problem: (String) -> SmallCellProblem
    ) throws(SmallCellProblem) -> GroupingKey.Unit {
        switch expression.type {
        case .row:
            guard let text else { return .value }
            guard let tree = model.types[owner.index].tree, let level = model.catalog[tree.levels].code(of: text) else {
                throw problem("names no level of a tree behind ':'")
            }
            return .ancestor(
                AncestorLevel(tree: owner, parentColumn: tree.parentColumn, levelColumn: tree.levelColumn, level: level))
        case .date, .dateTime:
            guard let bucket = text.flatMap(DateBucket.init(rawValue:)) else {
                throw problem("is of dates; say of which periods, such as ': YEAR'")
            }
            return .period(bucket)
        case .decimal, .ratio, .float, .int:
            guard let text else {
                guard expression.type == .int else {
                    throw problem("is of numbers; say where bands begin, such as ': 1000, 2000'")
                }
                return .value
            }
            var bounds: [Decimal] = []
            for part in text.split(separator: ",") {
                guard let bound = Decimal(part.trimmingSpaces), bounds.last.map({ $0 < bound }) ?? true else {
                    throw problem("has bounds that are no ascending numbers")
                }
                bounds.append(bound)
            }
            guard !bounds.isEmpty else { throw problem("has no bounds behind ':'") }
            return .buckets(.between(bounds))
        case .enumerationList, .rows: throw problem("has several values in a row")
        default:
            guard text == nil else { throw problem("has something behind ':' that goes with dates, numbers and trees only") }
            return .value
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let front = drop { $0 == " " }
        return String(front.reversed().drop { $0 == " " }.reversed())
    }
}
