import StoreColumns
import Testing

@Suite struct `Decimals` {
    @Test(arguments: [
        ("0", 0, 0), ("12.50", 125, 1), ("-0.01", -1, 2), ("1e3", 1000, 0), ("1.5E-2", 15, 3), ("-0", 0, 0),
        ("9223372036854775807", Int64.max, 0), ("-9223372036854775808", Int64.min, 0), ("0.000000001", 1, 9),
        ("1.10000000000000000000", 11, 1), ("120e-1", 12, 0), ("0e999999999999", 0, 0),
    ])
    func `a number's text is read exactly`(text: String, unscaled: Int64, digits: Int) throws {
        let decimal = try #require(Decimal(text))
        #expect(decimal == Decimal(unscaled: unscaled, fractionDigits: digits))
    }

    @Test(arguments: [
        "", "-", ".5", "5.", "1..2", "1e", "1e+", "0x10", "NaN", "Infinity", "1_000", " 1", "９", "9223372036854775808", "1e400",
        "0.0000000001", "1e-400", "--1", "1.2.3",
    ])
    func `what is no number, or does not fit, is refused without a trap`(text: String) {
        #expect(Decimal(text) == nil)
    }

    @Test func `equality, order and hash go by value, not by digits`() {
        let short = Decimal(unscaled: 15, fractionDigits: 1)
        let long = Decimal(unscaled: 1_500_000, fractionDigits: 6)
        #expect(short == long && short.hashValue == long.hashValue)
        #expect(Decimal(unscaled: -1, fractionDigits: 9) < Decimal(0))
        #expect(Decimal(unscaled: .max, fractionDigits: 9) < Decimal(unscaled: .max, fractionDigits: 0))
    }

    @Test func `a ratio is rounded half away from zero, however large its terms are`() throws {
        let terms: [Int64] = [
            0, 1, -1, 2, 3, 7, 8, -8, 79, 1_000, 999_999_999, 4_611_686_018_427_387_903, 4_611_686_018_427_387_904,
            9_223_372_036_854_775_806, .max, .min, -9_223_372_037, 9_223_372_036,
        ]
        for numerator in terms {
            for denominator in terms where denominator > 0 {
                let ratio = try #require(Ratio(numerator: numerator, denominator: denominator))
                for digits in 0...9 {
                    // Twice the value, cut towards zero, and half of that with what is odd rounded up.
                    let scaled = Int128(numerator) * Int128((0..<digits).reduce(1) { power, _ in power * 10 })
                    let doubled = (scaled.magnitude * 2 / UInt128(denominator) + 1) / 2
                    let expected = Int64(exactly: numerator < 0 ? -Int128(doubled) : Int128(doubled))
                    #expect(ratio.rounded(to: digits)?.unscaled == expected, "\(numerator)/\(denominator) to \(digits)")
                }
            }
        }
    }

    @Test func `text shows all fraction digits`() {
        #expect(Decimal(unscaled: 1250, fractionDigits: 2).description == "12.50")
        #expect(Decimal(unscaled: -5, fractionDigits: 3).description == "-0.005")
        #expect(Decimal(unscaled: .min, fractionDigits: 9).description == "-9223372036.854775808")
        #expect(Decimal(unscaled: 0, fractionDigits: 2).description == "0.00")
    }

    @Test func `overflow is nil, never another number`() {
        let largest = Decimal(.max)
        #expect(largest.adding(Decimal(1)) == nil)
        #expect(Decimal(.min).subtracting(Decimal(1)) == nil)
        #expect(largest.multiplied(by: Decimal(2)) == nil)
        #expect(Decimal(1).divided(by: Decimal(0), fractionDigits: 2) == nil)
        #expect(largest.rescaled(to: 1) == nil)
    }

    @Test func `division rounds half away from zero`() {
        let third = Decimal(2).divided(by: Decimal(3), fractionDigits: 4)
        #expect(third == Decimal(unscaled: 6667, fractionDigits: 4))
        #expect(Decimal(-1).divided(by: Decimal(8), fractionDigits: 2) == Decimal(unscaled: -13, fractionDigits: 2))
        #expect(Decimal(1).divided(by: Decimal(-8), fractionDigits: 2) == Decimal(unscaled: -13, fractionDigits: 2))
    }

    @Test(arguments: 0..<20)
    func `reading what was printed gives the same number`(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        for _ in 0..<500 {
            let decimal = Decimal(
                unscaled: Int64(bitPattern: random.next()) >> Int64.random(in: 0..<63, using: &random),
                fractionDigits: Int.random(in: 0...9, using: &random))
            let read = try #require(Decimal(decimal.description), "seed \(seed): \(decimal)")
            #expect(read == decimal, "seed \(seed)")
            // Digits may be fewer: trailing zeros carry no value.
            #expect(read.rescaled(to: decimal.fractionDigits)?.unscaled == decimal.unscaled, "seed \(seed)")
        }
    }
}

@Suite struct `Ratios` {
    @Test func `fractions compare exactly by cross-multiplying`() throws {
        let third = try #require(Ratio(numerator: 1, denominator: 3))
        let near = try #require(Ratio(numerator: 333_333_333_333_333_333, denominator: 1_000_000_000_000_000_000))
        #expect(near < third && near != third)
        #expect(try #require(Ratio(numerator: 2, denominator: 100)) == Decimal(unscaled: 2, fractionDigits: 2))
        let twentieth = try #require(Ratio(numerator: 20, denominator: 1000))
        #expect(!(twentieth < Decimal(unscaled: 2, fractionDigits: 2)))
        #expect(twentieth.hashValue == Ratio(numerator: 1, denominator: 50)?.hashValue)
    }

    @Test func `a denominator is greater than zero`() {
        #expect(Ratio(numerator: 1, denominator: 0) == nil)
        #expect(Ratio(numerator: 1, denominator: -2) == nil)
        #expect(Ratio(reducing: 1, over: 0) == nil)
        #expect(Ratio(reducing: 6, over: -4) == Ratio(numerator: -3, denominator: 2))
    }

    @Test func `shown digits round half up, and a small fraction is not nothing`() throws {
        #expect(try #require(Ratio(numerator: 117, denominator: 1466)).text(fractionDigits: 4) == "0.0798")
        #expect(try #require(Ratio(numerator: 1, denominator: 30_000)).text(fractionDigits: 4) == "0.0000")
        #expect(try #require(Ratio(numerator: 1, denominator: 30_000)) != Ratio(Decimal(0)))
        #expect(try #require(Ratio(numerator: 1, denominator: 8)).text(fractionDigits: 2) == "0.13")
        #expect(try #require(Ratio(numerator: -1, denominator: 8)).text(fractionDigits: 2) == "-0.13")
    }

    @Test func `the extremes of 64 bits do not trap`() throws {
        let least = try #require(Ratio(numerator: .min, denominator: .max))
        let greatest = try #require(Ratio(numerator: .max, denominator: 1))
        #expect(least < greatest && least == least)
        #expect(greatest.rounded(to: 9) == nil)
        _ = least.hashValue
    }
}
