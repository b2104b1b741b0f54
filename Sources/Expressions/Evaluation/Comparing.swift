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

    /// The comparison of which this is the same or the opposite: of vectors only these three are asked.
    fileprivate var positive: (comparison: Comparison, isOpposite: Bool) {
        switch self {
        case .equal: (.equal, false)
        case .notEqual: (.equal, true)
        case .less: (.less, false)
        case .greaterOrEqual: (.less, true)
        case .greater: (.greater, false)
        case .lessOrEqual: (.greater, true)
        }
    }

    /// One bit for each of the first values, at most a block of them.
    @inline(__always)
    func bits<Element: BlockElement>(of values: Span<Element>, against constant: Element) -> BlockBits {
        let (comparison, isOpposite) = positive
        let flip: UInt64 = isOpposite ? ~0 : 0
        var result = BlockBits.none
        let count = min(values.count, Block.rowCount)
        for word in 0..<count >> 6 {
            let lanes = values.extracting(word << 6..<word << 6 + 64)
            result[word: word] = Element.bits(comparison, lanes, constant) ^ flip
        }
        for row in count & ~63..<count where holds(values[row], constant) { result.insert(row) }
        return result
    }

    /// One bit for each pair of two blocks' values.
    func bits(of left: Span<Int64>, against right: Span<Int64>) -> BlockBits {
        let (comparison, isOpposite) = positive
        let flip: UInt64 = isOpposite ? ~0 : 0
        var result = BlockBits.none
        for word in 0..<Block.wordCount {
            let first = left.extracting(word << 6..<word << 6 + 64)
            let second = right.extracting(word << 6..<word << 6 + 64)
            var bits: UInt64 = 0
            switch comparison {
            case .equal: for lane in 0..<64 { bits |= (first[lane] == second[lane] ? 1 : 0) << UInt64(lane) }
            case .less: for lane in 0..<64 { bits |= (first[lane] < second[lane] ? 1 : 0) << UInt64(lane) }
            default: for lane in 0..<64 { bits |= (first[lane] > second[lane] ? 1 : 0) << UInt64(lane) }
            }
            result[word: word] = bits ^ flip
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
