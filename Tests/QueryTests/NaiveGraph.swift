/// The music register as dictionaries, read by the plainest code there is: what the engine's answers are held against.
final class NaiveGraph {
    enum Value: Hashable {
        case null
        case boolean(Bool)
        case int(Int)
        case float(Double)
        /// Thousandths, whatever the field's digits.
        case decimal(Int)
        /// Days since 1970-01-01.
        case date(Int)
        case instant(Int)
        case string(String)
        case enumeration(String)
        case enumerations([String])
        /// A row of a type, by place.
        case row(Int)
        case rows([Int])
        /// numerator, denominator
        case ratio(Int, Int)
    }
    typealias Row = [String: Value]

    var rows: [String: [Row]] = ["Player": [], "Band": [], "Stint": [], "Song": [], "Region": []]
    /// Days since 1970-01-01.
    var asOf = 18_000

    /// What derived fields are computed of, where this is what somebody sees of it: the graph, and the places there of rows here.
    var whole: (graph: NaiveGraph, places: [String: [Int]])?
    private static let derived: Set<String> = [
        "songCount", "share", "title", "isTall", "load", "earnings", "debut", "lastSeen", "bestPupil",
    ]

    static let ranks = ["NOVICE", "SKILLED", "MASTER"]
    static let skills = ["SINGING", "STRINGS", "DRUMS", "KEYS"]
    static let levels = ["LAND", "CITY", "STREET"]

    // MARK: - Fields

    /// The value of any field of the model, stored or not.
    func value(_ field: String, of row: Int, _ type: String, on date: Int? = nil) -> Value {
        let date = date ?? asOf
        if let whole, type == "Player", Self.derived.contains(field) {
            return whole.graph.value(field, of: whole.places[type]![row], type, on: date)
        }
        switch (type, field) {
        case ("Player", "pupils"): return .rows(find("Player", "teacher", row))
        case ("Player", "stints"): return .rows(find("Stint", "player", row))
        case ("Player", "songs"):
            return .rows(
                rows["Song"]!.indices.filter {
                    if case .rows(let list)? = rows["Song"]![$0]["writers"] { list.contains(row) } else { false }
                })
        case ("Player", "songCount"):
            guard case .rows(let songs) = value("songs", of: row, "Player") else { return .null }
            return .int(songs.count)
        case ("Player", "share"):
            guard case .rows(let songs) = value("songs", of: row, "Player"),
                case .int(let height) = value("height", of: row, "Player"),
                height != 0
            else { return .null }
            return height < 0 ? .ratio(-songs.count, -height) : .ratio(songs.count, height)
        case ("Player", "band"): return validStint(of: row, on: date).map { value("band", of: $0, "Stint") } ?? .null
        case ("Player", "role"): return validStint(of: row, on: date).map { value("role", of: $0, "Stint") } ?? .null
        case ("Player", "stage"), ("Player", "wage"):
            return validStint(of: row, on: date).map { value(field, of: $0, "Stint") } ?? .null
        case ("Player", "title"):
            guard case .boolean(let isRetired) = value("retired", of: row, type) else { return .null }
            return value(isRetired ? "name" : "nickname", of: row, type)
        case ("Player", "isTall"):
            if case .int(let height) = value("height", of: row, type) { return .boolean(height > 150) }
            return .null
        case ("Player", "load"):
            if case .float(let weight) = value("weight", of: row, type) { return .float(weight * 2) }
            return .null
        case ("Player", "earnings"):
            guard case .rows(let songs) = value("songs", of: row, type) else { return .null }
            return .decimal(
                songs.reduce(0) { if case .decimal(let price) = value("price", of: $1, "Song") { $0 + price } else { $0 } })
        case ("Player", "debut"): return extreme("since", of: find("Stint", "player", row), "Stint", .less)
        case ("Player", "lastSeen"): return extreme("seenAt", of: find("Player", "teacher", row), "Player", .greater)
        case ("Player", "bestPupil"): return extreme("rank", of: find("Player", "teacher", row), "Player", .greater)
        case ("Region", "bands"): return .rows(find("Band", "home", row))
        case ("Band", "stints"): return .rows(find("Stint", "band", row))
        case ("Band", "songs"): return .rows(find("Song", "band", row))
        case ("Band", "players"):
            let stints = find("Stint", "band", row).filter { holds($0, on: date) }
            let players = stints.compactMap {
                if case .row(let player) = value("player", of: $0, "Stint") { player } else { nil }
            }
            return .rows(Set(players).sorted())
        case ("Song", "writers"):
            guard case .rows(let list) = rows[type]![row][field] ?? .null else { return .rows([]) }
            return .rows(Set(list).sorted())
        default: return rows[type]![row][field] ?? .null
        }
    }

