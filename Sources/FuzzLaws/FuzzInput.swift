/// An input taken apart as a program: numbers and bytes, one after the other; nothing but zeros where it has ended.
struct FuzzInput {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        position += 1
        return bytes[position - 1]
    }

    /// A number from 0 on, of two bytes.
    mutating func number(below bound: Int) -> Int {
        let number = Int(byte()) << 8 | Int(byte())
        return bound > 0 ? number % bound : 0
    }

    /// At most so many bytes, as many as there are.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }

    /// All that is left.
    mutating func rest() -> [UInt8] { take(bytes.count - position) }
}
