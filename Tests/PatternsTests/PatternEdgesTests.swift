import Patterns
import Testing

/// What a pattern's ends tell of a text before it is matched.
@Suite struct `Edges of patterns` {
    /// The same pattern, in a spelling of which no ends are read.
    private func matchesWithoutEdges(_ pattern: String, _ text: String) throws -> Bool {
        try Pattern("(?:)" + pattern).matches(text)
    }

    private func admits(_ pattern: String, _ text: String, caseInsensitive: Bool = false) throws -> Bool {
        try Pattern(pattern, caseInsensitive: caseInsensitive).admits(text.utf8.span)
    }

    private func check(_ pattern: String, admits admitted: [String] = [], rulesOut: [String] = []) throws {
        for text in admitted { #expect(try admits(pattern, text), "\(pattern) on \(text)") }
        for text in rulesOut {
            #expect(try !admits(pattern, text), "\(pattern) on \(text)")
            #expect(try !matchesWithoutEdges(pattern, text), "\(pattern) on \(text)")
        }
    }

    @Test func `rule out texts that begin or end otherwise`() throws {
        try check("^[王李陈].?[华英红明]$", admits: ["王华", "李小明", "陈明\n"], rulesOut: ["张华", "王小", "华", ""])
        try check("村(1|3|5)组[0-9]{2}号$", admits: ["东村1组12号", "村5组00号"], rulesOut: ["村2组12号", "1组12号", "村1组2号", "号"])
        try check("^a+b", admits: ["a", "ab", "aab"], rulesOut: ["", "b"])
        try check("x{2,3}$", admits: ["xx", "axxx"], rulesOut: ["x", "xxa"])
        try check("^\\.[^/]", admits: [".a"], rulesOut: ["a", "./"])
    }

    @Test func `say nothing of what is not plain`() throws {
        for pattern in ["(?i)^a$", "^a|b$", "^\\d$", "^[[:alpha:]]$", "^\\Qa$\\E", "(?m)^a$", "^a$|c", "(*UTF)^a$", "^(?=b)"] {
            try check(pattern, admits: ["", "b", "zzz"])
        }
        #expect(try admits("^a$", "A", caseInsensitive: true))
    }

    static let seeds: [UInt64] = (0..<40).map { $0 }

    @Test(arguments: seeds) func `never rule out what matches`(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 11
        func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let atoms = ["a", "b", "村", ".", "[ab]", "[^a]", "[a-村]", "(a|b)", "(a|村b)", "(ab)", "\\.", "\\-", "[b-]", "号", " "]
        let counts = ["", "", "", "", "?", "*", "+", "{2}", "{0}", "{1,2}", "{2,}", "*?", "++", "??"]
        let letters = ["a", "b", "村", "号", ".", "-", "\n", " ", "é"]
        for _ in 0..<150 {
            var pattern = below(2) == 0 ? "^" : ""
            for _ in 0..<below(5) { pattern += atoms[below(atoms.count)] + counts[below(counts.count)] }
            if below(2) == 0 { pattern += "$" }
            if below(12) == 0 { pattern += "|a" }
            let compiled = try Pattern(pattern)
            for _ in 0..<12 {
                var text = ""
                for _ in 0..<below(6) { text += letters[below(letters.count)] }
                #expect(try compiled.matches(text) == matchesWithoutEdges(pattern, text), "seed \(seed): \(pattern) on \(text)")
            }
        }
    }

    @Test(arguments: ["^[王李陈].?[华英红明]$", "^[^ab]", "[a-c号]$", "村", "^(é|村)(号|b)"])
    func `tell of many texts at once what they tell of each`(_ pattern: String) throws {
        let compiled = try Pattern(pattern)
        let letters = ["a", "b", "村", "号", "王", "李", "华", "\n", "é", "😀"]
        for count in [0, 1, 5, 63, 64] {
            var (offsets, bytes): ([UInt32], [UInt8]) = ([3], Array("é#".utf8))
            var expected: UInt64 = 0
            for place in 0..<count {
                let text = (0..<place % 4).map { letters[(place * 7 + $0 * 3) % letters.count] }.joined()
                bytes += Array(text.utf8)
                offsets.append(UInt32(bytes.count))
                if compiled.admits(text.utf8.span) { expected |= 1 << UInt64(place) }
            }
            #expect(compiled.admitted(offsets.span, of: bytes.span) == expected, "\(count) texts")
        }
    }
}
