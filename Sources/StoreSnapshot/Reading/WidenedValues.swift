import Bytes

/// Values that are stored narrower than they are read.
enum WidenedValues {
    /// A copy of signed bytes. A code with the sign bit becomes one that names nothing.
    static func elements<Element: FixedWidthElement>(_ narrow: Elements<UInt8>) -> Elements<Element> {
        let writer = ElementWriter<Element>(count: narrow.count, capacity: narrow.count)
        let bytes = narrow.span
        switch writer {
        case let wide as ElementWriter<UInt16>:
            for index in bytes.indices { wide[index] = UInt16(bitPattern: Int16(Int8(bitPattern: bytes[index]))) }
        case let wide as ElementWriter<UInt32>:
            for index in bytes.indices { wide[index] = UInt32(bitPattern: Int32(Int8(bitPattern: bytes[index]))) }
        case let wide as ElementWriter<Int32>:
            for index in bytes.indices { wide[index] = Int32(Int8(bitPattern: bytes[index])) }
        default: preconditionFailure("a kind that is stored narrow is read as one of these")
        }
        return writer.finish()
    }

    /// As above, of 16 bits.
    static func elements<Element: FixedWidthElement>(_ narrow: Elements<UInt16>) -> Elements<Element> {
        let writer = ElementWriter<Element>(count: narrow.count, capacity: narrow.count)
        let words = narrow.span
        switch writer {
        case let wide as ElementWriter<UInt32>:
            for index in words.indices { wide[index] = UInt32(bitPattern: Int32(Int16(bitPattern: words[index]))) }
        case let wide as ElementWriter<Int32>:
            for index in words.indices { wide[index] = Int32(Int16(bitPattern: words[index])) }
        default: preconditionFailure("a kind that is stored narrow is read as one of these")
        }
        return writer.finish()
    }
}
