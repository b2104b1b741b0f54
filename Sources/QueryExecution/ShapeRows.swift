import Expressions
import JSONText
import QueryPlanning
import StoreColumns

/// One level of an `ObjectShape`: whose rows they are, and what is asked of each.
///
/// A list inside costs a range of the rows that are found for the lists of all rows at once, in place of a page, a path and a turn of
/// every loop.
final class ShapeRows {
    private enum Member {
        case leaf(LeafReader, isNonNull: Bool)
        /// Rows of another level.
        case inside(ShapeRows)
    }

    /// How the rows are found from those outside.
    private enum Way {
        /// They are given.
        case given
        /// To a row or none, which is an object or null.
        case one(EdgeReader, isNonNull: Bool)
        /// To those of `{"nodes":[…]}`, in the order of the list.
        case list(ConnectionBinding, Adjacency)
    }

    private let members: [Member]
    private let way: Way
    /// The levels among the members.
    private let insides: [ShapeRows]
    let object: ObjectProgram.Object
    private let firstColumn: Int
    /// Whether each row may have many inside.
    let hasLists: Bool
    private let leavesPerRow: Int

    /// While a batch is made: the rows, those of all rows outside one after the other, and where those of each end.
    private var rows: [RowNumber] = []
    private var ends: [Int] = []

    /// Longer lists are pages of their own.
    private static let listLimit = 1_024

    /// The outermost level.
    ///
    /// - Parameter room: How many members more there may be.
    /// - Returns: nil where something else is selected than a shape has.
    convenience init?(
        _ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int, _ program: inout ObjectProgram
    ) {
        self.init(selection, .given, plan, nodes, &room, &program)
    }

    private init?(
        _ selection: SelectionIndex, _ way: Way, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int,
        _ program: inout ObjectProgram
    ) {
        var members: [Member] = []
        var insides: [ShapeRows] = []
        var written: [ObjectProgram.Member] = []
        let places = plan[selection].nodes
        members.reserveCapacity(places.count)
        written.reserveCapacity(places.count)
        for place in places {
            room -= 1
            guard room >= 0, let (member, asWritten) = Self.member(nodes[place], plan, nodes, &room, &program) else { return nil }
            members.append(member)
            if case .inside(let inside) = member { insides.append(inside) }
            written.append(asWritten)
        }
        guard !members.isEmpty else { return nil }
        self.members = members
        self.insides = insides
        self.way = way
        hasLists = insides.contains { inside in
            if case .list = inside.way { true } else { inside.hasLists }
        }
        leavesPerRow = members.count - insides.count
        (object, firstColumn) = program.add(written)
    }

    private static func member(
        _ bound: BoundNode, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int, _ program: inout ObjectProgram
    ) -> (Member, ObjectProgram.Member)? {
        let key = bound.node.responseKeyBehindComma
        switch bound.field {
        case .value(let reader):
            return (.leaf(reader, isNonNull: bound.isNonNull), ObjectProgram.Member(name: key, reader.batchValue))
        case .toOne(let reader):
            guard case .one(let selection) = bound.node.children,
                let inside = ShapeRows(selection, .one(reader, isNonNull: bound.isNonNull), plan, nodes, &room, &program)
            else { return nil }
            return (.inside(inside), ObjectProgram.Member(name: key, .one(inside.object)))
        case .connection(let binding):
            guard let adjacency = binding.rows.adjacency, binding.plan.needs.isOfNodesOnly,
                case .one(let connection) = bound.node.children
            else { return nil }
            let below = plan[connection].nodes
            guard below.count == 1 else { return nil }
            let list = nodes[below.lowerBound]
            guard case .nodes = list.node.source,
                case .one(let selection) = list.node.children,
                let inside = ShapeRows(selection, .list(binding, adjacency), plan, nodes, &room, &program)
            else { return nil }
            let name = key + [UInt8(ascii: "{")] + list.node.responseKeyBehindComma.dropFirst() + [UInt8(ascii: "[")]
            return (.inside(inside), ObjectProgram.Member(name: name, .list(inside.object)))
        default: return nil
        }
    }

    // MARK: - Finding rows

