import StoreColumns
import Testing

@Suite struct `Leads of texts` {
    @Test func `a lead keeps the order of the first fifteen bytes`() {
        var state: UInt64 = 7
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var texts: [[UInt8]] = []
        for length in 0..<22 {
            for _ in 0..<6 { texts.append((0..<length).map { _ in UInt8(truncatingIfNeeded: next() % 3 * 90 + 1) }) }
        }
        for left in texts {
            for right in texts {
                let (a, b) = (left.span.textLead, right.span.textLead)
                let (first, second) = (Array(left.prefix(15)), Array(right.prefix(15)))
                if first == second {
                    #expect(a == b)
                } else {
                    #expect((a < b) == first.lexicographicallyPrecedes(second), "\(left) \(right)")
                }
            }
        }
    }
}
