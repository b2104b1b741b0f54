import Expressions
import GraphQLTypes
import Model
import StoreColumns

/// The variables that are operands of one condition, left open while it is compiled: each a place among the condition's arguments.
package final class ConditionArguments {
    /// A variable, and what it is compared as.
    package struct Argument: Hashable, Sendable {
        package var variable: String
        package var type: ExpressionType
    }
    package private(set) var all: [Argument] = []

    package init() {}

    func argument(_ variable: String, _ type: ExpressionType) -> Expression {
        let argument = Argument(variable: variable, type: type)
        let place = all.firstIndex(of: argument) ?? all.count
        if place == all.count { all.append(argument) }
        return .argument(place, type)
    }
}

extension [ConditionArguments.Argument] {
    /// Their values for one request, by place; nil where a variable has none that can be compared.
    package func values(in variables: [String: InputValue], of model: Model) -> [Scalar]? {
        var values: [Scalar] = []
        values.reserveCapacity(count)
        for argument in self {
            guard let value = variables[argument.variable], value != .null,
                let scalar = Scalar(coerced: value, as: argument.type, in: model.catalog)
            else { return nil }
            values.append(scalar)
        }
        return values
    }
}
