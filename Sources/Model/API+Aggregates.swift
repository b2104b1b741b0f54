import Expressions
import StoreColumns

/// Figures of sets of rows: what they are, what is asked of them in filters, and how lists are sorted by them. `api.md` §4
///
/// For every row type T: TAggregate with the fields it has figures of, TAggregateFilter, TAggregateOrderBy. Types for figures
/// that no field of T has are not there.
extension API {
    /// A field of a row type of which figures are made.
    struct FigureField {
        var position: Int
        var field: FieldDeclaration
        /// Nil for a to-one edge, whose rows are counted.
        var value: ExpressionType?
    }

    func figureFields(_ id: NodeTypeID) -> [FigureField] {
        structure.types[id.index].fields.enumerated().compactMap { position, field in
            switch structure.sources[id.index][position] {
            case .column(_, .enumerationList), .toMany, nil: nil
            case .toOne: FigureField(position: position, field: field, value: nil)
            case .column(_, let value), .validColumn(_, _, let value), .derived(_, let value):
                FigureField(position: position, field: field, value: value)
            }
        }
    }

    /// Fields that are summed and averaged.
    func numberFields(_ id: NodeTypeID) -> [FigureField] {
        figureFields(id).filter { field in
            switch field.value {
            case .int, .decimal, .float: true
            default: false
            }
        }
    }

    /// Fields among whose values one is the least.
    func orderedFields(_ id: NodeTypeID) -> [FigureField] {
        figureFields(id).filter { $0.value?.isAggregatedByOrder == true }
    }

    /// All types of one row type's figures.
    mutating func aggregateTypes(_ id: NodeTypeID) -> [APIType] {
        var types = [aggregateType(id)] + figureTypes(id)
        types.append(aggregateFilterType(id))
        types += figureFilterTypes(id)
        types += aggregateOrderTypes(id)
        return types
    }

    // MARK: - Output

