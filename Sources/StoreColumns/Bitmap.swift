/// A set of rows as one bit a row, of a fixed number of rows. Bits past the last row are 0.
package struct Bitmap: Sendable, Hashable {
    package let count: Int
    private var storage: [UInt64]

    /// All rows out, or all in.
    package init(count: Int, all: Bool = false) {
        self.count = count
        storage = Array(repeating: all ? ~0 : 0, count: (count + 63) / 64)
        trim()
    }

    /// - Parameter words: least significant bit first; missing words are 0, surplus bits are dropped.
    package init(words: [UInt64], count: Int) {
        self.count = count
        let wanted = (count + 63) / 64
        storage = words.count == wanted ? words : Array((words + Array(repeating: 0, count: wanted)).prefix(wanted))
        trim()
    }

    private mutating func trim() {
        if count & 63 != 0 { storage[storage.count - 1] &= 1 << UInt64(count & 63) &- 1 }
    }

    package var words: Span<UInt64> {
        @_lifetime(borrow self) get { storage.span }
    }

    package subscript(row: Int) -> Bool {
        get { storage[row >> 6] >> UInt64(row & 63) & 1 != 0 }
        set {
            precondition(row < count, "a row of the set's table")
            let bit: UInt64 = 1 << UInt64(row & 63)
            if newValue { storage[row >> 6] |= bit } else { storage[row >> 6] &= ~bit }
        }
    }

    /// How many rows are in.
    package var setCount: Int { storage.reduce(0) { $0 + $1.nonzeroBitCount } }
    package var isEmpty: Bool { storage.allSatisfy { $0 == 0 } }

    package mutating func formUnion(_ other: Bitmap) { combine(other) { $0 | $1 } }
    package mutating func formIntersection(_ other: Bitmap) { combine(other) { $0 & $1 } }
    package mutating func subtract(_ other: Bitmap) { combine(other) { $0 & ~$1 } }
    package mutating func invert() {
        for index in storage.indices { storage[index] = ~storage[index] }
        trim()
    }

    private mutating func combine(_ other: Bitmap, _ operation: (UInt64, UInt64) -> UInt64) {
        precondition(count == other.count, "sets of rows of one table")
        for index in storage.indices { storage[index] = operation(storage[index], other.storage[index]) }
    }

    /// Calls with each row that is in, ascending.
    package func forEachSet<Failure: Error>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
        for index in storage.indices {
            var word = storage[index]
            while word != 0 {
                try body(index << 6 | word.trailingZeroBitCount)
                word &= word &- 1
            }
        }
    }
}
