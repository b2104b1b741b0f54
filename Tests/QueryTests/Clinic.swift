import Model
import Query
import QueryPlanning
import Settings
import StoreColumns

/// Homes, who lives there, and what doctors cost: every kind of sensitive field.
enum Clinic {
    static let sdl = """
        type Home @node(key: "number") {
          number: String!
          account: String @personal(class: SPI, mask: ACCOUNT, about: "BANK")
          persons: [Person!]! @inverse(of: "home")
        }
        type Person @node(key: "number") {
          number: String!
          home: Home!
          name: String! @search(personal: true) @personal(class: PII, mask: NAME, about: "NAME")
          paper: String @unique @personal(class: SPI, mask: ID_NUMBER, about: "ID")
          ill: Boolean @personal(class: SPI, mask: FULL, about: "HEALTH")
          grade: Int @personal(class: SPI, mask: FULL, about: "HEALTH")
          state: State @personal(class: SPI, mask: FULL, about: "HEALTH")
          bills: [Bill!]! @inverse(of: "person")
          "Made of what is sensitive, and not said to be harmless."
          paid: Decimal! @derived(cel: "sum(bills.map(b, b.cost))") @decimal(digits: 2)
          isDear: Boolean! @derived(cel: "paid > 100.00")
          visits: Int! @personal(class: NONE) @derived(cel: "size(bills)")
        }
        enum State { WELL SICK }
        type Bill @node(key: ["person", "day"]) {
          person: Person! @personal(class: SPI, mask: FULL, about: "HEALTH")
          day: Date!
          cost: Decimal! @decimal(digits: 2) @personal(class: SPI, mask: FULL, about: "HEALTH")
          clinic: String
        }
        """

    static let access = """
        sets:
          all: [Home, Person, Bill]
        subjects: [Home, Person]
        roles:
          WHOLE:
            types: all
            views: &full {NAME: full, ID: full, BANK: full, HEALTH: full}
          PART:
            types: [Home, Person]
            views: {NAME: masked, ID: masked, BANK: full}
          CHECKER:
            types: all
            views: *full
            reason-required: [ID]
        """

    static let model: Model = {
        do {
            return try Model(sources: [ModelSource(name: "clinic.graphql", bytes: Array(sdl.utf8))], digest: "clinic")
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    static let settings: AccessSettings = {
        do {
            return try AccessSettings(reading: Array(access.utf8), file: "access.yaml")
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    static let persons = 30
    static let homes = 7

    static func paper(_ person: Int) -> String { "42060219800101\(1_000 + person)" }
    static func account(_ home: Int) -> String { "6228480000000000\(100 + home)" }

    /// Person `n` lives in home `n % 7`, and has been to the doctor `n % 4` times.
    static func version(number: UInt64 = 3) throws -> GraphVersion {
        let catalog = model.catalog
        func id(_ name: String) -> NodeTypeID {
            guard let type = catalog.nodeType(named: name) else { preconditionFailure("the model says so") }
            return type
        }
        let home = { (number: Int) in Key([.string("H\(number % homes)")]) }
        var bills: [Cell] = []
        for person in 0..<persons {
            for visit in 0..<person % 4 {
                bills += [
                    .reference(Key([.string("P\(person)")])), .date(Int32(18_000 + visit)), .decimal(Int64(5_000 * (visit + 1))),
                    .string("C\(visit)"),
                ]
            }
        }
        let changes = ChangeSet(types: [
            TypeChanges(
                type: id("Home"), columns: [0, 1],
                cells: (0..<homes).flatMap { [Cell.string("H\($0)"), .string(account($0))] }),
            TypeChanges(
                type: id("Person"), columns: [0, 1, 2, 3, 4, 5, 6],
                cells: (0..<persons).flatMap { number -> [Cell] in
                    [
                        .string("P\(number)"), .reference(home(number)), .string("张\(number)"), .string(paper(number)),
                        number % 3 == 0 ? .null : .boolean(number % 2 == 0), .int(Int32(number % 5)),
                        .enumeration(number % 10 == 0 ? 1 : 0),
                    ]
                }),
            TypeChanges(type: id("Bill"), columns: [0, 1, 2, 3], cells: bills),
        ])
        return try GraphVersion.empty(catalog: catalog).applying(
            changes, number: number, publishedAt: Instant(microseconds: 1_577_934_245_000_000))
    }

    /// A service for a role; nil: for everybody.
    static func service(_ role: String?, limits: QueryLimits = QueryLimits()) throws -> QueryService {
        var own = model
        if let role, let found = settings[role: role] {
            own = model.restricted(to: try RoleView(found, in: model, file: settings.file))
        }
        return QueryService(
            model: own, limits: limits, cursorKey: cursorKey, subjects: settings.subjects.map(\.value))
    }
}
