import Testing

@testable import Exchange

@Suite struct `Short texts and what they become` {
    private func number(_ value: FieldValue?) -> Int64? { if case .number(let number)? = value { number } else { nil } }

    @Test func `are found by all of their bytes, and few are kept`() {
        var random = SeededRandom(seed: 11)
        var (kept, twin) = (ShortTexts(), [[UInt8]: Int64]())
        for turn in 0..<20_000 {
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in UInt8.random(in: 0...2, using: &random) }
            // What stands around it must not count.
            let around = [UInt8](repeating: UInt8(turn & 1), count: 3)
            let bytes = around + text + (turn % 3 == 0 ? [] : around + around)
            let word = ShortTexts.word(bytes.span, 3..<3 + text.count)
            #expect((word == nil) == (text.count > 7))
            guard let word else { continue }
            #expect(number(kept.find(word)) == twin[text], "\(text)")
            guard twin[text] == nil else { continue }
            let isKept = kept.insert(word, .number(Int64(turn)))
            #expect(isKept == (twin.count < 1_024))
            if isKept { twin[text] = Int64(turn) }
        }
        #expect(twin.count == 1_024)
    }
}
