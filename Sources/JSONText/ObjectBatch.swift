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
        starts.reserveCapacity(program.values.count)
        for _ in program.values { starts.append(0) }
        room = 0
    }

    /// What comes next belongs to this column, a value for each of so many rows.
    package mutating func begin(column: Int, rowCount: Int, _ program: borrowing ObjectProgram) {
        switch program.values[column] {
        case .text, .json: starts[column] = pieces.count
        case .written: starts[column] = valueEnds.count
        case .one, .list: starts[column] = objectEnds.count
        }
        // Beside the name: quotes or null or what closes a list.
        room += rowCount * (program.names.bytes(at: column).count + 4)
    }

    /// The next value has been written to `values`.
    package mutating func endValue() { valueEnds.append(values.count) }

    /// The next rows' objects end there among the objects of their level.
    package mutating func append(ends: borrowing Span<Int>) {
        objectEnds.reserveCapacity(objectEnds.count + ends.count)
        for row in ends.indices { objectEnds.append(ends[row]) }
        room += Self.roomPerObject * (objectEnds.last ?? 0)
    }

    /// Puts what JSON says in place of the texts of a column, of so many rows, that it cannot carry as they are.
    /// - Returns: false where a row has no text.
    package mutating func escapeTexts(ofColumn column: Int, rowCount: Int) -> Bool {
        var isFull = true
        for place in starts[column]..<starts[column] + rowCount {
            // Texts with an escape are few, and so are those behind which one stands: whatever seems to have one is looked at closely.
            if let hits = pieces.strides(at: place, { EscapeScan.hits(in: $0) }), hits[0] | hits[1] == 0 { continue }
            guard let hits = pieces.words(at: place, { EscapeScan.hits(in: $0) }) else {
                isFull = false
                continue
            }
            guard hits != 0 else { continue }
            pieces.replace(place, with: JSONWriter.escaped(pieces.bytes(at: place)))
        }
        return isFull
    }

    /// A brace and a comma behind each.
    private static let roomPerObject = 2

    /// Bytes of so many objects that are all of the batch, with a comma behind each, at most.
    package func byteCount(of rowCount: Int) -> Int {
        room &+ pieces.byteCount &+ values.count &+ Self.roomPerObject &* rowCount
    }

    /// Some objects of a level, with commas between them.
    fileprivate func put(
        _ object: ObjectProgram.Object, _ rows: Range<Int>, _ program: borrowing ObjectProgram, into out: inout ByteRoom
    ) {
        for row in rows {
            if row > rows.lowerBound { out.put(0x2C) }
            for column in object.columns {
                out.put(program.names, at: column)
                let place = starts[column] &+ row
                switch program.values[column] {
                case .text: if !out.put(pieces, at: place, between: 0x22) { out.putNull() }
                case .json: if pieces.isThere(place) { out.put(pieces, at: place) } else { out.putNull() }
                case .written:
                    out.put(values.buffer.span, from: place == 0 ? 0 : valueEnds[place &- 1], to: valueEnds[place])
                case .one(let inner):
                    let objects = objects(place, ofRow: row)
                    if objects.isEmpty { out.putNull() } else { put(inner, objects, program, into: &out) }
                case .list(let inner):
                    put(inner, objects(place, ofRow: row), program, into: &out)
                    out.put(word: 0x7D5D, count: 2)
                }
            }
            out.put(0x7D)
        }
    }

    /// Which objects of their level a row has.
    private func objects(_ place: Int, ofRow row: Int) -> Range<Int> {
        (row == 0 ? 0 : objectEnds[place &- 1])..<objectEnds[place]
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
        reserve(batch.byteCount(of: rowCount) &+ ByteRoom.stride)
        let written = count
        var out = ByteRoom(buffer.mutableSpan, from: written)
        batch.put(object, 0..<rowCount, program, into: &out)
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
