/// A value of a FlatBuffers message that is being put together: what it is, not yet where it lies.
///
/// A table's fields are listed by slot, the position in its schema; a nil slot has the schema's default.
indirect enum FlatValue {
    case byte(UInt8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case string(String)
    case table([FlatValue?])
    /// Tables or strings, by reference.
    case list([FlatValue])
    /// Structs of one size, one after the other, aligned to 8.
    case structs(count: Int, bytes: [UInt8])

    static func boolean(_ value: Bool) -> FlatValue { .byte(value ? 1 : 0) }

    /// Bytes that the value takes in its table: itself, or a reference to it.
    var inlineByteCount: Int {
        switch self {
        case .byte: 1
        case .int16: 2
        case .int32, .string, .table, .list, .structs: 4
        case .int64: 8
        }
    }
}
