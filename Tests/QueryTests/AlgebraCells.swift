import Expressions
import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import JSONText
import Model
import QueryPlanning
import StoreColumns

/// The query algebra as a table: one cell for each thing that can be asked of each kind of field. `api.md` §2–§4
///
/// What there is to ask is read from the model, what was asked from documents, so that neither can be forgotten when the other
/// grows.
struct AlgebraCells {
    let model: Model
    private(set) var cells: Set<String> = []

    init(_ model: Model) { self.model = model }

    // MARK: - Kinds

    private func kind(_ type: ExpressionType, _ row: NodeTypeID, _ position: Int) -> String {
        switch type {
        case .boolean: return "Boolean"
        case .int: return "Int"
        case .decimal: return "Decimal"
        case .ratio: return "Ratio"
        case .float: return "Float"
        case .date: return "Date"
        case .dateTime: return "DateTime"
        case .enumeration: return "enum"
        case .enumerationList: return "enum list"
        case .string:
            // Only the API tells an ID from a text.
            let field = model[row].apiType.flatMap { model.schema[$0].field(named: model[row].fields[position].name) }
            return field.map { model.schema[$0.type.named].name } ?? "String"
        case .row, .rows: return "row"
        }
    }

    /// A field as the table has it: `derived Int`, `reference`, `dated list`.
    private func field(_ row: NodeTypeID, _ position: Int) -> String {
        switch model[row].fields[position].source {
        case .column(_, let type): "stored " + kind(type, row, position)
        case .validColumn(_, _, let type): "dated " + kind(type, row, position)
        case .derived(_, let type): "derived " + kind(type, row, position)
        case .toOne(.reference, _): "reference"
        case .toOne(.valid, _): "dated reference"
        case .toMany(.inverse, _): "inverse"
        case .toMany(.list, _): "list"
        case .toMany(.valid, _): "dated list"
        }
    }

    /// The kind alone, whether stored or computed.
    private func kind(_ row: NodeTypeID, _ position: Int) -> String {
        switch model[row].fields[position].source {
        case .column(_, let type), .validColumn(_, _, let type), .derived(_, let type): kind(type, row, position)
        case .toOne, .toMany: "row"
        }
    }

    // MARK: - What there is to ask

    /// Every cell that the model has.
    static func all(of model: Model) -> Set<String> {
        var all = AlgebraCells(model)
        for type in model.types {
            for name in ["Filter", "OrderBy", "AggregateFilter", "AggregateOrderBy", "GroupBy", "GroupOrderBy"] {
                guard let id = model.schema.type(named: type.name + name) else { continue }
                for root in name.hasPrefix("Aggregate") ? ["set", "having"] : [""] { all.addAll(of: id, root) }
            }
            for name in ["CountDistinctFields", "NumberFields", "OrderedFields", "MedianFields"] {
                guard let id = model.schema.type(named: type.name + name) else { continue }
                all.addFigures(id)
            }
        }
        return all.cells
    }

    private mutating func addAll(of type: TypeID, _ root: String) {
        for (position, input) in model.schema[type].inputFields.enumerated() {
            let inner = input.type.named
            switch (model.binding[type], model.binding.inputField(position, of: type)) {
            case (.filter, .field(let row, let place)):
                switch model[row].fields[place].source {
                case .toMany:
                    for entry in model.schema[inner].inputFields { cells.insert("filter \(entry.name) of \(field(row, place))") }
                case .toOne: cells.insert("filter of \(field(row, place))")
                default:
                    for entry in model.schema[inner].inputFields where entry.name != "caseInsensitive" {
                        cells.insert("filter \(entry.name) of \(field(row, place))")
                        if model.schema[inner].inputFields.contains(where: { $0.name == "caseInsensitive" }),
                            entry.name != "isNull"
                        {
                            cells.insert("filter \(entry.name) of \(field(row, place)), whatever the case")
                        }
                    }
                }
            case (.filter, .globalID):
                for entry in model.schema[inner].inputFields { cells.insert("filter \(entry.name) of a global id") }
            case (.filter, _): cells.insert("filter \(input.name)")
            case (.orderBy, .field(let row, let place)): addOrder(row, place)
            case (.aggregateFilter, .aggregateCount): cells.insert("\(root) condition on count")
            case (.aggregateFilter, .where): cells.insert("\(root) condition on some rows only")
            case (.aggregateFilter, .aggregated(.countDistinct)):
                addChoices(type, inner) { "\(root) condition on countDistinct of \($0)" }
            case (.aggregateFilter, .aggregated):
                for (place, _) in model.schema[inner].inputFields.enumerated() {
                    guard case .field(let row, let field) = model.binding.inputField(place, of: inner) else { continue }
                    cells.insert("\(root) condition on \(input.name) of \(kind(row, field))")
                }
            case (.aggregateOrderBy, .aggregateCount):
                cells.insert(root == "having" ? "groups sorted by count" : "rows sorted by count of a set")
            case (.aggregateOrderBy(let row), .aggregated(let operation)):
                let prefix = root == "having" ? "groups sorted by" : "rows sorted by"
                for (place, _) in model[row].fields.enumerated() {
                    guard let element = model[row].fields[place].source.element(of: .variable(0, row)),
                        Measure(Measure.Operation(operation), of: element).resultType != nil
                    else { continue }
                    cells.insert("\(prefix) \(input.name) of \(kind(row, place))")
                }
            case (.groupBy(let row), .figureField):
                cells.insert("groups by the row")
                for place in model[row].fields.indices { addKey(row, place) }
            case (.groupBy, .level): cells.insert("groups by level")
            case (.groupBy, .field(let row, let place)):
                switch kind(row, place) {
                case "row": cells.insert("groups through \(field(row, place))")
                case "Date", "DateTime":
                    for bucket in DateBucket.allCases { cells.insert("groups by \(bucket.rawValue) of \(kind(row, place))") }
                default: for way in ["width", "bounds"] { cells.insert("groups by \(way) of \(kind(row, place))") }
                }
            case (.groupOrderBy, .groupKey): cells.insert("groups sorted by key")
            default: break
            }
        }
    }

