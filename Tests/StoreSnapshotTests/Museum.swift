import Bytes
import StoreColumns

/// A small generator, so that a run can be repeated from its printed seed.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    }
}

/// Rooms and exhibits: every kind of column, keys of one and of several columns, unique columns, edges both ways.
enum Museum {
    static let room = NodeTypeID(0)
    static let exhibit = NodeTypeID(1)
    static let nothing = NodeTypeID(2)

    static let catalog = Catalog(
        nodeTypes: [
            NodeType(
                name: "Room",
                columns: [
                    ColumnDefinition(name: "code", kind: .string, isNullable: false),
                    ColumnDefinition(name: "name", kind: .string, isNullable: true),
                    ColumnDefinition(name: "never", kind: .int, isNullable: true),
                ],
                key: [0],
                inverses: [
                    InverseDefinition(name: "exhibits", source: exhibit, column: 1),
                    InverseDefinition(name: "seen", source: exhibit, column: 11),
                ]),
            NodeType(
                name: "Exhibit",
                columns: [
                    ColumnDefinition(name: "number", kind: .int, isNullable: false),
                    ColumnDefinition(name: "room", kind: .reference(room), isNullable: false),
                    ColumnDefinition(name: "value", kind: .decimal(fractionDigits: 2), isNullable: true),
                    ColumnDefinition(name: "weight", kind: .float, isNullable: true),
                    ColumnDefinition(name: "made", kind: .date, isNullable: true),
                    ColumnDefinition(name: "scannedAt", kind: .dateTime, isNullable: true),
                    ColumnDefinition(name: "form", kind: .enumeration(EnumerationID(0)), isNullable: true),
                    ColumnDefinition(name: "title", kind: .string, isNullable: true),
                    ColumnDefinition(name: "barcode", kind: .string, isNullable: true, isUnique: true),
                    ColumnDefinition(name: "shown", kind: .boolean, isNullable: true),
                    ColumnDefinition(name: "materials", kind: .enumerationList(EnumerationID(1)), isNullable: true),
                    ColumnDefinition(name: "stations", kind: .referenceList(room), isNullable: true),
                    ColumnDefinition(name: "inventory", kind: .int, isNullable: true, isUnique: true),
                ],
                key: [1, 0]),
            NodeType(
                name: "Nothing", columns: [ColumnDefinition(name: "key", kind: .date, isNullable: false)], key: [0]),
        ],
        enumerations: [
            Enumeration(name: "Form", values: ["VASE", "COIN", "书画"]),
            Enumeration(name: "Material", values: ["CLAY", "BRONZE", "SILK", "JADE"]),
        ])

    static func roomKey(_ code: String) -> Key { Key([.string(code)]) }
    static func exhibitKey(_ code: String, _ number: Int32) -> Key { Key([.reference(roomKey(code)), .int(number)]) }

