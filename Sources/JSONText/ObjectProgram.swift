import Bytes

/// How objects of one selection are written, with the objects inside them: what stands before each value, and how the value is made of what
/// an `ObjectBatch` holds. Made once, from the inside to the outside, closed, and followed for any number of batches.
package struct ObjectProgram: ~Copyable {
    /// The objects of one level, by the columns of their members.
    package struct Object {
        let columns: Range<Int>
    }

    /// How the values of one member are made.
    package enum Value {
        /// Pieces in quotes; null where there is none.
        case text
        /// Pieces that are JSON already; null where there is none.
        case json
        /// What was written to the batch's values.
        case written
        /// An object of another level, or null where a row has none.
        case one(Object)
        /// All objects of another level that a row has, as the end of a list in an object: commas between them, and `]}` behind. What opens
        /// both is part of the name.
        case list(Object)
    }

    /// A member of an object: its name in quotes behind a comma, with everything that stands before the value. In the first member of an
    /// object a brace takes the comma's place.
    package struct Member {
        let name: [UInt8]
        let value: Value

        package init(name: [UInt8], _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// By column.
    private(set) var values: [Value] = []
    /// By column: what stands before the value.
    private(set) var names = BytePieces()
    /// Until it is closed: the same one behind the other, and where each ends.
    private var nameBytes: [UInt8] = []
    private var nameEnds: [Int] = []

    package init() {
        // Most selections need no more.
        nameBytes.reserveCapacity(256)
        nameEnds.reserveCapacity(16)
        values.reserveCapacity(16)
    }

    /// Adds objects with these members, one or more. The members' columns in a batch are numbered from the first one's on.
    package mutating func add(_ members: [Member]) -> (object: Object, firstColumn: Int) {
        precondition(!members.isEmpty, "an object has members")
        let first = values.count
        for member in members {
            let start = nameBytes.count
            nameBytes += member.name
            if values.count == first { nameBytes[start] = 0x7B }
            nameEnds.append(nameBytes.count)
            values.append(member.value)
        }
        return (Object(columns: first..<values.count), first)
    }

    /// Nothing is added any more.
    package mutating func close() {
        // Read a stride at a time.
        nameBytes += repeatElement(0, count: ByteRoom.stride)
        let list = Elements(copying: nameBytes)
        names.hold(list)
        names.reserve(nameEnds.count)
        let span = list.span
        var start = 0
        for end in nameEnds {
            names.append(span, from: start, to: end)
            start = end
        }
        (nameBytes, nameEnds) = ([], [])
    }
}
