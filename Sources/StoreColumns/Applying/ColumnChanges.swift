/// The cells of one column in a change set, and how they become the column's next state.
struct ColumnChanges {
    let type: NodeTypeID
    let index: Int
    let definition: ColumnDefinition
    /// The rows of the set with their numbers; nil for those that are refused anyway.
    let rows: [RowNumber?]
    let changes: TypeChanges
    /// The column's place in `changes.columns`; nil where the set does not give it.
    let place: Int?
    /// Rows from here on are new.
    let firstNewRow: Int
    let catalog: Catalog

    private func cell(_ row: Int) -> Cell { place.map { changes.cells[row * changes.columns.count + $0] } ?? .absent }

    /// Calls with each row that the set gives a value or a null: its number, and the value. Refused cells count as null, so
    /// that the rows after them find their place; the set fails anyway.
    /// - Parameter value: nil for a cell of another kind; may report a problem of its own and give `.refused`.
    private func forEach<Value>(
        problems: inout ProblemList, _ value: (Cell, Int, inout ProblemList) -> Converted<Value>,
        _ set: (Int, Value?) -> Void
    ) {
        for (row, number) in rows.enumerated() {
            guard let number else { continue }
            let isNew = Int(number) >= firstNewRow
            let cell = cell(row)
            switch cell {
            case .absent:
                if isNew {
                    set(Int(number), nil)
                    if !definition.isNullable { problems.report(.missingValue, type: type, row: row, column: index) }
                }
            case .null:
                set(Int(number), nil)
                if !definition.isNullable { problems.report(.missingValue, type: type, row: row, column: index) }
            default:
                switch value(cell, row, &problems) {
                case .value(let value): set(Int(number), value)
                case .wrongKind:
                    problems.report(.wrongKind, type: type, row: row, column: index)
                    set(Int(number), nil)
                case .refused: set(Int(number), nil)
                }
            }
        }
    }

    enum Converted<Value> {
        case value(Value)
        case wrongKind
        case refused
    }

    /// The column's next state, filled to `rowCount` rows.
    func applied(
        to column: Column, rowCount: Int, resolving assignment: RowAssignment, problems: inout ProblemList
    ) -> Column {
        switch column {
        case .boolean(let base):
            var builder = BooleanBuilder(base)
            forEach(problems: &problems) { cell, _, _ in
                if case .boolean(let value) = cell { .value(value) } else { .wrongKind }
            } _: {
                builder.set($0, to: $1)
            }
            while builder.rowCount < rowCount { builder.set(builder.rowCount, to: nil) }
            return .boolean(builder.finish())
        case .int(let base):
            return .int(fixed(base, rowCount, &problems) { if case .int(let value) = $0 { .value(value) } else { .wrongKind } })
        case .decimal(let base, let digits):
            let next = fixed(base, rowCount, &problems) { if case .decimal(let value) = $0 { .value(value) } else { .wrongKind } }
            return .decimal(next, fractionDigits: digits)
        case .float(let base):
            return .float(
                fixed(base, rowCount, &problems) { if case .float(let value) = $0 { .value(value) } else { .wrongKind } })
        case .date(let base):
            return .date(fixed(base, rowCount, &problems) { if case .date(let value) = $0 { .value(value) } else { .wrongKind } })
        case .dateTime(let base):
            return .dateTime(
                fixed(base, rowCount, &problems) { if case .dateTime(let value) = $0 { .value(value) } else { .wrongKind } })
        case .enumeration(let base):
            return .enumeration(
                fixed(base, rowCount, &problems) { cell in
                    guard case .enumeration(let code) = cell, isKnown(code) else { return .wrongKind }
                    return .value(code)
                })
        case .string(let base):
            var builder = DictionaryBuilder(base)
            forEach(problems: &problems) { cell, _, _ in
                if case .string(let value) = cell { .value(value) } else { .wrongKind }
            } _: {
                builder.set($0, to: $1)
            }
            while builder.rowCount < rowCount { builder.set(builder.rowCount, to: nil) }
            return .string(builder.finish())
        case .reference(let base):
            var builder = FixedWidthBuilder(base)
            forEach(problems: &problems) { cell, row, problems in
                guard case .reference(let key) = cell else { return .wrongKind }
                return target(key, row, assignment, &problems)
            } _: {
                builder.set($0, to: $1)
            }
            while builder.rowCount < rowCount { builder.append(nil) }
            return .reference(builder.finish())
        case .enumerationList(let base):
            var builder = ListBuilder(base)
            forEach(problems: &problems) { cell, _, _ in
                guard case .enumerationList(let codes) = cell, codes.allSatisfy(isKnown) else { return .wrongKind }
                return .value(codes)
            } _: {
                builder.set($0, to: $1)
            }
            while builder.rowCount < rowCount { builder.set(builder.rowCount, to: nil) }
            return .enumerationList(builder.finish())
        case .referenceList(let base):
            var builder = ListBuilder(base)
            forEach(problems: &problems) { cell, row, problems in
                guard case .referenceList(let keys) = cell else { return .wrongKind }
                var targets: [UInt32] = []
                for key in keys {
                    switch target(key, row, assignment, &problems) {
                    case .value(let row): targets.append(row)
                    case .wrongKind: return .wrongKind
                    case .refused: return .refused
                    }
                }
                return .value(targets)
            } _: {
                builder.set($0, to: $1)
            }
            while builder.rowCount < rowCount { builder.set(builder.rowCount, to: nil) }
            return .referenceList(builder.finish())
        }
    }

    private func fixed<Element: ColumnElement>(
        _ base: FixedWidthColumn<Element>, _ rowCount: Int, _ problems: inout ProblemList,
        _ convert: (Cell) -> Converted<Element>
    ) -> FixedWidthColumn<Element> {
        var builder = FixedWidthBuilder(base)
        forEach(problems: &problems) { cell, _, _ in
            convert(cell)
        } _: {
            builder.set($0, to: $1)
        }
        while builder.rowCount < rowCount { builder.append(nil) }
        return builder.finish()
    }

    private func isKnown(_ code: UInt16) -> Bool {
        switch definition.kind {
        case .enumeration(let id), .enumerationList(let id): Int(code) < catalog[id].values.count
        default: false
        }
    }

    private func target(
        _ key: Key, _ row: Int, _ assignment: RowAssignment, _ problems: inout ProblemList
    ) -> Converted<UInt32> {
        guard case .reference(let type) = definition.kind.reference else { return .wrongKind }
        guard let target = assignment.row(of: type, forKey: key) else {
            problems.report(.danglingReference, type: self.type, row: row, column: index)
            return .refused
        }
        return .value(target)
    }
}

extension ColumnKind {
    /// The kind of one element of a reference list, else the kind itself.
    fileprivate var reference: ColumnKind {
        if case .referenceList(let target) = self { return .reference(target) }
        return self
    }
}
