import StoreColumns

/// Finds the few rows that a condition can hold for, without a scan of their type: a unique value, a whole key or an index by
/// value names them, and an edge walked backwards from few rows names the rows around them.
///
/// Every number it goes by is exact: what an index holds for a value, how many rows a condition holds for on the type at the far
/// end of an edge, how many rows refer to these. It begins at the end with the fewest, and gives up where more than a limit come
/// together. What it gives is a superset: conditions that it cannot use are left to the evaluator, which asks them all.
struct CandidateFinder {
    private let context: EvaluationContext
    private var limit: Int
    /// The values of a condition's arguments.
    private var arguments: [Scalar]
    /// Types of at most so many rows may be asked as a whole, to begin at their end of an edge; nil: what costs a scan is not done.
    private let scanLimit: Int?
    /// Whether being asked counts towards an index that is not there yet.
    private var asksForIndexes = true
    /// How the candidates were found, the first step first; kept only for a plan that is explained.
    private(set) var way: [Step] = []

    struct Step {
        var mode: PlanTrace.Mode
        var name: String
        var rowCount: Int
    }

    /// - Parameter scanLimit: see the property; the size of the type that would be scanned otherwise.
    init(_ context: EvaluationContext, limit: Int, scanLimit: Int? = nil, arguments: [Scalar] = []) {
        self.context = context
        self.arguments = arguments
        self.limit = limit
        self.scanLimit = context.materialisation == .never ? nil : scanLimit
    }

    /// Begins again with other values.
    mutating func begin(limit: Int, arguments: [Scalar]) {
        self.limit = limit
        self.arguments = arguments
        way = []
    }

    private var version: GraphVersion { context.version }

    private mutating func note(_ mode: PlanTrace.Mode, _ name: String, _ rows: [RowNumber]?) {
        guard context.trace != nil, let rows else { return }
        way.append(Step(mode: mode, name: name, rowCount: rows.count))
    }

    private func name(_ column: Int, of type: NodeTypeID) -> String {
        context.trace == nil ? "" : "\(version.catalog[type].name).\(version.catalog[type].columns[column].name)"
    }

    private func name(_ expression: Expression) -> String {
        context.trace == nil ? "" : expression.text(in: context.rowTypes)
    }

    /// The rows, as values of a variable, that a condition may be TRUE for, ascending; nil where it does not say, or says too many.
    mutating func candidates(
        of condition: Expression, variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        switch condition {
        case .constant(.boolean(false), _), .constant(.null, _): return []
        case .and: return try leastOf(condition.conjuncts, variable: variable, type: type)
        case .or(let operands):
            var all: [RowNumber] = []
            for operand in operands {
                guard let found = try candidates(of: operand, variable: variable, type: type) else { return nil }
                all += found
                guard all.count <= limit else { return nil }
            }
            all.sortUnlessSorted()
            return all
        case .compare(.equal, let left, let right):
            if let inner = derivedCondition(left, right) ?? derivedCondition(right, left) {
                return try candidates(ofDerived: inner, variable: variable, type: type)
            }
            if let found = try rows(where: left, is: right, variable: variable, type: type) { return found }
            if let found = try rows(where: right, is: left, variable: variable, type: type) { return found }
            return try rows(behindPathOf: condition, variable: variable)
        case .isOneOf(let operand, let constants):
            guard constants.count <= limit else { return nil }
            var all: [RowNumber] = []
            for constant in constants {
                guard let found = try rows(where: operand, is: constant, variable: variable, type: type) else { return nil }
                all += found
                guard all.count <= limit else { return nil }
            }
            all.sortUnlessSorted()
            return all
        case .derived(.variable(variable, _), let id, .boolean):
            return try candidates(ofDerived: expression(of: id, at: variable), variable: variable, type: type)
        case .quantified(let quantifier, let set, let inner, let body) where quantifier == .some || quantifier == .exactlyOne:
            return try rows(throughSet: set, inner, body, variable: variable)
        case .contains(let set, let row):
            guard let found = constantRow(row) else { return nil }
            return sources(of: [found], through: set, variable: variable)
        case .compare, .text: return try rows(behindPathOf: condition, variable: variable)
        default: return nil
        }
    }

    /// The least of what each part of a conjunction gives; parts that need a scan of another type are asked only where the others
    /// leave more rows than that scan would look at.
    private mutating func leastOf(
        _ operands: [Expression], variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        if let row = rowByKey(operands, variable: variable, type: type) {
            let name = version.catalog[type].name
            note(.key, name, row)
            return row
        }
        var best: [RowNumber]?
        var bestWay: [Step] = []
        let (outerLimit, before) = (limit, way)
        defer { limit = outerLimit }
        for mayScan in scanLimit == nil ? [false] : [false, true] {
            var finder = mayScan ? self : CandidateFinder(context, limit: limit, arguments: arguments)
            finder.asksForIndexes = !mayScan && asksForIndexes
            for operand in operands {
                let farRowCount = operand.farRowCount(in: version)
                if mayScan, farRowCount == 0 || best.map({ $0.count <= max(64, farRowCount / 8) }) ?? false { continue }
                finder.way = before
                finder.limit = best.map { $0.count - 1 } ?? limit
                guard finder.limit >= 0, let found = try finder.candidates(of: operand, variable: variable, type: type) else {
                    continue
                }
                if best.map({ found.count < $0.count }) ?? true { (best, bestWay) = (found, finder.way) }
            }
        }
        if best != nil { way = bestWay }
        return best
    }

