import Expressions
import StoreColumns

/// Rows put into groups: by their own fields, by those of rows that they refer to, by levels of a tree, by periods and by
/// intervals. `api.md` §4
extension API {
    mutating func groupTypes(_ id: NodeTypeID) -> [APIType] {
        let name = structure.types[id.index].name
        // For groups by equal values, and for sorts and conditions that name the field of a figure.
        var choice = APIType(.enumeration, name + "GroupField", "", .fieldChoice(id))
        choice.values =
            (seesRows ? [APIEnumValue(name: "id")] : [])
            + chosenFields(id).map { APIEnumValue(name: $0.field.name, deprecationReason: $0.field.deprecationReason) }
        var order = APIType(
            .oneOfInput, name + "GroupOrderBy", "", .groupOrderBy(id))
        order.inputFields = [APIInputField(name: "key", type: "GroupKeyOrder", binding: .groupKey)]
        if seesRows {
            order.inputFields.append(
                APIInputField(name: "aggregate", type: name + "AggregateOrderBy", binding: .aggregate))
        }
        // Without rows, a type may be one that others are put into groups by, and have no list of its own.
        let isListed = isSummed(id) && isGrouped(id)
        var types: [APIType] = isListed ? [groupType(id)] : []
        if isKey(id) { types.append(groupKeyType(id)) }
        if isGrouped(id) {
            types.append(groupByType(id))
            if !choice.values.isEmpty { types.append(choice) }
        }
        if isListed { types.append(order) }
        return types
    }

    private func chosenFields(_ id: NodeTypeID) -> [FigureField] {
        groupedFields(id).filter { isChosen($0.position, of: id) }
    }