    private mutating func addOrder(_ row: NodeTypeID, _ place: Int) {
        switch model[row].fields[place].source {
        case .toOne: cells.insert("rows sorted through \(field(row, place))")
        case .toMany: cells.insert("rows sorted by a figure of \(field(row, place))")
        default:
            for direction in SortDirection.allCases { cells.insert("rows sorted \(direction.rawValue) by \(kind(row, place))") }
            cells.insert("rows sorted by \(field(row, place))")
        }
    }

    private mutating func addKey(_ row: NodeTypeID, _ place: Int) {
        switch kind(row, place) {
        // Hardly ever equal: by periods and by intervals only.
        case "DateTime", "Ratio", "Float", "enum list": break
        case "row": if case .toOne = model[row].fields[place].source { cells.insert("groups by \(field(row, place))") }
        default: cells.insert("groups by \(field(row, place))")
        }
    }

    private mutating func addChoices(_ type: TypeID, _ inner: TypeID, _ cell: (String) -> String) {
        guard case .distinctFilter(let row) = model.binding[inner] else { return }
        for place in model[row].fields.indices where model[row].fields[place].source.element(of: .variable(0, row)) != nil {
            if kind(row, place) != "enum list" { cells.insert(cell(kind(row, place))) }
        }
    }

    private mutating func addFigures(_ type: TypeID) {
        guard case .figures(_, let shape) = model.binding[type] else { return }
        let operations =
            switch shape {
            case .counts: ["countDistinct"]
            case .numbers: ["sum", "avg"]
            case .ordered:
                ["min", "max"]
                    + (model.schema.type(named: model.schema[type].name.replacing("Ordered", with: "Median")) == nil
                        ? ["median"] : [])
            case .medians: ["median"]
            }
        for position in model.schema[type].fields.indices {
            guard case .figure(let row, let place) = model.binding.field(position, of: type) else { continue }
            for operation in operations { cells.insert("\(operation) of \(field(row, place))") }
        }
    }

    // MARK: - What was asked

    /// Adds what a document asks. One that is refused asks nothing.
    mutating func add(_ document: String, variables: InputObject = InputObject([])) {
        guard let parsed = try? parse(Source(document)), let valid = try? validate(parsed, against: model.schema) else { return }
        for case .operation(let operation) in parsed.definitions {
            guard let coerced = try? model.schema.coerceVariables(operation.variables, in: parsed, values: variables) else {
                continue
            }
            let plan = Plan(valid, operation: operation, model: model, variables: coerced)
            for node in plan.nodes {
                if case .aggregateFields(let operation) = node.source, case .one(let selection) = node.children {
                    for field in plan.nodes[plan[selection].nodes] {
                        guard case .figure(let figure) = field.source else { continue }
                        cells.insert("\(name(operation)) of \(self.field(figure.type, figure.position))")
                    }
                }
                for definition in node.arguments?.definitions ?? [] {
                    guard let template = node.arguments?[definition.name],
                        let value = try? model.resolveFilter(template, variables: coerced).value
                    else { continue }
                    walk(
                        value, definition.type.named,
                        definition.name == "having" || definition.name == "orderBy" && isGroups(node) ? "having" : "set")
                }
            }
        }
    }

    private func isGroups(_ node: PlanNode) -> Bool { if case .groups = node.source { true } else { false } }

    private func name(_ operation: AggregateOperation) -> String {
        switch operation {
        case .countDistinct: "countDistinct"
        case .sum: "sum"
        case .average: "avg"
        case .minimum: "min"
        case .maximum: "max"
        case .median: "median"
        }
    }

