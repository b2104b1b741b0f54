import Bytes

/// The metadata messages of the Arrow IPC file format, metadata version V5, as far as our files have them.
enum ArrowMetadata {
    static let version: Int16 = 4
    static let magic = Array("ARROW1".utf8)
    static let checksumKey = "hearth.crc32c"

    /// Positions in the unions `Type` and `MessageHeader` of the Arrow schema.
    enum TypeCode {
        static let null: UInt8 = 1
        static let int: UInt8 = 2
        static let floatingPoint: UInt8 = 3
        static let utf8: UInt8 = 5
        static let bool: UInt8 = 6
        static let decimal: UInt8 = 7
        static let date: UInt8 = 8
        static let timestamp: UInt8 = 10
        static let list: UInt8 = 12
        static let largeUtf8: UInt8 = 20
    }

    enum HeaderCode {
        static let schema: UInt8 = 1
        static let dictionaryBatch: UInt8 = 2
        static let recordBatch: UInt8 = 3
    }

    /// Where a block's message begins, how long its metadata is with its prefix, and its body.
    struct Block: Hashable {
        var offset: Int
        var metadataByteCount: Int
        var bodyByteCount: Int
        var end: Int { offset + metadataByteCount + bodyByteCount }
    }

    struct Node: Hashable {
        var count: Int
        var nullCount: Int
    }

    /// A buffer's place in its body.
    struct Buffer: Hashable {
        var offset: Int
        var byteCount: Int
    }
}

// MARK: - Messages

extension ArrowMetadata {
    static func schemaMessage(_ fields: [ArrowField]) -> [UInt8] {
        message(HeaderCode.schema, schema(fields), bodyByteCount: 0)
    }

    static func recordBatchMessage(
        rowCount: Int, nodes: [Node], buffers: [Buffer], bodyByteCount: Int
    ) -> [UInt8] {
        message(HeaderCode.recordBatch, recordBatch(rowCount, nodes, buffers), bodyByteCount: bodyByteCount)
    }

    static func dictionaryBatchMessage(id: Int, count: Int, buffers: [Buffer], bodyByteCount: Int) -> [UInt8] {
        let batch = recordBatch(count, [Node(count: count, nullCount: 0)], buffers)
        return message(HeaderCode.dictionaryBatch, .table([.int64(Int64(id)), batch]), bodyByteCount: bodyByteCount)
    }

    static func footer(_ fields: [ArrowField], dictionaries: [Block], batches: [Block], checksums: String) -> [UInt8] {
        FlatWriter.message(
            .table([
                .int16(version), schema(fields), blocks(dictionaries), blocks(batches),
                .list([pair(checksumKey, checksums)]),
            ]))
    }

    private static func message(_ code: UInt8, _ header: FlatValue, bodyByteCount: Int) -> [UInt8] {
        FlatWriter.message(.table([.int16(version), .byte(code), header, .int64(Int64(bodyByteCount))]))
    }

    private static func recordBatch(_ rowCount: Int, _ nodes: [Node], _ buffers: [Buffer]) -> FlatValue {
        var nodeBytes: [UInt8] = []
        for node in nodes {
            nodeBytes.appendLittleEndian(Int64(node.count))
            nodeBytes.appendLittleEndian(Int64(node.nullCount))
        }
        var bufferBytes: [UInt8] = []
        for buffer in buffers {
            bufferBytes.appendLittleEndian(Int64(buffer.offset))
            bufferBytes.appendLittleEndian(Int64(buffer.byteCount))
        }
        return .table([
            .int64(Int64(rowCount)), .structs(count: nodes.count, bytes: nodeBytes),
            .structs(count: buffers.count, bytes: bufferBytes),
        ])
    }

    private static func blocks(_ blocks: [Block]) -> FlatValue {
        var bytes: [UInt8] = []
        for block in blocks {
            bytes.appendLittleEndian(Int64(block.offset))
            // A 32-bit number and four bytes of padding.
            bytes.appendLittleEndian(Int64(block.metadataByteCount))
            bytes.appendLittleEndian(Int64(block.bodyByteCount))
        }
        return .structs(count: blocks.count, bytes: bytes)
    }

    private static func pair(_ key: String, _ value: String) -> FlatValue { .table([.string(key), .string(value)]) }
}

// MARK: - The schema

extension ArrowMetadata {
    private static func schema(_ fields: [ArrowField]) -> FlatValue {
        .table([nil, .list(fields.map(field))])
    }

    private static func field(_ field: ArrowField) -> FlatValue {
        var metadata = [pair(ArrowField.kindKey, field.kind)]
        if field.repeatCount > 0 { metadata.append(pair(ArrowField.repeatKey, "\(field.repeatCount)")) }
        let (code, type) = type(of: field.form)
        return .table([
            .string(field.name), .boolean(field.isNullable), .byte(code), type, encoding(of: field.form),
            .list(children(of: field.form)), .list(metadata),
        ])
    }

    /// What a field holds; for codes, what their dictionary does.
    private static func type(of form: ArrowField.Form) -> (code: UInt8, type: FlatValue) {
        switch form {
        case .null: (TypeCode.null, .table([]))
        case .boolean: (TypeCode.bool, .table([]))
        case .int8: (TypeCode.int, integer(8, isSigned: true))
        case .int16: (TypeCode.int, integer(16, isSigned: true))
        case .int32: (TypeCode.int, integer(32, isSigned: true))
        case .int64: (TypeCode.int, integer(64, isSigned: true))
        case .uint32: (TypeCode.int, integer(32, isSigned: false))
        case .decimal64(let scale): (TypeCode.decimal, .table([.int32(18), .int32(Int32(scale)), .int32(64)]))
        case .float64: (TypeCode.floatingPoint, .table([.int16(2)]))
        // The unit: 0 is days.
        case .date32: (TypeCode.date, .table([.int16(0)]))
        // The unit: 2 is microseconds.
        case .timestamp: (TypeCode.timestamp, .table([.int16(2), .string("UTC")]))
        case .utf8, .dictionary8, .dictionary16, .dictionary32(_, isLarge: false): (TypeCode.utf8, .table([]))
        case .dictionary32(_, isLarge: true): (TypeCode.largeUtf8, .table([]))
        case .listOfUInt32, .listOfDictionary8, .listOfDictionary16: (TypeCode.list, .table([]))
        }
    }

    private static func integer(_ bitCount: Int32, isSigned: Bool) -> FlatValue {
        .table([.int32(bitCount), .boolean(isSigned)])
    }

    private static func encoding(of form: ArrowField.Form) -> FlatValue? {
        switch form {
        case .dictionary8(let id): .table([.int64(Int64(id)), integer(8, isSigned: true)])
        case .dictionary16(let id): .table([.int64(Int64(id)), integer(16, isSigned: true)])
        case .dictionary32(let id, _): .table([.int64(Int64(id)), integer(32, isSigned: true)])
        default: nil
        }
    }

    private static func children(of form: ArrowField.Form) -> [FlatValue] {
        let item: ArrowField.Form? =
            switch form {
            case .listOfUInt32: .uint32
            case .listOfDictionary8(let id): .dictionary8(id: id)
            case .listOfDictionary16(let id): .dictionary16(id: id)
            default: nil
            }
        return item.map { item in
            let (code, type) = type(of: item)
            return [.table([.string("item"), .boolean(false), .byte(code), type, encoding(of: item), .list([])])]
        } ?? []
    }
}
