import StoreColumns

/// The way from a text that a request gives to few rows, found once: the row whose key the text is, and edges walked backwards from it.
///
/// It names no other rows than `CandidateFinder` names for the same condition, without looking for the way again, or for the text a
/// second time: the condition's own test of it has found its code, or the row itself.
final class ArgumentWay: Sendable {
    /// The condition's test whether the key is the text, in `Frame.tests`.
    let test: Int
    /// Where the test is one of the key's code: the table of the key. Nil where it is one of the row.
    private let keyTable: Table?
    /// From the row with the key on, one after the other: the first, where there is one, and those behind it.
    private let firstEdge: Adjacency?
    private let otherEdges: [Adjacency]
    /// The row that has to be the one with the key, where nothing else is asked: the rows that are named are those for which it is so.
    private let keyedRow: Expression?

    /// - Parameters:
    ///   - condition: a part of a conjunction over the rows of a variable.
    ///   - uses: what the arguments of the whole are compared with, by place of their tests.
    /// - Returns: nil where it neither is such a comparison nor asks one of the row that an edge leads to.
    convenience init?(_ condition: Expression, variable: Int = 0, _ uses: [ArgumentUse], in version: GraphVersion) {
        switch condition {
        case .compare(.equal, .column(let row, let column, .string), .argument(let argument, _)):
            guard case .row(let type) = row.type, version.catalog[type].key == [column],
                case .string(let stored) = version[type].column(column),
                let test = uses.firstIndex(where: {
                    $0.isSame(as: ArgumentUse(argument: argument, comparison: .equal, operand: .code(stored.dictionary)))
                }),
                let edges = version.edges(of: row, backTo: variable)
            else { return nil }
            self.init(test, keyTable: version[type], edges, keyedRow: nil)
        case .quantified(let quantifier, .optional(let row), let inner, let body)
        where quantifier == .some || quantifier == .exactlyOne:
            guard let edges = version.edges(of: row, backTo: variable) else { return nil }
            if let (type, argument) = body.keyArgument(of: inner, in: version.catalog) {
                guard let use = ArgumentUse(keyOf: version[type], isArgument: argument),
                    let test = uses.firstIndex(where: { $0.isSame(as: use) })
                else { return nil }
                self.init(test, keyTable: nil, edges, keyedRow: row)
                return
            }
            for part in body.conjuncts {
                guard let way = ArgumentWay(part, variable: inner, uses, in: version) else { continue }
                self.init(way.test, keyTable: way.keyTable, way.edges + edges, keyedRow: nil)
                return
            }
            return nil
        default: return nil
        }
    }

    private init(_ test: Int, keyTable: Table?, _ edges: [Adjacency], keyedRow: Expression?) {
        self.test = test
        self.keyTable = keyTable
        firstEdge = edges.first
        otherEdges = Array(edges.dropFirst())
        self.keyedRow = keyedRow
    }

    private var edges: [Adjacency] { (firstEdge.map { [$0] } ?? []) + otherEdges }

    /// Whether a part of the condition is TRUE for every row that is named.
    func answers(_ part: IsKeyedRow) -> Bool { keyedRow.map { part.asks($0, test: test) } ?? false }

    /// The rows, ascending; nil where they are more than a limit.
    /// - Parameter found: What its test comes to.
    func rows(_ found: ConstantTest, atMost limit: Int) -> [RowNumber]? {
        guard let row = firstRow(found) else { return [] }
        guard let firstEdge else { return [row] }
        let sources = firstEdge.targets(of: row)
        guard sources.count <= limit else { return nil }
        var rows: [RowNumber] = []
        rows.reserveCapacity(sources.count)
        for index in sources.indices { rows.append(sources[index]) }
        for edge in otherEdges { guard Self.follow(edge, &rows, atMost: limit) else { return nil } }
        return rows
    }

    private func firstRow(_ found: ConstantTest) -> RowNumber? {
        guard case .compare(_, let found) = found else { return nil }
        guard let keyTable else { return RowNumber(truncatingIfNeeded: found) }
        return keyTable.row(withKeyCode: UInt32(truncatingIfNeeded: found))
    }

    /// - Returns: false where the rows behind the edge are more than the limit.
    private static func follow(_ edge: Adjacency, _ rows: inout [RowNumber], atMost limit: Int) -> Bool {
        var next: [RowNumber] = []
        for row in rows {
            let sources = edge.targets(of: row)
            guard next.count + sources.count <= limit else { return false }
            next.reserveCapacity(next.count + sources.count)
            for index in sources.indices { next.append(sources[index]) }
        }
        next.sortUnlessSorted()
        rows = next
        return true
    }
}

extension GraphVersion {
    /// The edges of a path, from its end to the variable that it begins at; nil where it is no such path.
    fileprivate func edges(of path: Expression, backTo variable: Int) -> [Adjacency]? {
        var edges: [Adjacency] = []
        var path = path
        while case .follow(let start, .reference(let column, let target)) = path {
            guard case .row(let source) = start.type,
                let inverse = catalog[target].inverses.firstIndex(where: { $0.source == source && $0.column == column })
            else { return nil }
            edges.append(self[target].inverse(inverse))
            path = start
        }
        if case .variable(variable, _) = path { return edges }
        return nil
    }
}
