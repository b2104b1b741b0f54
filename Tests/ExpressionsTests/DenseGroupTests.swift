import Expressions
import StoreColumns
import Testing

/// Groups by an enum are counted and summed straight from their columns; where their rows are kept, they are made by way of the rows.
@Suite struct `Groups straight from the columns` {
    private static func value(_ text: String) throws -> Expression {
        try parseCEL(text, on: Fixture.call, in: Fixture.rowTypes, expecting: nil)
    }

    /// One line a group: its key and its figures.
    private func lines(_ rows: RowSelection, by key: String, keepsRows: Bool, _ context: EvaluationContext) throws -> [String] {
        let (minutes, cost) = (try Self.value("minutes"), try Self.value("cost"))
        let measures = [
            Measure(.count), Measure(.count, of: minutes), Measure(.sum, of: minutes), Measure(.sum, of: cost),
            Measure(.average, of: cost), Measure(.count, of: cost),
        ]
        let groups = try Aggregation(of: measures, by: [GroupingKey(try Self.value(key))], on: Fixture.call, context)
        let figures = try groups.figures(of: rows, keepsRows: keepsRows)
        return try (0..<figures.count).map { group in
            "\(figures.key(0, of: group)): \(try measures.indices.map { "\(try figures.value($0, of: group))" })"
        }
    }

    private func check(_ rows: RowSelection, _ context: EvaluationContext, _ comment: Comment) throws {
        for key in ["place", "state"] {
            let straight = try lines(rows, by: key, keepsRows: false, context)
            let byRows = try lines(rows, by: key, keepsRows: true, context)
            #expect(straight == byRows, comment)
        }
    }

    @Test(arguments: [3, 4] as [UInt64])
    func `are those made by way of the rows, in the order of their first rows`(seed: UInt64) throws {
        let pair = try RegisterPair(seed: seed, size: 120)
        let context = pair.context(.adaptive)
        var random = RandomNumbers(seed: seed)
        let live = pair.liveRows(Fixture.call)
        try #require(live.count > 2 * 1_024)
        // A row by itself, at every place of a word.
        for row in live.prefix(70) + live.suffix(70) { try check(.list([row]), context, "seed \(seed), row \(row)") }
        for chance in [1, 2, 50, 2_000] {
            let chosen = live.filter { _ in random.once(in: chance) }
            try check(.list(chosen), context, "seed \(seed), one of \(chance)")
            var bitmap = Bitmap(count: pair.version[Fixture.call].rowCount)
            for row in chosen { bitmap[Int(row)] = true }
            try check(.bitmap(bitmap), context, "seed \(seed), one of \(chance) in a bitmap")
        }
    }

    /// Every fourth row goes to one sum of 64 bits, which is carried over before it is full; the others bring the whole back near zero.
    @Test(arguments: [(1 << 40, 3_000), (1 << 51, 17_000), (1 << 52, 3_000), (1 << 60, 3_000)] as [(Int64, Int)])
    func `sum what goes beyond 64 bits on its way`(greatest: Int64, rowCount: Int) throws {
        var register = SmallRegister()
        register.add(Fixture.family, ["number": .string("f1")])
        var random = RandomNumbers(seed: UInt64(greatest))
        var expected: [String: Int128] = [:]
        for number in 0..<rowCount {
            let size = greatest - 1 - Int64(random.below(1_000))
            let cost = number % 4 == 0 ? size : -size / 3
            // Rare enough that one code has nearly all.
            let state = random.below(200) == 0 ? UInt16(1) : 0
            expected[state == 0 ? "enumeration(0)" : "enumeration(1)", default: 0] += Int128(cost)
            register.add(
                Fixture.call,
                [
                    "number": .int(Int32(number)), "family": SmallRegister.text("f1"), "helpers": .referenceList([]),
                    "state": .enumeration(state), "minutes": number % 5 == 0 ? .null : .int(Int32(number)),
                    "cost": .decimal(cost),
                    "place": number % 7 == 0 ? .null : .enumeration(UInt16(number % 2)),
                ])
        }
        let asker = Asker(version: try register.version())
        let all = RowSelection.bitmap(Bitmap(count: asker.version[Fixture.call].rowCount, all: true))
        let groups = try Aggregation(
            of: [Measure(.sum, of: try Self.value("cost"))], by: [GroupingKey(try Self.value("state"))], on: Fixture.call,
            asker.context())
        let figures = try groups.figures(of: all)
        #expect(figures.count == 2)
        for group in 0..<figures.count {
            let sum = try figures.value(0, of: group)
            guard case .decimal(let decimal) = sum else {
                Issue.record("\(sum) is no sum")
                continue
            }
            #expect(Int128(decimal.unscaled) == expected["\(figures.key(0, of: group))"])
        }
    }
}
