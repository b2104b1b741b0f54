/// Objects of one shape, their members' values made column by column, to be written row by row.
///
/// A loop over the rows of one column binds what it reads once, where a loop over the members of one row would do so for every
/// value. What that costs is a second copy of each value, a word or two.
package struct ObjectBlock: ~Copyable, Sendable {
    /// The values, one behind the other: those of the first column from row to row, then those of the second.
    package var values = JSONWriter(capacity: 1_024)
    /// Where each ends.
    fileprivate var ends: [Int] = []
    fileprivate private(set) var rowCount = 0
    fileprivate private(set) var valueCount = 0

    package init() {}

    /// Forgets everything, and makes room for so many rows of so many columns.
    package mutating func begin(rows: Int, columns: Int) {
        values.truncate(to: 0)
        rowCount = rows
        valueCount = 0
        let cells = rows * columns
        if ends.count < cells { ends += repeatElement(0, count: cells - ends.count) }
    }

    /// The next value has been written to `values`.
    package mutating func endValue() {
        values.reserve(8)
        ends[valueCount] = values.count
        valueCount &+= 1
    }
}

extension ObjectBlock {
    /// How objects of another block become values of this one.
    package enum Joining {
        /// One object or none, which is null.
        case orNull
        /// As the end of a list in an object: commas between them, and `]}` behind. What opens both is part of the name.
        case inList
    }

    /// The next column: objects of another block, which must be full, so many for each row.
    ///
    /// - Parameter objectEnds: Among the other block's objects, where those of each row end.
    package mutating func append(
        objectsOf other: borrowing ObjectBlock, _ names: ObjectNames, ends objectEnds: borrowing Span<Int>, _ joining: Joining
    ) {
        precondition(objectEnds.count == rowCount, "each row has its objects")
        precondition(other.values.count &+ 8 <= other.values.buffer.count, "a block keeps a word of room")
        values.reserve(other.byteCount(names) &+ rowCount &* 4 &+ 8)
        let (rows, firstCell) = (rowCount, valueCount)
        var place = values.count
        // Held by nobody else while the loop changes it.
        var cells: [Int] = []
        swap(&cells, &ends)
        var room = values.buffer.mutableSpan
        let (otherValues, otherEnds) = (other.values.buffer.span, other.ends.span)
        let (nameBytes, nameEnds) = (names.bytes.span, names.ends.span)
        var start = 0
        for row in 0..<rows {
            let end = objectEnds[row]
            for object in start..<end {
                if object > start {
                    room[place] = 0x2C
                    place &+= 1
                }
                JSONWriter.write(
                    object, of: other.rowCount, otherValues, otherEnds, nameBytes, nameEnds, into: &room, at: &place)
            }
            switch joining {
            case .inList:
                room[place] = 0x5D
                room[place &+ 1] = 0x7D
                place &+= 2
            case .orNull:
                if start == end {
                    EscapeScan.store(0x6C6C_756E, into: &room, at: place)
                    place &+= 4
                }
            }
            start = end
            cells[firstCell &+ row] = place
        }
        values.count = place
        swap(&cells, &ends)
        valueCount &+= rows
        // A word of room is kept behind the last value.
        values.reserve(8)
    }

    /// All objects with a comma behind each, at most.
    fileprivate func byteCount(_ names: ObjectNames) -> Int {
        values.count &+ rowCount &* ((names.ends.last ?? 0) &+ 2) &+ 8
    }
}

/// The names of an object's members, in quotes and with everything that stands before each.
package struct ObjectNames: Sendable {
    /// `{"first":,"second":`, and room for a word behind it.
    fileprivate let bytes: [UInt8]
    /// Where each ends.
    fileprivate let ends: [Int]

    /// - Parameter names: `"name":` each, escaped.
    package init(_ names: [[UInt8]]) {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        for name in names {
            bytes.append(bytes.isEmpty ? 0x7B : 0x2C)
            bytes += name
            ends.append(bytes.count)
        }
        self.bytes = bytes + repeatElement(0, count: 8)
        self.ends = ends
    }

    package var count: Int { ends.count }
}

extension JSONWriter {
    /// The objects of a block, with commas between them. The block must be full.
    package mutating func objects(_ block: borrowing ObjectBlock, _ names: ObjectNames) {
        let (rows, columns) = (block.rowCount, names.count)
        precondition(block.valueCount == rows * columns && columns > 0, "a block is written once it is full")
        // Words are read whole, beyond the last value too.
        precondition(block.values.count &+ 8 <= block.values.buffer.count, "a block keeps a word of room")
        reserve(block.byteCount(names))
        var place = count
        var room = buffer.mutableSpan
        let (values, valueEnds) = (block.values.buffer.span, block.ends.span)
        let (nameBytes, nameEnds) = (names.bytes.span, names.ends.span)
        for row in 0..<rows {
            if row > 0 {
                room[place] = 0x2C
                place &+= 1
            }
            Self.write(row, of: rows, values, valueEnds, nameBytes, nameEnds, into: &room, at: &place)
        }
        count = place
    }

    /// One object of a block of so many rows.
    @inline(__always)
    fileprivate static func write(
        _ row: Int, of rows: Int, _ values: borrowing Span<UInt8>, _ valueEnds: borrowing Span<Int>,
        _ nameBytes: borrowing Span<UInt8>, _ nameEnds: borrowing Span<Int>, into room: inout MutableSpan<UInt8>,
        at place: inout Int
    ) {
        var nameStart = 0
        var cell = row
        for column in nameEnds.indices {
            let nameEnd = nameEnds[column]
            copy(nameBytes, nameStart, nameEnd, into: &room, at: &place)
            nameStart = nameEnd
            let start = cell == 0 ? 0 : valueEnds[cell &- 1]
            copy(values, start, valueEnds[cell], into: &room, at: &place)
            cell &+= rows
        }
        room[place] = 0x7D
        place &+= 1
    }

    /// Copies whole words, up to seven bytes more than asked; both sides have room for them.
    @inline(__always)
    private static func copy(
        _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int, into room: inout MutableSpan<UInt8>, at place: inout Int
    ) {
        var index = start
        while index < end {
            EscapeScan.store(EscapeScan.word(bytes, at: index), into: &room, at: place &+ index &- start)
            index &+= 8
        }
        place &+= end &- start
    }
}
