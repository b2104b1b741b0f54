import Bytes
import Dispatch
import Model
import Store
import StoreColumns
import StoreJournal
import Testing

/// A library that lives through changes of its model: a data folder in memory, made under the first model.
///
/// Version 1 is the snapshot it begins with; 2 to 4 stand in the journal behind it.
struct ChangingLibrary {
    static let first = """
        enum Binding { PAPER CLOTH LEATHER }
        enum Mood { CALM WILD }
        type Author @node(key: "name") {
          name: String!
          born: Date
          books: [Book!]! @inverse(of: "author")
        }
        type Book @node(key: "number") {
          number: Int!
          author: Author
          title: String
          price: Decimal
          weight: Float
          pages: Int!
          binding: Binding
          forms: [Binding!]!
          editors: [Author!]
          lent: Boolean
          shelf: String! @unique
        }
        type Copy @node(key: ["book", "state"]) {
          book: Book!
          state: Binding!
        }
        type Rumor @node(key: "text") {
          text: String!
          mood: Mood
          about: Book
        }
        """

    static func model(_ text: String) throws -> Model {
        try Model(sources: [ModelSource(name: "library.graphql", bytes: Array(text.utf8))], digest: "")
    }

    static func options(_ text: String, _ files: any FileSystem) throws -> StoreOptions {
        var options = StoreOptions(
            files: files, outline: try model(text).outline, model: Array(text.utf8), process: "1",
            clock: { Instant(microseconds: 9_000_000) })
        options.schedule = { work in DispatchQueue.global().async { work() } }
        options.reserveByteCount = 0
        options.readModel = { text in try? model(String(decoding: text, as: UTF8.self)).outline }
        return options
    }

    static let id = FolderID(high: 5, low: 6)

    /// A folder under the first model.
    static func make(in files: MemoryFileSystem) throws {
        let options = try options(first, files)
        let empty = GraphVersion.empty(catalog: options.outline.catalog)
        let begun = try empty.applying(
            try rows(
                first,
                [
                    "Author": [
                        ["name": "Ann", "born": "1950-03-01"], ["name": "Bo", "born": nil], ["name": "Cy", "born": nil],
                    ],
                    "Book": [
                        [
                            "number": "1", "author": "Ann", "title": "Sand", "price": "9.50", "weight": "0.5", "pages": "100",
                            "binding": "CLOTH", "forms": "LEATHER;PAPER", "editors": "Bo;Ann", "lent": "true", "shelf": "a",
                        ],
                        [
                            "number": "2", "author": "Bo", "title": "Sand", "price": nil, "weight": nil, "pages": "20",
                            "binding": nil, "forms": "", "editors": nil, "lent": nil, "shelf": "b",
                        ],
                    ], "Copy": [["book": "1", "state": "LEATHER"], ["book": "1", "state": "PAPER"]],
                ]), number: 1, publishedAt: Instant(microseconds: 1_000_000))
        try Store.make("/data", begun, id: id, options)
        let store = try Store.open("/data", options).store
        _ = try store.commitWaiting(
            Commit(
                try rows(
                    first,
                    [
                        "Book": [
                            [
                                "number": "3", "author": "Ann", "title": "Wind", "price": "1.00", "weight": "2.0", "pages": "7",
                                "binding": "PAPER", "forms": "CLOTH", "editors": "", "lent": "false", "shelf": "c",
                            ]
                        ]
                    ]), publishedAt: Instant(microseconds: 2_000_000)))
        // A row that is gone, so that rows in memory and on disk are numbered differently.
        var gone = try rows(
            first, ["Book": [["number": "1", "binding": "LEATHER"]], "Rumor": [["text": "x"]]])
        let book = try #require(options.outline.catalog.nodeType(named: "Copy"))
        gone.types.append(
            TypeChanges(
                type: book, columns: [],
                deletedKeys: [Key([.reference(Key([.int(1)])), .enumeration(0)])]))
        _ = try store.commitWaiting(Commit(gone, publishedAt: Instant(microseconds: 3_000_000)))
        let rumor = try #require(options.outline.catalog.nodeType(named: "Rumor"))
        _ = try store.commitWaiting(
            Commit(
                ChangeSet(types: [TypeChanges(type: rumor, columns: [], deletedKeys: [Key([.string("x")])])]),
                publishedAt: Instant(microseconds: 4_000_000)))
        try store.close()
    }

