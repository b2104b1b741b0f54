import JSONText
import Testing

@Suite("Reading JSON") struct JSONReaderTests {
    /// All tokens of a text in a line: keys with a colon, strings in quotes, numbers as written.
    func tokens(_ bytes: [UInt8], limits: JSONReader.Limits = .init()) throws(JSONError) -> String {
        var reader = JSONReader(bytes, limits: limits)
        var words: [String] = []
        while let token = try reader.next() {
            switch token {
            case .beginObject: words.append("{")
            case .endObject: words.append("}")
            case .beginArray: words.append("[")
            case .endArray: words.append("]")
            case .key(let name): words.append("\(name):")
            case .string(let text): words.append("\"\(text)\"")
            case .number(let text): words.append(text)
            case .boolean(let value): words.append("\(value)")
            case .null: words.append("null")
            }
        }
        return words.joined(separator: " ")
    }

    func check(_ text: String, reads expected: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try tokens(Array(text.utf8)) == expected, sourceLocation: sourceLocation)
    }

    func check(
        _ bytes: [UInt8], fails message: String, limits: JSONReader.Limits = .init(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: JSONError.self, sourceLocation: sourceLocation) { try tokens(bytes, limits: limits) }
        #expect(error?.description == message, sourceLocation: sourceLocation)
    }

    func check(_ text: String, fails message: String, sourceLocation: SourceLocation = #_sourceLocation) {
        check(Array(text.utf8), fails: message, sourceLocation: sourceLocation)
    }

    @Test func `every kind of value is a token`() throws {
        try check(
            #" {"a" : [1, -0.5e+10, true, false, null, "x", {}, []] , "b":{"c":0}} "#,
            reads: #"{ a: [ 1 -0.5e+10 true false null "x" { } [ ] ] b: { c: 0 } }"#)
        try check("\t\r\n7\n", reads: "7")
        try check("\"\"", reads: "\"\"")
    }

    @Test func `numbers keep the text they were written in`() throws {
        let digits = String(repeating: "9", count: 400)
        try check("[\(digits), 1e400, -0, 0.10, 9223372036854775808]", reads: "[ \(digits) 1e400 -0 0.10 9223372036854775808 ]")
    }

    @Test func `escapes are resolved`() throws {
        try check(#""\"\\\/\b\f\n\r\té汉\uD842\uDFB7""#, reads: "\"\"\\/\u{8}\u{c}\n\r\té汉𠮷\"")
        try check(#"{"a\u0062": "\u0000"}"#, reads: "{ ab: \"\u{0}\" }")
    }

    @Test(arguments: [
        ("", "found the end of the text where a value is expected at byte 0"),
        ("[1,]", "found ']' where a value is expected at byte 3"),
        ("{\"a\":1,}", "found '}' where a key in double quotes is expected at byte 7"),
        ("{a:1}", "found 'a' where a key in double quotes or '}' is expected at byte 1"),
        ("{'a':1}", "found ''' where a key in double quotes or '}' is expected at byte 1"),
        ("{\"a\" 1}", "found '1' where ':' is expected at byte 5"),
        ("{\"a\":1 \"b\":2}", "found '\"' where ',' or '}' is expected at byte 7"),
        ("[1 2]", "found '2' where ',' or ']' is expected at byte 3"),
        ("[1}", "found '}' where ',' or ']' is expected at byte 2"),
        ("// no\n1", "found '/' where a value is expected at byte 0"),
        ("1 2", "found '2' after the end of the value at byte 2"),
        ("{}garbage", "found 'g' after the end of the value at byte 2"),
        ("nul", "found 'n' where a value is expected at byte 0"),
        ("True", "found 'T' where a value is expected at byte 0"),
        ("NaN", "found 'N' where a value is expected at byte 0"),
        ("-Infinity", "'-Infinity' is not a number as JSON writes them at byte 0"),
        ("01", "'01' is not a number as JSON writes them at byte 0"),
        ("[1., 2]", "'1.' is not a number as JSON writes them at byte 1"),
        ("1e", "'1e' is not a number as JSON writes them at byte 0"),
        ("-", "'-' is not a number as JSON writes them at byte 0"),
        ("1x", "'1x' is not a number as JSON writes them at byte 0"),
        ("\"abc", "found the end of the text where the end of a string is expected at byte 4"),
        ("\"a\nb\"", "a control character (byte 0xA) stands unescaped in a string at byte 2"),
        (#""\x""#, "a backslash is followed by no known escape at byte 1"),
        (#""\u12G4""#, "a backslash is followed by no known escape at byte 1"),
        (#""\u{110000}""#, "a backslash is followed by no known escape at byte 1"),
        (#""a\ud800""#, "an escape names half a surrogate pair at byte 2"),
        (#""\ud800\u0041""#, "an escape names half a surrogate pair at byte 1"),
        (#""\udc00""#, "an escape names half a surrogate pair at byte 1"),
        (#"{"query":1,"query":2}"#, "the object already has the key 'query' at byte 11"),
        (#"{"a":1,"\u0061":2}"#, "the object already has the key 'a' at byte 7"),
    ])
    func `what leaves room for a second reading is refused at its byte`(text: String, message: String) {
        check(text, fails: message)
    }

    @Test func `a byte order mark is refused`() {
        check([0xEF, 0xBB, 0xBF, 0x7B, 0x7D], fails: "the text begins with a byte order mark; send UTF-8 without one at byte 0")
    }

    @Test(
        arguments: [
            [0xC0, 0xAF], [0xC0, 0x80], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE6, 0xB1],
            [0xFF, 0xFE], [0xF8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func `bytes that are not UTF-8 are refused, not repaired`(bad: [UInt8]) {
        check([0x22, 0x61] + bad + [0x22], fails: "the bytes are not UTF-8 at byte 2")
        check([0x22, 0x5C, 0x6E] + bad + [0x22], fails: "the bytes are not UTF-8 at byte 3")
        check([0x7B, 0x22] + bad + [0x22, 0x3A, 0x31, 0x7D], fails: "the bytes are not UTF-8 at byte 2")
    }

    @Test func `keys that only look equal are two keys`() throws {
        try check("{\"é\":1,\"e\u{301}\":2,\"豈\":3,\"\u{F900}\":4}", reads: "{ é: 1 e\u{301}: 2 豈: 3 \u{F900}: 4 }")
    }

    /// Few names are compared with each other, many are looked up.
    @Test func `a key that comes again is found behind any number of others`() throws {
        for count in 1...15 {
            let members = (0..<count).map { "\"k\($0)\":{\"k\($0)\":0}" }
            _ = try tokens(Array("{\(members.joined(separator: ","))}".utf8))
            for place in 0..<count {
                let twice = Array("{\((members + [members[place]]).joined(separator: ","))}".utf8)
                #expect(throws: JSONError.self, "\(place) of \(count)") { try tokens(twice) }
            }
        }
    }

    @Test func `a key may come again in another object, and is found among thousands`() throws {
        try check(#"{"a":{"a":{"a":1}},"b":{"a":2}}"#, reads: "{ a: { a: { a: 1 } } b: { a: 2 } }")
        let members = (0..<5_000).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
        #expect(try tokens(Array("{\(members)}".utf8)).utf8.count > 5_000)
        let double = "{\(members),\"key17\":0}"
        check(double, fails: "the object already has the key 'key17' at byte \(double.utf8.count - 10)")
    }

    @Test func `depth is bounded at 64 and no stack grows with it`() throws {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try tokens(Array(deep.utf8)).utf8.count == 255)
        let open = [UInt8](repeating: 0x5B, count: 100_000)
        check(open, fails: "objects and arrays are nested more than 64 deep at byte 64")
        let objects = Array(String(repeating: "{\"a\":", count: 100_000).utf8)
        check(objects, fails: "objects and arrays are nested more than 64 deep at byte 320")
    }

    @Test func `members are bounded over the whole text`() {
        let limits = JSONReader.Limits(members: 3)
        check(
            Array(#"[{"a":1,"b":2},{"a":1,"b":2}]"#.utf8), fails: "there are more than 3 object members at byte 22",
            limits: limits)
    }

    @Test func `a value is passed over, whatever it holds, and checked`() throws {
        var reader = JSONReader(Array(#"{"skip":{"a":[1,{"b":2}]},"then":7}"#.utf8))
        #expect(try reader.next() == .beginObject)
        #expect(try reader.next() == .key("skip"))
        try reader.skipValue()
        #expect(try reader.next() == .key("then"))
        try reader.skipValue()
        #expect(try reader.next() == .endObject)
        #expect(try reader.next() == nil)
    }

    @Test func `random bytes and random edits never trap`() {
        var random = SeededRandom(seed: 7)
        let sample = Array(#"{"k\u00e9y":[1,-2.5e3,"汉字\n",true,null,{"x":{}}],"z":"\ud842\udfb7"}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = sample
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(sample[Int.random(in: 0..<sample.count, using: &random)], at: place)
                }
            }
            _ = try? tokens(bytes)
            _ = try? tokens((0..<12).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
