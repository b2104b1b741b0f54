import Patterns
import Testing

/// Patterns written to hang a matcher. Each must answer or refuse quickly; none may crash.
@Suite struct `Hostile patterns` {
    static let patterns = [
        "(a+)+$", "(a|aa)+$", "(.*a){20}", "(\\w+\\s?)+$", "^(a?){40}a{40}$", "(a*)*b", "(a|a)*b", "(?:(?:a+)+)+b",
        "(.+)+\\d", "(x+x+)+y", "([a-z]+)*=", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a{1,1000}){1,1000}", "(?R)", "a(?R)?b(?R)?",
        "((?:a(?1)?)+)$", "(*LIMIT_MATCH=4000000000)(a+)+$", "(*NO_JIT)(a+)+$", "(?=(a+))*\\1+b", "(?<=a{1,100}b?)a+!$",
        "(*LIMIT_HEAP=4000000000)(*NO_JIT)(a|b)*c", "(?:a?){200}(?:a){200}", "\\X*\\X*\\X*\\X*\\X*b", "(?(R)a+|(?0))",
        "(\\p{L}*)*\\d",
    ]
    static let subjects = [
        String(repeating: "a", count: 40) + "!", String(repeating: "ab", count: 600), String(repeating: "x", count: 5_000),
        String(repeating: "村", count: 2_000), String(repeating: "a", count: 200_000),
    ]

    @Test(arguments: patterns) func `a hostile pattern answers or refuses in time`(_ text: String) {
        let clock = ContinuousClock()
        var worst = Duration.zero
        let compiling = clock.now
        guard let pattern = try? Pattern(text) else {
            #expect(compiling.duration(to: clock.now) < .milliseconds(200))
            return
        }
        let matcher = pattern.makeMatcher()
        for subject in Self.subjects {
            let start = clock.now
            _ = try? matcher.matches(subject.utf8.span)
            worst = max(worst, start.duration(to: clock.now))
        }
        // 200 ms for names and remarks; the last subject is 200 kB, and shares two cores with other tests.
        #expect(worst < .milliseconds(2_000), "\(text): \(worst)")
    }

    @Test func `the classic explosion is refused within 200 ms`() throws {
        let subject = String(repeating: "a", count: 40) + "!"
        for text in ["(a+)+$", "(a|aa)+$", "(\\w+\\s?)+$", "(*NO_JIT)(a+)+$"] {
            let matcher = try Pattern(text).makeMatcher()
            let duration = ContinuousClock().measure {
                #expect(throws: PatternError.self, "\(text)") { try matcher.matches(subject.utf8.span) }
            }
            #expect(duration < .milliseconds(200), "\(text): \(duration)")
        }
    }
}
