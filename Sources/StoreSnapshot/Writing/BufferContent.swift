import Bytes

/// What a buffer of an Arrow body holds: a list of elements, shared with the column or made for the file.
enum BufferContent {
    case absent
    case bytes(Elements<UInt8>)
    case words(Elements<UInt64>)
    case uint16(Elements<UInt16>)
    case uint32(Elements<UInt32>)
    case int32(Elements<Int32>)
    case int64(Elements<Int64>)
    case float64(Elements<Double>)

    var byteCount: Int {
        switch self {
        case .absent: 0
        case .bytes(let list): list.count
        case .words(let list): list.count * 8
        case .uint16(let list): list.count * 2
        case .uint32(let list): list.count * 4
        case .int32(let list): list.count * 4
        case .int64(let list): list.count * 8
        case .float64(let list): list.count * 8
        }
    }

    /// The same numbers in a narrower type, which must hold them. Only of codes and integers of 16 and 32 bits.
    func narrowed<Narrow: BufferElement>(_ cut: (Int32) -> Narrow) -> BufferContent {
        switch self {
        case .uint16(let list): list.narrowed { cut(Int32($0)) }
        // A code is below 2¹⁵, an integer any that fits.
        case .uint32(let list): list.narrowed { cut(Int32(bitPattern: $0)) }
        case .int32(let list): list.narrowed(cut)
        default: self
        }
    }

    func write(to sink: FileSink) throws(SnapshotError) {
        switch self {
        case .absent: break
        case .bytes(let list): try sink.write(list.span)
        case .words(let list): try sink.write(list.span.elementBytes)
        case .uint16(let list): try sink.write(list.span.elementBytes)
        case .uint32(let list): try sink.write(list.span.elementBytes)
        case .int32(let list): try sink.write(list.span.elementBytes)
        case .int64(let list): try sink.write(list.span.elementBytes)
        case .float64(let list): try sink.write(list.span.elementBytes)
        }
    }
}

/// A list of elements as a buffer.
protocol BufferElement: FixedWidthElement {
    static func content(_ list: Elements<Self>) -> BufferContent
}
extension UInt8: BufferElement { static func content(_ list: Elements<UInt8>) -> BufferContent { .bytes(list) } }
extension UInt16: BufferElement { static func content(_ list: Elements<UInt16>) -> BufferContent { .uint16(list) } }
extension UInt32: BufferElement { static func content(_ list: Elements<UInt32>) -> BufferContent { .uint32(list) } }
extension Int32: BufferElement { static func content(_ list: Elements<Int32>) -> BufferContent { .int32(list) } }
extension Int64: BufferElement { static func content(_ list: Elements<Int64>) -> BufferContent { .int64(list) } }
extension Double: BufferElement { static func content(_ list: Elements<Double>) -> BufferContent { .float64(list) } }

extension Elements {
    fileprivate func narrowed<Narrow: BufferElement>(_ cut: (Element) -> Narrow) -> BufferContent {
        let writer = ElementWriter<Narrow>(count: count, capacity: count)
        let wide = span
        for index in wide.indices { writer[index] = cut(wide[index]) }
        return Narrow.content(writer.finish())
    }
}

/// One field's part of a record batch.
struct FieldContent {
    var nodes: [ArrowMetadata.Node]
    var buffers: [BufferContent]
}
