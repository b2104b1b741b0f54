import Bytes

/// Lays out a FlatBuffers message front to back: a table before what it refers to, so that every reference points forward.
///
///     ┌─────────────┬────────────────────────────────────┬──────────────────────────────────────────┐
///     │ root u32    │ vtable: its size u16, the table's  │ table: distance back to its vtable i32,  │
///     │ (distance)  │ size u16, a place a slot u16       │ values and references (distance u32)     │ …
///     └─────────────┴────────────────────────────────────┴──────────────────────────────────────────┘
///
/// Every number lies at a multiple of its size, counted from the beginning.
struct FlatWriter {
    private var bytes: [UInt8] = []

    /// The message whose root is `root`, which must be a table.
    static func message(_ root: FlatValue) -> [UInt8] {
        var writer = FlatWriter()
        writer.bytes.appendLittleEndian(UInt32(0))
        writer.refer(at: 0, to: root)
        return writer.bytes
    }

    /// Writes a value at the end and the distance to it at `place`.
    private mutating func refer(at place: Int, to value: FlatValue) {
        let start: Int
        switch value {
        case .string(let text): start = string(text)
        case .table(let slots): start = table(slots)
        case .list(let values): start = list(values)
        case .structs(let count, let bytes): start = structs(count, bytes)
        case .byte, .int16, .int32, .int64: preconditionFailure("numbers stand in their table")
        }
        put(UInt32(start - place), at: place)
    }

    private mutating func table(_ slots: [FlatValue?]) -> Int {
        var slots = slots
        while let last = slots.last, last == nil { slots.removeLast() }
        // Values stand by size, the largest first, so that none needs padding behind a smaller one.
        let order = slots.indices.filter { slots[$0] != nil }
            .sorted { (slots[$1]?.inlineByteCount ?? 0, $0) < (slots[$0]?.inlineByteCount ?? 0, $1) }
        var places = [Int](repeating: 0, count: slots.count)
        var size = 4
        for slot in order {
            let width = slots[slot]?.inlineByteCount ?? 0
            size = (size + width - 1) / width * width
            places[slot] = size
            size += width
        }
        pad(to: 2)
        let vtable = bytes.count
        bytes.appendLittleEndian(UInt16(4 + 2 * slots.count))
        bytes.appendLittleEndian(UInt16(size))
        for place in places { bytes.appendLittleEndian(UInt16(place)) }
        pad(to: 8)
        let start = bytes.count
        bytes.appendLittleEndian(Int32(start - vtable))
        bytes += repeatElement(0, count: size - 4)
        for slot in order {
            let place = start + places[slot]
            switch slots[slot] {
            case .byte(let value): bytes[place] = value
            case .int16(let value): put(value, at: place)
            case .int32(let value): put(value, at: place)
            case .int64(let value): put(value, at: place)
            case let value?: refer(at: place, to: value)
            case nil: break
            }
        }
        return start
    }

    private mutating func list(_ values: [FlatValue]) -> Int {
        pad(to: 4)
        let start = bytes.count
        bytes.appendLittleEndian(UInt32(values.count))
        bytes += repeatElement(0, count: 4 * values.count)
        for (index, value) in values.enumerated() { refer(at: start + 4 + 4 * index, to: value) }
        return start
    }

    private mutating func structs(_ count: Int, _ content: [UInt8]) -> Int {
        // The structs, not their count, lie at a multiple of 8.
        while bytes.count % 8 != 4 { bytes.append(0) }
        let start = bytes.count
        bytes.appendLittleEndian(UInt32(count))
        bytes += content
        return start
    }

    private mutating func string(_ text: String) -> Int {
        pad(to: 4)
        let start = bytes.count
        bytes.appendLittleEndian(UInt32(text.utf8.count))
        bytes += Array(text.utf8)
        bytes.append(0)
        return start
    }

    private mutating func pad(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    private mutating func put<Number: FixedWidthInteger>(_ number: Number, at place: Int) {
        for index in 0..<MemoryLayout<Number>.size {
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> Number(8 * index))
        }
    }
}
