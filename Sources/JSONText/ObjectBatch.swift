import Bytes

/// What some objects of a program are made of, column by column: all values of one member, then all of another.
///
/// A loop over the rows of one column binds what it reads once, where a loop over the members of one row would do so for every value.
/// Texts are not copied into the batch: it knows where they stand.
package struct ObjectBatch: ~Copyable {
    /// Of members that are pieces.
    package var pieces = BytePieces()
    /// Of members that are written: one behind the other.
    package var values = JSONWriter(capacity: 1_024)
    /// Where each value ends.
    private var valueEnds: [Int] = []
    /// Of members that are objects: where those of each row end among all objects of their level.
    private var objectEnds: [Int] = []
    /// By column: where it begins in the lists above.
    private var starts: [Int] = []
    /// Bytes that are no values, at most.
    private var room = 0

    package init() {}

    /// Forgets everything.
    package mutating func begin(_ program: borrowing ObjectProgram) {
        pieces.removeAll()
        values.truncate(to: 0)
        valueEnds.removeAll(keepingCapacity: true)
        objectEnds.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        for _ in 0..<program.stepCount { starts.append(0) }
        room = 0
    }

    /// What comes next belongs to this column, a value for each of so many rows.
    package mutating func begin(column: Int, rowCount: Int, _ program: borrowing ObjectProgram) {
        guard case .value(let value) = program.steps[column] else { preconditionFailure("a member's column") }
        switch value {
        case .text, .json: starts[column] = pieces.count
        case .written: starts[column] = valueEnds.count
        case .one, .list: starts[column] = objectEnds.count
        }
        // Beside the name: quotes or null or what closes a list, and once for each object a brace and a comma.
        room += rowCount * (program.names.bytes(at: column).count + 8)
    }

    /// The next value has been written to `values`.
    package mutating func endValue() { valueEnds.append(values.count) }

    /// The next rows' objects end there among the objects of their level.
    package mutating func append(ends: borrowing Span<Int>) {
        for row in ends.indices { objectEnds.append(ends[row]) }
    }

    /// Puts what JSON says in place of the texts of a column that it cannot carry as they are.
    /// - Returns: false where a row has no text.
    package mutating func escapeTexts(ofColumn column: Int) -> Bool {
        var isFull = true
        for place in starts[column]..<pieces.count {
            if !pieces.isThere(place) { isFull = false }
            guard EscapeScan.hit(in: pieces.bytes(at: place)) else { continue }
            pieces.replace(place, with: JSONWriter.escaped(pieces.bytes(at: place)))
        }
        return isFull
    }

    /// Bytes of all objects with a comma behind each, at most.
    fileprivate var byteCount: Int { room &+ pieces.byteCount &+ values.count }

    /// One object.
    fileprivate func put(
        _ object: ObjectProgram.Object, _ row: Int, _ program: borrowing ObjectProgram, into out: inout ByteRoom
    ) {
        var step = object.firstStep
        while true {
            out.put(program.names, at: step)
            let place = starts[step] &+ row
            switch program.steps[step] {
            case .value(.text):
                if pieces.isThere(place) {
                    out.put(0x22)
                    out.put(pieces, at: place)
                    out.put(0x22)
                } else {
                    out.putNull()
                }
            case .value(.json):
                if pieces.isThere(place) { out.put(pieces, at: place) } else { out.putNull() }
            case .value(.written):
                out.put(values.buffer.span, from: place == 0 ? 0 : valueEnds[place &- 1], to: valueEnds[place])
            case .value(.one(let inner)):
                let first = row == 0 ? 0 : objectEnds[place &- 1]
                if first == objectEnds[place] { out.putNull() } else { put(inner, first, program, into: &out) }
            case .value(.list(let inner)):
                let first = row == 0 ? 0 : objectEnds[place &- 1]
                for index in first..<objectEnds[place] {
                    if index > first { out.put(0x2C) }
                    put(inner, index, program, into: &out)
                }
                out.put(word: 0x7D5D, count: 2)
            case .end: return out.put(0x7D)
            }
            step &+= 1
        }
    }
}

extension ByteRoom {
    fileprivate mutating func putNull() { put(word: 0x6C6C_756E, count: 4) }
}

extension JSONWriter {
    /// The first so many objects of a level of a batch, with commas between them. All columns must be full.
    package mutating func objects(
        _ object: ObjectProgram.Object, _ rowCount: Int, of batch: borrowing ObjectBatch, _ program: borrowing ObjectProgram
    ) {
        reserve(batch.byteCount &+ ByteRoom.stride)
        let written = count
        var out = ByteRoom(buffer.mutableSpan, from: written)
        for row in 0..<rowCount {
            if row > 0 { out.put(0x2C) }
            batch.put(object, row, program, into: &out)
        }
        let end = out.place
        count = end
    }

    /// The inside of a string, with what JSON must escape escaped.
    fileprivate static func escaped(_ text: borrowing Span<UInt8>) -> Elements<UInt8> {
        var writer = JSONWriter(capacity: text.count + 32)
        writer.string(copy text)
        let quoted = writer.finish()
        return Elements(copying: quoted.span.extracting(1..<quoted.count - 1))
    }
}

extension EscapeScan {
    /// Whether any of the bytes needs an escape.
    @inline(__always)
    fileprivate static func hit(in bytes: borrowing Span<UInt8>) -> Bool {
        let count = bytes.count
        guard count >= 8 else {
            for index in bytes.indices where hit(bytes[index]) { return true }
            return false
        }
        // All words are looked at before the verdict: texts with an escape are few. The last reaches back over bytes that were seen.
        var hits = hits(in: bytes.word(at: count &- 8))
        var index = 0
        while index &+ 8 < count {
            hits |= Self.hits(in: bytes.word(at: index))
            index &+= 8
        }
        return hits != 0
    }
}
