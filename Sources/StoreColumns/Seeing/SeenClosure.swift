import Bytes

/// Which rows exist in a seen version: those that rules leave, without all whose required references lead to rows that do not.
///
/// Types are gone through in the order of these references, what is referred to first. Where few rows of a type are seen, those that
/// refer to them are found by the edge, and cost is theirs alone; else the type's references are read once. Types that require one
/// another in a circle are gone through until nothing changes.
struct SeenClosure {
    private let base: GraphVersion
    private let given: VisibleRows
    /// By `NodeTypeID`; nil where every row is seen.
    private(set) var seen: [SeenRows?]
    private var isInCircle: [Bool]

    /// - Parameter earlier: a seen version of the same line: where neither a type's rules nor what they stand on has changed since, its
    ///   rows are taken over.
    init(_ given: VisibleRows, of base: GraphVersion, after earlier: GraphVersion.Seeing? = nil) {
        self.base = base
        self.given = given
        seen = Array(repeating: nil, count: base.tables.count)
        isInCircle = Array(repeating: false, count: base.tables.count)
        let order = referredFirst()
        var isTakenOver = Array(repeating: false, count: seen.count)
        for type in order {
            if let earlier, !isInCircle[type], isSame(type, since: earlier, isTakenOver) {
                seen[type] = earlier.rows[type]
                isTakenOver[type] = true
            } else {
                seen[type] = rows(of: type)
            }
        }
        let circles = order.filter { isInCircle[$0] }
        var changes = !circles.isEmpty
        while changes {
            changes = false
            for type in circles {
                let next = rows(of: type)
                guard next?.count != seen[type]?.count else { continue }
                seen[type] = next
                changes = true
            }
        }
    }

    // MARK: Order

    /// All types, those first that others require; marks those that require themselves, through others or not.
    private mutating func referredFirst() -> [Int] {
        enum State { case open, done }
        var states: [State?] = Array(repeating: nil, count: base.tables.count)
        var (order, path): ([Int], [Int]) = ([], [])
        func visit(_ type: Int, _ isInCircle: inout [Bool]) {
            states[type] = .open
            path.append(type)
            for column in base.catalog.nodeTypes[type].requiredReferences {
                guard let target = base.catalog.nodeTypes[type].columns[column].kind.target?.index else { continue }
                switch states[target] {
                case nil: visit(target, &isInCircle)
                case .open: for place in path.drop(while: { $0 != target }) { isInCircle[place] = true }
                case .done: break
                }
            }
            path.removeLast()
            states[type] = .done
            order.append(type)
        }
        for type in base.tables.indices where states[type] == nil { visit(type, &isInCircle) }
        return order
    }

    private func isSame(_ type: Int, since earlier: GraphVersion.Seeing, _ isTakenOver: [Bool]) -> Bool {
        guard given.given[type] === earlier.given.given[type] else { return false }
        let (definition, table) = (base.catalog.nodeTypes[type], base.tables[type])
        return (definition.key + definition.requiredReferences).allSatisfy { table.columnVersion($0) <= earlier.number }
            && definition.requiredReferences.allSatisfy { column in
                definition.columns[column].kind.target.map { isTakenOver[$0.index] } ?? true
            }
    }

    // MARK: One type

    /// A reference that must hold a row, to a type of which some rows are not seen.
    private struct Demand {
        var column: Int
        var target: NodeTypeID
        var references: FixedWidthColumn<RowNumber>
        var seen: SeenRows

        func isMet(by row: Int) -> Bool { references[row].map(seen.contains) ?? true }
    }

    private func demands(of type: Int) -> [Demand] {
        base.catalog.nodeTypes[type].requiredReferences.compactMap { column in
            guard let target = base.catalog.nodeTypes[type].columns[column].kind.target, let seen = seen[target.index],
                case .reference(let references) = base.tables[type].column(column)
            else { return nil }
            return Demand(column: column, target: target, references: references, seen: seen)
        }
    }

    private func rows(of type: Int) -> SeenRows? {
        let table = base.tables[type]
        let demands = demands(of: type)
        let follows = given.given[type] == nil && demands.count == 1 && !isInCircle[type] ? demands[0].column : nil
        let found: SeenRows
        switch given.given[type]?.rows {
        case nil where demands.isEmpty: return nil
        case .list(let list)?:
            found = SeenRows(
                list: list.filter { row in table.isLive(row) && demands.allSatisfy { $0.isMet(by: Int(row)) } },
                rowCount: table.rowCount)
        case .bitmap(let bitmap)?: found = rows(of: table, among: bitmap, demands, follows: nil)
        case nil: found = rows(of: table, among: nil, demands, follows: follows)
        }
        return found.count == table.liveRowCount ? nil : found
    }

    private func rows(of table: Table, among given: Bitmap?, _ demands: [Demand], follows: Int?) -> SeenRows {
        if let list = rowsByEdge(of: table, demands) {
            let rows = list.filter { row in (given?[Int(row)] ?? true) && demands.allSatisfy { $0.isMet(by: Int(row)) } }
            return SeenRows(list: rows, rowCount: table.rowCount, follows: follows)
        }
        var rows = given ?? Bitmap(count: table.rowCount, all: true)
        if let live = table.liveRows { rows.formIntersection(live) }
        for demand in demands { rows.keep { demand.isMet(by: $0) } }
        return SeenRows(bitmap: rows, follows: follows)
    }

    /// The rows that refer to the few that are seen of another type, ascending, where the edge back names them and they are few too.
    private func rowsByEdge(of table: Table, _ demands: [Demand]) -> [RowNumber]? {
        var best: (edge: Adjacency, owners: [RowNumber], count: Int)?
        for demand in demands {
            guard let owners = demand.seen.few,
                let inverse = base.catalog[demand.target].inverses.firstIndex(where: {
                    $0.source == table.type && $0.column == demand.column
                })
            else { continue }
            let edge = base[demand.target].inverse(inverse)
            let count = owners.reduce(0) { $0 + edge.count(of: $1) }
            if best.map({ count < $0.count }) ?? true { best = (edge, owners, count) }
        }
        guard let best, SeenRows.areFew(best.count, of: table.rowCount) else { return nil }
        var rows: [RowNumber] = []
        rows.reserveCapacity(best.count)
        for owner in best.owners {
            let targets = best.edge.targets(of: owner)
            for index in targets.indices { rows.append(targets[index]) }
        }
        return rows.sorted()
    }
}

extension Bitmap {
    /// Takes out those rows that a test does not let stay.
    fileprivate mutating func keep(where test: (Int) -> Bool) {
        var gone: [Int] = []
        forEachSet { if !test($0) { gone.append($0) } }
        for row in gone { self[row] = false }
    }
}

extension NodeType {
    /// Reference columns that hold a row in every row: without that row, there is not this one. Ascending.
    var requiredReferences: [Int] {
        columns.indices.filter { index in
            guard case .reference = columns[index].kind else { return false }
            return !columns[index].isNullable || key.contains(index)
        }
    }
}
