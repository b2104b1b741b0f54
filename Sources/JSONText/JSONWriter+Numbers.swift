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
        let (whole, fraction) = unscaled.magnitude.quotientAndRemainder(dividingBy: Self.powersOfTen[fractionDigits])
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

    /// How many digits a number has: 1233/4096 is the logarithm of 2 to base 10, close enough for 64 bits, and one comparison
    /// settles the last digit.
    private static func digitCount(_ value: UInt64) -> Int {
        let bits = 64 &- (value | 1).leadingZeroBitCount
        let guess = (bits &* 1233) &>> 12
        return guess &+ (value >= powersOfTen[guess] ? 1 : 0)
    }

    private static let powersOfTen: InlineArray<20, UInt64> = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
