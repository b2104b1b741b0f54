import Bytes
import StoreColumns

/// Opens the files of a snapshot and puts a version together over them.
struct SnapshotReader {
    let folder: String
    let files: any FileSystem
    let manifest: Manifest

    init(_ folder: String, on files: any FileSystem) throws(SnapshotError) {
        self.folder = folder
        self.files = files
        let path = folder + "/" + Manifest.fileName
        let bytes = try Self.storage { () throws(FileError) in
            try files.contents(of: path, limit: Manifest.maximumByteCount)
        }
        manifest = try Manifest(bytes, path: path)
    }

    /// Over files that are just being written, of which there is no manifest on the disk yet.
    init(_ manifest: Manifest, in folder: String, on files: any FileSystem) {
        self.folder = folder
        self.files = files
        self.manifest = manifest
    }

    func path(_ name: String) -> String { folder + "/" + name }

    func entry(_ name: String) throws(SnapshotError) -> Manifest.Entry {
        guard let entry = manifest.files.first(where: { $0.name == name }) else {
            throw SnapshotError(.damaged, path: path(Manifest.fileName), "the manifest does not list \(name)")
        }
        return entry
    }

    func map(_ name: String) throws(SnapshotError) -> MappedFile {
        try Self.storage { () throws(FileError) in try files.map(path(name)) }
    }

    /// The bytes of `model.graphql`, which are few: always checked.
    func model() throws(SnapshotError) -> [UInt8] {
        let entry = try entry(Snapshot.modelFileName)
        let path = path(entry.name)
        let bytes = try Self.storage { () throws(FileError) in
            try files.contents(of: path, limit: max(entry.byteCount, 1) + 1)
        }
        guard bytes.count == entry.byteCount, SHA256Digest(of: bytes.span).hexadecimal == entry.digest,
            entry.digest == manifest.modelDigest
        else { throw SnapshotError(.damaged, path: path, at: 0, "the model is not the one that the manifest lists") }
        return bytes
    }

    /// The version over the mapped files.
    /// - Parameters:
    ///   - damaged: told what is wrong with a column that is read for the first time; nil to check all columns now.
    ///   - refusesLists: whether a list of repeated texts that could be made anew must be right.
    func version(
        tellingLater damaged: (@Sendable (SnapshotError) -> Void)? = nil, refusesLists: Bool = false
    ) throws(SnapshotError) -> GraphVersion {
        let key = IndexKey(arrowFiles: manifest.files)
        let longest = manifest.types.map(\.rowCount).max() ?? 0
        var rowNumbers = Elements<UInt32>()
        var parts: [TableParts] = []
        var arrowFiles: [ArrowFile] = []
        for (index, type) in manifest.catalog.nodeTypes.enumerated() {
            let name = Snapshot.arrowFileName(of: type.name)
            arrowFiles.append(
                try ArrowFile(
                    try map(name), try entry(name), fieldCount: type.columns.count + type.inverses.count,
                    rowCount: manifest.types[index].rowCount))
        }
        // Only now is it known that there are as many rows as the manifest says.
        if arrowFiles.contains(where: {
            $0.fields.contains { $0.form == .utf8 || $0.kind.hasPrefix("inverse:") && $0.form == .uint32 }
        }) {
            let writer = ElementWriter<UInt32>(count: longest, capacity: longest)
            for row in 0..<longest { writer[row] = UInt32(truncatingIfNeeded: row) }
            rowNumbers = writer.finish()
        }
        for (index, file) in arrowFiles.enumerated() {
            let reading = FieldReading(
                file: file, manifest: manifest, type: NodeTypeID(index), rowNumbers: rowNumbers, key: key,
                repeatFiles: repeatFiles(of: manifest.catalog.nodeTypes[index], file), refusesLists: refusesLists)
            try reading.checkSchema()
            parts.append(try self.parts(reading, NodeTypeID(index), key, tellingLater: damaged))
        }
        return GraphVersion(
            number: manifest.version, publishedAt: manifest.publishedAt, catalog: manifest.catalog, parts: parts,
            hash: key.hash)
    }