    private mutating func walk(_ value: InputValue, _ type: TypeID, _ root: String) {
        if case .list(let items) = value {
            for item in items { walk(item, type, root) }
            return
        }
        guard case .object(let object) = value else { return }
        for entry in object.entries {
            guard let position = model.schema[type].inputFieldIndex(named: entry.name) else { continue }
            let inner = model.schema[type].inputFields[position].type.named
            switch (model.binding[type], model.binding.inputField(position, of: type)) {
            case (.filter, .field(let row, let place)): walkFilter(entry, inner, row, place)
            case (.filter, .globalID):
                for name in names(entry.value) { cells.insert("filter \(name) of a global id") }
            case (.filter, _):
                cells.insert("filter \(entry.name)")
                walk(entry.value, inner, "set")
            case (.orderBy, .field(let row, let place)): walkOrder(entry.value, inner, row, place)
            case (.aggregateFilter, .aggregateCount): cells.insert("\(root) condition on count")
            case (.aggregateFilter, .where):
                cells.insert("\(root) condition on some rows only")
                walk(entry.value, inner, "set")
            case (.aggregateFilter, .aggregated(.countDistinct)):
                guard case .list(let items) = entry.value, case .distinctFilter(let row) = model.binding[inner] else { continue }
                for case .object(let item) in items {
                    guard case .enumeration(let name)? = item["field"], let place = model[row].position(of: name) else {
                        continue
                    }
                    cells.insert("\(root) condition on countDistinct of \(kind(row, place))")
                }
            case (.aggregateFilter, .aggregated):
                for name in names(entry.value) {
                    guard let place = model.schema[inner].inputFieldIndex(named: name),
                        case .field(let row, let field) = model.binding.inputField(place, of: inner)
                    else { continue }
                    cells.insert("\(root) condition on \(entry.name) of \(kind(row, field))")
                }
            case (.aggregateOrderBy, .aggregateCount):
                cells.insert(root == "having" ? "groups sorted by count" : "rows sorted by count of a set")
                walkWhere(entry.value, inner)
            case (.aggregateOrderBy(let row), .aggregated):
                walkWhere(entry.value, inner)
                guard case .object(let order) = entry.value, case .enumeration(let name)? = order["field"],
                    let place = model[row].position(of: name)
                else { continue }
                cells.insert("\(root == "having" ? "groups sorted by" : "rows sorted by") \(entry.name) of \(kind(row, place))")
            case (.groupBy(let row), .figureField):
                guard case .enumeration(let name) = entry.value else { continue }
                if let place = model[row].position(of: name) { addKey(row, place) } else { cells.insert("groups by the row") }
            case (.groupBy, .level): cells.insert("groups by level")
            case (.groupBy, .field(let row, let place)):
                switch (kind(row, place), entry.value) {
                case ("row", _):
                    cells.insert("groups through \(field(row, place))")
                    walk(entry.value, inner, root)
                case (let kind, .enumeration(let bucket)): cells.insert("groups by \(bucket) of \(kind)")
                case (let kind, let buckets): for way in names(buckets) { cells.insert("groups by \(way) of \(kind)") }
                }
            case (.groupOrderBy, .groupKey): cells.insert("groups sorted by key")
            case (.groupOrderBy, .aggregate): walk(entry.value, inner, "having")
            default: break
            }
        }
    }

    private func names(_ value: InputValue) -> [String] {
        if case .object(let object) = value { object.entries.map(\.name) } else { [] }
    }

    private mutating func walkWhere(_ value: InputValue, _ type: TypeID) {
        guard case .object(let order) = value, let filter = order["where"],
            let position = model.schema[type].inputFieldIndex(named: "where")
        else { return }
        walk(filter, model.schema[type].inputFields[position].type.named, "set")
    }

    private mutating func walkFilter(_ entry: InputObject.Entry, _ inner: TypeID, _ row: NodeTypeID, _ place: Int) {
        switch model[row].fields[place].source {
        case .toOne:
            cells.insert("filter of \(field(row, place))")
            walk(entry.value, inner, "set")
        case .toMany:
            guard case .object(let object) = entry.value else { return }
            for part in object.entries {
                cells.insert("filter \(part.name) of \(field(row, place))")
                guard let position = model.schema[inner].inputFieldIndex(named: part.name) else { continue }
                walk(part.value, model.schema[inner].inputFields[position].type.named, "set")
            }
        default:
            guard case .object(let object) = entry.value else { return }
            let folds = object["caseInsensitive"] == .boolean(true)
            for name in names(entry.value) where name != "caseInsensitive" {
                cells.insert("filter \(name) of \(field(row, place))" + (folds && name != "isNull" ? ", whatever the case" : ""))
            }
        }
    }

    private mutating func walkOrder(_ value: InputValue, _ inner: TypeID, _ row: NodeTypeID, _ place: Int) {
        switch model[row].fields[place].source {
        case .toOne: cells.insert("rows sorted through \(field(row, place))")
        case .toMany: cells.insert("rows sorted by a figure of \(field(row, place))")
        default:
            guard case .enumeration(let direction) = value else { return }
            cells.insert("rows sorted \(direction) by \(kind(row, place))")
            cells.insert("rows sorted by \(field(row, place))")
        }
        walk(value, inner, "set")
    }
}
