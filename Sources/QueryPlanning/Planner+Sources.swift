import Expressions
import GraphQLTypes
import Model
import StoreColumns

extension Planner {
    /// What a field is read from that a type defines.
    /// - Parameter position: Among the type's fields.
    func source(of position: Int, on type: TypeID) -> PlanSource {
        guard let model else { return .treeField }
        return source(of: model.binding.field(position, of: type), position, type, in: model)
    }

    private func source(of binding: FieldBinding, _ position: Int, _ type: TypeID, in model: Model) -> PlanSource {
        switch binding {
        case .rowByKey(let row): .rowByKey(rowByKey(row, field: position, of: type, in: model))
        case .rows(let row): .rows(connection(row, field: position, of: type, in: model))
        case .node: .node
        case .nodesByID: .nodesByID
        case .search: .search(search(in: model))
        case .meta: .meta
        case .globalID(let row): .globalID(row)
        case .field(let row, let place): field(of: row, place, position, type, in: model)
        // Reached through concrete types only, which bind `.globalID`.
        case .nodeInterfaceID: .treeField
        case .nodes: .nodes
        case .edges: .edges
        case .pageInfo: .pageInfo
        case .totalCount: .totalCount
        case .groups: .groups(groups(field: position, of: type, in: model))
        case .aggregate: .aggregate
        case .aggregateCount: .aggregateCount
        case .aggregateFields(let operation): .aggregateFields(operation)
        case .suppressed: .suppressed
        case .figure(let row, let place):
            .figure(FigureOfField(type: row, position: place, source: model.types[row.index].fields[place].source))
        case .groupKey: .groupKey
        case .groupNodes: .groupNodes
        case .groupKeyID: .groupKeyID
        case .groupKeyNode: .groupKeyNode
        case .groupKeyField(let row, let place): groupKey(place, model.types[row.index].fields[place].source, in: model)
        case .periodText: .periodText
        case .periodFrom: .periodFrom
        case .periodTo: .periodTo
        case .bucketValue: .bucketValue
        case .bucketFrom: .bucketFrom
        case .bucketTo: .bucketTo
        case .edgeNode: .edgeNode
        case .edgeCursor: .edgeCursor
        case .hasNextPage: .hasNextPage
        case .hasPreviousPage: .hasPreviousPage
        case .startCursor: .startCursor
        case .endCursor: .endCursor
        case .version: .version
        case .publishedAt: .publishedAt
        case .modelDigest: .modelDigest
        case .asOfDate: .asOfDate
        case .rowCounts: .rowCounts
        case .rowCountType: .rowCountType
        case .rowCountValue: .rowCountValue
        case .applyChanges: .applyChanges
        case .diff: .diff
        case .explain: .explain
        case .explainFailures: .explainFailures
        case .explainRules: .explainRules
        case .plain, .builtIn: .treeField
        }
    }

    private func field(of row: NodeTypeID, _ place: Int, _ position: Int, _ type: TypeID, in model: Model) -> PlanSource {
        let source = model.types[row.index].fields[place].source
        switch source {
        case .column(_, let value), .validColumn(_, _, let value), .derived(_, let value):
            guard case .masked = model.types[row.index].fields[place].view,
                let mask = FieldMask(model.types[row.index].fields[place], in: model)
            else { return .value(source, leaf(value, in: model)) }
            return .value(source, .masked(mask))
        case .toOne(let edge, let target): return .toOne(edge, target: target)
        case .toMany(let edge, let target): return .toMany(edge, connection(target, field: position, of: type, in: model))
        }
    }

    private func connection(_ row: NodeTypeID, field: Int, of type: TypeID, in model: Model) -> ConnectionPlan {
        let arguments = model.binding.arguments(ofField: field, of: type)
        let filter = arguments.firstIndex(of: .where).map { model.schema.type(ofArgument: $0, ofField: field, of: type).named }
        return ConnectionPlan(type: row, filterType: filter)
    }

    private func groups(field: Int, of type: TypeID, in model: Model) -> GroupsPlan {
        let bindings = model.binding.arguments(ofField: field, of: type)
        func named(_ argument: ArgumentBinding) -> TypeID? {
            bindings.firstIndex(of: argument).map { model.schema.type(ofArgument: $0, ofField: field, of: type).named }
        }
        guard case .connection(let row) = model.binding[type] else { preconditionFailure("A connection has groups.") }
        guard let by = named(.by), let orderBy = named(.orderBy) else { preconditionFailure("Groups have their arguments.") }
        return GroupsPlan(type: row, by: by, having: named(.having), orderBy: orderBy)
    }

    private func groupKey(_ position: Int, _ source: FieldSource, in model: Model) -> PlanSource {
        switch source {
        case .toOne, .toMany: .groupKeyEdge(position)
        case .column(_, let value), .validColumn(_, _, let value), .derived(_, let value):
            switch value {
            case .date, .dateTime: .groupKeyPeriod(position)
            case .int, .decimal, .ratio, .float: .groupKeyNumber(position)
            default: .groupKeyValue(position, source, leaf(value, in: model))
            }
        }
    }

    private func search(in model: Model) -> SearchPlan {
        SearchPlan(
            types: model.types.compactMap { type in
                let columns = type.fields.compactMap { $0.isSearchable ? $0.column : nil }
                guard !columns.isEmpty else { return nil }
                let key = model.catalog[type.nodeType].key
                return SearchedType(
                    type: type.nodeType, columns: columns, keyColumn: key.count == 1 && columns.contains(key[0]) ? key[0] : nil)
            })
    }

    private func leaf(_ type: ExpressionType, in model: Model) -> LeafKind {
        switch type {
        case .boolean: .boolean
        case .int: .int
        case .decimal(let digits): .decimal(fractionDigits: digits)
        case .ratio(let digits): .ratio(displayDigits: digits)
        case .float: .float
        case .date: .date
        case .dateTime: .dateTime
        case .string: .string
        case .enumeration(let id): .enumeration(model.enumerations[id.index].quotedNames)
        case .enumerationList(let id): .enumerationList(model.enumerations[id.index].quotedNames)
        case .row, .rows: preconditionFailure("A row is no leaf.")
        }
    }

    // MARK: - Keys

    private func rowByKey(_ row: NodeTypeID, field: Int, of type: TypeID, in model: Model) -> RowByKey {
        let definitions = model.schema[type].fields[field].arguments
        var parts: [RowByKey.Part?] = Array(repeating: nil, count: model.types[row.index].key.count)
        for (argument, binding) in model.binding.arguments(ofField: field, of: type).enumerated() {
            guard case .key(let part, let given) = binding, parts.indices.contains(part) else { continue }
            let column = model.catalog[row].key[part]
            parts[part] = RowByKey.Part(argument: definitions[argument].name, key: keyPart(given, column, of: row, in: model))
        }
        return RowByKey(type: row, parts: parts.compactMap(\.self))
    }

    private func keyPart(_ argument: KeyArgument, _ column: Int, of row: NodeTypeID, in model: Model) -> PlanKeyPart {
        switch argument {
        case .value, .enumeration: .value(model.catalog[row].columns[column].kind)
        case .reference(let target, let inner):
            .reference(target, keyPart(inner, model.catalog[target].key[0], of: target, in: model))
        case .globalID(let target): .globalID(target)
        }
    }
}
