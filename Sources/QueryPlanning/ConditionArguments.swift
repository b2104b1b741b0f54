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

/// The arguments of a condition, each with the place of its variable among those that the operation declares.
package struct PlacedArguments: Sendable {
    private struct Placed: Sendable {
        var place: Int
        var type: ExpressionType
        /// Whether a text is a value of it as it stands.
        var isText: Bool
    }
    private let all: [Placed]

    /// Nil where a variable is none of the operation's.
    package init?(_ arguments: [ConditionArguments.Argument], among declared: [String]) {
        var all: [Placed] = []
        for argument in arguments {
            guard let place = declared.firstIndex(of: argument.variable) else { return nil }
            all.append(Placed(place: place, type: argument.type, isText: argument.type == .string))
        }
        self.all = all
    }

    package var count: Int { all.count }

    /// The value of one of them for one request; nil where its variable has none that can be compared.
    package func value(_ index: Int, among given: VariableValues, in model: Model) -> Scalar? {
        guard let value = given[all[index].place] else { return nil }
        if all[index].isText, case .string(let text) = value { return .string(text) }
        guard let scalar = Scalar(coerced: value, as: all[index].type, in: model.catalog),
            scalar != .null
        else { return nil }
        return scalar
    }
}
