import Expressions
import GraphQLTypes
import Model
import StoreColumns

/// Turns filters of the API into expressions. `api.md` §2
///
/// All that an object holds is joined by `and`. An operand that is null is `NULL_OPERAND`, wherever it came from.
package struct FilterCompiler {
    package let model: Model
    /// For periods that are named from it.
    package let asOf: CivilDate
    /// Where rows are found that a filter names.
    package let version: GraphVersion
    /// What `param` reads in expressions, and where that is noted.
    package let parameters: ParameterValues
    package let notes: ParameterNotes?
    /// Learns where each condition stands, if anybody asks.
    private let origins: ConditionOrigins?
    /// Learns which variables are operands, where these are left open; nil: no variable is left in what is compiled.
    private(set) var arguments: ConditionArguments?
    /// Learns what is read beside what the expressions read, if anybody asks.
    let reads: FilterReads?
    package let bounds: FilterBounds
    /// Of all filters of an operation.
    let conditions: ConditionCount

    package init(
        _ model: Model, asOf: CivilDate, version: GraphVersion, parameters: ParameterValues, notes: ParameterNotes? = nil,
        origins: ConditionOrigins? = nil, reads: FilterReads? = nil,
        bounds: FilterBounds = FilterBounds()
    ) {
        self.reads = reads
        self.bounds = bounds
        conditions = ConditionCount()
        self.parameters = parameters
        self.notes = notes
        self.model = model
        self.asOf = asOf
        self.version = version
        self.origins = origins
    }

    /// The same for a condition in which variables are left open.
    package func leavingOpen(_ arguments: ConditionArguments) -> FilterCompiler {
        var compiler = self
        compiler.arguments = arguments
        return compiler
    }

    /// A condition of one operator, told where it came from.
    func noted(_ condition: Expression, _ place: FilterPlace) -> Expression {
        origins?.note(condition, at: place.path)
        return condition
    }

    /// The condition that a `where` argument puts on variable 0.
    ///
    /// - Parameters:
    ///   - value: Coerced, variables bound.
    ///   - filter: The type of the argument, `TFilter`.
    ///   - path: What problems call the argument.
    package func condition(
        _ value: InputValue, as filter: TypeID, path: String = "where"
    ) throws(ArgumentProblem) -> Expression {
        guard case .filter(let row) = model.binding[filter] else { preconditionFailure("A where argument is a filter.") }
        return try rowCondition(value, filter, FilterPlace(row: .variable(0, row), type: row, variable: 0, depth: 0, path: path))
    }

    // MARK: - Rows

    func rowCondition(_ value: InputValue, _ filter: TypeID, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        let object = try object(value, place)
        try checkDepth(place)
        var parts: [Expression] = []
        for entry in object.entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            let place = place.entering(entry.name)
            try count(1, place)
            switch model.binding.inputField(field, of: filter) {
            case .and: parts.append(.and(try conditions(entry.value, filter, place)))
            case .or: parts.append(.or(try conditions(entry.value, filter, place)))
            case .not: parts.append(.not(try rowCondition(entry.value, filter, place.deeper)))
            case .cel: parts.append(try expression(entry.value, place))
            case .globalID: parts.append(try identityCondition(entry.value, place))
            case .within: parts.append(try treeCondition(entry.value, place))
            case .validOn: parts.append(try validity(entry.value, place))
            case .field(let row, let position):
                let type = model.schema.inputType(of: field, in: filter)
                parts.append(try fieldCondition(entry.value, type, model.types[row.index].fields[position], place))
            default: preconditionFailure("'\(entry.name)' is no part of a filter of rows.")
            }
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    private func conditions(_ value: InputValue, _ filter: TypeID, _ place: FilterPlace) throws(ArgumentProblem) -> [Expression] {
        var parts: [Expression] = []
        for (index, item) in try list(value, place).enumerated() {
            parts.append(try rowCondition(item, filter, place.entering(index).deeper))
        }
        return parts
    }

    private func fieldCondition(
        _ value: InputValue, _ filter: TypeID, _ field: ModelField, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        switch field.source {
        case .toOne(let edge, let target):
            // None or one: so `not: {team: {}}` finds the rows that have none.
            let inner = place.quantified(over: target)
            return .quantified(
                .some, over: .optional(.follow(place.row, edge)), variable: inner.variable, try rowCondition(value, filter, inner)
            )
        case .toMany(let edge, let target):
            return try listCondition(value, filter, .rows(from: place.row, edge), target, place)
        case .column(_, let type), .validColumn(_, _, let type), .derived(_, let type):
            guard let operand = field.source.value(of: place.row) else { preconditionFailure("A leaf has a value.") }
            return try valueCondition(value, filter, operand, type, place)
        }
    }

    /// `some`, `none` and `every` over a set of rows.
    private func listCondition(
        _ value: InputValue, _ filter: TypeID, _ rows: Expression, _ target: NodeTypeID, _ place: FilterPlace
    ) throws(ArgumentProblem) -> Expression {
        var parts: [Expression] = []
        for entry in try object(value, place).entries {
            guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
            try count(1, place)
            let quantifier: Quantifier
            switch model.binding.inputField(field, of: filter) {
            case .aggregate:
                let type = model.schema.inputType(of: field, in: filter)
                parts.append(try aggregateCondition(entry.value, type, of: rows, target, place.entering(entry.name)))
                continue
            case .some: quantifier = .some
            case .none: quantifier = .none
            case .every: quantifier = .every
            default: preconditionFailure("'\(entry.name)' is no part of a filter of lists.")
            }
            let inner = place.entering(entry.name).quantified(over: target)
            let type = model.schema.inputType(of: field, in: filter)
            parts.append(
                .quantified(quantifier, over: rows, variable: inner.variable, try rowCondition(entry.value, type, inner)))
        }
        return parts.count == 1 ? parts[0] : .and(parts)
    }

    /// `validOn`: the date lies in the row's period, where an end that is absent is open.
    private func validity(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        guard let period = model.types[place.type.index].period else { preconditionFailure("Only dated rows have 'validOn'.") }
        let date = Expression.constant(try scalar(value, of: .date, place), .date)
        let from = Expression.column(of: place.row, column: period.fromColumn, .date)
        let to = Expression.column(of: place.row, column: period.toColumn, .date)
        return .and([
            .or([.isNull(from), .compare(.lessOrEqual, from, date)]),
            .or([.isNull(to), .compare(.greater, to, date)]),
        ])
    }

    /// `cel`: the row that is asked is the expression's outer row.
    private func expression(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        guard case .string(let text) = value else { throw nullOperand(place) }
        do throws(CELError) {
            let expression = try parseCEL(
                text, on: place.type, in: model.askedRowTypes, expecting: .boolean, variable: place.variable)
            guard model.parameters != nil else { return expression }
            notes?.note(expression.parameters)
            origins?.note(thresholdsOf: expression, with: parameters)
            return expression.bound(to: parameters)
        } catch {
            var problem = ArgumentProblem(
                .badUserInput,
                "The expression is not understood at line \(error.line), column \(error.column): \(error.message)",
                at: place.path)
            problem.textPlace = TextPlace(line: error.line, column: error.column)
            throw problem
        }
    }

    // MARK: - Operands

    func object(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> InputObject {
        guard case .object(let object) = value else { throw nullOperand(place) }
        return object
    }

    func list(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> [InputValue] {
        guard case .list(let items) = value else { throw nullOperand(place) }
        return items
    }

    /// Coercion has seen to it that a value has its type; what it lets through beside is null.
    func nullOperand(_ place: FilterPlace) -> ArgumentProblem {
        ArgumentProblem(
            .nullOperand, "'\(place.path)' is null. Leave it out to ask nothing, or ask for missing values with 'isNull'.",
            at: place.path)
    }
}

/// Where a filter stands: what it is asked of, and what a message calls it.
struct FilterPlace {
    /// The row that is asked.
    var row: Expression
    var type: NodeTypeID
    /// The innermost row variable in use.
    var variable: Int
    var depth: Int
    var path: String

    func entering(_ name: String) -> FilterPlace {
        var place = self
        place.path += "."
        place.path += name
        return place
    }

    func entering(_ index: Int) -> FilterPlace {
        var place = self
        place.path += "[\(index)]"
        return place
    }

    var deeper: FilterPlace {
        var place = self
        place.depth += 1
        return place
    }

    /// Inside a construct that binds the next row variable.
    func quantified(over target: NodeTypeID) -> FilterPlace {
        FilterPlace(row: .variable(variable + 1, target), type: target, variable: variable + 1, depth: depth + 1, path: path)
    }
}