    /// - Parameter damaged: nil to make all columns and edges now.
    private func parts(
        _ reading: FieldReading, _ id: NodeTypeID, _ key: IndexKey, tellingLater damaged: (@Sendable (SnapshotError) -> Void)?
    ) throws(SnapshotError) -> TableParts {
        let (type, state) = (manifest.catalog[id], manifest.types[id.index])
        let mapped = textIndexes(of: type)
        let column = { @Sendable (index: Int) throws(SnapshotError) -> Column in
            try reading.column(index) { texts in
                LateIndex { mapped[index].flatMap { IndexFile.read($0, key, numbersBelow: texts.count) } ?? texts.makeIndex() }
            }
        }
        var parts = TableParts(
            rowCount: state.rowCount, columns: [], columnVersions: state.columnVersions, inverses: [],
            selfNumberedColumns: Set(type.columns.indices.filter(reading.isSelfNumbered)))
        if let damaged {
            parts.columns = type.columns.map { Column(emptyOf: $0.kind, hash: key.hash) }
            parts.inverses = type.inverses.indices.map { Adjacency(chunks: [], version: state.inverseVersions[$0]) }
            let columnCount = type.columns.count
            let make = { @Sendable (part: Int) throws(Damage) -> LateColumns.Content in
                do throws(SnapshotError) {
                    return part < columnCount ? .column(try column(part)) : .edge(try reading.inverse(part - columnCount))
                } catch {
                    damaged(error)
                    throw Damage(error.description)
                }
            }
            parts.late = LateColumns(
                partCount: columnCount + type.inverses.count,
                check: { (part) throws(Damage) in
                    guard reading.isCopied(part) else { return false }
                    _ = try make(part)
                    return true
                }, make: make)
        } else {
            for index in type.columns.indices { parts.columns.append(try column(index)) }
            for index in type.inverses.indices { parts.inverses.append(try reading.inverse(index)) }
        }
        let whole = parts
        func rows(_ subject: IndexFile.Subject, over columns: [Int]) -> LateIndex {
            let file = try? files.map(path(IndexFile.name(subject, of: type.name)))
            return LateIndex {
                if let index = file.flatMap({ IndexFile.read($0, key, numbersBelow: state.rowCount) }) { return index }
                guard let late = whole.late else { return whole.makeIndex(over: columns, key.hash) }
                // What is damaged is not read; whoever looks for a row is told.
                let stored = columns.compactMap(late.column)
                guard stored.count == columns.count else { return BucketIndex(count: 0) { _ in nil } }
                return BucketIndex(count: state.rowCount, columns: stored, key.hash)
            }
        }
        if !parts.isSelfNamed(type.key) { parts.keyIndex = rows(.key, over: type.key) }
        for (column, definition) in type.columns.enumerated() where definition.isUnique && !parts.isSelfNamed([column]) {
            parts.uniqueIndexes[column] = rows(.uniqueColumn(definition.name), over: [column])
        }
        return parts
    }

    /// The files of a type's text indexes, by column, mapped now and read when they are first asked. Where one is missing or
    /// damaged, which is no error, the index is made anew.
    private func textIndexes(of type: NodeType) -> [Int: MappedFile] {
        var mapped: [Int: MappedFile] = [:]
        for (index, definition) in type.columns.enumerated() where definition.kind == .string {
            mapped[index] = try? files.map(path(IndexFile.name(.texts(definition.name), of: type.name)))
        }
        return mapped
    }

    /// The lists of a type's text columns in which texts repeat, by column, mapped now and read with the column.
    private func repeatFiles(of type: NodeType, _ file: ArrowFile) -> [Int: MappedFile] {
        var mapped: [Int: MappedFile] = [:]
        for (index, definition) in type.columns.enumerated() where file.fields[index].repeatCount > 0 {
            mapped[index] = try? files.map(path(RepeatFile.name(definition.name, of: type.name)))
        }
        return mapped
    }

    static func storage<Result>(_ body: () throws(FileError) -> Result) throws(SnapshotError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw SnapshotError(error)
        }
    }
}
