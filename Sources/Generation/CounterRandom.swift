/// Numbers that look drawn by chance and are a function of a key and a counter, so that any of them can be had without
/// those before it. The mixing is that of SplitMix64.
///
/// Only sums, products, quotients and comparisons of IEEE numbers are used, whose results are the same on every machine;
/// the C library's logarithms are not.
enum CounterRandom {
    static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// A number whose every bit depends on every bit of `value`.
    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The key of something that is below `key`: the counter's next level.
    @inline(__always)
    static func key(_ key: UInt64, _ part: UInt64) -> UInt64 { mixed(mixed(key &+ step) ^ (part &* step)) }

    /// A key made of a name (FNV-1a, mixed).
    static func key(of name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mixed(hash)
    }

    /// A number from 0 up to, not including, 1.
    @inline(__always)
    static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

    /// A number from 0 up to, not including, `count`.
    @inline(__always)
    static func below(_ count: UInt64, _ bits: UInt64) -> UInt64 { bits.multipliedFullWidth(by: count).high }
}

/// The exponential function and the normal distribution, from the four operations alone.
enum ExactMath {
    /// eˣ, to about 15 digits; 0 and infinity where it has no number.
    static func exponential(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        guard x < 700 else { return .infinity }
        // x = k · ln 2 + rest, and |rest| is small enough for the power series.
        let k = (x * 1.4426950408889634).rounded()
        let rest = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
        var sum = 1.0
        var term = 1.0
        for n in 1...14 {
            term = term * rest / Double(n)
            sum += term
        }
        return sum * Double(sign: .plus, exponent: Int(k), significand: 1)
    }

    /// The number that a normal quantity lies below with this probability. Probabilities beyond six deviations give six.
    static func normalQuantile(_ probability: Double) -> Double {
        var low = 0
        var high = normalTable.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if normalTable[middle] <= probability { low = middle } else { high = middle }
        }
        let width = normalTable[high] - normalTable[low]
        let part = width > 0 ? min(1, max(0, (probability - normalTable[low]) / width)) : 0
        return -tableEnd + (Double(low) + part) * tableStep
    }

    private static let tableEnd = 6.0
    private static let tableStep = 1.0 / 256

    /// The probability to lie below -6, -6 + 1/256, … 6: the density summed by Simpson's rule.
    private static let normalTable: [Double] = {
        let count = Int(2 * tableEnd / tableStep)
        var table = [0.0]
        table.reserveCapacity(count + 1)
        func density(_ x: Double) -> Double { exponential(-x * x / 2) }
        for index in 0..<count {
            let start = -tableEnd + Double(index) * tableStep
            let area = density(start) + 4 * density(start + tableStep / 2) + density(start + tableStep)
            table.append(table[index] + area * tableStep / 6)
        }
        let total = table[count]
        return table.map { $0 / total }
    }()
}
