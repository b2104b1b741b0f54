import Expressions
import JSONText
import QueryPlanning
import StoreColumns

/// A selection of which nothing is asked but leaves of rows, rows behind to-one edges and plain lists behind edges, of which the same is
/// asked: so that many rows, with all that is inside them, can be written column by column. Used on one thread.
///
/// A list inside costs a range of a block that is made for the lists of all rows at once, in place of a page, a path and a turn of
/// every loop.
final class ObjectShape {
    enum Member {
        case leaf(LeafReader, isNonNull: Bool)
        /// An object, or null.
        case one(EdgeReader, isNonNull: Bool, ObjectShape)
        /// `{"nodes":[…]}`, in the order of the list.
        case list(ConnectionBinding, Adjacency, ObjectShape)
    }
    private let members: [Member]
    private let names: ObjectNames

    /// While a block is made: its rows, those of all rows outside one after the other, and where those of each end.
    private var rows: [RowNumber] = []
    private var ends: [Int] = []
    private var block = ObjectBlock()

    /// Members in the whole of a shape, at most: fragments inside fragments multiply. More are written row by row.
    private static let memberLimit = 64
    /// Rows of a block with all that is inside, roughly: what stays in the nearer caches.
    static let rowLimit = 1_024
    /// Longer lists are pages of their own.
    private static let listLimit = 1_024

    /// - Returns: nil where something else is selected.
    convenience init?(_ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode]) {
        var room = Self.memberLimit
        self.init(selection, plan, nodes, &room)
    }

    private init?(_ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int) {
        var members: [Member] = []
        var names: [[UInt8]] = []
        for node in nodes[plan[selection].nodes] {
            room -= 1
            guard room >= 0, let (member, name) = Self.member(node, plan, nodes, &room) else { return nil }
            members.append(member)
            names.append(name)
        }
        guard !members.isEmpty else { return nil }
        self.members = members
        self.names = ObjectNames(names)
    }

    /// With all that stands before its value.
    private static func member(
        _ bound: BoundNode, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int
    ) -> (Member, name: [UInt8])? {
        let key = bound.node.responseKey
        switch bound.field {
        case .value(let reader): return (.leaf(reader, isNonNull: bound.isNonNull), key)
        case .toOne(let reader):
            guard case .one(let selection) = bound.node.children, let shape = ObjectShape(selection, plan, nodes, &room) else {
                return nil
            }
            return (.one(reader, isNonNull: bound.isNonNull, shape), key)
        case .connection(let binding):
            guard let adjacency = binding.rows.adjacency, binding.plan.needs.isOfNodesOnly,
                case .one(let connection) = bound.node.children
            else { return nil }
            let below = nodes[plan[connection].nodes]
            guard below.count == 1, let list = below.first, case .nodes = list.node.source,
                case .one(let selection) = list.node.children, let shape = ObjectShape(selection, plan, nodes, &room)
            else { return nil }
            return (
                .list(binding, adjacency, shape), key + [UInt8(ascii: "{")] + list.node.responseKey + [UInt8(ascii: "[")]
            )
        default: return nil
        }
    }

    // MARK: - Writing

    /// What of some rows is written now.
    struct Made {
        /// Of the rows that were asked for, the first ones.
        var count: Int
        /// With those inside.
        var rowCount: Int
    }

    /// Makes the objects of the first of some rows, to be written with `write`.
    ///
    /// - Returns: nil where something has to be told of that a block has no place for: an error, a null where none may be, a list that
    ///   is none of the plain ones. Whoever goes on row by row meets it at its place.
    func make(_ wanted: borrowing Span<RowNumber>, _ budget: Budget) throws(EvaluationError) -> Made? {
        var count = wanted.count
        while true {
            rows.removeAll(keepingCapacity: true)
            for index in 0..<count { rows.append(wanted[index]) }
            guard let inside = try gather() else { return nil }
            if inside <= Self.rowLimit || count == 1 {
                try budget.charge(rows: inside)
                return try fill() ? Made(count: count, rowCount: count + inside) : nil
            }
            count = max(1, min(count / 2, count * Self.rowLimit / inside))
        }
    }

    /// The objects of the rows that were made, with commas between them.
    func write(to writer: inout JSONWriter) { writer.objects(block, names) }

    /// Lets go of memory that grew.
    func release() {
        block = ObjectBlock()
        (rows, ends) = ([], [])
        for case .one(_, _, let shape) in members { shape.release() }
        for case .list(_, _, let shape) in members { shape.release() }
    }

    /// Finds the rows inside.
    /// - Returns: how many; nil where a list is none of the plain ones.
    private func gather() throws(EvaluationError) -> Int? {
        var count = 0
        for member in members {
            switch member {
            case .leaf: continue
            case .one(let reader, let isNonNull, let shape):
                guard try shape.follow(rows, reader, isNonNull) else { return nil }
                guard let inside = try shape.gather() else { return nil }
                count += shape.rows.count + inside
            case .list(let binding, let adjacency, let shape):
                guard try shape.list(rows, binding, adjacency) else { return nil }
                guard let inside = try shape.gather() else { return nil }
                count += shape.rows.count + inside
            }
            // So much at once is not made: nothing more needs to be known.
            if count > 16 * Self.rowLimit { return count }
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
        rows.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        if let noted = binding.notedOwners { noted.rows += owners }
        for owner in owners {
            let targets = adjacency.targets(of: owner)
            guard targets.count <= Self.listLimit else { return false }
            for index in targets.indices { rows.append(targets[index]) }
            ends.append(rows.count)
        }
        return try binding.order.arrange(&rows, &ends, first: window.size)
    }

    private func fill() throws(EvaluationError) -> Bool {
        let rows = rows
        block.begin(rows: rows.count, columns: members.count)
        for member in members {
            switch member {
            case .leaf(let reader, let isNonNull):
                guard try reader.write(rows.span, isNonNull: isNonNull, to: &block) else { return false }
            case .one(_, _, let shape):
                guard try shape.fill() else { return false }
                append(shape, .orNull)
            case .list(_, _, let shape):
                guard try shape.fill() else { return false }
                append(shape, .inList)
            }
        }
        return true
    }

    private func append(_ shape: ObjectShape, _ joining: ObjectBlock.Joining) {
        let ends = shape.ends
        block.append(objectsOf: shape.block, shape.names, ends: ends.span, joining)
    }
}

extension PageNeeds {
    /// Whether the rows themselves are asked for, and nothing else of them.
    fileprivate var isOfNodesOnly: Bool { wantsPage && !wantsTotalCount && !wantsCursors && figureCount == 0 }
}
