/// Text of files → yes or no.
enum BooleanText {
    static func value(_ text: Span<UInt8>) throws(ValueProblem) -> Bool {
        switch text.count {
        case 1:
            switch text[0] | 0x20 {
            case UInt8(ascii: "1") | 0x20, UInt8(ascii: "y"), UInt8(ascii: "t"): return true
            case UInt8(ascii: "0") | 0x20, UInt8(ascii: "n"), UInt8(ascii: "f"): return false
            default: break
            }
        case 2...5:
            var folded: [UInt8] = []
            for index in text.indices { folded.append(text[index] < 0x80 ? text[index] | 0x20 : text[index]) }
            switch String(decoding: folded, as: UTF8.self) {
            case "true", "yes", "是", "有", "√", "✓": return true
            case "false", "no", "否", "无", "×", "✗": return false
            default: break
            }
        default: break
        }
        throw .notBoolean
    }
}
