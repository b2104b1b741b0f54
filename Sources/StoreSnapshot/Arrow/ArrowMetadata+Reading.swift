import Bytes

// The same messages, read from files that are not trusted.

extension ArrowMetadata {
    /// What the footer of a file says.
    struct Footer {
        var fields: [ArrowField]
        var dictionaries: [Block]
        var batches: [Block]
        var checksums: String
    }

    /// A dictionary or record batch.
    struct Batch {
        /// Of a dictionary batch.
        var dictionary: Int?
        var rowCount: Int
        var nodes: [Node]
        var buffers: [Buffer]
        var bodyByteCount: Int
    }

    /// - Parameters:
    ///   - fieldLimit: fields that a file can have; more are refused before they are read.
    ///   - blockLimit: likewise for dictionaries and batches.
    static func footer(_ bytes: [UInt8], fieldLimit: Int, blockLimit: Int) throws(FlatError) -> Footer {
        let footer = try FlatTable(message: bytes)
        try expect(try footer.int16(0) == version, "the metadata version is not V5")
        guard let schema = try footer.table(1) else { throw FlatError(byteOffset: 0, message: "the footer has no schema") }
        var checksums: String?
        for pair in try footer.tables(4, limit: 16) where try pair.string(0) == checksumKey { checksums = try pair.string(1) }
        guard let checksums else { throw FlatError(byteOffset: 0, message: "the footer has no \(checksumKey)") }
        return Footer(
            fields: try fields(schema, limit: fieldLimit), dictionaries: try blocks(footer, 2, limit: blockLimit),
            batches: try blocks(footer, 3, limit: blockLimit), checksums: checksums)
    }

    /// The fields of a schema message.
    static func schemaMessage(_ bytes: [UInt8], fieldLimit: Int) throws(FlatError) -> [ArrowField] {
        let message = try FlatTable(message: bytes)
        try expect(try message.int16(0) == version, "the metadata version is not V5")
        guard try message.byte(1) == HeaderCode.schema, let schema = try message.table(2) else {
            throw FlatError(byteOffset: 0, message: "the first message is not a schema")
        }
        return try fields(schema, limit: fieldLimit)
    }

    static func batch(_ bytes: [UInt8], nodeLimit: Int, bufferLimit: Int) throws(FlatError) -> Batch {
        let message = try FlatTable(message: bytes)
        try expect(try message.int16(0) == version, "the metadata version is not V5")
        let code = try message.byte(1)
        guard let header = try message.table(2) else { throw FlatError(byteOffset: 0, message: "the message is empty") }
        var dictionary: Int?
        var content: FlatTable? = header
        if code == HeaderCode.dictionaryBatch {
            dictionary = try size(try header.int64(0))
            content = try header.table(1)
            try expect(try !header.boolean(2), "a delta dictionary")
        } else {
            try expect(code == HeaderCode.recordBatch, "the message is neither a dictionary nor a record batch")
        }
        guard let content else { throw FlatError(byteOffset: 0, message: "the dictionary batch is empty") }
        try expect(try content.table(3) == nil, "a compressed batch")
        var nodes: [Node] = []
        for words in try content.words(1, structByteCount: 16, limit: nodeLimit) {
            nodes.append(Node(count: try size(words[0]), nullCount: try size(words[1])))
        }
        var buffers: [Buffer] = []
        for words in try content.words(2, structByteCount: 16, limit: bufferLimit) {
            buffers.append(Buffer(offset: try size(words[0]), byteCount: try size(words[1])))
        }
        return Batch(
            dictionary: dictionary, rowCount: try size(try content.int64(0)), nodes: nodes, buffers: buffers,
            bodyByteCount: try size(try message.int64(3)))
    }

    private static func blocks(_ footer: FlatTable, _ slot: Int, limit: Int) throws(FlatError) -> [Block] {
        var blocks: [Block] = []
        for words in try footer.words(slot, structByteCount: 24, limit: limit) {
            blocks.append(
                Block(
                    offset: try size(words[0]), metadataByteCount: try size(words[1]),
                    bodyByteCount: try size(words[2])))
        }
        return blocks
    }

