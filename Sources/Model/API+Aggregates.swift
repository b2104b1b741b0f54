import Expressions
import StoreColumns

/// Figures of sets of rows: what they are, what is asked of them in filters, and how lists are sorted by them. `api.md` §4
///
/// For every row type T: TAggregate with the fields it has figures of, TAggregateFilter, TAggregateOrderBy. Types for figures
/// that no field of T has are not there. What is chosen by name, for sorts and for keys of groups, is chosen from one enum, TGroupField.
extension API {
    /// A field of a row type of which figures are made.
    struct FigureField {
        var position: Int
        var field: FieldDeclaration
        /// Nil for a to-one edge, whose rows are counted.
        var value: ExpressionType?
    }

    /// The fields whose values are counted. Without rows none: that all of a group have one value tells what each of them has.
    func figureFields(_ id: NodeTypeID) -> [FigureField] {
        seesRows ? allFigureFields(id).filter { asks(by: $0.position, of: id) } : []
    }

    /// The fields by which rows are put into groups.
    func groupedFields(_ id: NodeTypeID) -> [FigureField] {
        allFigureFields(id).filter { groups(by: $0.position, of: id) }
    }

    /// The fields that keys of groups show.
    func keyFields(_ id: NodeTypeID) -> [FigureField] {
        allFigureFields(id).filter { showsInKeys($0.position, of: id) }
    }

    private func allFigureFields(_ id: NodeTypeID) -> [FigureField] {
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
        allFigureFields(id).filter { field in
            guard makesFigures(of: field.position, of: id) else { return false }
            return switch field.value {
            case .int, .decimal, .float: true
            default: false
            }
        }
    }

    /// Fields among whose values one is the least.
    /// Without rows only numbers: the least text may be a row's own number.
    func orderedFields(_ id: NodeTypeID) -> [FigureField] {
        allFigureFields(id).filter { field in
            guard makesFigures(of: field.position, of: id), let value = field.value else { return false }
            return value.isAggregatedByOrder && (seesRows || value.isNumeric)
        }
    }

    /// Whether a median is of another type than the least and the greatest value: that of whole numbers may lie between two.
    private func hasOwnMedians(_ id: NodeTypeID) -> Bool { orderedFields(id).contains { $0.value == .int } }

    /// All types of one row type's figures.
    mutating func aggregateTypes(_ id: NodeTypeID) -> [APIType] {
        var types = [aggregateType(id)] + figureTypes(id)
        if !seesRows {
            if !numberFields(id).isEmpty || hasOwnMedians(id) { shownScalars.insert(.decimal) }
            for field in orderedFields(id) {
                if let value = field.value { shownScalars.insert(APIScalar(value, named: field.field.type.name)) }
            }
        }
        guard seesRows else { return types }
        types.append(aggregateFilterType(id))
        types += figureFilterTypes(id)
        types += aggregateOrderTypes(id)
        return types
    }

    // MARK: - Output

