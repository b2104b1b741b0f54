extension JSONWriter {
    /// A whole number.
    package mutating func int(_ value: Int64) {
        if value < 0 { byte(0x2D) }
        digits(value.magnitude, atLeast: 1)
    }

    /// A whole number.
    package mutating func int(_ value: Int32) { int(Int64(value)) }

    /// A whole number.
    package mutating func int(_ value: Int) { int(Int64(value)) }

    /// An exact decimal: `unscaled` divided by ten to the power of `fractionDigits` (0…18), printed with all its digits.
    package mutating func decimal(unscaled: Int64, fractionDigits: Int) {
        precondition((0...18).contains(fractionDigits), "a decimal has 0 to 18 fraction digits")
        if unscaled < 0 { byte(0x2D) }
        guard fractionDigits > 0 else { return digits(unscaled.magnitude, atLeast: 1) }
        var scale: UInt64 = 1
        for _ in 0..<fractionDigits { scale &*= 10 }
        let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(dividingBy: scale)
        digits(whole, atLeast: 1)
        byte(0x2E)
        digits(fraction, atLeast: fractionDigits)
    }

    /// A floating-point number in its shortest form; JSON has no infinity and no NaN, for which `null` is written.
    package mutating func float(_ value: Double) {
        guard value.isFinite else { return null() }
        raw(value.description.utf8Span.span)
    }

    /// The digits of a number, padded with zeros in front. Two digits a step; a pair is split by a multiplication,
    /// which costs less than the cache line of a table.
    private mutating func digits(_ value: UInt64, atLeast minimum: Int) {
        let width = max(Self.digitCount(value), minimum)
        reserve(width)
        let start = count
        var place = start &+ width
        var room = buffer.mutableSpan
        var rest = value
        while place &- start >= 2 {
            let (next, pair) = rest.quotientAndRemainder(dividingBy: 100)
            let tens = (pair &* 103) &>> 10
            place &-= 2
            room[place] = UInt8(truncatingIfNeeded: 0x30 &+ tens)
            room[place &+ 1] = UInt8(truncatingIfNeeded: 0x30 &+ (pair &- tens &* 10))
            rest = next
        }
        if place > start { room[start] = UInt8(truncatingIfNeeded: 0x30 &+ rest) }
        count &+= width
    }

    private static func digitCount(_ value: UInt64) -> Int {
        var count = 1
        var bound: UInt64 = 10
        while value >= bound {
            count &+= 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        return count
    }
}
