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

    /// How the rows are found from those outside; nil where they are given.
    private let way: ShapeWay?
    private let leaves: ShapeLeaf?
    private let insides: ShapeInside?
    private let leavesPerRow: Int
    let object: ObjectProgram.Object
    /// Whether each row may have many inside.
    let hasLists: Bool

    /// While a batch is made, of a level inside: the rows, those of all rows outside one after the other, and where those of each end.
    private var rows: [RowNumber] = []
    private var ends: [Int] = []
    var rowCount: Int { rows.count }

    /// The outermost level.
    ///
    /// - Parameter room: How many members more there may be.
    /// - Returns: nil where something else is selected than a shape has.
    convenience init?(
        _ selection: SelectionIndex, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int, _ program: inout ObjectProgram
    ) {
        self.init(selection, nil, plan, nodes, &room, &program)
    }

    private init?(
        _ selection: SelectionIndex, _ way: ShapeWay?, _ plan: Plan, _ nodes: [BoundNode], _ room: inout Int,
        _ program: inout ObjectProgram
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
        let (object, firstColumn) = program.add(written)
        var leaves: ShapeLeaf?
        var insides: ShapeInside?
        var (leafCount, hasLists) = (0, false)
        for (place, member) in members.enumerated().reversed() {
            switch member {
            case .leaf(let reader, let isNonNull):
                leaves = ShapeLeaf(reader, isNonNull: isNonNull, column: firstColumn + place, before: leaves)
                leafCount += 1
            case .inside(let inside):
                insides = ShapeInside(inside, column: firstColumn + place, before: insides)
                hasLists = hasLists || inside.hasLists || inside.way is ShapeList
            }
        }
        self.way = way
        self.leaves = leaves
        self.insides = insides
        leavesPerRow = leafCount
        self.object = object
        self.hasLists = hasLists
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
                let inside = ShapeRows(
                    selection, ShapeEdge(reader, isNonNull: bound.isNonNull), plan, nodes, &room, &program)
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
                let inside = ShapeRows(selection, ShapeList(binding, adjacency), plan, nodes, &room, &program)
            else { return nil }
            let name = key + [UInt8(ascii: "{")] + list.node.responseKeyBehindComma.dropFirst() + [UInt8(ascii: "[")]
            return (.inside(inside), ObjectProgram.Member(name: name, .list(inside.object)))
        default: return nil
        }
    }

    // MARK: - Finding rows

    /// Finds the rows inside some rows of this level.
    /// - Returns: how many, all of which are found if they are not more than `ObjectShape.countLimit`; nil where a list is none of the
    ///   plain ones.
    func gather(_ rows: borrowing Span<RowNumber>) throws(EvaluationError) -> Int? {
        guard let insides else { return 0 }
        return try insides.gather(from: rows)
    }

    /// Finds the rows of this level from those outside, and those inside.
    /// - Returns: how many, of which those inside are found only as `gather` says; nil where a row must be there and is not, or a list is none of the plain ones.
    func find(from owners: borrowing Span<RowNumber>) throws(EvaluationError) -> Int? {
        var (found, foundEnds) = takeRoom()
        defer { giveBack(&found, &foundEnds) }
        // Asked as it stands there: what is taken out of an optional is counted.
        guard try way?.find(from: owners, &found, &foundEnds) == true else { return nil }
        guard found.count <= ObjectShape.countLimit else { return found.count }
        return try gather(found.span).map { found.count + $0 }
    }

    /// The rows and ends, held by nobody else while a loop reads or fills them. `giveBack` puts them in their place again.
    private func takeRoom() -> (rows: [RowNumber], ends: [Int]) {
        var (taken, takenEnds): ([RowNumber], [Int]) = ([], [])
        giveBack(&taken, &takenEnds)
        return (taken, takenEnds)
    }

    private func giveBack(_ taken: inout [RowNumber], _ takenEnds: inout [Int]) {
        swap(&taken, &rows)
        swap(&takenEnds, &ends)
    }

    // MARK: - Filling a batch

    /// How many leaves so many rows have, with those inside.
    func leafCount(of rowCount: Int) -> Int { rowCount * leavesPerRow + (insides?.leafCount ?? 0) }

    /// Asks of memory what the columns of some rows, and of those inside, are made of first: for so few rows that what is asked for is near
    /// until it is read.
    func readSoon(_ rows: borrowing Span<RowNumber>) {
        leaves?.readSoon(rows)
        insides?.readSoon()
    }

    /// Makes the columns of some rows, and of those inside, with the texts as they are.
    /// - Returns: false where a row has no value but must, as far as that is not a text.
    func fill(
        _ rows: borrowing Span<RowNumber>, _ batch: inout ObjectBatch, _ program: borrowing ObjectProgram
    ) throws(EvaluationError) -> Bool {
        guard try leaves?.fill(rows, &batch, program) ?? true else { return false }
        return try insides?.fill(rows.count, &batch, program) ?? true
    }

    /// Escapes the texts of a batch that is filled. They were asked of memory as their places were found, and are read only now.
    /// - Returns: false where a row has no text but must.
    func escape(_ rowCount: Int, _ batch: inout ObjectBatch) -> Bool {
        leaves?.escape(rowCount, &batch) ?? true && insides?.escape(&batch) ?? true
    }

    /// Of a level inside: its own rows.
    func readSoon() {
        var (taken, takenEnds) = takeRoom()
        defer { giveBack(&taken, &takenEnds) }
        readSoon(taken.span)
    }

    /// Of a level inside: where the rows of each row outside end, too.
    func fill(_ batch: inout ObjectBatch, _ program: borrowing ObjectProgram) throws(EvaluationError) -> Bool {
        var (taken, takenEnds) = takeRoom()
        defer { giveBack(&taken, &takenEnds) }
        batch.append(ends: takenEnds.span)
        return try fill(taken.span, &batch, program)
    }

    /// Lets go of memory that grew.
    func release() {
        (rows, ends) = ([], [])
        insides?.release()
    }
}

extension PageNeeds {
    /// Whether the rows themselves are asked for, and nothing else of them.
    fileprivate var isOfNodesOnly: Bool { wantsPage && !wantsTotalCount && !wantsCursors && figureCount == 0 }
}
