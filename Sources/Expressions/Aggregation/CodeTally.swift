/// A sum for each code of a small space. Each code has four of them, for rows in turn: where adjacent rows have the same code, none
/// waits for the sum that the one before it has just written.
struct CodeTally {
    private var lanes: [Int64]

    init(space: Int) { lanes = Array(repeating: 0, count: space * 4) }

    var space: Int { lanes.count / 4 }

    /// What was added to a code, together. In 64 bits only where the caller knows that it fits.
    subscript(code: Int) -> Int128 {
        var sum: Int128 = 0
        for lane in code * 4..<code * 4 + 4 { sum += Int128(lanes[lane]) }
        return sum
    }

    /// Whether anything but zero stands anywhere under a code.
    func isTouched(_ code: Int) -> Bool {
        (lanes[code * 4] | lanes[code * 4 + 1] | lanes[code * 4 + 2] | lanes[code * 4 + 3]) != 0
    }

    mutating func clear() {
        for lane in lanes.indices { lanes[lane] = 0 }
    }

    /// Four sums a code, one after the other: row `r` of code `c` goes to `c * 4 + r % 4`.
    var mutableLanes: MutableSpan<Int64> {
        @_lifetime(&self)
        mutating get { lanes.mutableSpan }
    }
}

extension MutableSpan<Int64> {
    /// Adds to the sum of a code in a `CodeTally`.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func add(_ value: Int64, to code: Int, row: Int) { self[code << 2 | row & 3] &+= value }
}
