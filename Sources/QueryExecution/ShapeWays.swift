import Expressions
import StoreColumns

/// How the rows of a level of an `ObjectShape` are found from those outside. A class for each way, so that what it holds is lent and not
/// counted.
class ShapeWay {
    /// Finds the rows inside some rows, those of all one after the other, and where those of each end: in place of what stood there.
    /// - Returns: false where a row must be there and is not, or a list is none of the plain ones.
    func find(
        from owners: borrowing Span<RowNumber>, _ found: inout [RowNumber], _ ends: inout [Int]
    ) throws(EvaluationError) -> Bool { preconditionFailure("a way that leads nowhere") }
}

/// To a row or none, which is an object or null.
final class ShapeEdge: ShapeWay {
    private let reader: EdgeReader
    private let isNonNull: Bool

    init(_ reader: EdgeReader, isNonNull: Bool) {
        self.reader = reader
        self.isNonNull = isNonNull
    }

    override func find(
        from owners: borrowing Span<RowNumber>, _ found: inout [RowNumber], _ ends: inout [Int]
    ) throws(EvaluationError) -> Bool {
        found.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        for index in owners.indices {
            if let row = try reader.row(of: owners[index]) { found.append(row) } else if isNonNull { return false }
            ends.append(found.count)
        }
        return true
    }
}

/// To the rows of `{"nodes":[…]}`, in the order of the list.
final class ShapeList: ShapeWay {
    private let binding: ConnectionBinding
    private let adjacency: Adjacency

    /// Longer lists are pages of their own.
    private static let lengthLimit = 1_024

    init(_ binding: ConnectionBinding, _ adjacency: Adjacency) {
        self.binding = binding
        self.adjacency = adjacency
    }

    override func find(
        from owners: borrowing Span<RowNumber>, _ found: inout [RowNumber], _ ends: inout [Int]
    ) throws(EvaluationError) -> Bool {
        let (window, adjacency) = (binding.window, adjacency)
        guard !window.isFromEnd, window.offset == 0, !window.hasCursor else { return false }
        if let noted = binding.notedOwners { for index in owners.indices { noted.rows.append(owners[index]) } }
        ends.removeAll(keepingCapacity: true)
        ends.reserveCapacity(owners.count)
        var count = 0
        for index in owners.indices {
            let targets = adjacency.targets(of: owners[index])
            guard targets.count <= Self.lengthLimit else { return false }
            if found.count < count + targets.count {
                found.append(contentsOf: repeatElement(0, count: max(targets.count, found.count, 64)))
            }
            var room = found.mutableSpan
            for index in targets.indices { room[count &+ index] = targets[index] }
            count += targets.count
            ends.append(count)
        }
        found.removeLast(found.count - count)
        return try binding.order.arrange(&found, &ends, first: window.size)
    }
}
