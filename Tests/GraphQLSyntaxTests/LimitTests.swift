import GraphQLSyntax
import Testing

@Suite struct `Limits` {
    func kind(_ text: String, _ limits: ParserLimits = .default) -> SyntaxError.Kind? {
        do throws(SyntaxError) {
            _ = try parse(Source(text), limits: limits)
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `a document of as many bytes as allowed is read, one more is not`() {
        #expect(kind("{ abc }", ParserLimits(bytes: 7)) == nil)
        #expect(kind("{ abc }", ParserLimits(bytes: 6)) == .limit(.bytes, maximum: 6))
        #expect(refusal("{\n abc }", limits: ParserLimits(bytes: 6))?.message == "The document has 8 bytes; at most 6 are read.")
    }

    @Test func `as many tokens as allowed are read, one more is not, and comments do not count`() {
        #expect(kind("{ a b c } # d", ParserLimits(tokens: 5)) == nil)
        #expect(kind("{ a b c }", ParserLimits(tokens: 4)) == .limit(.tokens, maximum: 4))
        #expect(kind("{" + String(repeating: "a ", count: 9_998) + "}") == nil)
        #expect(kind("{" + String(repeating: "a ", count: 9_999) + "}") == .limit(.tokens, maximum: 10_000))
    }

    @Test func `nesting as deep as allowed is read, one deeper is not`() {
        func selections(_ depth: Int) -> String {
            String(repeating: "{a", count: depth) + String(repeating: "}", count: depth)
        }
        #expect(kind(selections(64)) == nil)
        #expect(kind(selections(65)) == .limit(.depth, maximum: 64))
        #expect(refusal(selections(65))?.column == 129)
        func lists(_ depth: Int) -> String {
            "{a(b:" + String(repeating: "[", count: depth - 2) + String(repeating: "]", count: depth - 2) + ")}"
        }
        #expect(kind(lists(64)) == nil)
        #expect(kind(lists(65)) == .limit(.depth, maximum: 64))
    }

    @Test func `no caller can ask for more depth than the stack bears`() {
        let deep = String(repeating: "{a", count: 100_000) + String(repeating: "}", count: 100_000)
        let greedy = ParserLimits(bytes: .max, tokens: .max, depth: .max)
        #expect(kind(deep, greedy) == .limit(.depth, maximum: ParserLimits.deepest))
        let bearable = String(repeating: "{a", count: ParserLimits.deepest) + String(repeating: "}", count: ParserLimits.deepest)
        #expect(kind(bearable, greedy) == nil)
        #expect(
            Printer((try? parse(Source(bearable), limits: greedy)) ?? Document(source: Source(""), names: NameTable())).text()
                .count > 1_000)
    }

    @Test(arguments: [
        "{", "[", "(", "{a:", "{a(b:", "[[[", "{...{", "query($a:[", "{a(b:{c:", "{a@b(c:[", "type T{a(b:I=[", "}{", "][", "[(",
    ])
    func `a hundred thousand of anything is refused, however it is open`(piece: String) {
        let greedy = ParserLimits(bytes: .max, tokens: .max)
        for prefix in ["", "{a(b:", "query($v:", "query($v:I=", "{...F"] {
            #expect(refusal(prefix + String(repeating: piece, count: 100_000), limits: greedy) != nil)
            #expect(refusal(prefix + String(repeating: piece, count: 100_000)) != nil)
        }
    }

    @Test func `floods of what stands for nothing are passed in linear time`() {
        let limits = ParserLimits(bytes: 4 << 20)
        for flood in [String(repeating: ",", count: 900_000), String(repeating: "#\n", count: 450_000)] {
            #expect(refusal(flood + "{a}", limits: limits) == nil)
        }
        let block = "{a(b:\"\"\"" + String(repeating: "  line\n", count: 100_000) + "\"\"\")}"
        #expect(refusal(block, limits: limits) == nil)
    }
}
