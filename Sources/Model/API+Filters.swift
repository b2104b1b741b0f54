import Expressions
import StoreColumns

extension API {
    /// What a field's value makes necessary in the schema.
    mutating func noteUse(of value: ExpressionType) {
        switch value {
        case .enumeration(let id), .enumerationList(let id):
            if !usedEnumerations.contains(id) { usedEnumerations.append(id) }
        default: break
        }
    }

    // MARK: - Filters of rows

    mutating func filterType(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        let name = declaration.name + "Filter"
        var type = APIType(.input, name, "", .filter(id))
        type.inputFields = [APIInputField(name: "and", type: "[\(name)!]", binding: .and)]
        if seesRows {
            type.inputFields += [
                APIInputField(name: "or", type: "[\(name)!]", binding: .or),
                APIInputField(name: "not", type: name, binding: .not),
                APIInputField(name: "cel", type: "String", binding: .cel),
                APIInputField(name: "id", type: filterName(of: .id), binding: .globalID),
            ]
        }
        if seesRows, let period = structure.periods[id.index], asks(by: period.fromField, of: id),
            asks(by: period.toField, of: id)
        {
            type.inputFields.append(
                APIInputField(
                    name: "validOn", description: "Valid on that date; without it rows of all dates are looked at.",
                    type: "Date", binding: .validOn))
        }
        if let tree = structure.trees[id.index], asksByTree(tree, of: id),
            !seesRows || structure.keys[id.index].allSatisfy({ asks(by: $0, of: id) })
        {
            type.inputFields.append(
                APIInputField(
                    name: "within", description: "The row that is named so, and all below it.", type: treeKeyType(id),
                    binding: .within))
        }
        for (position, field) in declaration.fields.enumerated() {
            guard let source = structure.sources[id.index][position], asks(by: position, of: id) else { continue }
            type.inputFields.append(
                APIInputField(
                    name: field.name, type: filterName(of: source, field: field),
                    deprecationReason: field.deprecationReason, binding: .field(id, position)))
        }
        return type
    }

    /// A row of a tree is named as it is elsewhere: by its key where that is one value, else by its global id.
    private func treeKeyType(_ id: NodeTypeID) -> String {
        let key = structure.keys[id.index]
        switch structure.sources[id.index][key[0]] {
        case .column(_, .enumeration(let enumeration))? where key.count == 1:
            return structure.enumerations[enumeration.index].name
        case .column(_, let value)? where key.count == 1:
            return APIScalar(value, named: structure.types[id.index].fields[key[0]].type.name).rawValue
        default: return APIScalar.id.rawValue
        }
    }

    mutating func filterName(of source: FieldSource, field: FieldDeclaration) -> String {
        switch source {
        case .toOne(_, let target): return structure.types[target.index].name + "Filter"
        case .toMany(_, let target): return structure.types[target.index].name + "ListFilter"
        case .column(_, let value), .validColumn(_, _, let value), .derived(_, let value):
            switch value {
            case .enumeration(let id):
                noteUse(of: value)
                if !usedEnumerationFilters.contains(id) { usedEnumerationFilters.append(id) }
                return structure.enumerations[id.index].name + "Filter"
            case .enumerationList(let id):
                if !usedEnumerationListFilters.contains(id) { usedEnumerationListFilters.append(id) }
                return structure.enumerations[id.index].name + "ListFilter"
            default: return filterName(of: APIScalar(value, named: field.type.name))
            }
        }
    }

    mutating func filterName(of scalar: APIScalar) -> String {
        if !usedScalars.contains(scalar) { usedScalars.append(scalar) }
        return scalar.rawValue + "Filter"
    }

    func listFilterType(_ id: NodeTypeID) -> APIType {
        let name = structure.types[id.index].name
        var type = APIType(
            .input, name + "ListFilter", "", .listFilter(id))
        type.inputFields = [
            APIInputField(
                name: "some", type: name + "Filter",
                binding: .some),
            APIInputField(
                name: "none", type: name + "Filter", binding: .none),
            APIInputField(
                name: "every", type: name + "Filter", binding: .every),
        ]
        guard hasFigures(id) else { return type }
        type.inputFields += [
            APIInputField(
                name: "aggregate", type: name + "AggregateFilter",
                binding: .aggregate)
        ]
        return type
    }

    // MARK: - Filters of values

    /// The filter of a scalar, and the range it needs.
    func scalarFilterTypes(_ scalar: APIScalar) -> [APIType] {
        let value = scalar.rawValue
        var type = APIType(
            .input, value + "Filter", "", .scalarFilter(scalar))
        type.inputFields = equality(value)
        let isOrdered = scalar != .boolean && scalar != .id
        guard isOrdered, seesRows else {
            type.inputFields.append(isNull)
            return [type]
        }
        type.inputFields += comparison(value)
        var types: [APIType] = []
        if scalar == .string {
            type.inputFields += Self.textOperators
        } else {
            type.inputFields.append(
                APIInputField(
                    name: "between", description: "Both ends belong to it.", type: value + "Range", binding: .filter(.between)))
            types.append(rangeType(scalar))
        }
        if scalar == .date || scalar == .dateTime {
            type.inputFields.append(
                APIInputField(name: "during", description: "Within a period.", type: "Period", binding: .filter(.during)))
        }
        type.inputFields.append(isNull)
        return [type] + types
    }