    /// Changes that may repeat keys, delete, and clear; with few rooms and many exhibits.
    static func changes(_ random: inout SeededGenerator, rooms: Int, exhibits: Int) -> ChangeSet {
        var halls = TypeChanges(type: room, columns: [0, 1])
        for index in 0..<rooms {
            halls.cells += [.string("r\(index)"), Bool.random(using: &random) ? .null : .string("Hall \(index % 3)")]
        }
        var works = TypeChanges(type: exhibit, columns: Array(0..<13))
        var keys: Set<Key> = []
        func maybe(_ cell: Cell) -> Cell { Int.random(in: 0..<4, using: &random) == 0 ? .null : cell }
        for _ in 0..<exhibits {
            let code = "r\(Int.random(in: 0..<rooms, using: &random))"
            let number = Int32.random(in: 0..<Int32(exhibits * 3), using: &random)
            guard keys.insert(exhibitKey(code, number)).inserted else { continue }
            let wide = Int.random(in: 0..<3, using: &random)
            let token = Int.random(in: 0..<Int.max, using: &random)
            works.cells += [
                .int(number), .reference(roomKey(code)), maybe(.decimal(Int64.random(in: -99_999...99_999, using: &random))),
                maybe(.float(Double(Int.random(in: -50...50, using: &random)) / 4)),
                maybe(.date(Int32.random(in: -700_000...2_900_000, using: &random))),
                maybe(.dateTime(Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &random))),
                maybe(.enumeration(UInt16.random(in: 0..<3, using: &random))),
                maybe(.string(String(repeating: "瓷", count: wide) + "e\u{301}\(Int.random(in: 0..<9, using: &random))")),
                maybe(.string("b\(token)")), maybe(.boolean(Bool.random(using: &random))),
                maybe(.enumerationList((0..<wide).map { _ in UInt16.random(in: 0..<4, using: &random) })),
                maybe(.referenceList((0..<wide).map { _ in roomKey("r\(Int.random(in: 0..<rooms, using: &random))") })),
                maybe(.int(Int32(truncatingIfNeeded: token))),
            ]
        }
        return ChangeSet(types: [halls, works])
    }

    /// What the files of each released format hold, by its number.
    static func fixture(_ format: Int) -> GraphVersion {
        switch format {
        case 1: version(seed: 5, exhibits: 5, steps: 1)
        case 2: arranged { $0 % 4 == 0 ? nil : "\($0 % 130)" }
        // Each exhibit has its own title, except that every twenty-sixth has that of the one 24 before it.
        default: arranged { $0 % 13 == 0 ? nil : "第\($0 % 26 == 25 ? $0 - 24 : $0)号" }
        }
    }

    /// Exhibits in the order of their rooms, of which one is empty; with integers and codes of one byte and of two.
    private static func arranged(title: (Int) -> String?) -> GraphVersion {
        var halls = TypeChanges(type: room, columns: [0, 1])
        for index in 0..<4 { halls.cells += [.string("r\(index)"), .string("Hall \(index % 2)")] }
        var works = TypeChanges(type: exhibit, columns: Array(0..<13))
        for number in 0..<260 {
            works.cells += [
                .int(Int32(number)), .reference(roomKey("r\(number < 100 ? 0 : number < 259 ? 2 : 3)")),
                .decimal(Int64(number) * 101), .null, .date(Int32(number)), .null, .enumeration(UInt16(number % 3)),
                title(number).map { .string($0) } ?? .null, .null, .boolean(number % 2 == 0),
                number % 5 == 0 ? .null : .enumerationList((0..<number % 3).map { UInt16($0 + 1) }),
                .referenceList(number % 7 == 0 ? [roomKey("r1")] : []), number < 128 ? .int(Int32(-number)) : .null,
            ]
        }
        let version = GraphVersion.empty(catalog: catalog)
        let time = Instant(microseconds: 1_000_000)
        return (try? version.applying(ChangeSet(types: [halls, works]), number: 1, publishedAt: time)) ?? version
    }

    /// A random version after a few change sets, with rows deleted.
    static func version(seed: UInt64, exhibits: Int = 60, steps: Int = 3) -> GraphVersion {
        var random = SeededGenerator(state: seed &* 7_919 &+ 3)
        var version = GraphVersion.empty(catalog: catalog)
        for step in 0..<steps {
            version = next(version, &random, exhibits: exhibits, number: UInt64(step + 1))
        }
        return version
    }

    /// What a random change makes of a version; the version itself where the change is refused.
    static func next(
        _ version: GraphVersion, _ random: inout SeededGenerator, exhibits: Int, number: UInt64
    ) -> GraphVersion {
        var changes = changes(&random, rooms: Int.random(in: 2...6, using: &random), exhibits: exhibits)
        let given = Set(changes.types[1].givenKeys)
        for row in 0..<RowNumber(version[exhibit].rowCount) where version[exhibit].isLive(row) {
            let key = version.key(of: row, type: exhibit)
            if !given.contains(key), Int.random(in: 0..<5, using: &random) == 0 { changes.types[1].deletedKeys.append(key) }
        }
        let time = Instant(microseconds: Int64(number) * 1_000_000)
        return (try? version.applying(changes, number: number, publishedAt: time)) ?? version
    }
}

