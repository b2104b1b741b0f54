import Expressions
import JSONText
import Model
import QueryPlanning
import StoreColumns

/// Figures of sets of rows, and their groups.
extension Executor {
    /// `aggregate`, of a connection or of a group.
    mutating func writeAggregate(_ bound: BoundNode, of parent: Parent) throws(Interruption) {
        guard case .one(let selection) = bound.node.children else { return writer.null() }
        let place = figures.count
        switch parent {
        case .connection(let page):
            guard case .aggregate(let binding) = bound.field else { preconditionFailure("An aggregate is bound.") }
            do throws(EvaluationError) {
                figures.append(
                    FigureSet(
                        figures: try pages[page].figures(binding), layout: binding.layout,
                        verdict: try binding.cells?.verdict(
                            pages[page].source?.cells, of: binding.aggregation.measures, on: binding.aggregation.type)))
            } catch {
                throw interruption(error, at: bound.node)
            }
            cells.add(figures[place])
            try writeObject(.figures(place, group: 0, operation: nil, scale: 0), selection, below: bound.node)
        case .group(let list, let index):
            figures.append(
                FigureSet(
                    figures: groupPages[list].figures, layout: groupPages[list].binding.layout,
                    verdict: groupPages[list].told?[index].verdict))
            cells.add(figures[place])
            try writeObject(
                .figures(place, group: groupPages[list].groups[index], operation: nil, scale: 0), selection, below: bound.node)
        default: preconditionFailure("Connections and groups have figures.")
        }
        figures.removeLast()
    }

    mutating func writeFigures(
        _ bound: BoundNode, _ operation: AggregateOperation, _ place: Int, _ group: Int
    ) throws(Interruption) {
        guard case .one(let selection) = bound.node.children else { return writer.null() }
        var scale = 0
        if case .scale(let digits) = bound.field { scale = digits }
        try writeObject(.figures(place, group: group, operation: operation, scale: scale), selection, below: bound.node)
    }

    mutating func writeFigure(
        _ node: PlanNode, _ operation: AggregateOperation?, _ position: Int, _ place: Int, _ group: Int, scale: Int
    ) throws(Interruption) {
        guard let measure = figures[place].layout.measure(operation, position) else {
            preconditionFailure("'\(node.fieldName)' is among the figures.")
        }
        if figures[place].withholds(measure) { return writer.null() }
        do throws(EvaluationError) {
            let value = try figures[place].figures.value(measure, of: group)
            let type = figures[place].figures.type(of: measure)
            if case (.enumeration(let code), .enumeration(let id)) = (value, type), let catalog = graph?.catalog {
                return writer.string(catalog[id].values[Int(code)])
            }
            try writer.figure(value, type, scale: operation == .average ? scale : nil, numberStyle)
        } catch {
            throw interruption(error, at: node)
        }
    }

    private var numberStyle: NumberStyle { graph?.source.numberStyle ?? NumberStyle() }

    // MARK: - Groups

    mutating func writeGroups(_ bound: BoundNode, _ page: Int) throws(Interruption) {
        guard case .groups(let binding) = bound.field, case .one(let selection) = bound.node.children else {
            preconditionFailure("Groups are bound.")
        }
        let place = groupPages.count
        do throws(EvaluationError) {
            groupPages.append(try binding.groups(of: try pages[page].scannedRows(), pages[page].source?.cells))
        } catch {
            throw interruption(error, at: bound.node)
        }
        try writeList(bound.node, groupPages[place].groups.count) { (executor, index) throws(Interruption) in
            try executor.countRow()
            try executor.execute(selection, of: .group(place, index))
        }
        groupPages.removeLast()
    }

    mutating func writeGroupKey(_ node: PlanNode, _ list: Int, _ index: Int) throws(Interruption) {
        guard case .one(let selection) = node.children else { return writer.null() }
        let keys = UInt64(1) << UInt64(groupPages[list].binding.keys.count) - 1
        try writeObject(.groupKey(list, index, keys: keys, depth: 0), selection, below: node)
    }

    /// The key of a related row: those that lead through the field.
    mutating func writeGroupKeyEdge(
        _ node: PlanNode, _ position: Int, _ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int
    ) throws(Interruption) {
        guard case .one(let selection) = node.children else { return writer.null() }
        var below: UInt64 = 0
        forEachKey(keys) { number in
            let path = groupPages[list].binding.keys[number].path
            if path.count > depth, path[depth] == position { below |= 1 << UInt64(number) }
        }
        guard below != 0 else { return writer.null() }
        try writeObject(.groupKey(list, index, keys: below, depth: depth + 1), selection, below: node)
    }

    private func forEachKey(_ keys: UInt64, _ body: (Int) -> Void) {
        var open = keys
        while open != 0 {
            body(open.trailingZeroBitCount)
            open &= open &- 1
        }
    }

    /// The key, among some, that ends at a depth with a field, or with the row itself.
    private func key(_ list: Int, _ keys: UInt64, _ depth: Int, endingWith field: Int?) -> Int? {
        var found: Int?
        forEachKey(keys) { number in
            let key = groupPages[list].binding.keys[number]
            if found == nil, key.path.count == depth, key.field == field { found = number }
        }
        return found
    }

    /// The row that is a key, with its type; nil where none is.
    private func keyRow(_ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int) -> (type: NodeTypeID, row: RowNumber)? {
        guard let number = key(list, keys, depth, endingWith: nil) else { return nil }
        let page = groupPages[list]
        guard case .row(let type) = page.binding.keys[number].key.expression.type,
            case .row(let row) = page.key(number, at: index)
        else { return nil }
        return (type, row)
    }