    /// Without rows, values are named, and nothing else is asked of them.
    private func equality(_ value: String) -> [APIInputField] {
        let named = [
            APIInputField(name: "eq", type: value, binding: .filter(.equal)),
            APIInputField(name: "in", type: "[\(value)!]", binding: .filter(.isIn)),
        ]
        guard seesRows else { return named }
        return [
            named[0], APIInputField(name: "neq", type: value, binding: .filter(.notEqual)), named[1],
            APIInputField(name: "notIn", type: "[\(value)!]", binding: .filter(.notIn)),
        ]
    }

    private func comparison(_ value: String) -> [APIInputField] {
        [FilterOperator.less, .lessOrEqual, .greater, .greaterOrEqual].map {
            APIInputField(name: $0.rawValue, type: value, binding: .filter($0))
        }
    }

    private var isNull: APIInputField {
        APIInputField(name: "isNull", type: "Boolean", binding: .filter(.isNull))
    }

    private static let textOperators: [APIInputField] = [
        APIInputField(name: "startsWith", type: "String", binding: .filter(.startsWith)),
        APIInputField(name: "endsWith", type: "String", binding: .filter(.endsWith)),
        APIInputField(name: "contains", type: "String", binding: .filter(.contains)),
        APIInputField(
            name: "like", description: "`%` stands for any characters, `_` for one, `\\` before them for themselves.",
            type: "String",
            binding: .filter(.like)),
        APIInputField(
            name: "regex", description: "A Perl-compatible pattern, anywhere in the text.", type: "String",
            binding: .filter(.regex)),
        APIInputField(
            name: "caseInsensitive", description: "For all that is asked beside it.", type: "Boolean", defaultValue: "false",
            binding: .caseInsensitive),
    ]

    private func rangeType(_ scalar: APIScalar) -> APIType {
        let value = scalar.rawValue
        var type = APIType(.input, value + "Range", "From one \(value) to another, both included.", .range(scalar))
        type.inputFields = [
            APIInputField(name: "from", description: "Open where absent.", type: value, binding: .rangeFrom),
            APIInputField(name: "to", description: "Open where absent.", type: value, binding: .rangeTo),
        ]
        return type
    }

    func enumerationFilterType(_ id: EnumerationID) -> APIType {
        let value = structure.enumerations[id.index].name
        var type = APIType(
            .input, value + "Filter", "", .enumerationFilter(id))
        type.inputFields = equality(value) + (seesRows ? comparison(value) : []) + [isNull]
        return type
    }

    func enumerationListFilterType(_ id: EnumerationID) -> APIType {
        let value = structure.enumerations[id.index].name
        var type = APIType(
            .input, value + "ListFilter", "", .enumerationListFilter(id))
        type.inputFields = [
            APIInputField(name: "includes", type: value, binding: .filter(.includes)),
            APIInputField(name: "includesAny", type: "[\(value)!]", binding: .filter(.includesAny)),
            APIInputField(name: "includesAll", type: "[\(value)!]", binding: .filter(.includesAll)),
            APIInputField(name: "isEmpty", type: "Boolean", binding: .filter(.isEmpty)),
            isNull,
        ]
        return type
    }

    // MARK: - Sorting

    func orderType(_ id: NodeTypeID) -> APIType {
        let declaration = structure.types[id.index]
        var type = APIType(
            .oneOfInput, declaration.name + "OrderBy", "", .orderBy(id))
        for (position, field) in declaration.fields.enumerated() where asks(by: position, of: id) {
            let order: String
            switch structure.sources[id.index][position] {
            case .toOne(_, let target)?: order = structure.types[target.index].name + "OrderBy"
            case .toMany(_, let target)?:
                guard hasFigures(target) else { continue }
                order = structure.types[target.index].name + "AggregateOrderBy"
            case .column(_, .enumerationList)?, nil: continue
            case .column?, .validColumn?, .derived?: order = "Order"
            }
            type.inputFields.append(
                APIInputField(
                    name: field.name, type: order, deprecationReason: field.deprecationReason, binding: .field(id, position)))
        }
        return type
    }

    static let order: APIType = {
        var type = APIType(.enumeration, "Order", "How to sort. Enums sort in the order of their values.", .order)
        type.values = SortDirection.allCases.map { direction in
            let nulls = direction.putsNullsFirst ? "first" : "last"
            return APIEnumValue(
                name: direction.rawValue,
                description: "\(direction.isAscending ? "Ascending" : "Descending"), rows without a value \(nulls).")
        }
        return type
    }()

    // MARK: - Scalars

    /// The custom scalars that the schema refers to.
    var scalarTypes: [APIType] {
        let isUsed: (APIScalar) -> Bool = {
            $0 == .date || $0 == .dateTime || usedScalars.contains($0) || shownScalars.contains($0)
        }
        var all: [(APIScalar, String)] = [
            (.decimal, "An exact decimal number. Given as a number or as a string, never rounded through a binary fraction."),
            (
                .ratio,
                "An exact ratio, shown with a fixed number of digits and compared exactly. Given as a number, as a string, or as "
                    + "a fraction \"1/50\"."
            ),
            (.date, "A civil date, \"2018-12-31\"."),
            (.dateTime, "An instant, \"2018-12-31T16:00:00Z\" or with an offset; shown in UTC."),
        ]
        all = all.filter { isUsed($0.0) }
        if usedScalars.contains(.date) || usedScalars.contains(.dateTime) || showsPeriods {
            all.append((.period, Period.explanation))
        }
        return all.map { APIType(.scalar, $0.rawValue, $1, .scalar($0)) }
    }
}