    /// A count of bytes or rows: not negative, and so small that a few of them can be added.
    private static func size<Number: FixedWidthInteger>(_ number: Number) throws(FlatError) -> Int {
        guard let size = Int(exactly: number), size >= 0, size < 1 << 56 else {
            throw FlatError(byteOffset: 0, message: "\(number) is no possible size")
        }
        return size
    }

    private static func expect(_ condition: Bool, _ message: String) throws(FlatError) {
        guard condition else { throw FlatError(byteOffset: 0, message: message) }
    }

    // MARK: The schema

    private static func fields(_ schema: FlatTable, limit: Int) throws(FlatError) -> [ArrowField] {
        try expect(try schema.int16(0) == 0, "the file is not little-endian")
        var fields: [ArrowField] = []
        for table in try schema.tables(1, limit: limit) {
            var kind = ""
            var repeatCount = 0
            for pair in try table.tables(6, limit: 16) {
                switch try pair.string(0) {
                case ArrowField.kindKey: kind = try pair.string(1) ?? ""
                case ArrowField.repeatKey: repeatCount = try self.repeatCount(try pair.string(1) ?? "")
                default: break
                }
            }
            fields.append(
                ArrowField(
                    name: try table.string(0) ?? "", isNullable: try table.boolean(1), kind: kind, form: try form(table),
                    repeatCount: repeatCount))
        }
        return fields
    }

    private static func repeatCount(_ text: String) throws(FlatError) -> Int {
        guard let count = UInt32(text), count > 0, "\(count)" == text else {
            throw FlatError(byteOffset: 0, message: "\(ArrowField.repeatKey) is not a number of rows")
        }
        return Int(count)
    }

    private static func form(_ field: FlatTable) throws(FlatError) -> ArrowField.Form {
        let code = try field.byte(2)
        if code == TypeCode.list {
            let children = try field.tables(5, limit: 1)
            guard let child = children.first else { throw FlatError(byteOffset: 0, message: "a list of nothing") }
            switch try leaf(child) {
            case .uint32: return .listOfUInt32
            case .dictionary8(let id): return .listOfDictionary8(id: id)
            case .dictionary16(let id): return .listOfDictionary16(id: id)
            case let other: throw FlatError(byteOffset: 0, message: "a list of \(other)")
            }
        }
        return try leaf(field)
    }

    private static func leaf(_ field: FlatTable) throws(FlatError) -> ArrowField.Form {
        let code = try field.byte(2)
        guard let type = try field.table(3) else { throw FlatError(byteOffset: 0, message: "a field without a type") }
        if let encoding = try field.table(4) {
            let id = try size(try encoding.int64(0))
            guard let index = try encoding.table(1) else { throw FlatError(byteOffset: 0, message: "codes without a type") }
            try expect(try index.boolean(1), "unsigned codes")
            switch (try index.int32(0), code) {
            case (8, TypeCode.utf8): return .dictionary8(id: id)
            case (16, TypeCode.utf8): return .dictionary16(id: id)
            case (32, TypeCode.utf8): return .dictionary32(id: id, isLarge: false)
            case (32, TypeCode.largeUtf8): return .dictionary32(id: id, isLarge: true)
            default: throw FlatError(byteOffset: 0, message: "codes of another type")
            }
        }
        switch code {
        case TypeCode.null: return .null
        case TypeCode.bool: return .boolean
        case TypeCode.utf8: return .utf8
        case TypeCode.int:
            switch (try type.int32(0), try type.boolean(1)) {
            case (8, true): return .int8
            case (16, true): return .int16
            case (32, true): return .int32
            case (64, true): return .int64
            case (32, false): return .uint32
            default: break
            }
        case TypeCode.decimal:
            let scale = Int(try type.int32(1))
            if try type.int32(0) == 18, try type.int32(2, default: 128) == 64 { return .decimal64(scale: scale) }
        case TypeCode.floatingPoint:
            if try type.int16(0) == 2 { return .float64 }
        case TypeCode.date:
            if try type.int16(0, default: 1) == 0 { return .date32 }
        case TypeCode.timestamp:
            if try type.int16(0) == 2, try type.string(1) == "UTC" { return .timestamp }
        default: break
        }
        throw FlatError(byteOffset: 0, message: "a field of a type that our files do not have")
    }
}
