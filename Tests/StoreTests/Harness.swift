import Bytes
import Dispatch
import Foundation
import Store
import StoreColumns
import StoreJournal
import Synchronization
import Testing

/// A small library: books by authors, with every kind of value.
enum Library {
    static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Author",
                columns: [
                    ColumnDefinition(name: "name", kind: .string, isNullable: false),
                    ColumnDefinition(name: "born", kind: .date, isNullable: true),
                    ColumnDefinition(name: "alive", kind: .boolean, isNullable: true),
                ], key: [0], inverses: [InverseDefinition(name: "books", source: NodeTypeID(1), column: 1)]),
            NodeType(
                name: "Book",
                columns: [
                    ColumnDefinition(name: "number", kind: .int, isNullable: false),
                    ColumnDefinition(name: "author", kind: .reference(NodeTypeID(0)), isNullable: true),
                    ColumnDefinition(name: "price", kind: .decimal(fractionDigits: 2), isNullable: true),
                    ColumnDefinition(name: "weight", kind: .float, isNullable: true),
                    ColumnDefinition(name: "sold", kind: .dateTime, isNullable: true),
                    ColumnDefinition(name: "binding", kind: .enumeration(EnumerationID(0)), isNullable: true),
                    ColumnDefinition(name: "forms", kind: .enumerationList(EnumerationID(0)), isNullable: true),
                    ColumnDefinition(name: "editors", kind: .referenceList(NodeTypeID(0)), isNullable: true),
                    ColumnDefinition(name: "title", kind: .string, isNullable: true),
                ], key: [0]),
            NodeType(
                name: "Copy",
                columns: [
                    ColumnDefinition(name: "book", kind: .reference(NodeTypeID(1)), isNullable: false),
                    ColumnDefinition(name: "shelf", kind: .string, isNullable: false),
                ], key: [0, 1]),
        ], enumerations: [Enumeration(name: "Binding", values: ["PAPER", "CLOTH", "LEATHER"])])
    static let author = NodeTypeID(0)
    static let book = NodeTypeID(1)
    static let copy = NodeTypeID(2)
    static let model = Array("type Author type Book type Copy".utf8)

    static func key(_ name: String) -> Key { Key([.string(name)]) }
    static func key(_ number: Int32) -> Key { Key([.int(number)]) }

    /// The change that makes version `number`: new rows, changed ones, now and then a delete.
    static func change(_ number: UInt64) -> ChangeSet {
        let step = Int32(truncatingIfNeeded: number)
        let name = "author \(number % 5)"
        var changes = ChangeSet(types: [
            TypeChanges(
                type: author, columns: [0, 1, 2],
                cells: [.string(name), .date(step * 100), number.isMultiple(of: 3) ? .null : .boolean(number.isMultiple(of: 2))]
            ),
            TypeChanges(
                type: book, columns: [0, 1, 2, 3, 4, 5, 6, 7, 8],
                cells: [
                    .int(step), .reference(key(name)), .decimal(Int64(step) * 99), .float(Double(step) / 3),
                    .dateTime(Int64(step) * 1_000_000), .enumeration(UInt16(number % 3)), .enumerationList([2, 0]),
                    .referenceList([key(name)]), number.isMultiple(of: 4) ? .absent : .string("书 \(number)"),
                ]),
            TypeChanges(
                type: copy, columns: [0, 1], cells: [.reference(key(step)), .string("shelf \(number)")]),
        ])
        if number > 4, number.isMultiple(of: 3) {
            let gone = step - 4
            changes.types.append(
                TypeChanges(
                    type: copy, columns: [], deletedKeys: [Key([.reference(key(gone)), .string("shelf \(gone)")])]))
            changes.types.append(TypeChanges(type: book, columns: [], deletedKeys: [key(gone)]))
        }
        return changes
    }

    /// Everything that a version holds, as text by keys: two versions with the same text hold the same graph.
    static func text(_ version: GraphVersion) -> [String] {
        var lines = ["version \(version.number) at \(version.publishedAt.microseconds)"]
        for (index, type) in version.catalog.nodeTypes.enumerated() {
            let id = NodeTypeID(index)
            let table = version[id]
            var rows: [String] = []
            for row in 0..<table.rowCount where table.isLive(RowNumber(row)) {
                let cells = type.columns.indices.map { text($0, RowNumber(row), id, version) }
                let inverses = type.inverses.indices.map { edge -> String in
                    let adjacency = table.inverse(edge)
                    let targets = adjacency.targets(of: RowNumber(row))
                    let source = type.inverses[edge].source
                    return targets.indices.map { "\(version.key(of: targets[$0], type: source))" }.sorted().joined()
                }
                rows.append("\(type.name) \(cells) \(inverses)")
            }
            lines += rows.sorted()
        }
        return lines
    }

    private static func text(_ column: Int, _ row: RowNumber, _ type: NodeTypeID, _ version: GraphVersion) -> String {
        "\(cell(column, row, type, version))"
    }

    /// The value of a row as a cell.
    static func cell(_ column: Int, _ row: RowNumber, _ type: NodeTypeID, _ version: GraphVersion) -> Cell {
        let kind = version.catalog[type].columns[column].kind
        let row = Int(row)
        switch (version[type].column(column), kind) {
        case (.boolean(let values), _): return values[row].map(Cell.boolean) ?? .null
        case (.int(let values), _): return values[row].map(Cell.int) ?? .null
        case (.date(let values), _): return values[row].map(Cell.date) ?? .null
        case (.decimal(let values, _), _): return values[row].map(Cell.decimal) ?? .null
        case (.dateTime(let values), _): return values[row].map(Cell.dateTime) ?? .null
        case (.float(let values), _): return values[row].map(Cell.float) ?? .null
        case (.enumeration(let values), _): return values[row].map(Cell.enumeration) ?? .null
        case (.string(let values), _): return values.text(at: row).map(Cell.string) ?? .null
        case (.reference(let values), .reference(let target)):
            return values[row].map { .reference(version.key(of: $0, type: target)) } ?? .null
        case (.enumerationList(let values), _):
            guard !values.isNull(at: row) else { return .null }
            let elements = values.list(at: row)
            return .enumerationList(elements.indices.map { elements[$0] })
        case (.referenceList(let values), .referenceList(let target)):
            guard !values.isNull(at: row) else { return .null }
            let elements = values.list(at: row)
            return .referenceList(elements.indices.map { version.key(of: elements[$0], type: target) })
        default: return .null
        }
    }
}

