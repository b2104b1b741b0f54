import Bytes
import JSONText
import StoreColumns

extension Manifest {
    /// A longer manifest is refused before it is read.
    static let maximumByteCount = 1 << 24

    /// Reads and checks `manifest.json`: its checksum, then its format, then that it is exactly what would be written for what
    /// it says.
    /// - Parameter path: for messages.
    init(_ bytes: [UInt8], path: String) throws(SnapshotError) {
        func damaged(_ offset: Int?, _ message: String) -> SnapshotError {
            SnapshotError(.damaged, path: path, at: offset, message)
        }
        let tree: JSONTree
        do throws(JSONError) {
            tree = try JSONTree(bytes)
        } catch {
            throw damaged(error.byteOffset, "the manifest is not whole: \(error)")
        }
        guard tree["format"]?.text == Self.formatName else {
            throw SnapshotError(.foreign, path: path, "this is not the manifest of a snapshot")
        }
        guard let number = tree["formatNumber"]?.integer(Int.self), number >= 1 else {
            throw damaged(nil, "the format has no number")
        }
        guard number <= SnapshotFormat.number else {
            throw SnapshotError(
                .newer(formatNumber: number), path: path,
                "the snapshot has format \(number), made by a newer program; this one knows formats up to \(SnapshotFormat.number)"
            )
        }
        guard let read = Self.read(tree) else { throw damaged(nil, "the manifest lacks what a snapshot needs") }
        self = read
        formatNumber = number
        let written = json
        guard written == bytes else {
            let offset = zip(written, bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            throw damaged(offset ?? min(written.count, bytes.count), "the manifest's checksum does not match its bytes")
        }
        digest = SHA256Digest(of: bytes.span).hexadecimal
    }

    private static func read(_ tree: JSONTree) -> Manifest? {
        guard let version = tree["version"]?.integer(UInt64.self), let time = tree["publishedAt"]?.integer(Int64.self),
            let modelDigest = tree["modelDigest"]?.text, let parentTree = tree["parent"],
            let enumerationTrees = tree["enumerations"]?.elements, let typeTrees = tree["types"]?.elements,
            let fileTrees = tree["files"]?.elements, typeTrees.count <= Int(UInt16.max),
            enumerationTrees.count <= Int(UInt16.max)
        else { return nil }
        var parent: Parent?
        if parentTree != .null {
            guard let version = parentTree["version"]?.integer(UInt64.self), let digest = parentTree["digest"]?.text else {
                return nil
            }
            parent = Parent(version: version, digest: digest)
        }
        let enumerations = enumerationTrees.compactMap(enumeration)
        let files = fileTrees.compactMap(entry)
        guard enumerations.count == enumerationTrees.count, files.count == fileTrees.count else { return nil }
        let names = typeTrees.compactMap { $0["name"]?.text }
        guard names.count == typeTrees.count else { return nil }
        var types: [NodeType] = []
        var states: [TypeState] = []
        for tree in typeTrees {
            guard let (type, state) = Self.type(tree, names, enumerations.map(\.name)) else { return nil }
            types.append(type)
            states.append(state)
        }
        // Names become names of files.
        guard Set(names).count == names.count, names.allSatisfy(isName),
            types.allSatisfy({ $0.columns.allSatisfy { isName($0.name) } })
        else { return nil }
        for type in types {
            for inverse in type.inverses {
                guard types[inverse.source.index].columns.indices.contains(inverse.column) else { return nil }
            }
        }
        return Manifest(
            version: version, publishedAt: Instant(microseconds: time), modelDigest: modelDigest, parent: parent,
            catalog: Catalog(nodeTypes: types, enumerations: enumerations), types: states, files: files)
    }

    /// `[_A-Za-z][_0-9A-Za-z]*`
    private static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first), bytes.count <= 200 else {
            return false
        }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func enumeration(_ tree: JSONTree) -> Enumeration? {
        guard let name = tree["name"]?.text, let values = tree["values"]?.elements else { return nil }
        let names = values.compactMap(\.text)
        guard names.count == values.count, names.count <= Int(Int16.max) else { return nil }
        return Enumeration(name: name, values: names)
    }

    private static func entry(_ tree: JSONTree) -> Entry? {
        guard let name = tree["name"]?.text, let byteCount = tree["bytes"]?.integer(Int.self), byteCount >= 0,
            let digest = tree["sha256"]?.text
        else { return nil }
        guard let offset = tree["tail"] else { return Entry(name: name, byteCount: byteCount, digest: digest, tail: nil) }
        guard let offset = offset.integer(Int.self), offset >= 0, let text = tree["tailChecksum"]?.text,
            let checksum = UInt32(text, radix: 16)
        else { return nil }
        return Entry(name: name, byteCount: byteCount, digest: digest, tail: Tail(offset: offset, checksum: checksum))
    }

    private static func type(
        _ tree: JSONTree, _ types: [String], _ enumerations: [String]
    ) -> (NodeType, TypeState)? {
        guard let name = tree["name"]?.text, let rowCount = tree["rows"]?.integer(Int.self),
            (0...GraphVersion.maximumRowCount).contains(rowCount), let key = tree["key"]?.elements,
            let columnTrees = tree["columns"]?.elements, let inverseTrees = tree["inverses"]?.elements
        else { return nil }
        var columns: [ColumnDefinition] = []
        var columnVersions: [UInt64] = []
        for tree in columnTrees {
            guard let name = tree["name"]?.text, let text = tree["kind"]?.text,
                let kind = KindText.kind(text, types: types, enumerations: enumerations),
                let isNullable = tree["nullable"]?.flag, let isUnique = tree["unique"]?.flag,
                let version = tree["version"]?.integer(UInt64.self)
            else { return nil }
            columns.append(ColumnDefinition(name: name, kind: kind, isNullable: isNullable, isUnique: isUnique))
            columnVersions.append(version)
        }
        var inverses: [InverseDefinition] = []
        var inverseVersions: [UInt64] = []
        for tree in inverseTrees {
            guard let name = tree["name"]?.text, let source = tree["source"]?.text,
                let type = types.firstIndex(of: source), let column = tree["column"]?.integer(Int.self),
                let version = tree["version"]?.integer(UInt64.self)
            else { return nil }
            inverses.append(InverseDefinition(name: name, source: NodeTypeID(type), column: column))
            inverseVersions.append(version)
        }
        let keyColumns = key.compactMap { $0.integer(Int.self) }
        guard keyColumns.count == key.count, (1...4).contains(key.count), keyColumns.allSatisfy(columns.indices.contains)
        else { return nil }
        return (
            NodeType(name: name, columns: columns, key: keyColumns, inverses: inverses),
            TypeState(rowCount: rowCount, columnVersions: columnVersions, inverseVersions: inverseVersions)
        )
    }
}
