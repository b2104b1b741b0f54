import Model
import Settings
import StoreColumns
import Testing

/// What of a model stands in an archive for a role.
@Suite struct `The model of what a role sees` {
    private static let sdl = """
        \"""A town.\"""
        type Town @node(key: "code") @label(zh: "镇") {
          code: String!
          houses: [House!]! @inverse(of: "town")
          houseCount: Int! @derived(cel: "size(houses)")
          poorCount: Int! @derived(cel: "size(houses.filter(h, h.isPoor))") @personal(class: NONE)
          richest: Decimal @derived(cel: "max(houses.map(h, h.pay))")
        }
        type House @node(key: "number") @check(id: "long", cel: "size(number) > 0") {
          number: String!
          town: Town!
          owner: String! @unique @index @search(personal: true) @label(zh: "户主") @was(name: "head") @personal(class: PII, mask: NAME, about: "NAME")
          phone: String @personal(class: PII, mask: PHONE, about: "PHONE")
          pay: Decimal @decimal(digits: 1) @personal(class: PII, mask: BAND, about: "PAY")
          ills: [Ill!] @personal(class: SPI, mask: BAND, about: "ILL")
          isPoor: Boolean @derived(cel: "pay < param('line')") @personal(class: NONE)
          isOverLine: Boolean @derived(cel: "size(number) > 3 && param('line') > 2")
          stays: [Stay!]! @inverse(of: "house")
          state: State @valid(in: "stays.state")
          secret: Secret
          next: House
          nextNumber: String @derived(cel: "next.number")
        }
        type Stay @node(key: ["house", "from"]) @period(from: "from", to: "to") {
          house: House!
          from: Date!
          to: Date @personal(class: PII, mask: YEAR, about: "LEFT")
          state: State!
        }
        type Secret @node(key: "number") { number: String! houses: [House!]! @inverse(of: "secret") }
        type Setting @node(key: "name") @parameters(name: "name", value: "value")
          @parameter(name: "line", type: "Int", value: "3", zh: "线") { name: String! value: String }
        enum State { IN OUT @was(name: "GONE") }
        enum Ill { COLD @masked(as: "ILL") WELL }
        """

    private func made(_ role: String, of sdl: String = Self.sdl) throws -> (masked: MaskedModel, text: String) {
        let sources = [
            ModelSource(name: "none.graphql", bytes: Array("type Empty @node(key: \"a\") { a: String! }".utf8)),
            ModelSource(name: "towns.graphql", bytes: Array(sdl.utf8)),
        ]
        let model = try Model(sources: sources, digest: "whole")
        let access = try AccessSettings(reading: Array("roles:\n  SEER: \(role)".utf8), file: "access.yaml")
        let view = try RoleView(try #require(access.roles.first), in: model, file: "access.yaml")
        let masking = Masking(
            profile: "PART", role: "SEER", claims: ["b=2", "a=\"1\""], rules: String(repeating: "0f", count: 32))
        let masked = try MaskedModel(of: model, sources, for: view, masking)
        return (masked, masked.sources.map { String(decoding: $0.bytes, as: UTF8.self) }.joined())
    }

    private func fields(_ model: Model, _ type: String) -> [String] { model.type(named: type)?.fields.map(\.name) ?? [] }

    @Test func `says for whom it is, and again when it is read`() throws {
        let (masked, text) = try made("{types: [Town, House, Stay, Setting], views: {NAME: masked, LEFT: full}}")
        #expect(masked.sources.map(\.name) == ["towns.graphql"])
        #expect(masked.model.masking == masked.masking && masked.masking.claims == ["a=\"1\"", "b=2"])
        #expect(
            text.hasPrefix(
                "extend schema @maskedFor(profile: \"PART\", role: \"SEER\", claims: [\"a=\\\"1\\\"\", \"b=2\"], rules: \""))
        #expect(masked.model.outline.audience == masked.masking.text)
        let again = try Model(sources: masked.sources, digest: "")
        #expect(again.schemaText == masked.model.schemaText && again.catalog == masked.model.catalog)
    }

