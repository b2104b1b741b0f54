import Bytes
import JSONText
import StoreColumns

extension Manifest {
    static let formatName = "hearth-snapshot"

    /// The bytes of `manifest.json`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("format") { $0.string(Self.formatName) }
        writer.member("formatNumber") { $0.int(formatNumber) }
        writer.member("version") { $0.unsigned(version) }
        writer.member("publishedAt") { $0.int(publishedAt.microseconds) }
        writer.member("modelDigest") { $0.string(modelDigest) }
        writer.member("parent") { writer in
            guard let parent else { return writer.null() }
            writer.beginObject()
            writer.member("version") { $0.unsigned(parent.version) }
            writer.member("digest") { $0.string(parent.digest) }
            writer.endObject()
        }
        writer.member("enumerations") { $0.array(catalog.enumerations, Self.write) }
        writer.member("types") { writer in
            writer.array(catalog.nodeTypes.indices) { writer, index in
                write(catalog.nodeTypes[index], types[index], to: &writer)
            }
        }
        writer.member("files") { $0.array(files, Self.write) }
        var bytes = writer.finish()
        let checksum = CRC32C.checksum(bytes.span)
        bytes += Array(",\"crc32c\":\"\(checksum.hexadecimal)\"}\n".utf8)
        return bytes
    }

    private static func write(_ writer: inout JSONWriter, _ enumeration: Enumeration) {
        writer.beginObject()
        writer.member("name") { $0.string(enumeration.name) }
        writer.member("values") { $0.array(enumeration.values) { $0.string($1) } }
        writer.endObject()
    }

    private func write(_ type: NodeType, _ state: TypeState, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name") { $0.string(type.name) }
        writer.member("rows") { $0.int(state.rowCount) }
        writer.member("key") { $0.array(type.key) { $0.int($1) } }
        writer.member("columns") { writer in
            writer.array(type.columns.indices) { writer, index in
                let column = type.columns[index]
                writer.beginObject()
                writer.member("name") { $0.string(column.name) }
                writer.member("kind") { $0.string(KindText.text(column.kind, in: catalog)) }
                writer.member("nullable") { $0.boolean(column.isNullable) }
                writer.member("unique") { $0.boolean(column.isUnique) }
                writer.member("version") { $0.unsigned(state.columnVersions[index]) }
                writer.endObject()
            }
        }
        writer.member("inverses") { writer in
            writer.array(type.inverses.indices) { writer, index in
                let inverse = type.inverses[index]
                writer.beginObject()
                writer.member("name") { $0.string(inverse.name) }
                writer.member("source") { $0.string(catalog[inverse.source].name) }
                writer.member("column") { $0.int(inverse.column) }
                writer.member("version") { $0.unsigned(state.inverseVersions[index]) }
                writer.endObject()
            }
        }
        writer.endObject()
    }

    private static func write(_ writer: inout JSONWriter, _ entry: Entry) {
        writer.beginObject()
        writer.member("name") { $0.string(entry.name) }
        writer.member("bytes") { $0.int(entry.byteCount) }
        writer.member("sha256") { $0.string(entry.digest) }
        if let tail = entry.tail {
            writer.member("tail") { $0.int(tail.offset) }
            writer.member("tailChecksum") { $0.string(tail.checksum.hexadecimal) }
        }
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: (inout JSONWriter) -> Void) {
        self.name(name)
        value(&self)
    }

    fileprivate mutating func array<Items: Collection>(
        _ items: Items, _ write: (inout JSONWriter, Items.Element) -> Void
    ) {
        beginArray()
        for item in items {
            separate()
            write(&self, item)
        }
        endArray()
    }

    /// All 64 bits.
    fileprivate mutating func unsigned(_ value: UInt64) { raw(Array(String(value).utf8)) }
}
