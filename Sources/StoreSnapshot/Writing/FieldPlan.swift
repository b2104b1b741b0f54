import Bytes
import StoreColumns

/// How a column or an inverse edge is written: settled before the first byte, because the schema comes first.
struct FieldPlan: Sendable {
    enum Source: Sendable {
        case column(Int)
        case inverse(Int)
    }

    let source: Source
    let field: ArrowField
    /// For text columns with values.
    let text: TextPlan?

    /// The fields of a type, in the order of the file.
    static func plans(
        of type: NodeTypeID, in version: GraphVersion, _ rows: RowRenumbering, path: String
    ) throws(SnapshotError) -> [FieldPlan] {
        var nextDictionary = 0
        var plans: [FieldPlan] = []
        let (definition, table) = (version.catalog[type], version[type])
        for (index, column) in definition.columns.enumerated() {
            if let enumeration = column.kind.enumeration, version.catalog[enumeration].values.count > Int(Int16.max) {
                throw SnapshotError(
                    .tooLarge, path: path,
                    "\(definition.name).\(column.name) is of an enumeration with more than \(Int16.max) values")
            }
            let stored = table.column(index)
            let plan = Self.form(of: stored, column.kind, rows, nextDictionary: &nextDictionary)
            plans.append(
                FieldPlan(
                    source: .column(index),
                    field: ArrowField(
                        name: column.name, isNullable: column.isNullable || plan.form == .null,
                        kind: KindText.text(column.kind, in: version.catalog), form: plan.form),
                    text: plan.text))
        }
        for (index, inverse) in definition.inverses.enumerated() {
            let isEmpty = !table.inverse(index).chunks.contains { $0.targets.count > 0 || $0.hasPatch }
            plans.append(
                FieldPlan(
                    source: .inverse(index),
                    field: ArrowField(
                        name: inverse.name, isNullable: isEmpty, kind: KindText.text(inverse, in: version.catalog),
                        form: isEmpty ? .null : .listOfUInt32),
                    text: nil))
        }
        return plans
    }

    private static func form(
        of column: Column, _ kind: ColumnKind, _ rows: RowRenumbering, nextDictionary: inout Int
    ) -> (form: ArrowField.Form, text: TextPlan?) {
        guard column.hasValue(in: rows) else { return (.null, nil) }
        func dictionary() -> Int {
            defer { nextDictionary += 1 }
            return nextDictionary
        }
        switch column {
        case .boolean: return (.boolean, nil)
        case .int: return (.int32, nil)
        case .decimal(let values, let digits): return (values.fitsDecimal64 ? .decimal64(scale: digits) : .int64, nil)
        case .float: return (.float64, nil)
        case .date: return (.date32, nil)
        case .dateTime: return (.timestamp, nil)
        case .enumeration: return (.dictionary16(id: dictionary()), nil)
        case .string(let texts):
            let plan = TextPlan(texts, rows)
            switch plan.form {
            case .plain: return (.utf8, plan)
            case .dictionary: return (.dictionary32(id: dictionary(), isLarge: plan.needsLargeOffsets), plan)
            }
        case .reference: return (.uint32, nil)
        case .enumerationList: return (.listOfDictionary16(id: dictionary()), nil)
        case .referenceList: return (.listOfUInt32, nil)
        }
    }
}

extension ColumnKind {
    var enumeration: EnumerationID? {
        switch self {
        case .enumeration(let id), .enumerationList(let id): id
        default: nil
        }
    }
}

extension Column {
    /// How many rows have no value, where that is known without looking.
    private var nullCount: Int? {
        switch self {
        case .int(let column), .date(let column): column.nullCount
        case .decimal(let column, _), .dateTime(let column): column.nullCount
        case .float(let column): column.nullCount
        case .enumeration(let column): column.nullCount
        case .string(let column): column.codes.nullCount
        case .reference(let column): column.nullCount
        case .boolean, .enumerationList, .referenceList: nil
        }
    }

    /// Whether any row that is kept has a value.
    fileprivate func hasValue(in rows: RowRenumbering) -> Bool {
        if rows.isIdentity, let nullCount { return nullCount < rows.rowCount }
        for number in 0..<rows.rowCount where !isNull(at: rows.row(number)) { return true }
        return false
    }
}

extension FixedWidthColumn<Int64> {
    /// Whether every value has at most 18 digits. Values of deleted rows count too: they do no harm.
    fileprivate var fitsDecimal64: Bool {
        let bound: Int64 = 1_000_000_000_000_000_000
        for index in 0..<chunkCount {
            let chunk = chunk(index)
            let values = chunk.values
            for offset in values.indices where values[offset] <= -bound || values[offset] >= bound { return false }
        }
        return true
    }
}
