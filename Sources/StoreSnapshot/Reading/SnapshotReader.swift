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
    /// - Parameter damaged: told what is wrong with a column that is read for the first time; nil to check all columns now.
    func version(
        tellingLater damaged: (@Sendable (SnapshotError) -> Void)? = nil
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
        if arrowFiles.contains(where: { $0.fields.contains { $0.form == .utf8 } }) {
            let writer = ElementWriter<UInt32>(count: longest, capacity: longest)
            for row in 0..<longest { writer[row] = UInt32(truncatingIfNeeded: row) }
            rowNumbers = writer.finish()
        }
        for (index, file) in arrowFiles.enumerated() {
            let reading = FieldReading(
                file: file, manifest: manifest, type: NodeTypeID(index), rowNumbers: rowNumbers, hash: key.hash)
            try reading.checkSchema()
            guard let damaged else {
                parts.append(try self.parts(reading, NodeTypeID(index), key, checks: nil))
                continue
            }
            var unchecked = reading
            unchecked.isChecking = false
            let checks = ColumnChecks(partCount: file.fields.count) { part in
                do throws(SnapshotError) {
                    try reading.check(part)
                    return nil
                } catch {
                    damaged(error)
                    return Damage(error.description)
                }
            }
            parts.append(try self.parts(unchecked, NodeTypeID(index), key, checks: checks))
        }
        return GraphVersion(
            number: manifest.version, publishedAt: manifest.publishedAt, catalog: manifest.catalog, parts: parts,
            hash: key.hash)
    }

    private func parts(
        _ reading: FieldReading, _ id: NodeTypeID, _ key: IndexKey, checks: ColumnChecks?
    ) throws(SnapshotError) -> TableParts {
        let (type, state) = (manifest.catalog[id], manifest.types[id.index])
        var columns: [Column] = []
        var selfNumbered: Set<Int> = []
        for (index, definition) in type.columns.enumerated() {
            columns.append(
                try reading.column(index) { texts in
                    lateIndex(.texts(definition.name), of: type, key, numbersBelow: texts.count) { texts.makeIndex() }
                })
            if reading.isSelfNumbered(index) { selfNumbered.insert(index) }
        }
        var inverses: [Adjacency] = []
        for index in type.inverses.indices { inverses.append(try reading.inverse(index)) }
        var parts = TableParts(
            rowCount: state.rowCount, columns: columns, columnVersions: state.columnVersions, inverses: inverses,
            selfNumberedColumns: selfNumbered)
        parts.checks = checks
        let whole = parts
        func rows(_ subject: IndexFile.Subject, over columns: [Int]) -> LateIndex {
            lateIndex(subject, of: type, key, numbersBelow: state.rowCount) {
                // What is damaged is not read; whoever looks for a row is told.
                if let checks, !columns.allSatisfy(checks.allows) { return BucketIndex(count: 0) { _ in nil } }
                return whole.makeIndex(over: columns, key.hash)
            }
        }
        if !parts.isSelfNamed(type.key) { parts.keyIndex = rows(.key, over: type.key) }
        for (column, definition) in type.columns.enumerated() where definition.isUnique && !parts.isSelfNamed([column]) {
            parts.uniqueIndexes[column] = rows(.uniqueColumn(definition.name), over: [column])
        }
        return parts
    }

    /// An index that is read when it is first asked, from a file that is mapped now. Where it is missing or damaged, which is no
    /// error, it is made anew.
    private func lateIndex(
        _ subject: IndexFile.Subject, of type: NodeType, _ key: IndexKey, numbersBelow limit: Int,
        orMake make: @escaping @Sendable () -> BucketIndex
    ) -> LateIndex {
        let file = try? files.map(path(IndexFile.name(subject, of: type.name)))
        return LateIndex {
            file.flatMap { IndexFile.read($0, key, numbersBelow: limit) } ?? make()
        }
    }

    static func storage<Result>(_ body: () throws(FileError) -> Result) throws(SnapshotError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw SnapshotError(error)
        }
    }
}

extension FieldReading {
    /// Checks the bytes of a column or, behind the columns, of an inverse edge.
    func check(_ part: Int) throws(SnapshotError) {
        let columnCount = manifest.catalog[type].columns.count
        if part < columnCount { _ = try column(part) } else { _ = try inverse(part - columnCount) }
    }
}
