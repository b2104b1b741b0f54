import Expressions
import GraphQLTypes
import Model
import StoreColumns

/// A figure that a condition or a sort is about.
struct AskedFigure {
    var operation: Measure.Operation
    /// Nil for a count of rows.
    var field: FieldSource?
    /// Of which rows only, with the type of that filter; nil for all.
    var condition: (value: InputValue, filter: TypeID, place: FilterPlace)?
}

extension FilterCompiler {
    /// `aggregate` in a filter of sets: the figures of a row's set are so.
    func aggregateCondition(
        _ value: InputValue, _ filter: TypeID, of rows: Expression, _ target: NodeTypeID, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        let inner = place.quantified(over: target)
        return try figureConditions(value, filter, inner) { (figure) throws(ArgumentProblem) in
            try self.figure(figure, of: rows, inner)
        }
    }

    /// A figure of a set of rows as an expression of the row that the set belongs to.
    /// - Parameter inner: inside the set.
    func figure(_ figure: AskedFigure, of rows: Expression, _ inner: FilterPlace) throws(ArgumentProblem) -> Expression {
        var set = rows
        if let condition = figure.condition {
            set = .filter(
                rows, variable: inner.variable, where: try rowCondition(condition.value, condition.filter, condition.place))
        }
        let aggregate: Aggregate =
            switch figure.operation {
            case .count: .count
            case .countDistinct: .countDistinct
            case .sum: .sum
            case .average: .average
            case .minimum: .minimum
            case .maximum: .maximum
            case .median: .median
            }
        return .aggregate(aggregate, over: set, variable: inner.variable, of: figure.field?.element(of: inner.row))
    }

    /// All that a condition on figures asks, each figure made an operand by the caller.
    ///
    /// - Parameter place: where `where` stands: a row of the set.
    func figureConditions(
        _ value: InputValue, _ filter: TypeID, _ place: FilterPlace,
        _ operand: (AskedFigure) throws(ArgumentProblem) -> Expression
    ) throws(ArgumentProblem) -> Expression {
        try checkDepth(place)
        let object = try object(value, place)
        var condition: (value: InputValue, filter: TypeID, place: FilterPlace)?
        var parts: [Expression] = []
        // What `where` says holds for all that stands beside it, wherever it stands.
        for entry in object.entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter),
                model.binding.inputField(field, of: filter) == .where
            else { continue }
            let place = place.entering(entry.name)
            _ = try self.object(entry.value, place)
            condition = (entry.value, model.schema.inputType(of: field, in: filter), place)
        }
        for entry in object.entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            let place = place.entering(entry.name)
            let type = model.schema.inputType(of: field, in: filter)
            switch model.binding.inputField(field, of: filter) {
            case .where: break
            case .aggregateCount:
                let count = try operand(AskedFigure(operation: .count, field: nil, condition: condition))
                parts.append(try valueCondition(entry.value, type, count, .int, place))
            case .aggregated(.countDistinct):
                parts += try distinctConditions(entry.value, type, condition, place, operand)
            case .aggregated(let operation):
                let figures = try self.object(entry.value, place)
                guard !figures.entries.isEmpty else { throw asksNothing(place) }
                for figure in figures.entries {
                    parts.append(
                        try figureCondition(figure, type, operation, condition, place.entering(figure.name), operand))
                }
            default: preconditionFailure("'\(entry.name)' is no part of a condition on figures.")
            }
        }
        guard !parts.isEmpty else { throw asksNothing(place) }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func figureCondition(
        _ entry: InputObject.Entry, _ filter: TypeID, _ operation: AggregateOperation,
        _ condition: (value: InputValue, filter: TypeID, place: FilterPlace)?, _ place: FilterPlace,
        _ operand: (AskedFigure) throws(ArgumentProblem) -> Expression
    ) throws(ArgumentProblem) -> Expression {
        guard let position = model.schema.inputFieldIndex(named: entry.name, of: filter),
            case .field(let row, let index) = model.binding.inputField(position, of: filter)
        else { preconditionFailure("'\(entry.name)' is no field that figures are made of.") }
        let source = model.types[row.index].fields[index].source
        let figure = try operand(AskedFigure(operation: Measure.Operation(operation), field: source, condition: condition))
        let type = model.schema.inputType(of: position, in: filter)
        return try valueCondition(entry.value, type, figure, operandType(of: type, figure), place)
    }

    /// What constants beside a figure are read as: numbers as exact decimals, also beside an exact average.
    private func operandType(of filter: TypeID, _ figure: Expression) -> ExpressionType {
        switch model.binding[filter] {
        case .scalarFilter(.decimal): .decimal(fractionDigits: 0)
        case .scalarFilter(.int): .int
        case .scalarFilter(.float): .float
        default: figure.type
        }
    }

    func asksNothing(_ place: FilterPlace) -> ArgumentProblem {
        ArgumentProblem(
            .badUserInput, "'\(place.path)' asks nothing: give a condition on a figure, such as count: {gte: 1}.", at: place.path)
    }
}

extension Measure.Operation {
    package init(_ operation: AggregateOperation) {
        self =
            switch operation {
            case .countDistinct: .countDistinct
            case .sum: .sum
            case .average: .average
            case .minimum: .minimum
            case .maximum: .maximum
            case .median: .median
            }
    }
}
