import Foundation
import Model
import StoreColumns
import Testing

/// Random changes are applied to the engine, as mutations, and to dictionaries; both must accept the same and hold the same.
@Suite("Random changes")
struct RandomChangesTests {
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `the engine accepts what a graph of dictionaries accepts, and holds what it holds`(seed: UInt64) async throws {
        var chance = Chance(seed: seed)
        var dictionaries = ChangedDictionaries()
        let desk = try ChangingDesk(music, GraphVersion.empty(catalog: music.catalog), asOf: #require(CivilDate(days: 18_000)))
        var history = [(number: "0", rows: dictionaries)]
        var refused = 0
        for round in 0..<200 {
            let changes = RandomChanges(&chance, of: dictionaries)
            let report = try await desk.data(
                "mutation ($c: ChangesInput!) { applyChanges(changes: $c) { \(ChangingDesk.report) } }",
                variables: "{\"c\":\(changes.json)}")["applyChanges"]
            let next = dictionaries.applying(changes)
            #expect(
                report.applied.bool == (next != nil), "seed \(seed) round \(round): \(changes.json) gave \(report.problems)")
            #expect((report.problemCount.int == 0) == (next != nil))
            guard let next else {
                refused += 1
                continue
            }
            for (type, list) in ChangedDictionaries.lists {
                let counts = report.counts.items.first { $0.type.string == type }
                let (old, new) = (dictionaries.rows[type] ?? [:], next.rows[type] ?? [:])
                let added = new.keys.filter { old[$0] == nil }.count
                let changed = new.filter { key, row in
                    guard let before = old[key] else { return false }
                    return before != row
                }.count
                #expect((counts?.added.int ?? 0) == added, "seed \(seed) round \(round) \(list)")
                #expect((counts?.changed.int ?? 0) == changed, "seed \(seed) round \(round) \(list): \(changes.json)")
                #expect((counts?.deleted.int ?? 0) == old.keys.filter { new[$0] == nil }.count)
            }
            dictionaries = next
            history.append((try #require(report.version.string), next))
            if round % 10 == 0 { try await check(desk, holds: dictionaries, "seed \(seed) round \(round)") }
        }
        try await check(desk, holds: dictionaries, "seed \(seed)")
        #expect(refused > 20 && history.count > 15, "seed \(seed): \(refused) refused, \(history.count) applied")
        for _ in 0..<12 {
            let (from, to) = (history[chance.below(history.count)], history[chance.below(history.count)])
            try await check(desk, from, to, "seed \(seed)")
        }
        try await check(desk, history[0], history[history.count - 1], "seed \(seed)")
    }

    private func check(_ desk: ChangingDesk, holds expected: ChangedDictionaries, _ place: String) async throws {
        let data = try await desk.data(
            """
            { players(first: 1000) { nodes { number name nickname height rank skills teacher { number } } }
              bands(first: 1000) { nodes { code name founded } }
              stints(first: 1000) { nodes { player { number } since band { code } until role } }
              songs(first: 1000) { nodes { band { code } title writers { nodes { number } } price } } }
            """)
        var found = ChangedDictionaries()
        for node in data.players.nodes.items {
            var row = ChangedDictionaries.row(node, ["number", "name", "nickname", "height", "rank", "skills"])
            row["teacher"] = node.teacher.number.description
            found.rows["Player"]?[node.number.string ?? ""] = row
        }
        for node in data.bands.nodes.items {
            found.rows["Band"]?[node.code.string ?? ""] = ChangedDictionaries.row(node, ["code", "name", "founded"])
        }
        for node in data.stints.nodes.items {
            var row = ChangedDictionaries.row(node, ["since", "until", "role"])
            row["player"] = node.player.number.description
            row["band"] = node.band.code.description
            found.rows["Stint"]?["\(node.player.number.string ?? "")|\(node.since.string ?? "")"] = row
        }
        for node in data.songs.nodes.items {
            var row = ChangedDictionaries.row(node, ["title", "price"])
            row["band"] = node.band.code.description
            row["writers"] = JSON(value: node.writers.nodes.items.compactMap(\.number.string).sorted()).description
            found.rows["Song"]?["\(node.band.code.string ?? "")|\(node.title.string ?? "")"] = row
        }
        #expect(found == expected, "\(place)")
    }

    /// Compares two versions as the engine does and as dictionaries do.
    private func check(
        _ desk: ChangingDesk, _ from: (number: String, rows: ChangedDictionaries),
        _ to: (number: String, rows: ChangedDictionaries),
        _ place: String
    ) async throws {
        // Versions that are not reached yet from the earlier one are asked from the current one all the same.
        let diff = try await desk.data(
            """
            { diff(from: "\(from.number)", to: "\(to.number)") {
                types { type added removed changed transitions { field from to count } }
                rows(first: 1000) { totalCount nodes { type key change fields { field } } } } }
            """)["diff"]
        var expectedRows: [String: Set<String>] = [:]
        for (type, _) in ChangedDictionaries.lists {
            let (old, new) = (from.rows.rows[type] ?? [:], to.rows.rows[type] ?? [:])
            var counts = (added: 0, removed: 0, changed: 0)
            var ranks: [String: Int] = [:]
            for (key, row) in new {
                guard let before = old[key] else {
                    counts.added += 1
                    expectedRows["\(type) \(key) ADDED"] = Set(row.filter { $0.value != "null" }.keys)
                    continue
                }
                let fields = row.filter { before[$0.key] != $0.value }.map(\.key)
                guard !fields.isEmpty else { continue }
                counts.changed += 1
                expectedRows["\(type) \(key) CHANGED"] = Set(fields)
                if type == "Player", let a = before["rank"], let b = row["rank"], a != b { ranks["\(a)>\(b)", default: 0] += 1 }
            }
            for (key, row) in old where new[key] == nil {
                counts.removed += 1
                expectedRows["\(type) \(key) REMOVED"] = Set(row.filter { $0.value != "null" }.keys)
            }
            let found = diff.types.items.first { $0.type.string == type }
            #expect((found?.added.int ?? 0) == counts.added, "\(place) \(from.number)→\(to.number) \(type)")
            #expect((found?.removed.int ?? 0) == counts.removed, "\(place) \(from.number)→\(to.number) \(type)")
            #expect((found?.changed.int ?? 0) == counts.changed, "\(place) \(from.number)→\(to.number) \(type)")
            if type == "Player" {
                var foundRanks: [String: Int] = [:]
                for entry in found?.transitions.items ?? [] where entry.field.string == "rank" {
                    foundRanks["\(entry.from)>\(entry.to)"] = entry.count.int
                }
                #expect(foundRanks == ranks, "\(place) \(from.number)→\(to.number)")
            }
        }
        var foundRows: [String: Set<String>] = [:]
        for node in diff.rows.nodes.items {
            foundRows["\(node.type.string ?? "") \(node.key.string ?? "") \(node.change.string ?? "")"] = Set(
                node.fields.items.compactMap(\.field.string))
        }
        #expect(foundRows == expectedRows, "\(place) \(from.number)→\(to.number)")
        #expect(diff.rows.totalCount.int == expectedRows.count)
    }
}

/// The music register as dictionaries of JSON texts, by type and key.
struct ChangedDictionaries: Equatable {
    typealias Row = [String: String]
    var rows: [String: [String: Row]] = ["Player": [:], "Band": [:], "Stint": [:], "Song": [:]]

    static let lists = [("Player", "players"), ("Band", "bands"), ("Stint", "stints"), ("Song", "songs")]
    static let keys = ["Player": ["number"], "Band": ["code"], "Stint": ["player", "since"], "Song": ["band", "title"]]
    static let fields = [
        "Player": ["number", "name", "nickname", "height", "rank", "skills", "teacher"], "Band": ["code", "name", "founded"],
        "Stint": ["player", "since", "band", "until", "role"], "Song": ["band", "title", "writers", "price"],
    ]
    static let needed = ["Player": ["name"], "Band": ["name", "founded"], "Stint": ["band"], "Song": ["writers"]]
    static let references = [
        "Player": ["teacher": "Player"], "Band": [:], "Stint": ["player": "Player", "band": "Band"],
        "Song": ["band": "Band", "writers": "Player"],
    ]

    static func row(_ node: JSON, _ names: [String]) -> Row {
        Dictionary(uniqueKeysWithValues: names.map { ($0, node[$0].description) })
    }

    /// Nil where the changes must be refused.
    func applying(_ changes: RandomChanges) -> ChangedDictionaries? {
        var next = self
        for (type, keys) in changes.deletes {
            guard Set(keys).count == keys.count else { return nil }
            for key in keys { guard next.rows[type]?.removeValue(forKey: key) != nil else { return nil } }
        }
        for (type, given) in changes.upserts {
            guard Set(given.map(\.key)).count == given.count, let needed = Self.needed[type], let fields = Self.fields[type]
            else {
                return nil
            }
            for (key, cells) in given {
                if changes.deletes[type]?.contains(key) == true { return nil }
                var row = next.rows[type]?[key] ?? Dictionary(uniqueKeysWithValues: fields.map { ($0, "null") })
                for (field, value) in cells { row[field] = value }
                for field in needed where row[field] == "null" { return nil }
                next.rows[type]?[key] = row
            }
        }
        for (type, rows) in next.rows {
            for row in rows.values {
                for (field, target) in Self.references[type] ?? [:] {
                    guard let value = row[field], value != "null" else { continue }
                    for key in value.split(whereSeparator: { "[],\"".contains($0) }) {
                        if next.rows[target]?[String(key)] == nil { return nil }
                    }
                }
            }
        }
        return next
    }
}

/// Changes drawn from few keys, so that they meet.
struct RandomChanges {
    var upserts: [String: [(key: String, cells: [String: String])]] = [:]
    var deletes: [String: [String]] = [:]

    init(_ chance: inout Chance, of rows: ChangedDictionaries) {
        for (type, _) in ChangedDictionaries.lists where chance.below(3) > 0 {
            upserts[type] = (0..<chance.below(4)).map { _ in Self.upsert(type, &chance) }
            guard chance.below(3) == 0 else { continue }
            let known = (rows.rows[type] ?? [:]).keys.sorted()
            // Mostly rows that are there.
            deletes[type] = known.isEmpty ? [] : (0..<chance.below(3)).map { _ in known[chance.below(known.count)] }
        }
    }

    private static func text(_ prefix: String, _ count: Int, _ chance: inout Chance) -> String {
        "\"\(prefix)\(chance.below(count))\""
    }

    private static func upsert(_ type: String, _ chance: inout Chance) -> (key: String, cells: [String: String]) {
        var cells: [String: String] = [:]
        let player = { (chance: inout Chance) in text("P", 8, &chance) }
        switch type {
        case "Player":
            cells["number"] = player(&chance)
            cells["name"] = text("Name ", 3, &chance)
            maybe("nickname", text("n", 3, &chance), &cells, &chance)
            maybe("height", String(chance.below(4)), &cells, &chance)
            maybe("rank", "\"\(NaiveGraph.ranks[chance.below(3)])\"", &cells, &chance)
            maybe("skills", chance.below(2) == 0 ? "[]" : "[\"DRUMS\",\"KEYS\"]", &cells, &chance)
            maybe("teacher", player(&chance), &cells, &chance)
        case "Band":
            cells["code"] = text("B", 4, &chance)
            cells["name"] = text("Band ", 3, &chance)
            cells["founded"] = "\"200\(chance.below(3))-01-01\""
        case "Stint":
            cells["player"] = player(&chance)
            cells["since"] = "\"201\(chance.below(3))-01-01\""
            cells["band"] = text("B", 4, &chance)
            maybe("until", "\"2015-0\(1 + chance.below(3))-01\"", &cells, &chance)
            maybe("role", "\"\(NaiveGraph.skills[chance.below(4)])\"", &cells, &chance)
        default:
            cells["band"] = text("B", 4, &chance)
            cells["title"] = text("T", 3, &chance)
            let writers = Set((0..<chance.below(3)).map { _ in player(&chance) }).sorted()
            cells["writers"] = "[\(writers.joined(separator: ","))]"
            maybe("price", String(chance.below(4)), &cells, &chance)
        }
        let parts = (ChangedDictionaries.keys[type] ?? []).map { (cells[$0] ?? "").filter { $0 != "\"" } }
        // Rarely, what every row needs is left out or cleared.
        if chance.below(6) == 0, let field = ChangedDictionaries.needed[type]?.first {
            cells[field] = chance.below(3) == 0 ? "null" : nil
        }
        return (parts.joined(separator: "|"), cells)
    }

    private static func maybe(_ field: String, _ value: String, _ cells: inout [String: String], _ chance: inout Chance) {
        switch chance.below(4) {
        case 0: cells[field] = nil
        case 1: cells[field] = "null"
        default: cells[field] = value
        }
    }

    /// As `ChangesInput` in variables.
    var json: String {
        let types = ChangedDictionaries.lists.compactMap { type, list -> String? in
            guard upserts[type] != nil || deletes[type] != nil else { return nil }
            let rows = (upserts[type] ?? []).map { row in
                "{" + row.cells.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
            }
            let keys = (deletes[type] ?? []).map { key in
                let parts = zip(ChangedDictionaries.keys[type] ?? [], key.split(separator: "|"))
                return "{" + parts.map { "\"\($0)\":\"\($1)\"" }.joined(separator: ",") + "}"
            }
            return "\"\(list)\":{\"upsert\":[\(rows.joined(separator: ","))],\"delete\":[\(keys.joined(separator: ","))]}"
        }
        return "{\(types.joined(separator: ","))}"
    }
}
