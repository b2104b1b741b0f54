import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension FilterCompiler {
    /// `within`: the row, or one above it, is the one that is named.
    ///
    /// A tree has no more levels than the enum that names them has values, so the rows above are followed so often. Two-valued:
    /// where nothing is above, nothing is the named one.
    func treeCondition(_ value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> Expression {
        guard let tree = model.types[place.type.index].tree else { preconditionFailure("Only rows of trees have 'within'.") }
        let named = Expression.constant(.row(try row(named: value, place)), .row(place.type))
        var row = place.row
        var parts = [Expression.compare(.equal, row, named)]
        for _ in model.catalog[tree.levels].values.dropFirst() {
            row = .follow(row, .reference(column: tree.parentColumn, target: place.type))
            parts.append(.and([.not(.isNull(row)), .compare(.equal, row, named)]))
        }
        return .or(parts)
    }

    private func row(named value: InputValue, _ place: FilterPlace) throws(ArgumentProblem) -> RowNumber {
        if value == .null { throw nullOperand(place) }
        reads?.noteRow(of: place.type)
        let definition = model.catalog[place.type]
        var key: Key?
        if case .string(let text) = value, let id = GlobalID(text, in: model.catalog), id.type == place.type { key = id.key }
        if definition.key.count == 1,
            let part = KeyPart(coerced: value, as: definition.columns[definition.key[0]].kind, in: model.catalog)
        {
            key = Key([part])
        }
        guard let key, let row = version.row(of: place.type, forKey: key) else {
            throw ArgumentProblem(
                .badUserInput, "There is no \(definition.name) \(value.literalText) in version \(version.number).", at: place.path
            )
        }
        return row
    }
}
