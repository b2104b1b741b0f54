import Expressions
import GraphQLTypes
import Model
import StoreColumns

/// Figures whose field is named by a value of `TGroupField`, which has every field: not every figure goes with each.
extension Model {
    /// The source of a field that a figure is made of.
    /// - Throws: Where its values have no such figure.
    func source(
        ofFigure operation: Measure.Operation, ofFieldNamed name: String, on type: NodeTypeID, _ place: FilterPlace
    ) throws(ArgumentProblem) -> FieldSource {
        guard let source = types[type.index].field(named: name)?.source, let element = source.element(of: .variable(0, type))
        else {
            throw ArgumentProblem(
                .badUserInput, "'\(place.path)': '\(name)' is the row itself, of which there is one each; 'count' counts rows.",
                at: place.path)
        }
        guard Measure(operation, of: element).resultType != nil else {
            let instead =
                Measure(.minimum, of: element).resultType == nil
                ? "refers to a row; 'countDistinct' goes with it"
                : "is no number to be added up; 'min', 'max' and 'median' go with it"
            throw ArgumentProblem(.badUserInput, "'\(place.path)': '\(name)' \(instead).", at: place.path)
        }
        return source
    }
}

extension FilterCompiler {
    /// `countDistinct` in a condition on figures: how many different values fields have.
    func distinctConditions(
        _ value: InputValue, _ filter: TypeID, _ condition: (value: InputValue, filter: TypeID, place: FilterPlace)?,
        _ place: FilterPlace, _ operand: (AskedFigure) throws(ArgumentProblem) -> Expression
    ) throws(ArgumentProblem) -> [Expression] {
        let items = try list(value, place)
        guard !items.isEmpty else { throw asksNothing(place) }
        var parts: [Expression] = []
        for (index, item) in items.enumerated() {
            let place = place.entering(index)
            var figure = AskedFigure(operation: .countDistinct, field: nil, condition: condition)
            var asked: (value: InputValue, filter: TypeID, place: FilterPlace)?
            for entry in try object(item, place).entries {
                guard let field = model.schema.inputFieldIndex(named: entry.name, of: filter) else { continue }
                let place = place.entering(entry.name)
                switch (model.binding.inputField(field, of: filter), entry.value) {
                case (.figureField, .enumeration(let name)):
                    figure.field = try model.source(ofFigure: .countDistinct, ofFieldNamed: name, on: place.type, place)
                case (.aggregateCount, .object): asked = (entry.value, model.schema.inputType(of: field, in: filter), place)
                default: throw nullOperand(place)
                }
            }
            guard figure.field != nil, let asked else { throw asksNothing(place) }
            parts.append(try valueCondition(asked.value, asked.filter, try operand(figure), .int, asked.place))
        }
        return parts
    }
}