    private func extreme(_ field: String, of rows: [Int], _ type: String, _ wanted: Comparison) -> Value {
        rows.map { value(field, of: $0, type) }.filter { $0 != .null }.reduce(.null) {
            $0 == .null || Self.order($1, $0) == wanted ? $1 : $0
        }
    }

    /// Whether a region is the one of a code, or below it.
    func isWithin(_ code: String, _ region: Int) -> Bool {
        var next = Value.row(region)
        while case .row(let row) = next {
            if value("code", of: row, "Region") == .string(code) { return true }
            next = value("parent", of: row, "Region")
        }
        return false
    }

    /// The region of a level above a region, or itself; nil where there is none.
    func ancestor(_ level: String, of region: Int) -> Int? {
        var next = Value.row(region)
        while case .row(let row) = next {
            if value("level", of: row, "Region") == .enumeration(level) { return row }
            next = value("parent", of: row, "Region")
        }
        return nil
    }

    private func find(_ type: String, _ field: String, _ row: Int) -> [Int] {
        rows[type]!.indices.filter { rows[type]![$0][field] == .row(row) }
    }

    func holds(_ stint: Int, on date: Int) -> Bool {
        if case .date(let since)? = rows["Stint"]![stint]["since"], since > date { return false }
        if case .date(let until)? = rows["Stint"]![stint]["until"], until <= date { return false }
        return true
    }

    /// The latest start; then the greatest key, and the player is the same and so is the start, so there is only one.
    private func validStint(of player: Int, on date: Int) -> Int? {
        find("Stint", "player", player).filter { holds($0, on: date) }
            .max { start($0) < start($1) }
    }

    private func start(_ stint: Int) -> Int {
        if case .date(let since)? = rows["Stint"]![stint]["since"] { since } else { Int.min }
    }

    // MARK: - Order

    /// The key as something that sorts.
    func key(of row: Int, _ type: String) -> [Value] {
        switch type {
        case "Player": [value("number", of: row, type)]
        case "Band", "Region": [value("code", of: row, type)]
        case "Stint":
            target(value("player", of: row, type)).map { key(of: $0, "Player") + [value("since", of: row, type)] } ?? []
        default: target(value("band", of: row, type)).map { key(of: $0, "Band") + [value("title", of: row, type)] } ?? []
        }
    }

    private func target(_ value: Value) -> Int? { if case .row(let row) = value { row } else { nil } }

    func keysAscend(_ left: Int, _ right: Int, _ type: String) -> Bool {
        for (a, b) in zip(key(of: left, type), key(of: right, type)) where a != b { return Self.order(a, b) == .less }
        return false
    }

    enum Comparison { case less, equal, greater }

    /// Of values of one kind, neither null.
    static func order(_ left: Value, _ right: Value) -> Comparison {
        func compare<T: Comparable>(_ a: T, _ b: T) -> Comparison { a < b ? .less : a == b ? .equal : .greater }
        switch (left, right) {
        case (.boolean(let a), .boolean(let b)): return compare(a ? 1 : 0, b ? 1 : 0)
        case (.int(let a), .int(let b)), (.decimal(let a), .decimal(let b)), (.date(let a), .date(let b)),
            (.instant(let a), .instant(let b)):
            return compare(a, b)
        case (.float(let a), .float(let b)): return compare(a, b)
        case (.string(let a), .string(let b)):
            let (x, y) = (Array(a.utf8), Array(b.utf8))
            return x == y ? .equal : x.lexicographicallyPrecedes(y) ? .less : .greater
        case (.enumeration(let a), .enumeration(let b)):
            return compare(place(a), place(b))
        case (.ratio(let a, let b), .ratio(let c, let d)): return compare(a * d, c * b)
        default: return .equal
        }
    }

    private static func place(_ name: String) -> Int {
        ranks.firstIndex(of: name) ?? skills.firstIndex(of: name) ?? levels.firstIndex(of: name) ?? -1
    }
}
