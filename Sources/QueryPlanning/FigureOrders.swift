import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension Model {
    /// The figure that an `…AggregateOrderBy` object names, and the direction. Coercion has seen to it that it has one entry.
    func figureOrder(
        _ item: InputValue, _ type: TypeID, _ place: FilterPlace
    ) throws(ArgumentProblem) -> (figure: AskedFigure, direction: SortDirection, path: String) {
        let path = place.path
        guard case .object(let object) = item, let entry = object.entries.first,
            let position = schema.inputFieldIndex(named: entry.name, of: type)
        else { throw ArgumentProblem(.nullOperand, "'\(path)' is null; a sort key is an object with one field.", at: path) }
        let inner = place.entering(entry.name)
        guard case .object(let order) = entry.value else {
            throw ArgumentProblem(.nullOperand, "'\(inner.path)' is null; say how to sort: {order: DESC}.", at: inner.path)
        }
        var figure: AskedFigure
        switch binding.inputField(position, of: type) {
        case .aggregated(let operation): figure = AskedFigure(operation: Measure.Operation(operation))
        default: figure = AskedFigure(operation: .count)
        }
        var direction: SortDirection?
        let members = schema.inputType(of: position, in: type)
        for entry in order.entries {
            guard let field = schema.inputFieldIndex(named: entry.name, of: members) else { continue }
            switch (binding.inputField(field, of: members), entry.value) {
            case (.order, .enumeration(let name)): direction = SortDirection(rawValue: name)
            case (.figureField, .enumeration(let name)):
                figure.field = try source(ofFigure: figure.operation, ofFieldNamed: name, on: place.type, inner.entering("field"))
            case (.where, .object):
                figure.condition = (entry.value, schema.inputType(of: field, in: members), inner.entering(entry.name))
            default:
                throw ArgumentProblem(
                    .nullOperand, "'\(inner.path).\(entry.name)' is null; leave it out instead.",
                    at: "\(inner.path).\(entry.name)")
            }
        }
        guard let direction else {
            throw ArgumentProblem(.nullOperand, "'\(inner.path)' does not say how to sort: ASC or DESC.", at: inner.path)
        }
        return (figure, direction, inner.path)
    }

    /// A sort of rows by a figure of a set that belongs to each.
    func figureSortKey(
        _ item: InputValue, _ type: TypeID, of rows: Expression, _ target: NodeTypeID, path: String, by compiler: FilterCompiler
    ) throws(ArgumentProblem) -> SortKey {
        // Variable 0 is the row that is sorted.
        let inner = FilterPlace(row: .variable(1, target), type: target, variable: 1, depth: 0, path: path)
        let (figure, direction, _) = try figureOrder(item, type, inner)
        return SortKey(
            try compiler.figure(figure, of: rows, inner), ascending: direction.isAscending,
            nullsFirst: direction.putsNullsFirst)
    }
}
