import JSONText
import Testing

@Suite("Writing JSON") struct JSONWriterTests {
    func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(capacity: 1)
        body(&writer)
        let bytes = writer.finish()
        return String(validating: bytes, as: UTF8.self) ?? "not UTF-8: \(bytes)"
    }

    @Test func `an object is written with its commas`() {
        let text = written {
            $0.beginObject()
            $0.name("a")
            $0.int(1)
            $0.name("b")
            $0.beginArray()
            for value in ["x", "y,"] {
                $0.separate()
                $0.string(value)
            }
            $0.separate()
            $0.beginArray()
            $0.endArray()
            $0.endArray()
            $0.name("c")
            $0.null()
            $0.endObject()
        }
        #expect(text == #"{"a":1,"b":["x","y,",[]],"c":null}"#)
    }

    @Test func `what must be escaped is, at every place of a word, and nothing else`() {
        for byte in UInt8(0)..<0x80 {
            for place in 0..<20 {
                let text = String(repeating: "a", count: place) + String(Unicode.Scalar(byte)) + "汉字zz\u{7F}\u{2028}"
                let expected: String =
                    switch byte {
                    case 0x22: "\\\""
                    case 0x5C: "\\\\"
                    case 0x08: "\\b"
                    case 0x09: "\\t"
                    case 0x0A: "\\n"
                    case 0x0C: "\\f"
                    case 0x0D: "\\r"
                    case 0..<0x20: "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                    default: String(Unicode.Scalar(byte))
                    }
                #expect(
                    written { $0.string(text) }
                        == "\"" + String(repeating: "a", count: place) + expected + "汉字zz\u{7F}\u{2028}\"")
            }
        }
    }

    @Test func `random strings come back from the reader as they went in`() throws {
        var random = SeededRandom(seed: 11)
        let alphabet: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{0}", "\u{1F}", "é", "汉", "𠮷", "\u{301}", " ", "\u{7F}"]
        for _ in 0..<2_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
            }
            let text = String(scalars)
            var writer = JSONWriter()
            writer.beginObject()
            writer.name(text)
            writer.string(text)
            writer.endObject()
            var reader = JSONReader(writer.finish())
            #expect(try reader.next() == .beginObject)
            guard case .key(let name) = try reader.next(), case .string(let value) = try reader.next() else {
                Issue.record("no key or value for \(text.debugDescription)")
                continue
            }
            #expect(Array(name.utf8) == Array(text.utf8))
            #expect(Array(value.utf8) == Array(text.utf8))
        }
    }

    @Test func `whole numbers are written as Swift prints them`() {
        var values: [Int64] = [0, -1, .min, .max, 9, 10, 99, 100, 101, 12_345, -987_654_321]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            values += [power - 1, power, power + 1, -power]
        }
        var random = SeededRandom(seed: 3)
        for shift in 0..<64 { values.append(Int64(bitPattern: random.next() >> UInt64(shift))) }
        for value in values { #expect(written { $0.int(value) } == "\(value)") }
        #expect(written { $0.int(Int32.min) } == "-2147483648")
    }

    @Test func `decimals keep all their digits`() {
        func decimal(_ unscaled: Int64, _ digits: Int) -> String {
            written { $0.decimal(unscaled: unscaled, fractionDigits: digits) }
        }
        #expect(decimal(222350, 2) == "2223.50")
        #expect(decimal(-5, 2) == "-0.05")
        #expect(decimal(0, 3) == "0.000")
        #expect(decimal(7, 0) == "7")
        #expect(decimal(.min, 9) == "-9223372036.854775808")
        #expect(decimal(.max, 18) == "9.223372036854775807")
        #expect(decimal(1, 18) == "0.000000000000000001")
    }

    @Test func `floating point is written shortest, and what JSON has not as null`() {
        let text = written {
            for value in [0.1, -2, 1e300, .leastNonzeroMagnitude, .infinity, .nan] {
                $0.float(value)
                $0.byte(0x20)
            }
        }
        #expect(text == "0.1 -2.0 1e+300 5e-324 null null ")
    }

    @Test func `bytes of any length are written as they are, behind and before others`() {
        for count in Array(0...20) + [63, 64, 65, 127, 128, 200] {
            let bytes = (0..<count).map { UInt8(0x30 + $0 % 10) }
            let text = written { writer in
                for _ in 0..<3 {
                    writer.raw([0x5B])
                    writer.raw(bytes)
                    writer.raw([0x5D])
                }
            }
            let expected = "[\(String(decoding: bytes, as: UTF8.self))]"
            #expect(text == expected + expected + expected, "\(count)")
        }
    }

    @Test func `a mark takes back what was written since`() {
        let text = written {
            $0.raw(JSONWriter.prepared(name: "käy\""))
            let mark = $0.mark
            $0.string(String(repeating: "long \" enough to grow the buffer ", count: 40))
            $0.truncate(to: mark)
            $0.boolean(true)
            $0.raw(Array(",".utf8))
            $0.boolean(false)
        }
        #expect(text == #""käy\"":true,false"#)
    }

    @Test func `a string may end, or be escaped, at every place of its last word`() {
        for length in 0..<20 {
            let plain = String("abcdefghijklmnopqrst".prefix(length))
            #expect(written { $0.string(plain) } == "\"\(plain)\"")
            #expect(written { $0.string(plain + "\n") } == "\"\(plain)\\n\"")
            #expect(written { $0.raw(Array(plain.utf8)) } == plain)
        }
    }
}