    /// Changes from texts, as `ValueText` writes them; an absent field is not given.
    static func rows(_ text: String, _ given: [String: [[String: String?]]]) throws -> ChangeSet {
        let catalog = try model(text).catalog
        var changes = ChangeSet()
        for name in given.keys.sorted() {
            let id = try #require(catalog.nodeType(named: name))
            let type = catalog[id]
            var entry = TypeChanges(type: id, columns: Array(type.columns.indices))
            for row in given[name] ?? [] {
                for column in type.columns {
                    guard let value = row[column.name] else {
                        entry.cells.append(.absent)
                        continue
                    }
                    entry.cells.append(value.flatMap { cell($0, column.kind, catalog) } ?? .null)
                }
            }
            changes.types.append(entry)
        }
        return changes
    }

    private static func cell(_ text: String, _ kind: ColumnKind, _ catalog: Catalog) -> Cell? {
        func key(_ text: String, _ target: NodeTypeID) -> Key {
            if case .int = catalog[target].columns[catalog[target].key[0]].kind { return Key([.int(Int32(text) ?? 0)]) }
            return Key([.string(text)])
        }
        let parts = text.split(separator: ";").map(String.init)
        switch kind {
        case .boolean: return .boolean(text == "true")
        case .int: return Int32(text).map(Cell.int)
        case .decimal(let digits): return Decimal(text)?.rescaled(to: digits).map { .decimal($0.unscaled) }
        case .float: return Double(text).map(Cell.float)
        case .date: return CivilDate(isoText: text).map { .date($0.days) }
        case .dateTime: return Instant(isoText: text).map { .dateTime($0.microseconds) }
        case .enumeration(let id): return catalog[id].code(of: text).map(Cell.enumeration)
        case .enumerationList(let id): return .enumerationList(parts.compactMap { catalog[id].code(of: $0) })
        case .string: return .string(text)
        case .reference(let target): return .reference(key(text, target))
        case .referenceList(let target): return .referenceList(parts.map { key($0, target) })
        }
    }

    /// What a version holds, a line a value, as "Book 1 title=Sand"; a null is "-". Edges are read through their inverses too.
    static func lines(_ version: GraphVersion, hidden: Bool = true) -> [String] {
        var lines: [String] = []
        for (index, type) in version.catalog.nodeTypes.enumerated() {
            let id = NodeTypeID(index)
            let table = version[id]
            for row in 0..<RowNumber(table.rowCount) where table.isLive(row) {
                let key = KeyText.text(version.key(of: row, type: id), of: id, in: version.catalog)
                for (place, column) in type.columns.enumerated() where hidden || !HiddenName.isHidden(column.name) {
                    let text = ValueText.text(ofColumn: place, at: row, of: id, in: version)
                    lines.append("\(type.name) \(key) \(column.name)=\(text ?? "-")")
                }
                for (place, inverse) in type.inverses.enumerated() {
                    let edge = table.inverse(place)
                    let targets = edge.targets(of: row)
                    let keys = targets.indices.map {
                        KeyText.text(version.key(of: targets[$0], type: inverse.source), of: inverse.source, in: version.catalog)
                    }
                    lines.append("\(type.name) \(key) \(inverse.name)=\(keys.sorted().joined(separator: ";"))")
                }
            }
        }
        return lines.sorted()
    }

    /// Every file of a folder but its lock.
    static func bytes(of path: String, _ files: MemoryFileSystem) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for name in try files.list(path) where name != "LOCK" {
            let place = path + "/" + name
            if try files.status(place).kind == .folder {
                found.merge(try bytes(of: place, files)) { first, _ in first }
            } else {
                found[place] = try files.contents(of: place, limit: 1 << 20)
            }
        }
        return found
    }
}
