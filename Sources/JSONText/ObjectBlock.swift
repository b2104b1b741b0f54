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
        reserve(block.values.count &+ rows &* (names.ends[columns - 1] &+ 2) &+ 8)
        var place = count
        var room = buffer.mutableSpan
        let (values, valueEnds) = (block.values.buffer.span, block.ends.span)
        let (nameBytes, nameEnds) = (names.bytes.span, names.ends.span)
        for row in 0..<rows {
            if row > 0 {
                room[place] = 0x2C
                place &+= 1
            }
            var nameStart = 0
            var cell = row
            for column in 0..<columns {
                let nameEnd = nameEnds[column]
                Self.copy(nameBytes, nameStart, nameEnd, into: &room, at: &place)
                nameStart = nameEnd
                let start = cell == 0 ? 0 : valueEnds[cell &- 1]
                Self.copy(values, start, valueEnds[cell], into: &room, at: &place)
                cell &+= rows
            }
            room[place] = 0x7D
            place &+= 1
        }
        count = place
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
