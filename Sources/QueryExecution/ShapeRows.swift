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
        /// An object, or null.
        case one(EdgeReader, isNonNull: Bool, ShapeRows)
        /// `{"nodes":[…]}`, in the order of the list.
        case list(ConnectionBinding, Adjacency, ShapeRows)
    }
    private let members: [Member]
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

    /// - Parameter room: How many members more there may be.
    /// - Returns: nil where something else is selected than a shape has.
    init?(
        _ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int, _ program: inout ObjectProgram
    ) {
        var members: [Member] = []
        var written: [ObjectProgram.Member] = []
        let places = plan[selection].nodes
        members.reserveCapacity(places.count)
        written.reserveCapacity(places.count)
        for place in places {
            room -= 1
            guard room >= 0, let (member, asWritten) = Self.member(nodes[place], plan, nodes, &room, &program) else { return nil }
            members.append(member)
            written.append(asWritten)
        }
        guard !members.isEmpty else { return nil }
        self.members = members
        hasLists = members.contains { member in
            switch member {
            case .leaf: false
            case .one(_, _, let inside): inside.hasLists
            case .list: true
            }
        }
        leavesPerRow = members.count { if case .leaf = $0 { true } else { false } }
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
                let inside = ShapeRows(selection, plan, nodes, &room, &program)
            else { return nil }
            return (.one(reader, isNonNull: bound.isNonNull, inside), ObjectProgram.Member(name: key, .one(inside.object)))
        case .connection(let binding):
            guard let adjacency = binding.rows.adjacency, binding.plan.needs.isOfNodesOnly,
                case .one(let connection) = bound.node.children
            else { return nil }
            let below = plan[connection].nodes
            guard below.count == 1 else { return nil }
            let list = nodes[below.lowerBound]
            guard case .nodes = list.node.source,
                case .one(let selection) = list.node.children,
                let inside = ShapeRows(selection, plan, nodes, &room, &program)
            else { return nil }
            let name = key + [UInt8(ascii: "{")] + list.node.responseKeyBehindComma.dropFirst() + [UInt8(ascii: "[")]
            return (.list(binding, adjacency, inside), ObjectProgram.Member(name: name, .list(inside.object)))
        default: return nil
        }
    }

    // MARK: - Finding rows

    /// The rows of the outermost level.
    func set(_ wanted: borrowing Span<RowNumber>) {
        rows.removeAll(keepingCapacity: true)
        for index in wanted.indices { rows.append(wanted[index]) }
    }

    /// Finds the rows inside.
    /// - Returns: how many; nil where a list is none of the plain ones.
    func gather() throws(EvaluationError) -> Int? {
        var count = 0
        for member in members {
            switch member {
            case .leaf: continue
            case .one(let reader, let isNonNull, let inside):
                guard try inside.follow(rows, reader, isNonNull) else { return nil }
                guard let deeper = try inside.gather() else { return nil }
                count += inside.rows.count + deeper
            case .list(let binding, let adjacency, let inside):
                guard try inside.list(rows, binding, adjacency) else { return nil }
                guard let deeper = try inside.gather() else { return nil }
                count += inside.rows.count + deeper
            }
            // So much at once is not made: nothing more needs to be known.
            if count > 16 * ObjectShape.rowLimit { return count }
        }
        return count
    }

    private func follow(_ owners: [RowNumber], _ reader: EdgeReader, _ isNonNull: Bool) throws(EvaluationError) -> Bool {
        rows.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for owner in owners {
            if let row = try reader.row(of: owner) { rows.append(row) } else if isNonNull { return false }
            ends.append(rows.count)
        }
        return true
    }

    private func list(
        _ owners: [RowNumber], _ binding: ConnectionBinding, _ adjacency: Adjacency
    ) throws(EvaluationError) -> Bool {
        let window = binding.window
        guard !window.isFromEnd, window.offset == 0, !window.hasCursor else { return false }
        if let noted = binding.notedOwners { noted.rows += owners }
        // Held by nobody else while the loop fills them.
        var (found, foundEnds): ([RowNumber], [Int]) = ([], [])
        swap(&found, &rows)
        swap(&foundEnds, &ends)
        defer {
            rows = found
            ends = foundEnds
        }
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
    var leafCount: Int {
        var count = rows.count * leavesPerRow
        for member in members {
            switch member {
            case .leaf: continue
            case .one(_, _, let inside), .list(_, _, let inside): count += inside.leafCount
            }
        }
        return count
    }

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
            case .one(_, _, let inside), .list(_, _, let inside):
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
        for member in members {
            switch member {
            case .leaf: continue
            case .one(_, _, let inside), .list(_, _, let inside): inside.release()
            }
        }
    }
}

extension PageNeeds {
    /// Whether the rows themselves are asked for, and nothing else of them.
    fileprivate var isOfNodesOnly: Bool { wantsPage && !wantsTotalCount && !wantsCursors && figureCount == 0 }
}
