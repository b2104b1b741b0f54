import StoreColumns

/// Makes one figure for each group out of ratios, one after the other.
class RatioAccumulator {
    func add(_ value: Ratio, _ slot: Int) {}
    func grow(to count: Int) {}
    func finish(_ count: Int) -> DerivedColumn { preconditionFailure("an accumulator of nothing") }
}

final class RatioExtremeAccumulator: RatioAccumulator {
    private var best: [Ratio?] = []
    private let isGreatest: Bool
    init(isGreatest: Bool) { self.isGreatest = isGreatest }

    override func grow(to count: Int) { best.grow(to: count, with: nil) }

    override func add(_ value: Ratio, _ slot: Int) {
        if let known = best[slot], !value.exceeds(known, isGreatest) { return }
        best[slot] = value
    }

    override func finish(_ count: Int) -> DerivedColumn { DerivedColumn(ratios: best.prefix(count)) }
}

/// The middle ratio; the exact mean of the two in the middle.
final class RatioMedianAccumulator: RatioAccumulator {
    private var values: [[Ratio]] = []

    override func grow(to count: Int) { values.grow(to: count, with: []) }
    override func add(_ value: Ratio, _ slot: Int) { values[slot].append(value) }

    override func finish(_ count: Int) -> DerivedColumn {
        var medians: [Ratio?] = []
        var failures: [Int: EvaluationError] = [:]
        for group in 0..<count {
            do throws(EvaluationError) {
                medians.append(try values[group].median())
            } catch {
                failures[group] = error
                medians.append(nil)
            }
        }
        return DerivedColumn(ratios: medians[...], failures: failures)
    }
}

extension [Ratio] {
    /// The middle one, or the exact mean of the two in the middle; nil of nothing.
    /// - Throws: `overflow` where the mean does not fit.
    func median() throws(EvaluationError) -> Ratio? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        let middle = count / 2
        if count % 2 == 1 { return sorted[middle] }
        let two = Ratio(Decimal(unscaled: 2, fractionDigits: 0))
        guard let mean = sorted[middle - 1].computed(.add, sorted[middle])?.computed(.divide, two) else {
            throw .overflow("a median of Ratios does not fit in 64 bits over 64 bits")
        }
        return mean
    }
}

final class RatioDistinctAccumulator: RatioAccumulator {
    private var known: [Set<Ratio>] = []
    override func grow(to count: Int) { known.grow(to: count, with: []) }
    override func add(_ value: Ratio, _ slot: Int) { known[slot].insert(value) }
    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count { column.set(group, to: Int64(known[group].count)) }
        return column.finish()
    }
}

final class RatioCountAccumulator: RatioAccumulator {
    private var counts: [Int64] = []
    override func grow(to count: Int) { counts.grow(to: count, with: 0) }
    override func add(_ value: Ratio, _ slot: Int) { counts[slot] += 1 }
    override func finish(_ count: Int) -> DerivedColumn {
        var column = FigureColumn(count: count)
        for group in 0..<count { column.set(group, to: counts[group]) }
        return column.finish()
    }
}

extension DerivedColumn {
    fileprivate convenience init(ratios: ArraySlice<Ratio?>, failures: [Int: EvaluationError] = [:]) {
        var valid = Array(repeating: UInt64(0), count: (ratios.count + 63) / 64)
        for (index, ratio) in ratios.enumerated() where ratio != nil { valid[index >> 6] |= 1 << UInt64(index & 63) }
        self.init(.ratios(ratios.map { $0 ?? .zero }), valid: valid, failures: failures)
    }
}