    private func groupType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(.object, name + "Group", "", .group(id))
        type.fields = [
            APIField(name: "key", type: name + "GroupKey!", binding: .groupKey),
            APIField(name: "aggregate", type: name + "Aggregate!", binding: .aggregate),
        ]
        guard seesRows else { return type }
        type.fields.append(
            APIField(
                name: "nodes",
                arguments: [APIArgument(name: "first", type: "Int", defaultValue: "10", binding: .first)], type: "[\(name)!]!",
                binding: .groupNodes))
        return type
    }

    private mutating func groupKeyType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .object, name + "GroupKey", "", .groupKey(id))
        if seesRows {
            type.fields = [
                APIField(name: "id", type: "ID", binding: .groupKeyID),
                APIField(
                    name: "node", type: name, binding: .groupKeyNode),
            ]
        }
        for field in keyFields(id) {
            let result: String
            switch field.value {
            case nil:
                guard case .toOne(_, let target)? = structure.sources[id.index][field.position], isKey(target) else {
                    continue
                }
                result = structure.types[target.index].name + "GroupKey"
            case .date, .dateTime: result = "DateGroupKey"
            case .int, .decimal, .ratio, .float: result = "NumberGroupKey"
            default: result = field.field.type.name
            }
            // Elsewhere rows show them.
            if !seesRows, let value = field.value { noteUse(of: value) }
            type.fields.append(
                APIField(
                    name: field.field.name, type: result, deprecationReason: field.field.deprecationReason,
                    binding: .groupKeyField(id, field.position)))
        }
        return type
    }

    private mutating func groupByType(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        let name = declaration.name
        var type = APIType(.oneOfInput, name + "GroupBy", "", .groupBy(id))
        if seesRows || !chosenFields(id).isEmpty {
            type.inputFields = [
                APIInputField(
                    name: "field", type: name + "GroupField", binding: .figureField)
            ]
        }
        if let tree = structure.trees[id.index], asksByTree(tree, of: id), !seesRows || asks(by: tree.levelField, of: id) {
            let level = declaration.fields[tree.levelField]
            if !seesRows { noteUse(of: .enumeration(tree.levels)) }
            type.inputFields.append(
                APIInputField(
                    name: level.name, description: "By the row of this level above each, or the row itself.",
                    type: level.type.name, binding: .level(id)))
        }
        for field in groupedFields(id) {
            let key: String
            switch field.value {
            case nil:
                guard case .toOne(_, let target)? = structure.sources[id.index][field.position], isGrouped(target),
                    leadsOn(field.position, of: id)
                else { continue }
                key = structure.types[target.index].name + "GroupBy"
            case .date, .dateTime:
                guard isCut(field.position, of: id) else { continue }
                key = "DateBucket"
            case .int, .decimal, .ratio, .float:
                guard isCut(field.position, of: id) else { continue }
                key = "NumberBuckets"
            default: continue
            }
            type.inputFields.append(
                APIInputField(
                    name: field.field.name, type: key, deprecationReason: field.field.deprecationReason,
                    binding: .field(id, field.position)))
        }
        return type
    }

    // MARK: - What all row types share

    /// Only those that some type uses.
    mutating func sharedGroupTypes() -> [APIType] {
        let values = seenTypes.filter(isKey).flatMap { keyFields($0).compactMap(\.value) }
        let cutsNumbers = seenTypes.filter(isGrouped).contains { id in
            groupedFields(id).contains { $0.value?.isNumeric == true && isCut($0.position, of: id) }
        }
        var types = seenTypes.contains { isSummed($0) && isGrouped($0) } ? [Self.groupKeyOrder] : []
        if values.contains(where: { $0 == .date || $0 == .dateTime }) {
            types += [Self.dateBucket, Self.dateGroupKey]
            showsPeriods = true
        }
        if values.contains(where: \.isNumeric) {
            if !usedScalars.contains(.decimal) { usedScalars.append(.decimal) }
            types += (cutsNumbers ? [Self.numberBuckets] : []) + [Self.numberGroupKey]
        }
        return types
    }

    private static let groupKeyOrder: APIType = {
        var type = APIType(.input, "GroupKeyOrder", "Sorts groups by one of their keys.", .groupKeyOrder)
        type.inputFields = [
            APIInputField(
                name: "index", description: "Which of `by`, from 0.", type: "Int", defaultValue: "0", binding: .groupKeyIndex),
            APIInputField(name: "order", type: "Order!", binding: .order),
        ]
        return type
    }()

    private static let dateBucket: APIType = {
        var type = APIType(
            .enumeration, "DateBucket", "Calendar periods. Weeks begin on Monday; an instant lies on its day in UTC.", .dateBucket
        )
        type.values = DateBucket.allCases.map { APIEnumValue(name: $0.rawValue) }
        return type
    }()

    private static let dateGroupKey: APIType = {
        var type = APIType(.object, "DateGroupKey", "A calendar period.", .dateGroupKey)
        type.fields = [
            APIField(name: "period", description: "As `during` takes it.", type: "Period!", binding: .periodText),
            APIField(name: "from", description: "Its first day.", type: "Date!", binding: .periodFrom),
            APIField(name: "to", description: "Its last day.", type: "Date!", binding: .periodTo),
        ]
        return type
    }()

    private static let numberBuckets: APIType = {
        var type = APIType(
            .input, "NumberBuckets",
            "Intervals of numbers, each with its lower end and without its upper one: `width` or `bounds`.",
            .numberBuckets)
        type.inputFields = [
            APIInputField(
                name: "width", description: "All as wide as this, which is above 0.", type: "Decimal", binding: .bucketWidth),
            APIInputField(
                name: "origin", description: "Where one of them begins; 0 where absent.", type: "Decimal", binding: .bucketOrigin),
            APIInputField(
                name: "bounds", description: "Between these, ascending; below the first; from the last on.", type: "[Decimal!]",
                binding: .bucketBounds),
        ]
        return type
    }()

    private static let numberGroupKey: APIType = {
        var type = APIType(.object, "NumberGroupKey", "A number, or an interval of numbers.", .numberGroupKey)
        type.fields = [
            APIField(name: "value", description: "Null of an interval.", type: "Decimal", binding: .bucketValue),
            APIField(name: "from", description: "Belongs to it; null where it is open.", type: "Decimal", binding: .bucketFrom),
            APIField(
                name: "to", description: "Does not belong to it; null where it is open.", type: "Decimal", binding: .bucketTo),
        ]
        return type
    }()
}
