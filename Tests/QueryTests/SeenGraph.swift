import Model
import Query
import QueryPlanning
import StoreColumns

/// A rule of a role, in the model's language and by hand, with what it reads of who asks.
struct NaiveScope {
    var type: String
    var cel: String
    var claims: [(name: String, kind: ClaimKind, values: [String])] = []
    /// Only TRUE counts.
    var holds: (NaiveGraph, Int) -> Bool

    /// A rule at random: of every kind of field, and of every kind of claim.
    static func random(_ chance: inout Chance, _ graph: NaiveGraph, claim: String) -> NaiveScope {
        func keys(_ type: String, _ field: String) -> [String] {
            graph.rows[type]!.indices.compactMap {
                if case .string(let text) = graph.value(field, of: $0, type) { text } else { nil }
            }
        }
        func some(_ texts: [String], _ chance: inout Chance) -> [String] {
            let share = 1 + chance.below(4)
            return texts.filter { _ in chance.below(5) < share } + ["none"]
        }
        func isOneOf(_ type: String, _ field: String, _ chance: inout Chance) -> NaiveScope {
            let chosen = some(keys(type, field), &chance)
            return NaiveScope(
                type: type, cel: "\(field) in claims.\(claim)", claims: [(claim, .strings, chosen)],
                holds: {
                    if case .string(let text) = $0.value(field, of: $1, type) { chosen.contains(text) } else { false }
                })
        }
        switch chance.below(10) {
        case 0: return isOneOf("Player", "number", &chance)
        case 1: return isOneOf("Band", "code", &chance)
        case 2: return isOneOf("Region", "code", &chance)
        case 3:
            let least = chance.below(5) * 30
            return NaiveScope(
                type: "Player", cel: "height > claims.\(claim)", claims: [(claim, .int, ["\(least)"])],
                holds: { if case .int(let height) = $0.value("height", of: $1, "Player") { height > least } else { false } })
        case 4:
            let codes = keys("Region", "code")
            let code = chance.pick(codes)
            return NaiveScope(
                type: "Band", cel: "within(home, claims.\(claim))", claims: [(claim, .string, [code])],
                holds: { if case .row(let home) = $0.value("home", of: $1, "Band") { $0.isWithin(code, home) } else { false } })
        case 5:
            let codes = some(keys("Region", "code"), &chance)
            return NaiveScope(
                type: "Region", cel: "within(parent, claims.\(claim)) || code in claims.\(claim)",
                claims: [(claim, .strings, codes)], holds: { graph, row in codes.contains { graph.isWithin($0, row) } })
        case 6:
            return NaiveScope(
                type: "Song", cel: "seconds > 0",
                holds: {
                    if case .int(let seconds) = $0.value("seconds", of: $1, "Song") { seconds > 0 } else { false }
                })
        case 7:
            let codes = keys("Band", "code")
            let code = chance.pick(codes)
            return NaiveScope(
                type: "Player", cel: "band.code != claims.\(claim)", claims: [(claim, .string, [code])],
                holds: {
                    guard case .row(let band) = $0.value("band", of: $1, "Player") else { return false }
                    return $0.value("code", of: band, "Band") != .string(code)
                })
        case 8:
            return NaiveScope(
                type: "Player", cel: "songCount > 0",
                holds: {
                    if case .int(let count) = $0.value("songCount", of: $1, "Player") { count > 0 } else { false }
                })
        default:
            return NaiveScope(
                type: "Stint", cel: "has(role) && has(player.teacher)",
                holds: {
                    guard case .row(let player) = $0.value("player", of: $1, "Stint") else { return false }
                    return $0.value("role", of: $1, "Stint") != .null && $0.value("teacher", of: player, "Player") != .null
                })
        }
    }
}

extension NaiveGraph {
    static let types = ["Player", "Band", "Stint", "Song", "Region"]

    /// The rows that rules leave, by type and place, without those that require a hidden one.
    func kept(by scopes: [NaiveScope]) -> [String: [Int]] {
        var kept: [String: [Int]] = [:]
        for type in Self.types {
            kept[type] = rows[type]!.indices.filter { row in scopes.allSatisfy { $0.type != type || $0.holds(self, row) } }
        }
        // Bands and players require nobody.
        let (players, bands) = (Set(kept["Player"]!), Set(kept["Band"]!))
        func isThere(_ value: Value, _ rows: Set<Int>) -> Bool {
            if case .row(let row) = value { rows.contains(row) } else { true }
        }
        kept["Stint"] = kept["Stint"]!.filter {
            isThere(value("player", of: $0, "Stint"), players) && isThere(value("band", of: $0, "Stint"), bands)
        }
        kept["Song"] = kept["Song"]!.filter { isThere(value("band", of: $0, "Song"), bands) }
        return kept
    }

    /// The same with only some rows: what names others names nothing. Derived fields stay what they are.
    func with(only kept: [String: [Int]], derivedOfAll: Bool = true) -> NaiveGraph {
        let graph = NaiveGraph()
        graph.asOf = asOf
        if derivedOfAll { graph.whole = (self, kept) }
        let targets = [
            "teacher": "Player", "player": "Player", "writers": "Player", "band": "Band", "home": "Region", "parent": "Region",
        ]
        let places = kept.mapValues { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($1, $0) }) }
        for type in Self.types {
            graph.rows[type] = kept[type]!.map { row in
                var cells = rows[type]![row]
                for (field, value) in cells {
                    switch value {
                    case .row(let target): cells[field] = places[targets[field]!]![target].map { .row($0) } ?? .null
                    case .rows(let list): cells[field] = .rows(list.compactMap { places[targets[field]!]![$0] })
                    default: break
                    }
                }
                return cells
            }
        }
        return graph
    }
}

/// A viewer with rules of their own, and what they see.
struct SeenDesk {
    let viewer: Viewer
    let scopes: RowScopes
    let texts: String
    let kept: [String: [Int]]
    /// What they see, derived fields of all.
    let graph: NaiveGraph

    init(_ role: String, _ chance: inout Chance, _ whole: NaiveGraph) throws {
        let rules = (0..<1 + chance.below(3)).map { NaiveScope.random(&chance, whole, claim: "c\($0)") }
        let claims = rules.flatMap(\.claims)
        scopes = try RowScopes(
            rules.map { ($0.type, $0.cel) }, claims: claims.map { ($0.name, $0.kind) }, in: music)
        viewer = Viewer(
            role: role,
            claims: claims.flatMap { claim in claim.values.map { Viewer.Claim(name: claim.name, value: $0) } })
        texts = rules.map { "\($0.type): \($0.cel) \($0.claims.map(\.values))" }.joined(separator: "; ")
        kept = whole.kept(by: rules)
        graph = whole.with(only: kept)
    }

    /// The engine on all rows, asked by this viewer.
    func desk(_ version: GraphVersion, _ whole: NaiveGraph, _ seen: SeenVersions, _ heard: Desk.Heard? = nil) throws -> Desk {
        guard let asOf = CivilDate(days: Int32(whole.asOf)) else { throw NoDay() }
        var desk = Desk(music, version, asOf: asOf, seen: seen)
        desk.viewer = viewer
        desk.heard = heard
        return desk
    }

    struct NoDay: Error {}
}