    // MARK: Derived fields

    /// A derived field is computed of all rows, so it is all rows that may make it TRUE; of those that it names, some are seen.
    private mutating func candidates(
        ofDerived condition: Expression, variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        guard !version.isWhole else { return try candidates(of: condition, variable: variable, type: type) }
        var finder = CandidateFinder(context.whole, limit: limit, scanLimit: scanLimit, arguments: arguments)
        finder.asksForIndexes = asksForIndexes
        finder.way = way
        guard let found = try finder.candidates(of: condition, variable: variable, type: type) else { return nil }
        let table = version[type]
        return found.filter { table.isLive($0) }
    }

    /// What a derived Boolean that is compared with true says itself.
    private func derivedCondition(_ field: Expression, _ value: Expression) -> Expression? {
        guard case .derived(.variable(let variable, _), let id, .boolean) = field, case .constant(.boolean(true), _) = value
        else { return nil }
        return expression(of: id, at: variable)
    }

    private func expression(of id: DerivedID, at variable: Int) -> Expression {
        context.rowTypes[id].expression.movingVariables(by: variable)
    }

    // MARK: Sets

    private mutating func rows(
        throughSet set: Expression, _ inner: Int, _ body: Expression, variable: Int
    ) throws(EvaluationError) -> [RowNumber]? {
        guard case .rows(let target) = set.type else { return nil }
        let filters = set.filters(asVariable: inner)
        let condition = filters.isEmpty ? body : .and(filters + [body])
        var found = try candidates(of: condition, variable: inner, type: target)
        if found == nil { found = try scanned(condition, variable: inner, type: target) }
        guard let found else { return nil }
        let owners = sources(of: found, through: set, variable: variable)
        let name = name(set)
        note(.edge, name, owners)
        return owners
    }

    /// The rows of a whole type that a condition holds for, where the type is small beside the one that would be scanned. What it
    /// costs is not lost: the scan would ask for the same verdicts, and they are kept.
    private mutating func scanned(
        _ condition: Expression, variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        let table = version[type]
        guard let scanLimit, table.liveRowCount <= scanLimit, condition.freeVariables & ~(1 << UInt64(variable)) == 0 else {
            return nil
        }
        let alone = condition.movingVariables(by: -variable)
        let verdicts = try CompiledPredicate(alone, on: type, context).verdicts()
        let count = verdicts.yesCount
        guard count <= limit else { return nil }
        var rows: [RowNumber] = []
        rows.reserveCapacity(count)
        Bitmap(words: verdicts.yes, count: table.rowCount).forEachSet { rows.append(RowNumber(truncatingIfNeeded: $0)) }
        let name = name(alone)
        note(.set, name, rows)
        return rows
    }

    // MARK: Values

    private mutating func rows(
        where operand: Expression, is other: Expression, variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        guard let constant = constant(other) else { return nil }
        return try rows(where: operand, is: constant, variable: variable, type: type)
    }

    /// The rows of the variable at which a field, or the row itself, equals a constant.
    private mutating func rows(
        where operand: Expression, is constant: Scalar, variable: Int, type: NodeTypeID
    ) throws(EvaluationError) -> [RowNumber]? {
        switch operand {
        case .variable(variable, _), .follow:
            guard case .row(let row) = constant, case .row(let target) = operand.type,
                row < version[target].rowCount, version[target].isLive(row)
            else { return nil }
            return back(from: [row], through: operand, variable: variable)
        case .column(let row, let column, _):
            guard case .row(let target) = row.type,
                let cell = KeyPart(constant, version.catalog.nodeTypes[target.index].columns[column].kind)
            else { return nil }
            let found: [RowNumber]
            if isKey(column, of: target) {
                found = version.row(of: target, forKey: Key([cell])).map { [$0] } ?? []
                let name = name(column, of: target)
                note(.key, name, found)
            } else if version.catalog.nodeTypes[target.index].columns[column].isUnique {
                found = version[target].row(withUnique: cell, in: column, of: version.catalog).map { [$0] } ?? []
                let name = name(column, of: target)
                note(.key, name, found)
            } else if case .string(let text) = cell, let indexed = try indexed(text, column, of: target) {
                found = indexed
                let name = name(column, of: target)
                note(.index, name, found)
            } else {
                return nil
            }
            let owners = back(from: found, through: row, variable: variable)
            if case .follow = row {
                let name = name(row)
                note(.edge, name, owners)
            }
            return owners
        default: return nil
        }
    }

