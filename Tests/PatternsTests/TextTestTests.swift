import Patterns
import Testing

@Suite struct `Text tests` {
    func check(
        _ kind: TextTest.Kind, _ pattern: String, caseInsensitive: Bool = false, matches: [String] = [], misses: [String] = []
    ) throws {
        let test = try TextTest(kind, pattern, caseInsensitive: caseInsensitive)
        for text in matches { #expect(test.matches(text), "\(kind) \(pattern) should match \(text)") }
        for text in misses { #expect(!test.matches(text), "\(kind) \(pattern) should not match \(text)") }
    }

    @Test func `literals are compared byte by byte`() throws {
        try check(.startsWith, "新", matches: ["新", "新农"], misses: ["", "农新", "\u{E6}\u{96}"])
        try check(.endsWith, "ab", matches: ["ab", "aab"], misses: ["b", "aba", ""])
        try check(.contains, "aab", matches: ["aaab", "xaabx"], misses: ["aab".uppercased(), "aaxb", ""])
        try check(.equals, "é", matches: ["\u{E9}"], misses: ["e\u{301}", "E"])
    }

    @Test func `the empty literal is in every text`() throws {
        for kind in [TextTest.Kind.startsWith, .endsWith, .contains] { try check(kind, "", matches: ["", "a"]) }
        try check(.equals, "", matches: [""], misses: ["a"])
    }

    @Test func `case folds scalar by scalar`() throws {
        try check(.equals, "Straße", caseInsensitive: true, matches: ["STRAßE", "straẞe"], misses: ["STRASSE"])
        try check(.contains, "ΟΔΟΣ", caseInsensitive: true, matches: ["η οδος", "οδοσ"])
        try check(.startsWith, "kel", caseInsensitive: true, matches: ["\u{212A}ELVIN", "Kelvin"], misses: ["elk"])
        try check(.endsWith, "KEL", caseInsensitive: true, matches: ["a\u{212A}el"], misses: ["kelx", "el"])
        try check(.endsWith, "aab", caseInsensitive: true, matches: ["AAAB"])
        try check(.contains, "Ａｂ", caseInsensitive: true, matches: ["xａＢ"])
        try check(.contains, "村", caseInsensitive: true, matches: ["大村"], misses: ["大庄"])
    }

    @Test func `texts stand in the order of their scalars, folded where case does not count`() throws {
        try check(.less, "b", matches: ["", "B", "a", "ab"], misses: ["b", "ba", "c", "村"])
        try check(.less, "b", caseInsensitive: true, matches: ["", "A", "aZ"], misses: ["B", "b", "C"])
        try check(.lessOrEqual, "Straße", caseInsensitive: true, matches: ["STRAßE", "straA"], misses: ["straßeN", "z"])
        try check(.greater, "村", caseInsensitive: true, matches: ["村a", "林"], misses: ["村", "Z", ""])
        // What has no case is compared with what has: '[' stands between 'Z' and 'a'.
        try check(.less, "[", caseInsensitive: true, matches: ["!", ""], misses: ["B", "b"])
        try check(.greaterOrEqual, "", matches: ["", "a"])
        let long = String(repeating: "a", count: 3_000)
        try check(.greaterOrEqual, long, matches: [long, long + "b"], misses: [String(long.dropLast())])
    }

    @Test func `like matches the whole text`() throws {
        try check(.like, "a%", matches: ["a", "abc"], misses: ["ba", ""])
        try check(.like, "%a", matches: ["a", "ba", "aa"], misses: ["ab"])
        try check(.like, "_", matches: ["村"], misses: ["", "ab"])
        try check(.like, "%", matches: ["", "x"])
        try check(.like, "", matches: [""], misses: ["x"])
        try check(.like, "a_c%e", matches: ["abcde", "a村ce"], misses: ["ace", "abcd"])
        try check(.like, "%aab%", matches: ["aaab"], misses: ["aacb"])
        try check(.like, "%ab_", matches: ["ababx"], misses: ["abab"])
        try check(.like, "100\\%", matches: ["100%"], misses: ["1000"])
        try check(.like, "\\_\\\\", matches: ["_\\"], misses: ["a\\"])
        try check(.like, "A%É", caseInsensitive: true, matches: ["abé"], misses: ["abe"])
    }

    @Test func `a like pattern cannot end in an escape`() {
        #expect(throws: PatternError.invalid(message: "'\\' at the end has nothing to escape", offset: 1)) {
            try TextTest(.like, "a\\")
        }
    }

    @Test func `like agrees with a matcher that tries everything`() throws {
        func naive(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            switch first {
            case "%": return naive(pattern.dropFirst(), text) || (!text.isEmpty && naive(pattern, text.dropFirst()))
            case "_": return !text.isEmpty && naive(pattern.dropFirst(), text.dropFirst())
            default: return text.first == first && naive(pattern.dropFirst(), text.dropFirst())
            }
        }
        var state: UInt64 = 7
        func random(_ count: Int, from letters: [Character]) -> [Character] {
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return letters[Int(state >> 33) % letters.count]
            }
        }
        for round in 0..<3_000 {
            let pattern = random(round % 7, from: ["a", "b", "%", "_"])
            let text = random(round % 9, from: ["a", "b"])
            let test = try TextTest(.like, String(pattern))
            #expect(test.matches(String(text)) == naive(pattern[...], text[...]), "\(String(pattern)) on \(String(text))")
        }
    }

    @Test func `time does not explode with wildcards`() throws {
        let test = try TextTest(.like, String(repeating: "%a", count: 500) + "b")
        let text = String(repeating: "a", count: 100_000)
        let duration = ContinuousClock().measure {
            #expect(!test.matches(text))
        }
        #expect(duration < .seconds(10))
        #expect(throws: PatternError.limit(.literalLength(1_024))) {
            try TextTest(.contains, String(repeating: "a", count: 1_025))
        }
    }

    @Test func `bytes that are not UTF-8 are read without a trap`() throws {
        let test = try TextTest(.like, "%\u{FFFD}_", caseInsensitive: true)
        for bytes: [UInt8] in [[0xE6, 0x9D], [0xF0], [0xED, 0xA0, 0x80], [0x80, 0x41], [0xF4, 0xBF, 0xBF, 0xBF]] {
            _ = test.matches(bytes.span)
        }
        let bytes: [UInt8] = [0x80, 0x41]
        let matched = test.matches(bytes.span)
        #expect(matched)
    }
}
