import Bytes
import Testing

/// RFC 4648 §4 and §5.
@Suite struct `Base64 as written` {
    @Test func `the examples of RFC 4648 §10 are as there, and without padding for URLs`() {
        for (bytes, text) in [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            #expect(Base64.standard.encode(Array(bytes.utf8)) == Array(text.utf8))
            #expect(Base64.standard.decode(Array(text.utf8)) == Array(bytes.utf8))
            let short = text.replacing("=", with: "")
            #expect(Base64.url.encode(Array(bytes.utf8)) == Array(short.utf8))
            #expect(Base64.url.decode(Array(short.utf8)) == Array(bytes.utf8))
        }
        #expect(
            Base64.standard.encode([0xFB, 0xFF]) == Array("+/8=".utf8) && Base64.url.encode([0xFB, 0xFF]) == Array("-_8".utf8))
    }

    @Test func `what is written is read as the same, and one text is one value`() {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count &* 11) }
            for form in [Base64.standard, .url] {
                let text = form.encode(bytes)
                #expect(form.decode(text) == bytes)
                for index in text.indices {
                    for letter in [
                        UInt8(ascii: "A"), UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "\n"),
                    ]
                    where letter != text[index] {
                        var other = text
                        other[index] = letter
                        // Another text is another value, or none.
                        if let read = form.decode(other) { #expect(read != bytes && form.encode(read) == other) }
                    }
                }
            }
        }
    }

    @Test func `other letters, other padding and bits behind the last byte are none`() {
        for text in ["A", "AA", "AAA", "A===", "AB==", "AAB=", "AAAA=", "====", "AA=A", "=AAA", "AA-_", "AA\nA", "AAAA AAAA"] {
            #expect(Base64.standard.decode(Array(text.utf8)) == nil, "\(text)")
        }
        for text in ["A", "AB", "AAB", "AA==", "AAA=", "AA+/", "AAAAA", "é"] {
            #expect(Base64.url.decode(Array(text.utf8)) == nil, "\(text)")
        }
    }
}
