import Bytes

/// A table as an Arrow IPC stream: the schema, record batches, and the end. The messages are those of the files of a snapshot.
package struct ArrowStream {
    /// A column's values; nil where a row has none.
    package enum Values: Sendable {
        case booleans([Bool?])
        case int64s([Int64?])
        case doubles([Double?])
        /// Unscaled, of at most 18 digits.
        case decimals([Int64?], fractionDigits: Int)
        /// Days since 1970-01-01.
        case dates([Int32?])
        /// Microseconds since then, in UTC.
        case instants([Int64?])
        case texts([String?])

        fileprivate var count: Int {
            switch self {
            case .booleans(let values): values.count
            case .int64s(let values), .decimals(let values, _), .instants(let values): values.count
            case .doubles(let values): values.count
            case .dates(let values): values.count
            case .texts(let values): values.count
            }
        }
    }

    package struct Column: Sendable {
        package var name: String
        package var values: Values
        package init(_ name: String, _ values: Values) {
            self.name = name
            self.values = values
        }
    }

    /// The bytes of a table in one batch.
    ///
    /// - Precondition: All columns have the same number of values, and no column's texts take 2 GiB.
    package static func bytes(of columns: [Column]) -> [UInt8] {
        let rowCount = columns.first?.values.count ?? 0
        var stream: [UInt8] = []
        append(ArrowMetadata.schemaMessage(columns.map(field)), to: &stream)
        var body = Body()
        for column in columns { body.add(column.values) }
        append(
            ArrowMetadata.recordBatchMessage(
                rowCount: rowCount, nodes: body.nodes, buffers: body.buffers, bodyByteCount: body.bytes.count), to: &stream)
        stream += body.bytes
        // The end: a message of no bytes.
        stream += [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]
        return stream
    }

    private static func field(_ column: Column) -> ArrowField {
        let form: ArrowField.Form =
            switch column.values {
            case .booleans: .boolean
            case .int64s: .int64
            case .doubles: .float64
            case .decimals(_, let digits): .decimal64(scale: digits)
            case .dates: .date32
            case .instants: .timestamp
            case .texts: .utf8
            }
        return ArrowField(name: column.name, isNullable: true, kind: "", form: form)
    }

    /// A message with its prefix, so long that what follows lies at a multiple of 8.
    private static func append(_ message: [UInt8], to stream: inout [UInt8]) {
        let length = (message.count + 7) / 8 * 8
        stream += [0xFF, 0xFF, 0xFF, 0xFF]
        stream.appendLittleEndian(Int32(length))
        stream += message
        stream += repeatElement(0, count: length - message.count)
    }

    /// The buffers of a batch, each at a multiple of 8.
    private struct Body {
        var bytes: [UInt8] = []
        var nodes: [ArrowMetadata.Node] = []
        var buffers: [ArrowMetadata.Buffer] = []

        mutating func add(_ values: Values) {
            switch values {
            case .booleans(let values):
                addValidity(values)
                addBits(values.map { $0 ?? false })
            case .int64s(let values), .decimals(let values, _), .instants(let values):
                addValidity(values)
                addBuffer { bytes in for value in values { bytes.appendLittleEndian(value ?? 0) } }
            case .doubles(let values):
                addValidity(values)
                addBuffer { bytes in for value in values { bytes.appendLittleEndian((value ?? 0).bitPattern) } }
            case .dates(let values):
                addValidity(values)
                addBuffer { bytes in for value in values { bytes.appendLittleEndian(value ?? 0) } }
            case .texts(let values):
                addValidity(values)
                addBuffer { bytes in
                    var end: Int32 = 0
                    bytes.appendLittleEndian(end)
                    for value in values {
                        end += Int32(value?.utf8.count ?? 0)
                        bytes.appendLittleEndian(end)
                    }
                }
                addBuffer { bytes in for value in values { if let value { bytes += Array(value.utf8) } } }
            }
        }

        private mutating func addValidity<Value>(_ values: [Value?]) {
            let nullCount = values.count { $0 == nil }
            nodes.append(ArrowMetadata.Node(count: values.count, nullCount: nullCount))
            if nullCount == 0 { addBuffer { _ in } } else { addBits(values.map { $0 != nil }) }
        }

        private mutating func addBits(_ bits: [Bool]) {
            addBuffer { bytes in
                var start = 0
                while start < bits.count {
                    var byte: UInt8 = 0
                    for offset in 0..<min(8, bits.count - start) where bits[start + offset] { byte |= 1 << UInt8(offset) }
                    bytes.append(byte)
                    start += 8
                }
            }
        }

        private mutating func addBuffer(_ fill: (inout [UInt8]) -> Void) {
            let start = bytes.count
            fill(&bytes)
            buffers.append(ArrowMetadata.Buffer(offset: start, byteCount: bytes.count - start))
            while bytes.count % 8 != 0 { bytes.append(0) }
        }
    }
}
