extension Comparison {
    @inline(__always)
    func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
        switch self {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }

    /// The comparison with its sides swapped.
    var flipped: Comparison {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    /// One bit for each of the first values, at most a block of them.
    @inline(__always)
    func bits<Element: FixedWidthInteger>(of values: Span<Element>, against constant: Element) -> BlockBits {
        switch self {
        case .equal: Self.bits(of: values) { $0 == constant }
        case .notEqual: Self.bits(of: values) { $0 != constant }
        case .less: Self.bits(of: values) { $0 < constant }
        case .lessOrEqual: Self.bits(of: values) { $0 <= constant }
        case .greater: Self.bits(of: values) { $0 > constant }
        case .greaterOrEqual: Self.bits(of: values) { $0 >= constant }
        }
    }

    @inline(__always)
    private static func bits<Element: FixedWidthInteger>(
        of values: Span<Element>, where holds: (Element) -> Bool
    ) -> BlockBits {
        var result = BlockBits.none
        let count = min(values.count, Block.rowCount)
        for word in 0..<count >> 6 {
            let lanes = values.extracting(word << 6..<word << 6 + 64)
            var bits: UInt64 = 0
            for bit in 0..<64 { bits |= (holds(lanes[bit]) ? 1 : 0) << UInt64(bit) }
            result[word: word] = bits
        }
        if count & 63 != 0 {
            let word = count >> 6
            var bits: UInt64 = 0
            for bit in 0..<count & 63 { bits |= (holds(values[word << 6 + bit]) ? 1 : 0) << UInt64(bit) }
            result[word: word] = bits
        }
        return result
    }
}

extension Truth {
    init(_ holds: Bool) { self = holds ? .yes : .no }
    var negated: Truth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unknown: .unknown
        }
    }
}