    private func isKey(_ column: Int, of type: NodeTypeID) -> Bool {
        // In place: a copy of the type would count all its parts.
        let key = version.catalog.nodeTypes[type.index].key
        return key.count == 1 && key[0] == column
    }

    /// The rows that have a text in a column, by the column's index; nil where there is none or they are too many.
    private func indexed(_ text: String, _ column: Int, of type: NodeTypeID) throws(EvaluationError) -> [RowNumber]? {
        guard case .string(let stored) = version[type].column(column) else { return nil }
        guard let code = stored.dictionary.code(of: text) else { return [] }
        let place = ReadSet.Place(type: type, index: column)
        guard let index = try context.derived.indexes.index(place, stored, context, counts: asksForIndexes),
            index.count(of: code) <= limit
        else {
            return nil
        }
        return index.rows(of: code).filter { version[type].isLive($0) }
    }

    /// The rows whose path of to-one edges leads to rows for which a comparison holds, where the type at its end is small.
    private mutating func rows(behindPathOf condition: Expression, variable: Int) throws(EvaluationError) -> [RowNumber]? {
        guard scanLimit != nil, let path = condition.comparedPath, path.freeVariables == 1 << UInt64(variable),
            case .row(let target) = path.type
        else { return nil }
        let far = condition.compared(at: .variable(variable, target))
        guard let found = try scanned(far, variable: variable, type: target) else { return nil }
        let owners = back(from: found, through: path, variable: variable)
        let name = name(path)
        note(.edge, name, owners)
        return owners
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
                    if case .column(.variable(variable, _), column, _) = field, let constant = constant(value) {
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

    private func constant(_ expression: Expression) -> Scalar? {
        switch expression {
        case .constant(let constant, _): constant
        case .argument(let index, _): arguments.indices.contains(index) ? arguments[index] : nil
        default: nil
        }
    }

    private func constantRow(_ expression: Expression) -> RowNumber? {
        guard case .constant(.row(let row), .row(let type)) = expression, row < version[type].rowCount, version[type].isLive(row)
        else { return nil }
        return row
    }

    // MARK: Edges, walked backwards

    /// The rows of the variable from which a path of to-one edges can lead to one of `rows`.
    func back(from rows: [RowNumber], through path: Expression, variable: Int) -> [RowNumber]? {
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
    func sources(of rows: [RowNumber], through set: Expression, variable: Int) -> [RowNumber]? {
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
        guard
            let inverse = version.catalog.nodeTypes[target.index].inverses.firstIndex(where: {
                $0.source == type && $0.column == column
            })
        else { return version[type].rows(referringTo: rows, by: column, atMost: limit) }
        let adjacency = version[target].inverse(inverse)
        // Counted before any is read: too many are the usual end, and then nothing was made.
        var count = 0
        for row in rows {
            count += adjacency.count(of: row)
            guard count <= limit else { return nil }
        }
        var all: [RowNumber] = []
        all.reserveCapacity(count)
        for row in rows {
            let sources = adjacency.targets(of: row)
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
    /// How many rows the type at the far end of an edge has that a scan could begin at; none where there is no such edge.
    fileprivate func farRowCount(in version: GraphVersion) -> Int {
        if case .quantified(let quantifier, let set, _, _) = self, quantifier == .some || quantifier == .exactlyOne,
            case .rows(let target) = set.type
        {
            return version[target].liveRowCount
        }
        if case .or(let operands) = self { return operands.map { $0.farRowCount(in: version) }.max() ?? 0 }
        guard let path = comparedPath, case .row(let target) = path.type else { return 0 }
        return version[target].liveRowCount
    }

    /// The path of to-one edges to the row whose column is compared with a constant. Where a path ends early the column is null, and
    /// the comparison not TRUE.
    fileprivate var comparedPath: Expression? {
        switch self {
        case .compare(_, .column(let path, _, _), .constant), .compare(_, .constant, .column(let path, _, _)),
            .isOneOf(.column(let path, _, _), _), .text(_, .column(let path, _, _)):
            if case .follow = path { path } else { nil }
        default: nil
        }
    }

    /// The same comparison of a column of another row.
    fileprivate func compared(at row: Expression) -> Expression {
        switch self {
        case .compare(let comparison, .column(_, let column, let type), let constant):
            .compare(comparison, .column(of: row, column: column, type), constant)
        case .compare(let comparison, let constant, .column(_, let column, let type)):
            .compare(comparison, constant, .column(of: row, column: column, type))
        case .isOneOf(.column(_, let column, let type), let constants):
            .isOneOf(.column(of: row, column: column, type), constants)
        case .text(let match, .column(_, let column, let type)): .text(match, .column(of: row, column: column, type))
        default: self
        }
    }

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
