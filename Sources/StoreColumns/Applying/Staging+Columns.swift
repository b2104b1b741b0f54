// The cells of a change set on their way into columns.

extension Staging {
    /// Writes every column that the set gives, and every column of a type that gets new rows.
    func writeColumns() {
        for table in tables where table.isTouched {
            for index in table.definition.columns.indices {
                var hasChanged = !table.deleted.isEmpty
                let isGiven = table.entries.contains { $0.changes.columns.contains(index) }
                if isGiven || table.rowCount > table.base.rowCount {
                    hasChanged = write(index, of: table) || hasChanged
                }
                if hasChanged { table.columnVersions[index] = number }
            }
        }
    }

    /// True if the column now holds something else.
    private func write(_ index: Int, of table: StagedTable) -> Bool {
        let rowCount = table.rowCount
        let hasChanged: Bool
        switch table.columns[index] {
        case .boolean(let base):
            var builder = BooleanBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .boolean(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .boolean(builder.finish())
            hasChanged = builder.hasChanged
        case .int(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .int(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .int(builder.finish())
            hasChanged = builder.hasChanged
        case .decimal(let base, let digits):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .decimal(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .decimal(builder.finish(), fractionDigits: digits)
            hasChanged = builder.hasChanged
        case .float(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .float(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .float(builder.finish())
            hasChanged = builder.hasChanged
        case .date(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .date(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .date(builder.finish())
            hasChanged = builder.hasChanged
        case .dateTime(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .dateTime(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .dateTime(builder.finish())
            hasChanged = builder.hasChanged
        case .enumeration(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .enumeration(let value) = cell { builder.set(row, to: value) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .enumeration(builder.finish())
            hasChanged = builder.hasChanged
        case .string(let base):
            var builder = FixedWidthBuilder(base.codes, rowCount: rowCount)
            let texts = table.dictionaries[index] ?? StringDictionaryBuilder(base.dictionary)
            forEachCell(of: index, in: table) { row, cell, place in
                guard case .string(let text) = cell else { return builder.set(row, to: nil) }
                let code = texts.intern(text)
                if code == nil { problems.report(.wrongKind, type: table.type, row: place, column: index) }
                builder.set(row, to: code)
            }
            table.columns[index] = .string(DictionaryColumn(codes: builder.finish(), dictionary: texts.finish()))
            hasChanged = builder.hasChanged
        case .reference(let base):
            var builder = FixedWidthBuilder(base, rowCount: rowCount)
            let target = table.definition.columns[index].kind.target
            forEachCell(of: index, in: table) { row, cell, place in
                guard case .reference(let key) = cell, let target else { return builder.set(row, to: nil) }
                let referred = self.row(of: target, forKey: key)
                if referred == nil { problems.report(.danglingReference, type: table.type, row: place, column: index) }
                builder.set(row, to: referred)
            }
            table.columns[index] = .reference(builder.finish())
            hasChanged = builder.hasChanged
        case .enumerationList(let base):
            var builder = ListBuilder(base, rowCount: rowCount)
            forEachCell(of: index, in: table) { row, cell, _ in
                if case .enumerationList(let codes) = cell { builder.set(row, to: codes) } else { builder.set(row, to: nil) }
            }
            table.columns[index] = .enumerationList(builder.finish())
            hasChanged = builder.hasChanged
        case .referenceList(let base):
            var builder = ListBuilder(base, rowCount: rowCount)
            let target = table.definition.columns[index].kind.target
            forEachCell(of: index, in: table) { row, cell, place in
                guard case .referenceList(let keys) = cell, let target else { return builder.set(row, to: nil) }
                let referred = keys.compactMap { self.row(of: target, forKey: $0) }
                if referred.count < keys.count {
                    problems.report(.danglingReference, type: table.type, row: place, column: index)
                }
                builder.set(row, to: referred)
            }
            table.columns[index] = .referenceList(builder.finish())
            hasChanged = builder.hasChanged
        }
        return hasChanged
    }

    /// Calls with each cell that the set gives for a row it knows: a value of the column's kind, or a null. Reports what is
    /// neither, and values that are missing.
    /// - Parameter body: takes the row, the cell, and the row's place in the set.
    @inline(__always)
    private func forEachCell(of index: Int, in table: StagedTable, _ body: (Int, Cell, Int) -> Void) {
        let definition = table.definition.columns[index]
        for entry in table.entries {
            let width = entry.changes.columns.count
            let column = entry.changes.columns.firstIndex(of: index)
            for (place, row) in entry.rows.enumerated() {
                guard let row else { continue }
                let cell = column.map { entry.changes.cells[place * width + $0] } ?? .absent
                switch cell {
                case .absent:
                    let isNew = Int(row) >= table.base.rowCount
                    if isNew, !definition.isNullable {
                        problems.report(.missingValue, type: table.type, row: place, column: index)
                    }
                case .null:
                    if definition.isNullable {
                        body(Int(row), cell, place)
                    } else {
                        problems.report(.missingValue, type: table.type, row: place, column: index)
                    }
                default:
                    if cell.fits(definition.kind, of: base.catalog) {
                        body(Int(row), cell, place)
                    } else {
                        problems.report(.wrongKind, type: table.type, row: place, column: index)
                    }
                }
            }
        }
    }
}

extension ColumnKind {
    /// The type that a reference or a list of references names.
    package var target: NodeTypeID? {
        switch self {
        case .reference(let type), .referenceList(let type): type
        default: nil
        }
    }
}