    mutating func writeGroupKeyValue(
        _ bound: BoundNode, _ position: Int, _ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int
    ) throws(Interruption) {
        guard case .keyValue(let reader, let kind) = bound.field else { preconditionFailure("A key's value is bound.") }
        if let number = key(list, keys, depth, endingWith: position) {
            let value = groupPages[list].key(number, at: index)
            do throws(EvaluationError) {
                if try !writer.scalar(value, kind, numberStyle) { writer.null() }
            } catch {
                throw interruption(error, at: bound.node)
            }
            return
        }
        guard let (_, row) = keyRow(list, index, keys, depth) else { return writer.null() }
        do throws(EvaluationError) {
            if try !reader.write(row, to: &writer) { writer.null() }
        } catch {
            throw interruption(error, at: bound.node)
        }
    }

    mutating func writeGroupKeyID(_ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int) {
        guard let (type, row) = keyRow(list, index, keys, depth) else { return writer.null() }
        writeID(row, type)
    }

    mutating func writeGroupKeyNode(
        _ node: PlanNode, _ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int
    ) throws(Interruption) {
        guard let (type, row) = keyRow(list, index, keys, depth) else { return writer.null() }
        try writeRow(node, type, row)
    }

    mutating func writeGroupNodes(_ bound: BoundNode, _ list: Int, _ index: Int) throws(Interruption) {
        guard case .first(let first) = bound.field, case .one(let selection) = bound.node.children,
            let order = groupPages[list].binding.rowOrder
        else { preconditionFailure("Rows of groups are bound.") }
        let type = groupPages[list].figures.type
        let rows: [RowNumber]
        do throws(EvaluationError) {
            rows = try order.rows(of: .list(groupPages[list].rows[index]), RowStretch(limit: first), isDeep: false)
        } catch {
            throw interruption(error, at: bound.node)
        }
        try writeList(bound.node, rows.count, shape: graph?.shape(of: selection), of: rows) {
            (executor, index) throws(Interruption) in
            try executor.countRow()
            try executor.execute(selection, of: .row(type, rows[index]))
        }
    }

    // MARK: - Periods and intervals

    /// The object of a key that is a period or a number; null where it was not grouped by, or rows have no value.
    mutating func writeGroupKeyInterval(
        _ node: PlanNode, _ position: Int, _ list: Int, _ index: Int, _ keys: UInt64, _ depth: Int
    ) throws(Interruption) {
        guard case .one(let selection) = node.children, let number = key(list, keys, depth, endingWith: position),
            groupPages[list].key(number, at: index) != .null
        else { return writer.null() }
        try writeObject(.interval(list, index, key: number), selection, below: node)
    }

    mutating func writeInterval(_ node: PlanNode, _ list: Int, _ index: Int, _ number: Int) {
        let page = groupPages[list]
        let key = page.binding.keys[number].key
        let value = page.key(number, at: index)
        let isQuoted = numberStyle.quotesExact
        switch (key.unit, value, node.source) {
        case (.period(let unit), .date(let date), .periodText): writer.string(unit.text(of: date))
        case (.period, .date(let date), .periodFrom): writer.date(days: date.days)
        case (.period(let unit), .date(let date), .periodTo): writer.date(days: unit.bounds(of: date).last.days)
        case (.value, .int(let number), .bucketValue): writer.decimal(unscaled: number, fractionDigits: 0, isQuoted: isQuoted)
        case (.value, .decimal(let number), .bucketValue):
            writer.decimal(unscaled: number.unscaled, fractionDigits: number.fractionDigits, isQuoted: isQuoted)
        case (.buckets(let buckets), .int(let index), .bucketFrom): write(buckets.ends(of: index).from, isQuoted)
        case (.buckets(let buckets), .int(let index), .bucketTo): write(buckets.ends(of: index).to, isQuoted)
        default: writer.null()
        }
    }

    private mutating func write(_ decimal: Decimal?, _ isQuoted: Bool) {
        guard let decimal else { return writer.null() }
        writer.decimal(unscaled: decimal.unscaled, fractionDigits: decimal.fractionDigits, isQuoted: isQuoted)
    }
}

extension JSONWriter {
    /// A figure, null where there is none.
    /// - Parameter scale: digits of an average; nil for the type's own.
    fileprivate mutating func figure(
        _ value: Scalar, _ type: ExpressionType, scale: Int?, _ style: NumberStyle
    ) throws(EvaluationError) {
        switch value {
        case .null: null()
        case .int(let value): int(value)
        case .float(let value): float(value)
        case .decimal(let value):
            decimal(unscaled: value.unscaled, fractionDigits: value.fractionDigits, isQuoted: style.quotesExact)
        case .ratio(let value) where style.showsFractions: string(value.description)
        case .ratio(let value):
            guard case .ratio(let shown) = type, let rounded = value.rounded(to: scale ?? shown) else {
                throw .overflow("\(value) with \(scale ?? 0) digits does not fit in 64 bits")
            }
            decimal(unscaled: rounded.unscaled, fractionDigits: rounded.fractionDigits, isQuoted: style.quotesExact)
        case .date(let value): date(days: value.days)
        case .dateTime(let value): string(value.description)
        case .boolean(let value): boolean(value)
        case .string(let value): string(value)
        case .enumeration, .row: preconditionFailure("Enums are written by their names, and no figure is a row.")
        }
    }
}
