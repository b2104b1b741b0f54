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
    var text: TextPlan?
    /// For an edge that is stored as runs: the number of the first row that refers to a row of each batch, or to a later one.
    var runStarts: [UInt32] = []

    /// The plan of the same field once it was written, for what was read of the file.
    func again(for table: Table, _ rows: RowRenumbering) -> FieldPlan {
        var plan = self
        if text != nil, case .column(let index) = source, case .string(let texts) = table.column(index) {
            plan.text = TextPlan(texts, rows)
        }
        return plan
    }

    /// The fields of a type, in the order of the file.
    static func plans(
        of type: NodeTypeID, in version: GraphVersion, _ renumberings: [RowRenumbering], path: String
    ) throws(SnapshotError) -> [FieldPlan] {
        let rows = renumberings[type.index]
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
            let plan = Self.form(of: stored, column.kind, in: version.catalog, rows, nextDictionary: &nextDictionary)
            plans.append(
                FieldPlan(
                    source: .column(index),
                    field: ArrowField(
                        name: column.name, isNullable: column.isNullable || plan.form == .null,
                        kind: KindText.text(column.kind, in: version.catalog), form: plan.form,
                        repeatCount: plan.text?.repeated.count ?? 0),
                    text: plan.text))
        }
        for (index, inverse) in definition.inverses.enumerated() {
            let edge = table.inverse(index)
            let sources = renumberings[inverse.source.index]
            let isEmpty = sources.rowCount == 0 || !edge.chunks.contains { $0.targets.count > 0 || $0.hasPatch }
            let runStarts = isEmpty ? nil : edge.runStarts(rows, sources)
            plans.append(
                FieldPlan(
                    source: .inverse(index),
                    field: ArrowField(
                        name: inverse.name, isNullable: isEmpty, kind: KindText.text(inverse, in: version.catalog),
                        form: isEmpty ? .null : runStarts != nil ? .uint32 : .listOfUInt32),
                    text: nil, runStarts: runStarts ?? []))
        }
        return plans
    }

    private static func form(
        of column: Column, _ kind: ColumnKind, in catalog: Catalog, _ rows: RowRenumbering, nextDictionary: inout Int
    ) -> (form: ArrowField.Form, text: TextPlan?) {
        guard column.hasValue(in: rows) else { return (.null, nil) }
        func dictionary() -> Int {
            defer { nextDictionary += 1 }
            return nextDictionary
        }
        let isSmall = kind.enumeration.map { TextPlan.codeByteCount(catalog[$0].values.count) == 1 } ?? false
        switch column {
        case .boolean: return (.boolean, nil)
        case .int(let values): return (values.narrowest(rows), nil)
        case .decimal(let values, let digits): return (values.fitsDecimal64 ? .decimal64(scale: digits) : .int64, nil)
        case .float: return (.float64, nil)
        case .date: return (.date32, nil)
        case .dateTime: return (.timestamp, nil)
        case .enumeration: return (isSmall ? .dictionary8(id: dictionary()) : .dictionary16(id: dictionary()), nil)
        case .string(let texts):
            let plan = TextPlan(texts, rows)
            switch plan.form {
            case .plain: return (.utf8, plan)
            case .dictionary:
                switch TextPlan.codeByteCount(plan.count) {
                case 1: return (.dictionary8(id: dictionary()), plan)
                // So few texts have less than 2³¹ bytes.
                case 2: return (.dictionary16(id: dictionary()), plan)
                default: return (.dictionary32(id: dictionary(), isLarge: plan.needsLargeOffsets), plan)
                }
            }
        case .reference: return (.uint32, nil)
        case .enumerationList:
            return (isSmall ? .listOfDictionary8(id: dictionary()) : .listOfDictionary16(id: dictionary()), nil)
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

extension FixedWidthColumn<Int32> {
    /// The narrowest type that holds every value of rows that are kept.
    fileprivate func narrowest(_ rows: RowRenumbering) -> ArrowField.Form {
        var (lowest, highest): (Int32, Int32) = (0, 0)
        for index in 0..<chunkCount {
            let chunk = chunk(index)
            let values = chunk.values
            // What stands under a null is 0.
            for offset in values.indices
            where rows.isIdentity || rows.isKept(RowNumber(truncatingIfNeeded: index << 16 | offset)) {
                lowest = min(lowest, values[offset])
                highest = max(highest, values[offset])
            }
        }
        if lowest >= Int32(Int8.min), highest <= Int32(Int8.max) { return .int8 }
        if lowest >= Int32(Int16.min), highest <= Int32(Int16.max) { return .int16 }
        return .int32
    }
}

extension Adjacency {
    /// Whether the lists, one after the other, name every row that can refer, in their order: then it is enough to know where each list
    /// begins.
    /// - Returns: where the lists of each batch begin; nil where they do not.
    fileprivate func runStarts(_ rows: RowRenumbering, _ sources: RowRenumbering) -> [UInt32]? {
        var starts: [UInt32] = []
        var next: UInt32 = 0
        for batch in 0..<rows.batchCount {
            starts.append(next)
            let numbers = rows.rows(ofBatch: batch)
            if rows.isIdentity, sources.isIdentity, batch < chunks.count, !chunks[batch].hasPatch, chunks[batch].offsets.count > 0
            {
                let chunk = chunks[batch]
                let (offsets, targets) = (chunk.offsets.span, chunk.targets.span)
                let last = min(offsets.count - 1, numbers.count)
                var isAscending = true
                for place in Int(offsets[0])..<Int(offsets[last]) {
                    isAscending = isAscending && targets[place] == next
                    next &+= 1
                }
                guard isAscending else { return nil }
                continue
            }
            for number in numbers {
                let list = targets(of: RowNumber(truncatingIfNeeded: rows.row(number)))
                for place in list.indices {
                    guard sources.number(of: list[place]) == next else { return nil }
                    next += 1
                }
            }
        }
        return Int(next) == sources.rowCount ? starts : nil
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
