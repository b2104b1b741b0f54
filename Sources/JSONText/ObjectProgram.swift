import Bytes

/// How objects of one selection are written, with the objects inside them: what stands before each value, and how the value is made of what
/// an `ObjectBatch` holds. Made once, from the inside to the outside, and followed for any number of batches.
package struct ObjectProgram: ~Copyable {
    /// The objects of one level, by the step that begins them.
    package struct Object {
        @usableFromInline let firstStep: Int
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

    /// A member of an object: its name in quotes, with everything that stands before the value but a comma or a brace.
    package struct Member {
        let name: [UInt8]
        let value: Value

        package init(name: [UInt8], _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    enum Step {
        case value(Value)
        /// Closes the object.
        case end
    }

    private(set) var steps: [Step] = []
    /// What stands before each step's value.
    private(set) var names = BytePieces()

    package init() {}

    var stepCount: Int { steps.count }

    /// Adds objects with these members, one or more. The members' columns in a batch are numbered from the first one's on.
    package mutating func add(_ members: [Member]) -> (object: Object, firstColumn: Int) {
        precondition(!members.isEmpty, "an object has members")
        var bytes: [UInt8] = []
        var ends: [Int] = []
        bytes.reserveCapacity(members.reduce(ByteRoom.stride) { $0 + 1 + $1.name.count })
        ends.reserveCapacity(members.count)
        steps.reserveCapacity(steps.count + members.count + 1)
        for member in members {
            bytes.append(bytes.isEmpty ? 0x7B : 0x2C)
            bytes += member.name
            ends.append(bytes.count)
        }
        // Read a stride at a time.
        bytes += repeatElement(0, count: ByteRoom.stride)
        let list = Elements(copying: bytes)
        names.hold(list)
        names.reserve(members.count + 1)
        let first = steps.count
        let span = list.span
        for (index, member) in members.enumerated() {
            steps.append(.value(member.value))
            names.append(span, from: index == 0 ? 0 : ends[index - 1], to: ends[index])
        }
        steps.append(.end)
        names.appendNone()
        return (Object(firstStep: first), first)
    }
}
