import Expressions
import Testing

/// Numbers of groups against a dictionary.
@Suite struct `Numbers of groups` {
    private struct Pair: Hashable {
        var earlier: Int32
        var value: Int64?
    }

    struct Space {
        var values: Int?
        var tableLimit: Int
    }

    /// Hashes, tables, and tables that grow too large on the way.
    static let spaces = [
        Space(values: nil, tableLimit: 0), Space(values: 50, tableLimit: 1 << 20), Space(values: 50, tableLimit: 400),
        Space(values: 50, tableLimit: 49), Space(values: 1, tableLimit: 1),
    ]

    @Test(arguments: spaces, [UInt64](1...6))
    func `pairs are numbered as they come, and again the same`(space: Space, seed: UInt64) {
        var random = RandomNumbers(seed: seed)
        var map = SlotMap(space: space.values, tableLimit: space.tableLimit)
        var known: [Pair: Int32] = [:]
        for _ in 0..<4_000 {
            let earlier = Int32.random(in: 0..<20, using: &random)
            var value: Int64? =
                space.values.map { Int64.random(in: 0..<Int64($0), using: &random) } ?? Int64.random(in: -30...30, using: &random)
                << 40
            if Int.random(in: 0..<20, using: &random) == 0 { value = nil }
            let number = value.map { map.number(earlier, $0) } ?? map.numberOfNull(earlier)
            let pair = Pair(earlier: earlier, value: value)
            if known[pair] == nil { known[pair] = Int32(known.count) }
            #expect(number == known[pair], "seed \(seed)")
        }
        #expect(map.count == known.count)
        for (pair, number) in known {
            let place = Int(number)
            #expect(map.earlier[place] == pair.earlier && map.isNull[place] == (pair.value == nil), "seed \(seed)")
            #expect(pair.value == nil || map.values[place] == pair.value, "seed \(seed)")
        }
    }
}
