import JSONText
import Testing

/// What is read without a reader's state is what the reader reads.
@Suite struct `Plain members` {
    private func plain(_ bytes: [UInt8]) -> [JSONToken]? {
        var tokens: [JSONToken] = [.beginObject]
        let isPlain = PlainMembers.read(bytes.span) { name, value in
            // Names given twice are refused by whoever is told of them.
            guard !tokens.contains(.key(name)) else { return false }
            tokens += [.key(name), value]
            return true
        }
        return isPlain ? tokens + [.endObject] : nil
    }

    private func read(_ bytes: [UInt8]) -> [JSONToken]? {
        var reader = JSONReader(bytes)
        var tokens: [JSONToken] = []
        do throws(JSONError) {
            while let token = try reader.next() { tokens.append(token) }
            return tokens
        } catch {
            return nil
        }
    }

    @Test(arguments: [
        ("{}", true), (" { } ", true), (#"{"a":"b"}"#, true), (#"{ "a" : "b" , "c" : null,"d":true , "e":false }"#, true),
        (#"{"é":"日本語, ja"}"#, true), (#"{"a":"a text that is longer than a word or two, and longer than that"}"#, true),
        (#"{"a":1}"#, false), (#"{"a":"\n"}"#, false), (#"{"a":[]}"#, false), (#"{"a":{}}"#, false), (#"{"a":"b"} x"#, false),
        (#"{"a":"b",}"#, false), (#"{"a" "b"}"#, false), (#"{"a":"b""#, false), (#"{"a":truex}"#, false), (#"{"a":tru"#, false),
        ("[]", false), ("\"a\"", false), ("", false), ("{\"a\":\"\u{1}\"}", false), ("\u{FEFF}{}", false),
    ])
    func `only objects of texts, Booleans and nulls are read`(text: String, isRead: Bool) {
        let found = plain(Array(text.utf8))
        #expect((found != nil) == isRead)
        if let found { #expect(found == read(Array(text.utf8))) }
    }

    @Test(arguments: 1...8) func `random texts are read as the reader reads them, or left to it`(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func below(_ limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
        let pieces = [
            "{", "}", "\"", "\"a\"", "\"b c\"", "\"日\"", ":", ",", " ", "\n", "true", "false", "null", "1", "\\", "[", "]",
            "\"k\":\"v\"",
        ].map { Array($0.utf8) }
        var readCount = 0
        for _ in 0..<200 {
            var bytes: [UInt8] = [0x7B]
            for member in 0..<below(4) {
                if member > 0 { bytes.append(0x2C) }
                bytes += Array("\"m\(member)\":".utf8) + pieces[[3, 4, 5, 10, 11, 12, 13][below(7)]]
            }
            bytes.append(0x7D)
            // Some are spoilt: a piece put in, a byte changed, the end cut off.
            switch below(4) {
            case 0: bytes.insert(contentsOf: pieces[below(pieces.count)], at: below(bytes.count))
            case 1: bytes[below(bytes.count)] = UInt8(below(256))
            case 2: bytes.removeLast(below(3))
            default: break
            }
            guard let found = plain(bytes) else { continue }
            readCount += 1
            #expect(found == read(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(readCount > 20, "seed \(seed)")
    }
}
