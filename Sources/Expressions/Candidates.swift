import StoreColumns

/// Finds the few rows that a condition can hold for, without a scan: a unique value or a whole key names one, and an edge
/// walked backwards from few rows names the rows around them.
///
/// What it gives is a superset: conditions that it cannot use are left to the evaluator, which asks them all.
struct CandidateFinder {
    private let context: EvaluationContext
    private let limit: Int

    init(_ context: EvaluationContext, limit: Int) {
        self.context = context
        self.limit = limit
    }

    private var version: GraphVersion { context.version }

    /// The rows, as values of a variable, that a condition may be TRUE for; nil where it does not say, or says too many.
    mutating func candidates(of condition: Expression, variable: Int, type: NodeTypeID) -> [RowNumber]? {
        switch condition {
        case .constant(.boolean(false), _), .constant(.null, _): return []
        case .and(let operands):
            if let row = rowByKey(operands, variable: variable, type: type) { return row }
            var best: [RowNumber]?
            for operand in operands {
                guard let found = candidates(of: operand, variable: variable, type: type) else { continue }
                if best.map({ found.count < $0.count }) ?? true { best = found }
            }
            return best
        case .or(let operands):
            var all: [RowNumber] = []
            for operand in operands {
                guard let found = candidates(of: operand, variable: variable, type: type) else { return nil }
                all += found
                guard all.count <= limit else { return nil }
            }
            all.sortUnlessSorted()
            return all
        case .compare(.equal, let left, let right):
            return rows(where: left, is: right, variable: variable, type: type)
                ?? rows(where: right, is: left, variable: variable, type: type)
        case .isOneOf(let operand, let constants):
            guard constants.count <= limit else { return nil }
            var all: [RowNumber] = []
            for constant in constants {
                guard let found = rows(where: operand, is: constant, variable: variable, type: type) else { return nil }
                all += found
                guard all.count <= limit else { return nil }
            }
            all.sortUnlessSorted()
            return all
        case .quantified(let quantifier, let set, let inner, let body) where quantifier == .some || quantifier == .exactlyOne:
            guard case .rows(let target) = set.type else { return nil }
            let conditions = set.filters(asVariable: inner)
            guard let found = candidates(of: .and(conditions + [body]), variable: inner, type: target) else { return nil }
            return sources(of: found, through: set, variable: variable)
        case .contains(let set, let row):
            guard let found = constantRow(row) else { return nil }
            return sources(of: [found], through: set, variable: variable)
        default: return nil
        }
    }

    // MARK: Values

    private func rows(where operand: Expression, is other: Expression, variable: Int, type: NodeTypeID) -> [RowNumber]? {
        guard case .constant(let constant, _) = other else { return nil }
        return rows(where: operand, is: constant, variable: variable, type: type)
    }

    /// The rows of the variable at which a field, or the row itself, equals a constant.
    private func rows(where operand: Expression, is constant: Scalar, variable: Int, type: NodeTypeID) -> [RowNumber]? {
        switch operand {
        case .variable(variable, _), .follow:
            guard case .row(let row) = constant, case .row(let target) = operand.type,
                row < version[target].rowCount, version[target].isLive(row)
            else { return nil }
            return back(from: [row], through: operand, variable: variable)
        case .column(let row, let column, _):
            guard case .row(let target) = row.type, let cell = KeyPart(constant, version.catalog[target].columns[column].kind)
            else { return nil }
            let found: RowNumber?
            if version.catalog[target].key == [column] {
                found = version.row(of: target, forKey: Key([cell]))
            } else if version.catalog[target].columns[column].isUnique, case .string(let text) = cell {
                found = version[target].row(withUnique: text, in: column)
            } else {
                return nil
            }
            return back(from: found.map { [$0] } ?? [], through: row, variable: variable)
        default: return nil
        }
    }

    /// The row that equalities with every part of the key name.
    private func rowByKey(_ operands: [Expression], variable: Int, type: NodeTypeID) -> [RowNumber]? {
        let key = version.catalog[type].key
        guard key.count > 1 else { return nil }
        var parts: [KeyPart] = []
        for column in key {
            let part = operands.lazy.compactMap { operand -> KeyPart? in
                guard case .compare(.equal, let left, let right) = operand else { return nil }
                for (field, value) in [(left, right), (right, left)] {
                    if case .column(.variable(variable, _), column, _) = field, case .constant(let constant, _) = value {
                        return KeyPart(constant, version.catalog[type].columns[column].kind)
                    }
                    if case .follow(.variable(variable, _), .reference(column, let target)) = field,
                        let row = constantRow(value), row < version[target].rowCount
                    {
                        return .reference(version.key(of: row, type: target))
                    }
                }
                return nil
            }.first
            guard let part else { return nil }
            parts.append(part)
        }
        return version.row(of: type, forKey: Key(parts)).map { [$0] } ?? []
    }

    private func constantRow(_ expression: Expression) -> RowNumber? {
        guard case .constant(.row(let row), .row(let type)) = expression, row < version[type].rowCount, version[type].isLive(row)
        else { return nil }
        return row
    }