/// Versions as the list of changes that made them: enough for tests of what happens around them.
///
/// One file holds, for the library's `change`, how often it was applied, and a checksum.
struct CountedVersions: VersionStorage {
    /// Makes the graph of a number.
    let make: @Sendable (UInt64) -> GraphVersion

    func write(
        _ version: GraphVersion, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(version.number)
        bytes += model
        bytes.appendLittleEndian(CRC32C.checksum(bytes))
        do throws(FileError) {
            let beside = folder + ".tmp"
            if try files.exists(beside) { try files.removeTree(beside) }
            try files.makeFolder(beside)
            try files.writeNew(beside + "/version", bytes)
            try files.synchronizeFolder(beside)
            try files.rename(beside, to: folder)
            try files.synchronizeFolder(String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]))
        } catch {
            throw StoreError(error)
        }
        return SHA256Digest(of: bytes.span).hexadecimal
    }

    func write(
        _ version: PassingGraph, model: [UInt8], parent: SnapshotEntry?, to folder: String, on files: any FileSystem
    ) throws(StoreError) -> String {
        try write(version.frame, model: model, parent: parent, to: folder, on: files)
    }

    func open(_ folder: String, on files: any FileSystem) throws(StoreError) -> StoredVersion {
        let path = folder + "/version"
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.contents(of: path, limit: 1_000)
        } catch {
            throw StoreError(error)
        }
        guard bytes.count > 12, let number = bytes.span.littleEndian(at: 0, as: UInt64.self),
            bytes.span.littleEndian(at: bytes.count - 4, as: UInt32.self) == CRC32C.checksum(Array(bytes.dropLast(4)))
        else { throw StoreError(.damaged, path: path, at: 0, "the version has changed") }
        return StoredVersion(
            version: make(number), model: Array(bytes[8..<bytes.count - 4]), digest: SHA256Digest(of: bytes.span).hexadecimal)
    }

    func verify(_ folder: String, on files: any FileSystem) throws(StoreError) -> String {
        try open(folder, on: files).digest
    }
}

/// The library after so many changes, each a second after the one before.
final class LibraryVersions: Sendable {
    private let made = Mutex<[GraphVersion]>([.empty(catalog: Library.catalog)])

    func callAsFunction(_ number: UInt64) -> GraphVersion {
        made.withLock { made in
            while made.count <= number {
                let last = made[made.count - 1]
                let next = UInt64(made.count)
                if let version = try? last.applying(
                    Library.change(next), number: next, publishedAt: Instant(microseconds: Int64(next) * 1_000_000))
                {
                    made.append(version)
                } else {
                    Issue.record("the library's change \(next) cannot be applied")
                    return last
                }
            }
            return made[Int(number)]
        }
    }

    func text(_ number: UInt64) -> [String] { Library.text(self(number)) }
    var storage: CountedVersions { CountedVersions { self($0) } }
}

func options(_ files: MemoryFileSystem, _ versions: LibraryVersions) -> StoreOptions {
    var options = StoreOptions(
        files: files, storage: versions.storage, catalog: Library.catalog, model: Library.model, process: "4711",
        clock: { Instant(microseconds: 0) })
    options.reserveByteCount = 4_096
    options.schedule = { work in DispatchQueue.global().async { work() } }
    return options
}

/// The commit that makes version `number` of the library.
func libraryCommit(_ number: UInt64) -> Commit {
    Commit(
        Library.change(number), changeID: "change \(number)", fingerprint: [UInt8(truncatingIfNeeded: number)],
        note: Array("because".utf8), publishedAt: Instant(microseconds: Int64(number) * 1_000_000), expecting: number - 1)
}

/// How many bits of each file are flipped: some in every run, many where HEARTH_LONG_TESTS is set.
func flipCount(_ standard: Int) -> Int { isLong ? standard * 20 : standard }

/// Every how manyth call is made to fail: each one where HEARTH_LONG_TESTS is set.
func crashStep(_ standard: Int) -> Int { isLong ? 1 : standard }

private let isLong = ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] != nil

func everyFile(_ path: String, _ files: MemoryFileSystem) throws -> [String] {
    guard try files.status(path).kind == .folder else { return [path] }
    return try files.list(path).flatMap { try everyFile(path + "/" + $0, files) }
}
