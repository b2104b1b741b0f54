import Expressions
import Model
import QueryPlanning
import StoreColumns

/// How often an enum field went from one value to another, in rows that both versions have.
struct DiffTransition {
    var field: String
    /// Whether the values tell something about a person.
    var isPersonal: Bool
    var from: String?
    var to: String?
    var count: Int

    var value: TreeValue {
        .object(
            .members([
                "field": .string(field), "from": from.map { .string($0) } ?? .null, "to": to.map { .string($0) } ?? .null,
                "count": .count(count),
            ]))
    }

    /// By type, in the order of fields and values. Stored enum fields, and those that read a dated row on one date.
    static func all(
        in difference: GraphDifference, _ model: Model, asOf: CivilDate, budget: Budget
    ) throws(EvaluationError) -> [[DiffTransition]] {
        var all: [[DiffTransition]] = []
        for type in model.types {
            var found: [DiffTransition] = []
            // How often a value went to another is a figure, and sorts rows by it.
            for field in type.fields where field.view.isFull {
                switch field.source {
                case .column(let column, .enumeration(let id)):
                    found += stored(field, column, model[id], type, difference)
                case .validColumn(let lookup, let column, .enumeration(let id)):
                    found += try dated(field, lookup, column, model[id], type, difference, model, asOf: asOf, budget: budget)
                default: break
                }
            }
            all.append(found)
        }
        return all
    }

    /// The value before and the value after, as codes; nil for none.
    private struct Step: Hashable {
        var from: UInt16?
        var to: UInt16?
    }

    private static func made(
        _ counts: [Step: Int], _ field: ModelField, isPersonal: Bool, _ values: ModelEnumeration
    ) -> [DiffTransition] {
        let order = { (code: UInt16?) in code.map(Int.init) ?? Int.max }
        return counts.sorted { (order($0.key.from), order($0.key.to)) < (order($1.key.from), order($1.key.to)) }.map {
            step, count in
            DiffTransition(
                field: field.name, isPersonal: isPersonal, from: step.from.map { values.values[Int($0)].name },
                to: step.to.map { values.values[Int($0)].name },
                count: count)
        }
    }

    private static func stored(
        _ field: ModelField, _ column: Int, _ values: ModelEnumeration, _ type: ModelType, _ difference: GraphDifference
    ) -> [DiffTransition] {
        guard case .enumeration(let before) = difference.old[type.nodeType].column(column),
            case .enumeration(let after) = difference.new[type.nodeType].column(column)
        else { return [] }
        var counts: [Step: Int] = [:]
        for pair in difference.types[type.nodeType.index].changed {
            let step = Step(from: before[pair.old], to: after[pair.new])
            if step.from != step.to { counts[step, default: 0] += 1 }
        }
        return made(counts, field, isPersonal: field.personal != nil, values)
    }

    /// Only rows whose dated rows differ can have gone from one value to another.
    private static func dated(
        _ field: ModelField, _ lookup: ValidLookup, _ dated: Int, _ values: ModelEnumeration, _ type: ModelType,
        _ difference: GraphDifference, _ model: Model, asOf: CivilDate, budget: Budget
    ) throws(EvaluationError) -> [DiffTransition] {
        let found = difference.types[lookup.periodType.index]
        guard !found.isEmpty, let expression = field.source.value(of: .variable(0, type.nodeType)) else { return [] }
        let column = model.catalog[type.nodeType].inverses[lookup.inverse].column
        guard case .reference(let ownersBefore) = difference.old[lookup.periodType].column(column),
            case .reference(let ownersAfter) = difference.new[lookup.periodType].column(column)
        else { return [] }
        var pairs: Set<RowPair> = []
        for row in found.removed + found.changed.map(\.old) {
            guard let owner = ownersBefore[row], let other = difference.counterpart(ofOld: owner, type.nodeType) else { continue }
            pairs.insert(RowPair(old: owner, new: other))
        }
        for row in found.added + found.changed.map(\.new) {
            guard let owner = ownersAfter[row], let other = difference.counterpart(ofNew: owner, type.nodeType) else { continue }
            pairs.insert(RowPair(old: other, new: owner))
        }
        func evaluator(_ version: GraphVersion) throws(EvaluationError) -> ValueEvaluator {
            let context = EvaluationContext(
                version: version, rowTypes: model.rowTypes, asOf: asOf, budget: budget, derived: DerivedColumns(model.rowTypes))
            return try CompiledExpression(expression, on: type.nodeType, context).makeEvaluator()
        }
        var before = try evaluator(difference.old)
        var after = try evaluator(difference.new)
        var counts: [Step: Int] = [:]
        for pair in pairs {
            let step = Step(from: code(try before.value(of: pair.old)), to: code(try after.value(of: pair.new)))
            if step.from != step.to { counts[step, default: 0] += 1 }
        }
        try before.finish()
        try after.finish()
        let periodFields = model[lookup.periodType].fields
        let isPersonal = field.personal != nil || periodFields.contains { $0.column == dated && $0.personal != nil }
        return made(counts, field, isPersonal: isPersonal, values)
    }

    private static func code(_ value: Scalar) -> UInt16? { if case .enumeration(let code) = value { code } else { nil } }
}