    @Test func `has no type or field that is not seen, and texts in place of what is masked`() throws {
        let (masked, text) = try made(
            "{types: [Town, House, Stay, Setting], views: {NAME: masked, PAY: masked, ILL: masked, LEFT: full}}")
        let model = masked.model
        #expect(model.types.map(\.name) == ["Town", "House", "Stay", "Setting"])
        #expect(!text.contains("Secret") && !text.contains("phone") && !text.contains("@check") && !text.contains("@was"))
        #expect(
            fields(model, "House") == [
                "number", "town", "owner", "pay", "ills", "isOverLine", "stays", "state", "next", "nextNumber",
            ])
        let house = try #require(model.type(named: "House"))
        for name in ["owner", "pay", "ills"] {
            let field = try #require(house.field(named: name))
            #expect(model.catalog[house.nodeType].columns[try #require(field.column)].kind == .string, "\(name)")
            #expect(field.isNullable && !field.isUnique && !field.isIndexed && !field.isSearchable, "\(name)")
            #expect(field.personal?.mask == .full && field.personal != nil, "\(name)")
        }
        #expect(house.field(named: "owner")?.label.chinese == "户主" && house.field(named: "owner")?.personal?.about == "NAME")
    }

    @Test func `has what is computed where it follows from what is there, and says what is withheld`() throws {
        // A verdict on what is masked is told to the role, and does not follow.
        let (masked, _) = try made("{types: [Town, House, Stay, Setting], views: {NAME: full, PAY: masked, LEFT: full}}")
        #expect(fields(masked.model, "Town") == ["code", "houses", "houseCount"])
        #expect(masked.withheld == ["Town.poorCount", "House.isPoor"])
        // Without the rows that set parameters, what reads them does not follow; without a period's end, no dated row.
        let (without, text) = try made("{types: [Town, House, Stay], views: {PAY: full, LEFT: masked}}")
        #expect(fields(without.model, "Town") == ["code", "houses", "houseCount", "richest"])
        #expect(without.withheld == ["Town.poorCount", "House.isPoor", "House.isOverLine"])
        #expect(!fields(without.model, "House").contains("state") && !text.contains("@period") && !text.contains("param"))
        let (whole, _) = try made(
            "{types: [Town, House, Stay, Secret, Setting], views: {NAME: full, PHONE: full, PAY: full, ILL: full, LEFT: full}}")
        #expect(whole.withheld.isEmpty && fields(whole.model, "House").count == 13 && whole.model.parameters != nil)
    }

    @Test func `has no figure of rows that may be hidden, and those that are as whole as their owner`() throws {
        let views = "views: {PAY: full, LEFT: full}"
        let (towns, _) = try made("{types: [Town, House, Stay, Setting], \(views), scopes: {Town: \"code == 'A'\"}}")
        // Of a town that is seen every house is; of a house perhaps not the one that it names.
        #expect(fields(towns.model, "Town") == ["code", "houses", "houseCount", "poorCount", "richest"])
        #expect(towns.withheld == ["House.nextNumber"])
        let (houses, _) = try made("{types: [Town, House, Stay, Setting], \(views), scopes: {House: \"number == 'A'\"}}")
        #expect(houses.withheld == ["Town.houseCount", "Town.poorCount", "Town.richest", "House.nextNumber"])
        #expect(fields(houses.model, "House").contains("state") && fields(houses.model, "House").contains("isPoor"))
        // What sets parameters may be hidden, and with it what reads them.
        let (settings, _) = try made("{types: [Town, House, Stay, Setting], \(views), scopes: {Setting: \"name == 'A'\"}}")
        #expect(settings.withheld == ["Town.poorCount", "House.isPoor", "House.isOverLine"])
    }

    @Test func `has no figure of rows that something else than their owner may hide`() throws {
        let sdl = """
            type Town @node(key: "code") {
              code: String!
              houses: [House!]! @inverse(of: "town")
              houseCount: Int! @derived(cel: "size(houses)")
            }
            type Owner @node(key: "name") {
              name: String!
              houses: [House!]! @inverse(of: "owner")
              houseCount: Int! @derived(cel: "size(houses)")
            }
            type House @node(key: "number") { number: String! town: Town! owner: Owner! }
            """
        let (town, owner) = ("Town: \"code == 'A'\"", "Owner: \"name == 'A'\"")
        for (scopes, withheld) in [
            (town, ["Owner.houseCount"]), (owner, ["Town.houseCount"]),
            ("\(town), \(owner)", ["Town.houseCount", "Owner.houseCount"]),
        ] {
            let (masked, _) = try made("{types: [Town, Owner, House], scopes: {\(scopes)}}", of: sdl)
            #expect(masked.withheld == withheld, "\(scopes)")
        }
    }

    @Test func `is nothing where a role sees no type`() throws {
        #expect(throws: ModelErrors.self) { try made("{types: []}") }
    }

    @Test func `only archives say that rows were masked`() throws {
        let type = "type A @node(key: \"a\") { a: String! }\n"
        let said = "extend schema @maskedFor(profile: \"P\", role: \"R\", rules: \"00\")\n"
        #expect(
            try Model(sources: [ModelSource(name: "a", bytes: Array((said + type).utf8))], digest: "").masking?.profile == "P")
        for text in [
            said + said + type, "extend schema { query: A }\n" + type,
            "schema @maskedFor(profile: \"P\", role: \"R\", rules: \"\") { query: A }\n" + type,
        ] {
            #expect(throws: ModelErrors.self) {
                try Model(sources: [ModelSource(name: "a", bytes: Array(text.utf8))], digest: "")
            }
        }
    }
}
