/// An integer that columns hold, compared 64 at a time.
///
/// Verdicts of sixteen lanes become bits as a sum of powers of two: a third of the time of shifting them into place one by
/// one. The loop is written out for each width: over generic vectors it is not inlined, and ten times as slow.
protocol BlockElement: FixedWidthInteger {
    /// One bit for each of 64 values.
    /// - Parameter comparison: equal, less or greater; of others take the opposite.
    static func bits(_ comparison: Comparison, _ lanes: Span<Self>, _ constant: Self) -> UInt64
}

/// One of which values between two others are asked in one pass.
protocol RangedElement: BlockElement {
    /// One bit for each of 64 values, both bounds among those that hold.
    static func bits(from least: Self, to greatest: Self, _ lanes: Span<Self>) -> UInt64
}

extension Int32: RangedElement {
    static func bits(from least: Int32, to greatest: Int32, _ lanes: Span<Int32>) -> UInt64 {
        let (leasts, greatests) = (SIMD16(repeating: least), SIMD16(repeating: greatest))
        return bits(lanes) { ($0 .>= leasts) .& ($0 .<= greatests) }
    }

    static func bits(_ comparison: Comparison, _ lanes: Span<Int32>, _ constant: Int32) -> UInt64 {
        let constants = SIMD16(repeating: constant)
        switch comparison {
        case .equal: return bits(lanes) { $0 .== constants }
        case .less: return bits(lanes) { $0 .< constants }
        default: return bits(lanes) { $0 .> constants }
        }
    }

    @inline(__always)
    private static func bits(_ lanes: Span<Int32>, _ holds: (SIMD16<Int32>) -> SIMDMask<SIMD16<Int32.SIMDMaskScalar>>) -> UInt64 {
        // Thirty-two lanes have their bits in one sum: adding up across lanes is what costs.
        let low = SIMD16<Int32>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
        let high = low &* SIMD16(repeating: 65_536)
        var bits: UInt64 = 0
        for half in 0..<2 {
            var (first, second) = (SIMD16<Int32>(), SIMD16<Int32>())
            for lane in 0..<16 { first[lane] = lanes[half << 5 + lane] }
            for lane in 0..<16 { second[lane] = lanes[half << 5 + 16 + lane] }
            let powers = SIMD16<Int32>().replacing(with: low, where: holds(first))
            let others = SIMD16<Int32>().replacing(with: high, where: holds(second))
            bits |= UInt64(UInt32(bitPattern: (powers &+ others).wrappedSum())) << UInt64(half << 5)
        }
        return bits
    }
}

extension Int64: RangedElement {
    static func bits(from least: Int64, to greatest: Int64, _ lanes: Span<Int64>) -> UInt64 {
        let (leasts, greatests) = (SIMD16(repeating: least), SIMD16(repeating: greatest))
        return bits(lanes) { ($0 .>= leasts) .& ($0 .<= greatests) }
    }

    static func bits(_ comparison: Comparison, _ lanes: Span<Int64>, _ constant: Int64) -> UInt64 {
        let constants = SIMD16(repeating: constant)
        switch comparison {
        case .equal: return bits(lanes) { $0 .== constants }
        case .less: return bits(lanes) { $0 .< constants }
        default: return bits(lanes) { $0 .> constants }
        }
    }

    @inline(__always)
    private static func bits(_ lanes: Span<Int64>, _ holds: (SIMD16<Int64>) -> SIMDMask<SIMD16<Int64.SIMDMaskScalar>>) -> UInt64 {
        let powers = SIMD16<Int64>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
        var bits: UInt64 = 0
        for part in 0..<4 {
            var values = SIMD16<Int64>()
            for lane in 0..<16 { values[lane] = lanes[part << 4 + lane] }
            let sum = SIMD16<Int64>().replacing(with: powers, where: holds(values)).wrappedSum()
            bits |= UInt64(truncatingIfNeeded: sum) << UInt64(part << 4)
        }
        return bits
    }
}

extension UInt16: BlockElement {
    static func bits(_ comparison: Comparison, _ lanes: Span<UInt16>, _ constant: UInt16) -> UInt64 {
        let constants = SIMD16(repeating: constant)
        switch comparison {
        case .equal: return bits(lanes) { $0 .== constants }
        case .less: return bits(lanes) { $0 .< constants }
        default: return bits(lanes) { $0 .> constants }
        }
    }

    @inline(__always)
    private static func bits(_ lanes: Span<UInt16>, _ holds: (SIMD16<UInt16>) -> SIMDMask<SIMD16<UInt16.SIMDMaskScalar>>)
        -> UInt64
    {
        let powers = SIMD16<UInt16>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
        var bits: UInt64 = 0
        for part in 0..<4 {
            var values = SIMD16<UInt16>()
            for lane in 0..<16 { values[lane] = lanes[part << 4 + lane] }
            let sum = SIMD16<UInt16>().replacing(with: powers, where: holds(values)).wrappedSum()
            bits |= UInt64(truncatingIfNeeded: sum) << UInt64(part << 4)
        }
        return bits
    }
}

extension UInt32: BlockElement {
    static func bits(_ comparison: Comparison, _ lanes: Span<UInt32>, _ constant: UInt32) -> UInt64 {
        let constants = SIMD16(repeating: constant)
        switch comparison {
        case .equal: return bits(lanes) { $0 .== constants }
        case .less: return bits(lanes) { $0 .< constants }
        default: return bits(lanes) { $0 .> constants }
        }
    }

    @inline(__always)
    private static func bits(_ lanes: Span<UInt32>, _ holds: (SIMD16<UInt32>) -> SIMDMask<SIMD16<UInt32.SIMDMaskScalar>>)
        -> UInt64
    {
        let powers = SIMD16<UInt32>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768)
        var bits: UInt64 = 0
        for part in 0..<4 {
            var values = SIMD16<UInt32>()
            for lane in 0..<16 { values[lane] = lanes[part << 4 + lane] }
            let sum = SIMD16<UInt32>().replacing(with: powers, where: holds(values)).wrappedSum()
            bits |= UInt64(truncatingIfNeeded: sum) << UInt64(part << 4)
        }
        return bits
    }
}