    private func aggregateType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .object, name + "Aggregate", "", .aggregate(id))
        type.fields = [
            APIField(
                name: "count", type: "Int", binding: .aggregateCount)
        ]
        if !figureFields(id).isEmpty {
            type.fields.append(
                APIField(
                    name: "countDistinct", type: name + "CountDistinctFields!",
                    binding: .aggregateFields(.countDistinct)))
        }
        if !numberFields(id).isEmpty {
            let scale = APIArgument(
                name: "scale", type: "Int", defaultValue: "4", binding: .scale)
            type.fields += [
                APIField(
                    name: "sum", type: name + "NumberFields!",
                    binding: .aggregateFields(.sum)),
                APIField(
                    name: "avg", arguments: [scale],
                    type: name + "NumberFields!", binding: .aggregateFields(.average)),
            ]
        }
        if !orderedFields(id).isEmpty {
            type.fields += [
                APIField(
                    name: "min", type: name + "OrderedFields!",
                    binding: .aggregateFields(.minimum)),
                APIField(
                    name: "max", type: name + "OrderedFields!",
                    binding: .aggregateFields(.maximum)),
                APIField(
                    name: "median", type: name + (hasOwnMedians(id) ? "MedianFields!" : "OrderedFields!"),
                    binding: .aggregateFields(.median)),
            ]
        }
        type.fields.append(
            APIField(
                name: "suppressed", type: "Boolean!", binding: .suppressed))
        return type
    }

    private func figureTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        func type(
            _ suffix: String, _ binding: FigureShape, _ fields: [FigureField],
            _ result: (FigureField) -> String
        ) -> APIType? {
            guard !fields.isEmpty else { return nil }
            var type = APIType(.object, name + suffix, "", .figures(id, binding))
            type.fields = fields.map {
                APIField(
                    name: $0.field.name, type: result($0), deprecationReason: $0.field.deprecationReason,
                    binding: .figure(id, $0.position))
            }
            return type
        }
        return [
            type("CountDistinctFields", .counts, figureFields(id)) { _ in "Int" },
            type("NumberFields", .numbers, numberFields(id)) {
                $0.value == .float ? "Float" : "Decimal"
            },
            type("OrderedFields", .ordered, orderedFields(id)) { $0.field.type.name },
            type("MedianFields", .medians, hasOwnMedians(id) ? orderedFields(id) : []) {
                $0.value == .int ? "Decimal" : $0.field.type.name
            },
        ].compactMap(\.self)
    }

    // MARK: - Conditions

    private mutating func aggregateFilterType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .input, name + "AggregateFilter", "", .aggregateFilter(id))
        type.inputFields = [
            APIInputField(name: "where", type: name + "Filter", binding: .where),
            APIInputField(name: "count", type: filterName(of: .int), binding: .aggregateCount),
        ]
        if !figureFields(id).isEmpty {
            type.inputFields.append(
                APIInputField(
                    name: "countDistinct", type: "[\(name)CountDistinctFilter!]", binding: .aggregated(.countDistinct)))
        }
        if !numberFields(id).isEmpty {
            type.inputFields += [
                APIInputField(name: "sum", type: name + "NumberFieldsFilter", binding: .aggregated(.sum)),
                APIInputField(
                    name: "avg", type: name + "NumberFieldsFilter",
                    binding: .aggregated(.average)),
            ]
        }
        if !orderedFields(id).isEmpty {
            type.inputFields += [
                APIInputField(name: "min", type: name + "OrderedFieldsFilter", binding: .aggregated(.minimum)),
                APIInputField(name: "max", type: name + "OrderedFieldsFilter", binding: .aggregated(.maximum)),
                APIInputField(name: "median", type: name + "OrderedFieldsFilter", binding: .aggregated(.median)),
            ]
        }
        return type
    }

    private mutating func figureFilterTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        var types: [APIType] = []
        var numbers = APIType(
            .input, name + "NumberFieldsFilter", "", .figuresFilter(id, .numbers))
        for field in numberFields(id) {
            numbers.inputFields.append(
                APIInputField(
                    name: field.field.name, type: filterName(of: field.value == .float ? .float : .decimal),
                    deprecationReason: field.field.deprecationReason, binding: .field(id, field.position)))
        }
        if !numbers.inputFields.isEmpty { types.append(numbers) }
        var ordered = APIType(
            .input, name + "OrderedFieldsFilter", "", .figuresFilter(id, .ordered))
        for field in orderedFields(id) {
            guard let source = structure.sources[id.index][field.position] else { continue }
            ordered.inputFields.append(
                APIInputField(
                    name: field.field.name, type: filterName(of: source, field: field.field),
                    deprecationReason: field.field.deprecationReason, binding: .field(id, field.position)))
        }
        if !ordered.inputFields.isEmpty { types.append(ordered) }
        guard !figureFields(id).isEmpty else { return types }
        // The field by its name, as in a sort: a type with a member for each field would make the schema a twentieth larger.
        var distinct = APIType(.input, name + "CountDistinctFilter", "", .distinctFilter(id))
        distinct.inputFields = [
            APIInputField(name: "field", type: name + "GroupField!", binding: .figureField),
            APIInputField(name: "count", type: filterName(of: .int) + "!", binding: .aggregateCount),
        ]
        types.append(distinct)
        return types
    }

    // MARK: - Sorting

    private func aggregateOrderTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        var order = APIType(
            .oneOfInput, name + "AggregateOrderBy", "", .aggregateOrderBy(id))
        let filter = APIInputField(name: "where", type: name + "Filter", binding: .where)
        let direction = APIInputField(name: "order", type: "Order!", binding: .order)
        var count = APIType(.input, name + "CountOrder", "", .figureOrder(id))
        count.inputFields = [filter, direction]
        order.inputFields = [APIInputField(name: "count", type: count.name, binding: .aggregateCount)]
        var types = [count]
        if !figureFields(id).isEmpty {
            // One for all figures: a sum of dates is refused where the sort is read.
            var by = APIType(.input, name + "FieldOrder", "", .figureOrder(id))
            by.inputFields = [filter, APIInputField(name: "field", type: name + "GroupField!", binding: .figureField), direction]
            types.append(by)
            var figures: [(String, AggregateOperation)] = [("countDistinct", .countDistinct)]
            if !numberFields(id).isEmpty { figures += [("sum", .sum), ("avg", .average)] }
            if !orderedFields(id).isEmpty { figures += [("min", .minimum), ("max", .maximum), ("median", .median)] }
            order.inputFields += figures.map { APIInputField(name: $0, type: by.name, binding: .aggregated($1)) }
        }
        return [order] + types
    }
}