    // MARK: Edges, walked backwards

    /// The rows of the variable from which a path of to-one edges can lead to one of `rows`.
    private func back(from rows: [RowNumber], through path: Expression, variable: Int) -> [RowNumber]? {
        switch path {
        case .variable(variable, _): return rows.count <= limit ? rows : nil
        case .follow(let start, .reference(let column, let target)):
            guard case .row(let type) = start.type, let sources = sources(of: rows, by: column, of: type, target) else {
                return nil
            }
            return back(from: sources, through: start, variable: variable)
        case .follow(let start, .valid(let lookup, _)):
            guard let periods = periods(to: rows, lookup), case .row(let owner) = start.type,
                let owners = owners(of: periods, lookup, owner)
            else { return nil }
            return back(from: owners, through: start, variable: variable)
        default: return nil
        }
    }

    /// The rows of the variable whose set may hold one of `rows`.
    private func sources(of rows: [RowNumber], through set: Expression, variable: Int) -> [RowNumber]? {
        switch set {
        case .filter(let base, _, _): return sources(of: rows, through: base, variable: variable)
        case .optional(let row): return back(from: rows, through: row, variable: variable)
        case .rows(let start, .inverse(let index, _)):
            guard case .row(let type) = start.type else { return nil }
            let inverse = version.catalog[type].inverses[index]
            let owners = targets(of: rows, by: version[inverse.source].column(inverse.column))
            return owners.flatMap { back(from: $0, through: start, variable: variable) }
        case .rows(let start, .list(let column, let target)):
            guard case .row(let type) = start.type, let owners = sources(of: rows, by: column, of: type, target) else {
                return nil
            }
            return back(from: owners, through: start, variable: variable)
        case .rows(let start, .valid(let lookup, _)):
            guard let periods = periods(to: rows, lookup), case .row(let owner) = start.type,
                let owners = owners(of: periods, lookup, owner)
            else { return nil }
            return back(from: owners, through: start, variable: variable)
        default: return nil
        }
    }

    /// The rows whose reference (or reference-list) column names one of `rows`: by an inverse, where the model has one.
    private func sources(of rows: [RowNumber], by column: Int, of type: NodeTypeID, _ target: NodeTypeID) -> [RowNumber]? {
        guard let inverse = version.catalog[target].inverses.firstIndex(where: { $0.source == type && $0.column == column })
        else {
            return nil
        }
        let adjacency = version[target].inverse(inverse)
        var all: [RowNumber] = []
        for row in rows {
            let sources = adjacency.targets(of: row)
            guard all.count + sources.count <= limit else { return nil }
            for index in sources.indices { all.append(sources[index]) }
        }
        all.sortUnlessSorted()
        return all
    }

    /// The rows that a reference (or reference-list) column of `rows` names.
    private func targets(of rows: [RowNumber], by column: Column) -> [RowNumber]? {
        var all: [RowNumber] = []
        for row in rows {
            switch column {
            case .reference(let column): if let target = column[Int(row)] { all.append(target) }
            case .referenceList(let column):
                guard !column.isNull(at: Int(row)) else { continue }
                let targets = column.list(at: Int(row))
                for index in targets.indices { all.append(targets[index]) }
            default: return nil
            }
            guard all.count <= limit else { return nil }
        }
        all.sortUnlessSorted()
        return all
    }

    /// The dated rows through which a look-up can lead to one of `rows`.
    private func periods(to rows: [RowNumber], _ lookup: ValidLookup) -> [RowNumber]? {
        guard let column = lookup.thenReference else { return rows }
        return sources(of: rows, by: column, of: lookup.periodType, lookup.target)
    }

    private func owners(of periods: [RowNumber], _ lookup: ValidLookup, _ owner: NodeTypeID) -> [RowNumber]? {
        let inverse = version.catalog[owner].inverses[lookup.inverse]
        return targets(of: periods, by: version[inverse.source].column(inverse.column))
    }
}

extension Expression {
    /// The conditions of filters around a set, where they name their row as `variable`, as the macros beside a set do.
    fileprivate func filters(asVariable variable: Int) -> [Expression] {
        guard case .filter(let base, let own, let condition) = self else { return [] }
        return base.filters(asVariable: variable) + (own == variable ? [condition] : [])
    }
}

extension KeyPart {
    /// A constant as part of a key, where the column's kind can hold it exactly.
    fileprivate init?(_ constant: Scalar, _ kind: ColumnKind) {
        switch (constant, kind) {
        case (.string(let text), .string): self = .string(text)
        case (.int(let value), .int):
            guard let value = Int32(exactly: value) else { return nil }
            self = .int(value)
        case (.date(let date), .date): self = .date(date.days)
        case (.dateTime(let instant), .dateTime): self = .dateTime(instant.microseconds)
        case (.enumeration(let code), .enumeration): self = .enumeration(code)
        case (.boolean(let value), .boolean): self = .boolean(value)
        default: return nil
        }
    }
}
