import Bytes
import StoreColumns

/// Writes the files of a snapshot into a folder of its own, and gives the folder its name when all are durable.
struct SnapshotWriter {
    /// Where the rows come from; one that is passed has none here.
    let version: GraphVersion
    private let passing: PassingGraph?
    let description: Snapshot.Description
    let folder: String
    let files: any FileSystem
    private let filesWritten = WrittenFiles()

    init(version: GraphVersion, description: Snapshot.Description, folder: String, files: any FileSystem) {
        self.version = version
        passing = nil
        self.description = description
        self.folder = folder
        self.files = files
    }

    /// Writes each type when it is passed, and the indexes from what was written.
    init(passing: PassingGraph, description: Snapshot.Description, folder: String, files: any FileSystem) {
        version = passing.frame
        self.passing = passing
        self.description = description
        self.folder = folder
        self.files = files
    }

    private var catalog: Catalog { version.catalog }

    func write() throws(SnapshotError) -> Manifest {
        let beside = folder + ".tmp"
        try storage { files throws(FileError) in
            if try files.exists(folder) { throw FileError(.makeFolder, folder, .exists) }
            if try files.exists(beside) { try files.removeTree(beside) }
            try files.makeFolder(beside)
            try files.makeFolder(beside + "/indexes")
        }
        var entries: [Manifest.Entry] = []
        entries.append(try writeModel(beside))
        let renumberings = catalog.nodeTypes.indices.map { RowRenumbering(version[NodeTypeID($0)]) }
        let written = try writeTypes(renumberings, beside)
        entries += written.map(\.entry)
        let arrowFiles = entries.filter { $0.tail != nil }.sorted(by: Self.precedes)
        var manifest = Manifest(
            version: version.number, publishedAt: version.publishedAt,
            modelDigest: SHA256Digest(of: description.model.span).hexadecimal, parent: description.parent, catalog: catalog,
            types: states(renumberings), files: entries)
        let (rows, plans) = try indexable(written.map(\.plans), renumberings, manifest, beside)
        let indexes = IndexWriter(
            version: rows, renumberings: renumberings, plans: plans, key: IndexKey(arrowFiles: arrowFiles),
            folder: beside, files: files, filesWritten: filesWritten)
        manifest.files += try indexes.write()
        manifest.files.sort(by: Self.precedes)
        try filesWritten.synchronize()
        // Columns that came damaged were given as nulls: nothing of that may last.
        if let damage = version.damage ?? rows.damage { throw SnapshotError(.damaged, path: beside, damage.description) }
        let json = manifest.json
        manifest.digest = SHA256Digest(of: json.span).hexadecimal
        try storage { files throws(FileError) in
            try files.writeNew(beside + "/" + Manifest.fileName, json)
            try files.synchronizeFolder(beside + "/indexes")
            try files.synchronizeFolder(beside)
            try files.rename(beside, to: folder)
            try files.synchronizeFolder(Self.parent(of: folder))
        }
        return manifest
    }

    private static func precedes(_ left: Manifest.Entry, _ right: Manifest.Entry) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }

    private func states(_ renumberings: [RowRenumbering]) -> [Manifest.TypeState] {
        catalog.nodeTypes.indices.map { index in
            let (type, table) = (catalog.nodeTypes[index], version[NodeTypeID(index)])
            return Manifest.TypeState(
                rowCount: renumberings[index].rowCount, columnVersions: type.columns.indices.map(table.columnVersion),
                inverseVersions: type.inverses.indices.map(table.inverseVersion))
        }
    }

    private func writeModel(_ beside: String) throws(SnapshotError) -> Manifest.Entry {
        let sink = try FileSink(beside + "/" + Snapshot.modelFileName, on: files, in: filesWritten)
        try sink.write(description.model)
        return try sink.finish(as: Snapshot.modelFileName)
    }

    /// The files of all types. What is passed and let go is passed with the small types first, so that room for the large files is there
    /// when they come.
    private func writeTypes(_ renumberings: [RowRenumbering], _ beside: String) throws(SnapshotError) -> [WrittenType] {
        let weights = catalog.nodeTypes.indices.map { renumberings[$0].rowCount * (catalog.nodeTypes[$0].columns.count + 1) }
        guard let passing else {
            return try Workers.results(weights: weights) { index throws(SnapshotError) in
                try writeType(NodeTypeID(index), of: version, renumberings, beside)
            }
        }
        return try Workers.results(weights: weights, lightestFirst: true) { index throws(SnapshotError) in
            try passing.pass(NodeTypeID(index)) { version throws(SnapshotError) in
                try writeType(NodeTypeID(index), of: version, renumberings, beside)
            }
        }
    }

    /// What indexes are made of: the version, or, where its types were passed, the files that hold it now.
    private func indexable(
        _ plans: [[FieldPlan]], _ renumberings: [RowRenumbering], _ manifest: Manifest, _ beside: String
    ) throws(SnapshotError) -> (version: GraphVersion, plans: [[FieldPlan]]) {
        guard passing != nil else { return (version, plans) }
        let written = try SnapshotReader(manifest, in: beside, on: files).version { _ in }
        let weights = plans.indices.map { index in renumberings[index].rowCount * plans[index].count { $0.text != nil } }
        let again = try Workers.results(weights: weights) { index throws(SnapshotError) in
            plans[index].map { $0.again(for: written[NodeTypeID(index)], renumberings[index]) }
        }
        return (written, again)
    }

    private func writeType(
        _ type: NodeTypeID, of version: GraphVersion, _ renumberings: [RowRenumbering], _ beside: String
    ) throws(SnapshotError) -> WrittenType {
        let name = Snapshot.arrowFileName(of: catalog[type].name)
        let path = beside + "/" + name
        let rows = renumberings[type.index]
        let plans = try FieldPlan.plans(of: type, in: version, renumberings, path: path)
        var file = try ArrowFileWriter(path, plans.map(\.field), on: files, in: filesWritten)
        for plan in plans {
            guard case .column(let index) = plan.source, plan.field.dictionary != nil else { continue }
            if let text = plan.text, case .string(let column) = version[type].column(index) {
                try file.write(column.dictionary, text)
            } else if let enumeration = catalog[type].columns[index].kind.enumeration {
                try file.write(catalog[enumeration].values)
            }
        }
        let contents = BatchContent(version: version, type: type, renumberings: renumberings)
        for batch in 0..<rows.batchCount {
            try file.write(
                plans.map { contents.content(of: $0, batch: batch) }, rowCount: rows.rows(ofBatch: batch).count)
        }
        return WrittenType(entry: try file.finish(as: name), plans: plans)
    }

    private struct WrittenType: Sendable {
        var entry: Manifest.Entry
        var plans: [FieldPlan]
    }

    private func storage(_ body: (any FileSystem) throws(FileError) -> Void) throws(SnapshotError) {
        do throws(FileError) {
            try body(files)
        } catch {
            throw SnapshotError(error)
        }
    }

    /// The folder in which a path lies.
    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension Snapshot {
    static let modelFileName = "model.graphql"
    static func arrowFileName(of type: String) -> String { type + ".arrow" }
}
