import Bytes

/// What is wrong with a FlatBuffers message, and at which of its bytes.
struct FlatError: Error {
    let byteOffset: Int
    let message: String
}

/// A table in a FlatBuffers message that is not trusted: every read is checked against the message's end, and a count against
/// the bytes that are left, before anything is made of it.
///
/// Nothing is followed by itself: whoever reads knows the schema, goes down it by name, and so never in a circle.
struct FlatTable {
    private let bytes: [UInt8]
    private let start: Int
    private let vtable: Int
    private let slotCount: Int

    /// The root of a message.
    init(message bytes: [UInt8]) throws(FlatError) {
        try self.init(bytes, referredAt: 0)
    }

    private init(_ bytes: [UInt8], referredAt place: Int) throws(FlatError) {
        self.bytes = bytes
        start = try Self.target(bytes, at: place)
        let back: Int32 = try Self.number(bytes, at: start)
        // The distance may point either way; the reads below check where it leads.
        vtable = start - Int(back)
        let size: UInt16 = try Self.number(bytes, at: vtable)
        guard size >= 4, size % 2 == 0, Int(size) <= bytes.count - vtable else {
            throw FlatError(byteOffset: vtable, message: "a table's layout of \(size) bytes does not fit")
        }
        slotCount = (Int(size) - 4) / 2
    }

    // MARK: Fields

    func byte(_ slot: Int) throws(FlatError) -> UInt8 { try scalar(slot) ?? 0 }
    func boolean(_ slot: Int) throws(FlatError) -> Bool { try byte(slot) != 0 }
    func int16(_ slot: Int, default value: Int16 = 0) throws(FlatError) -> Int16 { try scalar(slot) ?? value }
    func int32(_ slot: Int, default value: Int32 = 0) throws(FlatError) -> Int32 { try scalar(slot) ?? value }
    func int64(_ slot: Int) throws(FlatError) -> Int64 { try scalar(slot) ?? 0 }

    func table(_ slot: Int) throws(FlatError) -> FlatTable? {
        guard let place = try place(slot) else { return nil }
        return try FlatTable(bytes, referredAt: place)
    }

    func string(_ slot: Int) throws(FlatError) -> String? {
        guard let place = try place(slot) else { return nil }
        return try string(referredAt: place)
    }

    private func string(referredAt place: Int) throws(FlatError) -> String {
        let (first, count) = try list(at: place, elementByteCount: 1)
        guard let text = String(validating: bytes[first..<first + count], as: UTF8.self) else {
            throw FlatError(byteOffset: first, message: "a text is not UTF-8")
        }
        return text
    }

    /// Tables listed in a field; none where it is absent.
    /// - Parameter limit: more than these are an error, found before any is read.
    func tables(_ slot: Int, limit: Int) throws(FlatError) -> [FlatTable] {
        guard let place = try place(slot) else { return [] }
        let (first, count) = try list(at: place, elementByteCount: 4)
        guard count <= limit else {
            throw FlatError(byteOffset: first, message: "\(count) entries; at most \(limit) were expected")
        }
        var tables: [FlatTable] = []
        for index in 0..<count { tables.append(try FlatTable(bytes, referredAt: first + 4 * index)) }
        return tables
    }

    /// Structs listed in a field, each as its numbers.
    /// - Parameter byteCount: of one struct, a multiple of 8: the struct is read as 64-bit words.
    func words(_ slot: Int, structByteCount byteCount: Int, limit: Int) throws(FlatError) -> [[UInt64]] {
        guard let place = try place(slot) else { return [] }
        let (first, count) = try list(at: place, elementByteCount: byteCount)
        guard count <= limit else {
            throw FlatError(byteOffset: first, message: "\(count) entries; at most \(limit) were expected")
        }
        var structs: [[UInt64]] = []
        structs.reserveCapacity(count)
        for index in 0..<count {
            var words: [UInt64] = []
            for word in 0..<byteCount / 8 {
                words.append(try Self.number(bytes, at: first + index * byteCount + 8 * word))
            }
            structs.append(words)
        }
        return structs
    }

    // MARK: Places

    /// Where a field's value stands; nil for one that is absent.
    private func place(_ slot: Int) throws(FlatError) -> Int? {
        guard slot < slotCount else { return nil }
        let distance: UInt16 = try Self.number(bytes, at: vtable + 4 + 2 * slot)
        return distance == 0 ? nil : start + Int(distance)
    }

    private func scalar<Number: FixedWidthInteger>(_ slot: Int) throws(FlatError) -> Number? {
        guard let place = try place(slot) else { return nil }
        return try Self.number(bytes, at: place)
    }

    /// Where the elements begin to which the field at `place` refers, and how many there are; all lie in the message.
    private func list(at place: Int, elementByteCount: Int) throws(FlatError) -> (first: Int, count: Int) {
        let start = try Self.target(bytes, at: place)
        let count: UInt32 = try Self.number(bytes, at: start)
        guard Int(count) <= (bytes.count - start - 4) / elementByteCount else {
            throw FlatError(byteOffset: start, message: "a list of \(count) entries does not fit into the message")
        }
        return (start + 4, Int(count))
    }

    private static func target(_ bytes: [UInt8], at place: Int) throws(FlatError) -> Int {
        let distance: UInt32 = try number(bytes, at: place)
        guard distance >= 4, Int(distance) <= bytes.count - place else {
            throw FlatError(byteOffset: place, message: "a reference leads out of the message")
        }
        return place + Int(distance)
    }

    private static func number<Number: FixedWidthInteger>(_ bytes: [UInt8], at place: Int) throws(FlatError) -> Number {
        guard let number = bytes.span.littleEndian(at: place, as: Number.self) else {
            throw FlatError(byteOffset: max(0, min(place, bytes.count)), message: "a number leads out of the message")
        }
        return number
    }
}
