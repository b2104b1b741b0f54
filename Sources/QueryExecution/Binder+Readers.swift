import Expressions
import Model
import QueryPlanning
import StoreColumns

extension Binder {
    func reader(_ field: FieldSource, _ kind: LeafKind, _ node: PlanNode) throws(ArgumentProblem) -> LeafReader {
        let type = rowType(of: node)
        if case .masked(let mask) = kind { return try maskedReader(field, mask, type, node) }
        switch field {
        case .column(let column, _): return columnReader(source.version[type].column(column), kind)
        case .validColumn(let lookup, let column, _):
            let edge = ToOneEdge.valid(lookup.toDatedRow, on: try date(of: node))
            return DatedReader(
                try edgeReader(edge, lookup.periodType, of: type),
                columnReader(source.version[lookup.periodType].column(column), kind))
        case .derived(let id, let result):
            let expression = Expression.derived(of: .variable(0, type), id, result)
            let evaluator = try compiled { () throws(EvaluationError) in
                try CompiledExpression(expression, on: type, as: result, context).makeEvaluator()
            }
            return ExpressionReader(evaluator, kind, style: source.numberStyle)
        case .toOne, .toMany: preconditionFailure("An edge is no leaf.")
        }
    }

    /// Beside the others, so that those stay as quick as they are.
    private func maskedReader(
        _ field: FieldSource, _ mask: FieldMask, _ type: NodeTypeID, _ node: PlanNode
    ) throws(ArgumentProblem) -> LeafReader {
        if mask.isList {
            switch field {
            case .column(let column, _):
                if case .enumerationList(let list) = source.version[type].column(column) { return MaskedListReader(list, mask) }
            case .validColumn(let lookup, let column, _):
                guard case .enumerationList(let list) = source.version[lookup.periodType].column(column) else { break }
                let edge = ToOneEdge.valid(lookup.toDatedRow, on: try date(of: node))
                return DatedReader(try edgeReader(edge, lookup.periodType, of: type), MaskedListReader(list, mask))
            case .derived, .toOne, .toMany: break
            }
            preconditionFailure("A list of enum values is stored.")
        }
        guard let value = field.value(of: .variable(0, type), on: try date(of: node)) else {
            preconditionFailure("An edge is no leaf.")
        }
        let evaluator = try compiled { () throws(EvaluationError) in
            try CompiledExpression(value, on: type, context).makeEvaluator()
        }
        return MaskedReader(evaluator, mask, on: source.version.publishedDay)
    }

    private func columnReader(_ column: Column, _ kind: LeafKind) -> LeafReader {
        switch (column, kind) {
        case (.boolean(let column), _): BooleanReader(column)
        case (.int(let column), _): IntReader(column)
        case (.float(let column), _): FloatReader(column)
        case (.decimal(let column, let digits), _):
            DecimalReader(column, fractionDigits: digits, isQuoted: source.numberStyle.quotesExact)
        case (.date(let column), _): DateReader(column)
        case (.dateTime(let column), _): DateTimeReader(column)
        case (.string(let column), _): StringReader(column)
        case (.enumeration(let column), .enumeration(let names)): EnumerationReader(column, names: names)
        case (.enumerationList(let column), .enumerationList(let names)): EnumerationListReader(column, names: names)
        case (.enumeration, _), (.enumerationList, _), (.reference, _), (.referenceList, _):
            preconditionFailure("A column is shown as what it is.")
        }
    }

    func edgeReader(_ edge: ToOneEdge, _ target: NodeTypeID, of type: NodeTypeID) throws(ArgumentProblem) -> EdgeReader {
        if case .reference(let column, _) = edge, case .reference(let references) = source.version[type].column(column) {
            return ReferenceReader(references, target: target)
        }
        let evaluator = try compiled { () throws(EvaluationError) in
            try CompiledExpression(.follow(.variable(0, type), edge), on: type, context).makeEvaluator()
        }
        return DatedEdgeReader(evaluator, target: target)
    }
}