    private func aggregateType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .object, name + "Aggregate", "Figures of a whole set of \(name) rows, never of a page.", .aggregate(id))
        type.fields = [
            APIField(
                name: "count", description: "How many rows; null only where it is suppressed.", type: "Int",
                binding: .aggregateCount)
        ]
        if !figureFields(id).isEmpty {
            type.fields.append(
                APIField(
                    name: "countDistinct", description: "How many different values.", type: name + "CountDistinctFields!",
                    binding: .aggregateFields(.countDistinct)))
        }
        if !numberFields(id).isEmpty {
            let scale = APIArgument(
                name: "scale", description: "Fraction digits, 0 to 9.", type: "Int", defaultValue: "4", binding: .scale)
            type.fields += [
                APIField(
                    name: "sum", description: "Exact; of nothing 0.", type: name + "NumberFields!",
                    binding: .aggregateFields(.sum)),
                APIField(
                    name: "avg", description: "Rounded half up to `scale` digits; of nothing null.", arguments: [scale],
                    type: name + "NumberFields!", binding: .aggregateFields(.average)),
            ]
        }
        if !orderedFields(id).isEmpty {
            type.fields += [
                APIField(
                    name: "min", description: "Of nothing null.", type: name + "OrderedFields!",
                    binding: .aggregateFields(.minimum)),
                APIField(
                    name: "max", description: "Of nothing null.", type: name + "OrderedFields!",
                    binding: .aggregateFields(.maximum)),
                APIField(
                    name: "median",
                    description:
                        "The middle value, or the exact mean of the two in the middle, with one digit more; of dates the earlier. "
                        + "Of nothing null.",
                    type: name + "MedianFields!", binding: .aggregateFields(.median)),
            ]
        }
        type.fields.append(
            APIField(
                name: "suppressed", description: "Whether figures are withheld because they are about too few.", type: "Boolean!",
                binding: .suppressed))
        return type
    }

    private func figureTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        func type(
            _ suffix: String, _ description: String, _ binding: FigureShape, _ fields: [FigureField],
            _ result: (FigureField) -> String
        ) -> APIType? {
            guard !fields.isEmpty else { return nil }
            var type = APIType(.object, name + suffix, description, .figures(id, binding))
            type.fields = fields.map {
                APIField(
                    name: $0.field.name, type: result($0), deprecationReason: $0.field.deprecationReason,
                    binding: .figure(id, $0.position))
            }
            return type
        }
        let described = "A figure for each field of \(name)"
        return [
            type("CountDistinctFields", described + " that has values.", .counts, figureFields(id)) { _ in "Int" },
            type("NumberFields", described + " that is a number.", .numbers, numberFields(id)) {
                $0.value == .float ? "Float" : "Decimal"
            },
            type("OrderedFields", described + " that has an order.", .ordered, orderedFields(id)) { $0.field.type.name },
            type("MedianFields", described + " that has an order.", .medians, orderedFields(id)) {
                $0.value == .int ? "Decimal" : $0.field.type.name
            },
        ].compactMap(\.self)
    }

    // MARK: - Conditions

    private mutating func aggregateFilterType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .input, name + "AggregateFilter",
            "What to ask of the figures of a set of \(name) rows; all that is given must hold.", .aggregateFilter(id))
        type.inputFields = [
            APIInputField(name: "where", description: "Of these rows only.", type: name + "Filter", binding: .where),
            APIInputField(name: "count", type: filterName(of: .int), binding: .aggregateCount),
        ]
        if !numberFields(id).isEmpty {
            type.inputFields += [
                APIInputField(name: "sum", type: name + "NumberFieldsFilter", binding: .aggregated(.sum)),
                APIInputField(
                    name: "avg", description: "Compared exactly.", type: name + "NumberFieldsFilter",
                    binding: .aggregated(.average)),
            ]
        }
        if !orderedFields(id).isEmpty {
            type.inputFields += [
                APIInputField(name: "min", type: name + "OrderedFieldsFilter", binding: .aggregated(.minimum)),
                APIInputField(name: "max", type: name + "OrderedFieldsFilter", binding: .aggregated(.maximum)),
            ]
        }
        return type
    }

    private mutating func figureFilterTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        var types: [APIType] = []
        var numbers = APIType(
            .input, name + "NumberFieldsFilter", "What to ask of sums or averages of \(name) rows.", .figuresFilter(id, .numbers))
        for field in numberFields(id) {
            numbers.inputFields.append(
                APIInputField(
                    name: field.field.name, type: filterName(of: field.value == .float ? .float : .decimal),
                    deprecationReason: field.field.deprecationReason, binding: .field(id, field.position)))
        }
        if !numbers.inputFields.isEmpty { types.append(numbers) }
        var ordered = APIType(
            .input, name + "OrderedFieldsFilter", "What to ask of the least or the greatest values of \(name) rows.",
            .figuresFilter(id, .ordered))
        for field in orderedFields(id) {
            guard let value = field.value else { continue }
            ordered.inputFields.append(
                APIInputField(
                    name: field.field.name, type: filterName(of: APIScalar(value, named: field.field.type.name)),
                    deprecationReason: field.field.deprecationReason, binding: .field(id, field.position)))
        }
        if !ordered.inputFields.isEmpty { types.append(ordered) }
        return types
    }

    // MARK: - Sorting

    private func aggregateOrderTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        var order = APIType(
            .oneOfInput, name + "AggregateOrderBy", "A figure of a set of \(name) rows to sort by.", .aggregateOrderBy(id))
        let filter = APIInputField(name: "where", description: "Of these rows only.", type: name + "Filter", binding: .where)
        let direction = APIInputField(name: "order", type: "Order!", binding: .order)
        var count = APIType(.input, name + "CountOrder", "How many \(name) rows there are.", .figureOrder(id))
        count.inputFields = [filter, direction]
        order.inputFields = [APIInputField(name: "count", type: count.name, binding: .aggregateCount)]
        var types = [count]
        func add(_ shape: String, _ fields: [FigureField], _ figures: [(String, AggregateOperation)]) {
            guard !fields.isEmpty else { return }
            var choice = APIType(
                .enumeration, name + shape + "Field", "The fields of \(name) that have such figures.", .fieldChoice(id))
            choice.values = fields.map { APIEnumValue(name: $0.field.name, deprecationReason: $0.field.deprecationReason) }
            var by = APIType(.input, name + shape + "Order", "A figure of one field of \(name) rows.", .figureOrder(id))
            by.inputFields = [filter, APIInputField(name: "field", type: choice.name + "!", binding: .figureField), direction]
            types += [choice, by]
            order.inputFields += figures.map { APIInputField(name: $0, type: by.name, binding: .aggregated($1)) }
        }
        add("Number", numberFields(id), [("sum", .sum), ("avg", .average)])
        add("Ordered", orderedFields(id), [("min", .minimum), ("max", .maximum)])
        return [order] + types
    }
}