    /// The rows of the outermost level.
    func set(_ wanted: borrowing Span<RowNumber>) {
        var (given, _) = takeRoom()
        given.removeAll(keepingCapacity: true)
        for index in wanted.indices { given.append(wanted[index]) }
        rows = given
    }

    /// The rows and ends of before, to be filled anew: held by nobody else while a loop does so.
    private func takeRoom() -> (rows: [RowNumber], ends: [Int]) {
        defer { (rows, ends) = ([], []) }
        return (rows, ends)
    }

    /// Finds the rows inside.
    /// - Returns: how many; nil where a list is none of the plain ones.
    func gather() throws(EvaluationError) -> Int? {
        var count = 0
        for inside in insides {
            guard try inside.find(from: rows), let deeper = try inside.gather() else { return nil }
            count += inside.rows.count + deeper
            // So much at once is not made: nothing more needs to be known.
            if count > 16 * ObjectShape.rowLimit { return count }
        }
        return count
    }

    /// - Returns: false where a row must be there and is not, or a list is none of the plain ones.
    private func find(from owners: [RowNumber]) throws(EvaluationError) -> Bool {
        switch way {
        case .given: return true
        case .one(let reader, let isNonNull): return try follow(owners, reader, isNonNull)
        case .list(let binding, let adjacency): return try list(owners, binding, adjacency)
        }
    }

    private func follow(_ owners: [RowNumber], _ reader: EdgeReader, _ isNonNull: Bool) throws(EvaluationError) -> Bool {
        var (found, foundEnds) = takeRoom()
        defer { (rows, ends) = (found, foundEnds) }
        found.removeAll(keepingCapacity: true)
        foundEnds.removeAll(keepingCapacity: true)
        for owner in owners {
            if let row = try reader.row(of: owner) { found.append(row) } else if isNonNull { return false }
            foundEnds.append(found.count)
        }
        return true
    }

    private func list(
        _ owners: [RowNumber], _ binding: ConnectionBinding, _ adjacency: Adjacency
    ) throws(EvaluationError) -> Bool {
        let window = binding.window
        guard !window.isFromEnd, window.offset == 0, !window.hasCursor else { return false }
        if let noted = binding.notedOwners { noted.rows += owners }
        var (found, foundEnds) = takeRoom()
        defer { (rows, ends) = (found, foundEnds) }
        foundEnds.removeAll(keepingCapacity: true)
        foundEnds.reserveCapacity(owners.count)
        var count = 0
        for owner in owners {
            let targets = adjacency.targets(of: owner)
            guard targets.count <= Self.listLimit else { return false }
            if found.count < count + targets.count {
                found.append(contentsOf: repeatElement(0, count: max(targets.count, found.count, 64)))
            }
            var room = found.mutableSpan
            for index in targets.indices { room[count &+ index] = targets[index] }
            count += targets.count
            foundEnds.append(count)
        }
        found.removeLast(found.count - count)
        return try binding.order.arrange(&found, &foundEnds, first: window.size)
    }

    // MARK: - Filling a batch

    /// How many leaves these rows have, with those inside.
    var leafCount: Int { insides.reduce(rows.count * leavesPerRow) { $0 + $1.leafCount } }

    /// Makes the columns of these rows, and of those inside.
    /// - Returns: false where a row has no value but must.
    func fill(_ batch: inout ObjectBatch, _ program: borrowing ObjectProgram) throws(EvaluationError) -> Bool {
        let rows = rows
        var column = firstColumn
        for member in members {
            batch.begin(column: column, rowCount: rows.count, program)
            switch member {
            case .leaf(let reader, let isNonNull):
                guard try reader.write(rows.span, isNonNull: isNonNull, toColumn: column, of: &batch) else { return false }
            case .inside(let inside):
                let ends = inside.ends
                batch.append(ends: ends.span)
                guard try inside.fill(&batch, program) else { return false }
            }
            column += 1
        }
        return true
    }

    /// Lets go of memory that grew.
    func release() {
        (rows, ends) = ([], [])
        for inside in insides { inside.release() }
    }
}

extension PageNeeds {
    /// Whether the rows themselves are asked for, and nothing else of them.
    fileprivate var isOfNodesOnly: Bool { wantsPage && !wantsTotalCount && !wantsCursors && figureCount == 0 }
}
