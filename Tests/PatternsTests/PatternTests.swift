import Patterns
import Testing

@Suite struct `Patterns` {
    func check(_ pattern: String, _ subject: String, matches expected: Bool, caseInsensitive: Bool = false) {
        do {
            let compiled = try Pattern(pattern, caseInsensitive: caseInsensitive)
            #expect(try compiled.matches(subject) == expected, "\(pattern) on \(subject)")
        } catch {
            Issue.record("\(pattern): \(error)")
        }
    }

    func check(_ pattern: String, isRefused expected: PatternError) {
        #expect(throws: expected) { try Pattern(pattern) }
    }

    @Test func `a pattern matches anywhere unless it is anchored`() {
        check("b+", "abbc", matches: true)
        check("^b", "abbc", matches: false)
        check("^abbc$", "abbc", matches: true)
        check("", "", matches: true)
        check("", "x", matches: true)
        check("x", "", matches: false)
    }

    @Test func `a dot is one Unicode scalar`() {
        check("^.$", "村", matches: true)
        check("^..$", "村", matches: false)
        check("^[一-龥]{2,4}$", "王小明", matches: true)
    }

    @Test func `case is ignored by Unicode's simple rules when asked`() {
        check("straße", "STRAßE", matches: true, caseInsensitive: true)
        check("ÉCOLE", "école", matches: true, caseInsensitive: true)
        check("école", "ÉCOLE", matches: false)
    }

    @Test func `what is no pattern is said with its byte`() {
        check("ab(c", isRefused: .invalid(message: "missing closing parenthesis", offset: 4))
        check("*a", isRefused: .invalid(message: "quantifier does not follow a repeatable item", offset: 0))
        check("村[b-a]", isRefused: .invalid(message: "range out of order in character class", offset: 6))
    }

    @Test func `a single byte of a scalar cannot be taken`() {
        #expect(throws: PatternError.self) { try Pattern("a\\Cb") }
    }

    @Test func `text, nesting and compiled size are bounded`() {
        check(String(repeating: "a", count: 257), isRefused: .limit(.length(256)))
        check(String(repeating: "(a", count: 100_000), isRefused: .limit(.length(256)))
        check("^" + String(repeating: "村", count: 85), String(repeating: "村", count: 85), matches: true)
        check(String(repeating: "(", count: 21) + String(repeating: ")", count: 21), isRefused: .limit(.nesting(20)))
        check(String(repeating: "(", count: 20) + String(repeating: ")", count: 20), "", matches: true)
        check("((a{1,1000}){1,1000}){1,1000}", isRefused: .limit(.size))
    }

    @Test func `a pattern sets no limits of its own`() {
        for text in [
            "(*LIMIT_MATCH=4000000000)(a+)+$", "(*UTF)(*LIMIT_MATCH=1)a", "(*NO_JIT)(*LIMIT_HEAP=5)a", "(*LIMIT_DEPTH=1)",
        ] {
            check(text, isRefused: .limit(.ownLimits))
        }
        check("(*UTF)a", "ba", matches: true)
    }

    @Test func `a pattern calls no group`() {
        for text in [
            "(?R)", "a(?R)?b", "(a)(?1)", "(a)(?-1)", "(?+1)(a)", "(?<n>a)(?&n)", "(?P<n>a)(?P>n)", "(?<n>a)\\g<n>", "(a)\\g'1'",
            "(?(DEFINE)(?<n>a))(?&n)", "(?0)", "\\Q\\\\E(?R)", "(?x)# [\n(?R)",
        ] { check(text, isRefused: .limit(.recursion)) }
        check("(a)\\1", "aa", matches: true)
        check("(a)\\g{1}\\g1", "aaa", matches: true)
        check("\\(?R", "R", matches: true)
        check("(?-i)a(?i:B)(?=c)(?!d)(?<=b)(?<!x)(?>c)(?#note)(?P<name>d)?(?P=name)?", "abc", matches: true)
        check("(?i:R)(?-1)?", isRefused: .limit(.recursion))
        check("^(?i)r$", "R", matches: true)
    }

    @Test func `a reached limit is an error and never no match`() {
        // This one does match, given time.
        #expect(throws: PatternError.limit(.steps(100_000))) {
            try Pattern("(.*a){20}$").matches(String(repeating: "a", count: 20) + String(repeating: "ab", count: 12))
        }
    }

    @Test func `bytes that are not UTF-8 are an error`() throws {
        let matcher = try Pattern("a").makeMatcher()
        let bytes: [UInt8] = [0x61, 0xFF]
        #expect(throws: PatternError.subjectNotUTF8) { try matcher.matches(bytes.span) }
    }

    @Test func `a matcher is used again after a limit`() throws {
        let matcher = try Pattern("(a+)+$").makeMatcher()
        let hostile = String(repeating: "a", count: 40) + "!"
        #expect(throws: PatternError.limit(.steps(100_000))) { try matcher.matches(hostile.utf8.span) }
        let harmless = "xaa"
        let matched = try matcher.matches(harmless.utf8.span)
        #expect(matched)
    }

    @Test func `threads share a pattern`() async throws {
        let pattern = try Pattern("^(a|b)*c$")
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let matcher = pattern.makeMatcher()
                    let subject = String(repeating: "ab", count: number) + (number % 2 == 0 ? "c" : "d")
                    return (0..<200).allSatisfy { _ in (try? matcher.matches(subject.utf8.span)) == (number % 2 == 0) }
                }
            }
            for await held in group { #expect(held) }
        }
    }
}
