import StoreColumns

/// The way from a text that a request gives to few rows, found once: the row whose key the text is, and edges walked backwards from it.
///
/// It names no other rows than `CandidateFinder` names for the same condition, without looking for the way again, or for the text a
/// second time: the condition's own test of it has found its code, or the row itself.
struct ArgumentWay: Sendable {
    /// The condition's test whether the key is the text, in `Frame.tests`.
    private var test: Int
    /// Where the test is one of the key's code: the table of the key. Nil where it is one of the row.
    private var keyTable: Table?
    /// From the row with the key on, one after the other.
    private var edges: [Adjacency] = []

    /// - Parameters:
    ///   - condition: a part of a conjunction over the rows of a variable.
    ///   - uses: what the arguments of the whole are compared with, by place of their tests.
    /// - Returns: nil where it neither is such a comparison nor asks one of the row that an edge leads to.
    init?(_ condition: Expression, variable: Int = 0, _ uses: [ArgumentUse], in version: GraphVersion) {
        switch condition {
        case .compare(.equal, .column(let row, let column, .string), .argument(let argument, _)):
            guard case .row(let type) = row.type, version.catalog[type].key == [column],
                case .string(let stored) = version[type].column(column),
                let test = uses.firstIndex(where: {
                    $0.isSame(as: ArgumentUse(argument: argument, comparison: .equal, operand: .code(stored.dictionary)))
                })
            else { return nil }
            self.test = test
            keyTable = version[type]
            guard follow(row, backTo: variable, version) else { return nil }
        case .quantified(let quantifier, .optional(let row), let inner, let body)
        where quantifier == .some || quantifier == .exactlyOne:
            if let (type, argument) = body.keyArgument(of: inner, in: version.catalog) {
                guard let use = ArgumentUse(keyOf: version[type], isArgument: argument),
                    let test = uses.firstIndex(where: { $0.isSame(as: use) })
                else { return nil }
                self.test = test
                guard follow(row, backTo: variable, version) else { return nil }
                return
            }
            for part in body.conjuncts {
                guard let way = ArgumentWay(part, variable: inner, uses, in: version) else { continue }
                self = way
                guard follow(row, backTo: variable, version) else { return nil }
                return
            }
            return nil
        default: return nil
        }
    }

    /// Adds the edges of a path, from its end to the variable that it begins at.
    private mutating func follow(_ path: Expression, backTo variable: Int, _ version: GraphVersion) -> Bool {
        var path = path
        while case .follow(let start, .reference(let column, let target)) = path {
            guard case .row(let source) = start.type,
                let inverse = version.catalog[target].inverses.firstIndex(where: {
                    $0.source == source && $0.column == column
                })
            else { return false }
            edges.append(version[target].inverse(inverse))
            path = start
        }
        if case .variable(variable, _) = path { return true }
        return false
    }

    /// The rows, ascending; nil where they are more than a limit.
    func rows(_ tests: [ConstantTest], atMost limit: Int) -> [RowNumber]? {
        guard let row = firstRow(tests) else { return [] }
        guard !edges.isEmpty else { return [row] }
        var rows: [RowNumber] = []
        guard Self.append(edges[0], row, to: &rows, atMost: limit) else { return nil }
        for place in 1..<edges.count {
            var next: [RowNumber] = []
            for row in rows { guard Self.append(edges[place], row, to: &next, atMost: limit) else { return nil } }
            next.sortUnlessSorted()
            rows = next
        }
        return rows
    }

    private func firstRow(_ tests: [ConstantTest]) -> RowNumber? {
        guard case .compare(_, let found) = tests[test] else { return nil }
        guard let keyTable else { return RowNumber(truncatingIfNeeded: found) }
        return keyTable.row(withKeyCode: UInt32(truncatingIfNeeded: found))
    }

    private static func append(_ edge: Adjacency, _ row: RowNumber, to rows: inout [RowNumber], atMost limit: Int) -> Bool {
        let sources = edge.targets(of: row)
        guard rows.count + sources.count <= limit else { return false }
        rows.reserveCapacity(rows.count + sources.count)
        for index in sources.indices { rows.append(sources[index]) }
        return true
    }
}
