import Expressions
import Model
import StoreColumns

/// The tables of an archive that are not rows: what columns and values mean, and what parameters were.
enum ArchiveTables {
    /// `columns.csv`: every stored field of every type.
    static func columns(of model: Model) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(["type", "typeLabel", "field", "fieldLabel", "holds", "keyPart", "mayBeEmpty", "personal", "meaning"])
        for type in model.types {
            for column in model.catalog[type.nodeType].columns.indices {
                let definition = model.catalog[type.nodeType].columns[column]
                let field = type.fields.first { $0.column == column }
                let part = model.catalog[type.nodeType].key.firstIndex(of: column).map { "\($0 + 1)" }
                writer.row([
                    type.name, type.label.chinese, definition.name, field?.label.chinese, kind(definition.kind, model.catalog),
                    part, definition.isNullable ? "yes" : "no", field?.personal?.class.rawValue, field?.description,
                ])
            }
        }
        return writer.finish()
    }

    /// `values.csv`: the closed lists that fields take their values from.
    static func values(of model: Model) -> [UInt8] {
        var writer = CSVWriter()
        writer.row(["list", "value", "label", "meaning"])
        for list in model.enumerations {
            for value in list.values { writer.row([list.name, value.name, value.label.chinese, value.description]) }
        }
        return writer.finish()
    }

    /// `parameters.csv`: the value of every parameter on a date, and where it came from; nil where the model has none.
    static func parameters(of resolved: ResolvedParameters, _ model: Model) -> [UInt8]? {
        guard let parameters = model.parameters else { return nil }
        var writer = CSVWriter()
        writer.row(["name", "profile", "value", "from", "row", "source", "meaning"])
        for index in resolved.values.scalars.indices {
            let id = ParameterID(index)
            let parameter = parameters.parameters[parameters.table.definition(of: id)]
            let variant = parameters.table.variant(of: id).map { parameters.table.variants[$0] }
            let origin: (String, row: String?) =
                switch resolved.origins[index] {
                case .request: ("REQUEST", nil)
                case .row(let key): ("ROW", key)
                case .model: ("MODEL", nil)
                case .none: ("NONE", nil)
                }
            let isDeclared = resolved.origins[index] == .model
            writer.row([
                parameter.name, variant, text(resolved.values.scalars[index], parameter.type, model.catalog), origin.0,
                origin.row,
                isDeclared ? parameter.source : nil, parameter.explanation,
            ])
        }
        return writer.finish()
    }

    private static func text(_ scalar: Scalar, _ type: ExpressionType, _ catalog: Catalog) -> String? {
        switch scalar {
        case .boolean(let value): "\(value)"
        case .int(let value): "\(value)"
        case .decimal(let value): value.description
        case .date(let value): value.description
        case .string(let value): value
        case .enumeration(let code):
            if case .enumeration(let id) = type { catalog[id].values[Int(code)] } else { "\(code)" }
        case .null, .ratio, .float, .dateTime, .row: nil
        }
    }

    private static func kind(_ kind: ColumnKind, _ catalog: Catalog) -> String {
        switch kind {
        case .boolean: "Boolean"
        case .int: "Int"
        case .decimal(let digits): "Decimal, \(digits) fraction digits"
        case .float: "Float"
        case .date: "Date"
        case .dateTime: "DateTime"
        case .enumeration(let id): "value of \(catalog[id].name)"
        case .string: "String"
        case .reference(let target): "key of \(catalog[target].name)"
        case .enumerationList(let id): "list of values of \(catalog[id].name)"
        case .referenceList(let target): "list of keys of \(catalog[target].name)"
        }
    }
}

extension CSVWriter {
    /// A row of texts; nil is no value.
    fileprivate mutating func row(_ cells: [String?]) {
        for text in cells {
            if let text { cell(text) } else { emptyCell() }
        }
        endRow()
    }
}
