import Expressions
import Model
import StoreColumns
import Testing

/// What was found of parameters is kept from version to version; whoever asks must not see the difference.
@Suite struct `Kept parameters` {
    private static let text = """
        enum Level { TOP LOW }
        enum Rules { OLD STANDARD }
        type Place @node(key: "code") @tree(parent: "parent", level: "level") {
          code: String!
          parent: Place
          level: Level!
          jars: [Jar!]! @inverse(of: "place")
        }
        type Setting @node(key: "code") @period(from: "since", to: "until")
          @parameters(name: "name", value: "value", variant: "rules", place: "place")
          @parameter(name: "heavy", type: "Int", value: "10", variants: ["OLD=20"], zh: "重量")
          @parameter(name: "light", type: "Int", zh: "轻") {
          code: String!
          name: String!
          value: String
          rules: Rules!
          place: Place
          since: Date!
          until: Date
        }
        type Jar @node(key: "label") {
          label: String!
          weight: Int!
          place: Place
          isHeavy: Boolean! @derived(cel: "weight >= param('heavy')")
        }
        """

    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }

    private let model: Model
    private let place: NodeTypeID
    private let setting: NodeTypeID
    private let jar: NodeTypeID

    init() throws {
        model = try Model(sources: [ModelSource(name: "jars.graphql", bytes: Array(Self.text.utf8))], digest: "jars")
        place = try #require(model.type(named: "Place")).nodeType
        setting = try #require(model.type(named: "Setting")).nodeType
        jar = try #require(model.type(named: "Jar")).nodeType
    }

    /// Rows of a type, by the names of their columns.
    private func rows(_ type: NodeTypeID, _ columns: [String], _ cells: [Cell], deleting: [Key] = []) -> ChangeSet {
        var changes = TypeChanges(type: type, columns: columns.compactMap { model.catalog[type].column(named: $0) })
        changes.cells = cells
        changes.deletedKeys = deleting
        var set = ChangeSet()
        set.types = [changes]
        return set
    }

    private func name(_ code: Int) -> Key { Key([.string("p\(code)")]) }

    private func change(_ random: inout Random) -> ChangeSet {
        func some(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        switch some(10) {
        case 0, 1:
            return rows(
                place, ["code", "level", "parent"],
                [.string("p\(some(5))"), .enumeration(0), some(3) == 0 ? .null : .reference(name(some(5)))])
        case 2: return rows(setting, ["code"], [], deleting: [Key([.string("s\(some(4))")])])
        case 3, 4, 5:
            return rows(
                setting, ["code", "name", "value", "rules", "place", "since", "until"],
                [
                    .string("s\(some(4))"), .string(some(2) == 0 ? "heavy" : "light"), .string("\(some(6))"),
                    .enumeration(UInt16(some(2))), some(2) == 0 ? .null : .reference(name(some(5))), .date(Int32(some(4))),
                    some(3) == 0 ? .date(Int32(4 + some(4))) : .null,
                ])
        default:
            return rows(
                jar, ["label", "weight", "place"], [.string("j\(some(9))"), .int(Int32(some(30))), .reference(name(some(5)))])
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `they are what is found anew, whatever changed between two questions`(seed: UInt64) throws {
        var random = Random(state: seed)
        var version = GraphVersion.empty(catalog: model.catalog)
        version = try version.applying(
            rows(place, ["code", "level"], (0..<5).flatMap { [.string("p\($0)"), .enumeration(0)] }), number: 1,
            publishedAt: Instant(microseconds: 0))
        var kept = 0
        var last: BoundParameters?
        for step in 0..<400 {
            let changes = change(&random)
            // What is refused changes nothing.
            guard let next = try? version.applying(changes, number: version.number + 1, publishedAt: version.publishedAt) else {
                continue
            }
            version = next
            let asOf = try #require(CivilDate(days: Int32.random(in: 0..<3, using: &random)))
            let scopes = [[:], ["area": "p\(Int.random(in: 0..<5, using: &random))"], ["heavy": "7"], ["profile": "OLD"]]
            for texts in scopes {
                let scope = ParameterScope(texts)
                let found = try model.resolvedParameters(scope, in: version, asOf: asOf)
                let bound = try model.boundParameters(scope, in: version, asOf: asOf)
                #expect(bound.resolved.values == found.values, "seed \(seed) step \(step) \(texts)")
                #expect(bound.resolved.origins == found.origins, "seed \(seed) step \(step) \(texts)")
                let expected = model.parametricTypes.bound(to: found.values).derived.map(\.expression)
                #expect(bound.rowTypes.derived.map(\.expression) == expected, "seed \(seed) step \(step) \(texts)")
                if texts.isEmpty {
                    if bound === last { kept += 1 }
                    last = bound
                }
            }
        }
        #expect(kept > 20, "seed \(seed): \(kept) of 400 questions were answered from what was kept")
    }
}