extension TypeChanges {
    fileprivate var givenKeys: [Key] {
        (0..<rowCount).compactMap { row in
            guard case .int(let number) = cells[row * columns.count], case .reference(let room) = cells[row * columns.count + 1]
            else { return nil }
            return Key([.reference(room), .int(number)])
        }
    }
}

/// Everything that a version holds, as lines: rows in their order, with the keys of the rows they name, and what look-ups find.
func told(_ version: GraphVersion) -> [String] {
    var lines = ["version \(version.number) of \(version.publishedAt.microseconds)"]
    for (index, type) in version.catalog.nodeTypes.enumerated() {
        let id = NodeTypeID(index)
        let table = version[id]
        lines.append("\(type.name): \(table.liveRowCount)")
        for row in 0..<RowNumber(table.rowCount) where table.isLive(row) {
            let key = version.key(of: row, type: id)
            var line = "\(key)"
            if version.row(of: id, forKey: key) != row { line += " NOT FOUND" }
            for (column, definition) in type.columns.enumerated() {
                line += " | " + cell(version, id, column, Int(row))
                if definition.isUnique, !table.column(column).isNull(at: Int(row)) {
                    if found(version, id, column, Int(row)) != row { line += " NOT FOUND" }
                }
            }
            for (inverse, definition) in type.inverses.enumerated() {
                let adjacency = table.inverse(inverse)
                let targets = adjacency.targets(of: row)
                line +=
                    " < "
                    + targets.indices.map { "\(version.key(of: targets[$0], type: definition.source))" }.joined(separator: ",")
            }
            lines.append(line)
        }
        for column in type.columns.indices { lines.append("\(type.columns[column].name): \(table.columnVersion(column))") }
        for inverse in type.inverses.indices { lines.append("\(type.inverses[inverse].name): \(table.inverseVersion(inverse))") }
    }
    return lines
}

private func found(_ version: GraphVersion, _ type: NodeTypeID, _ column: Int, _ row: Int) -> RowNumber? {
    switch version[type].column(column) {
    case .string(let texts):
        guard let text = texts.text(at: row), texts.dictionary.code(of: text) == texts.codes[row] else { return nil }
        return version[type].row(withUnique: text, in: column)
    case .int(let values): return values[row].flatMap { version[type].row(withUnique: .int($0), in: column, of: version.catalog) }
    default: return nil
    }
}

private func cell(_ version: GraphVersion, _ type: NodeTypeID, _ column: Int, _ row: Int) -> String {
    let kind = version.catalog[type].columns[column].kind
    switch version[type].column(column) {
    case .boolean(let values): return "\(String(describing: values[row]))"
    case .int(let values), .date(let values): return "\(String(describing: values[row]))"
    case .decimal(let values, _), .dateTime(let values): return "\(String(describing: values[row]))"
    case .float(let values): return "\(String(describing: values[row]))"
    case .enumeration(let values): return "\(String(describing: values[row]))"
    case .string(let texts):
        guard let text = texts.text(at: row) else { return "nil" }
        return texts.dictionary.code(of: text) == texts.codes[row] ? "\(Array(text.utf8))" : "\(text) NOT FOUND"
    case .reference(let values):
        guard case .reference(let target) = kind else { return "?" }
        return values[row].map { "\(version.key(of: $0, type: target))" } ?? "nil"
    case .enumerationList(let lists):
        let list = lists.list(at: row)
        return lists.isNull(at: row) ? "nil" : "\(list.indices.map { list[$0] })"
    case .referenceList(let lists):
        guard case .referenceList(let target) = kind else { return "?" }
        let list = lists.list(at: row)
        return lists.isNull(at: row) ? "nil" : "\(list.indices.map { version.key(of: list[$0], type: target) })"
    }
}
