import Exchange
import Generation
import Model
import Settings
import StoreColumns
import Testing

@Suite("The register's recipe") struct RegisterTests {
    func generator(_ households: Int, seed: UInt64 = 1) throws -> RegisterGenerator {
        try RegisterGenerator(try shippedRecipe(), scale: households, seed: seed)
    }

    /// Three thousand households, made once for the shares.
    static let sample = Result { try MadeRegister(try RegisterGenerator(try shippedRecipe(), scale: 3000, seed: 7)) }

    @Test func `a generated register loads under the model without a problem`() throws {
        let model = try shippedModel()
        let draft = Importer(model: model).read(try MadeRegister(try generator(600)).sources)
        #expect(draft.report.problems.map(\.description).prefix(10) == [])
        let version = try draft.apply(to: .empty(catalog: model.catalog), number: 1, publishedAt: Instant(microseconds: 0))
        let type = try #require(model.catalog.nodeType(named: "Household"))
        #expect(version[type].rowCount == 600)
    }

    @Test func `the number of households is the one asked for, at any scale`() throws {
        for count in [1, 2, 61, 999] {
            #expect(try MadeRegister(try generator(count)).rows("Household").count == count)
        }
        let large = try generator(3_000_000)
        #expect((0..<large.partCount).reduce(0) { $0 + large.share(ofPart: $1) } == 3_000_000)
    }

    @Test func `the bytes of a tiny register are known`() throws {
        let register = try MadeRegister(try generator(20))
        #expect(register.digest == "94e33efef8429f581001d05f6645e14e252ac2da1a59abc63df9512fe5f15be3")
    }

    @Test func `another seed makes another register`() throws {
        #expect(try MadeRegister(try generator(20, seed: 2)).digest != MadeRegister(try generator(20)).digest)
    }

    @Test func `identity numbers have area codes that nobody has, the birth date and the right check character`() throws {
        let register = try Self.sample.get()
        for (type, prefix) in [("Person", "99"), ("Cadre", "98")] {
            var seen: Set<String> = []
            for row in register.rows(type) {
                let number = try #require(row["idNumber"])
                let digits = try #require(weights(of: number))
                #expect(number.hasPrefix(prefix) && number.count == 18)
                #expect(digits % 11 == 1, "\(number)")
                #expect(String(number.dropFirst(6).prefix(8)) == row["birthDate"]?.filter { $0 != "-" })
                let isMale = (number.dropFirst(16).first?.wholeNumberValue ?? 0) % 2 == 1
                #expect(row["sex"] == (isMale ? "MALE" : "FEMALE"))
                #expect(seen.insert(number).inserted)
            }
        }
    }

    /// The sum of ISO 7064 MOD 11-2: the digit at the end counts once, each before it twice as much as the one behind it.
    func weights(of number: String) -> Int? {
        var sum = 0
        for character in number {
            guard let digit = character == "X" ? 10 : character.wholeNumberValue else { return nil }
            sum = sum * 2 + digit
        }
        return sum % 11
    }

    @Test func `telephone numbers begin with 12, and no two cadres share one`() throws {
        let register = try Self.sample.get()
        let phones = register.rows("Household").compactMap { $0["phone"] }.filter { !$0.isEmpty }
        #expect(phones.allSatisfy { $0.hasPrefix("12") && $0.count == 11 })
        let cadres = register.rows("Cadre").compactMap { $0["phone"] }
        #expect(Set(cadres).count == cadres.count)
    }

    // MARK: Shares

    /// A seed is fixed, so that these hold for good once they hold.
    func check(
        _ share: Double, isNear expected: Double, within tolerance: Double, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(abs(share - expected) <= tolerance, "\(share) instead of \(expected)", sourceLocation: sourceLocation)
    }

    func share(_ rows: [[String: String]], _ field: String, _ value: String) -> Double {
        Double(rows.count { $0[field] == value }) / Double(rows.count)
    }

    @Test func `households have the sizes and kinds of the registration`() throws {
        let register = try Self.sample.get()
        let households = register.rows("Household")
        let persons = register.rows("Person")
        check(Double(persons.count) / Double(households.count), isNear: 3.04, within: 0.1)
        check(share(households, "category", "GENERAL"), isNear: 0.6, within: 0.03)
        check(share(households, "category", "MINIMUM_ALLOWANCE"), isNear: 0.33, within: 0.03)
        check(share(households, "category", "FIVE_GUARANTEES"), isNear: 0.07, within: 0.02)
    }

    @Test func `persons have the ages and the health of the registration`() throws {
        let persons = try Self.sample.get().rows("Person")
        func age(_ row: [String: String]) -> Int { 2017 - (Int(row["birthDate"]?.prefix(4) ?? "") ?? 0) }
        let count = Double(persons.count)
        check(Double(persons.count { age($0) < 16 }) / count, isNear: 0.13, within: 0.05)
        check(Double(persons.count { age($0) >= 60 }) / count, isNear: 0.23, within: 0.05)
        check(share(persons, "health", "HEALTHY"), isNear: 0.65, within: 0.05)
        check(share(persons, "health", "LONG_TERM_CHRONIC"), isNear: 0.21, within: 0.05)
        check(share(persons, "health", "DISABILITY"), isNear: 0.08, within: 0.03)
    }

    @Test func `cadres have a few households each, and some have left`() throws {
        let register = try Self.sample.get()
        let pairings = register.rows("Pairing")
        let first = pairings.filter { $0["number"]?.hasSuffix("01") == true }
        #expect(first.count == 3000)
        let loads = Dictionary(grouping: first) { $0["cadre"] ?? "" }.values.map(\.count)
        check(Double(first.count) / Double(loads.count), isNear: 2.7, within: 0.25)
        check(Double(loads.count { $0 == 1 }) / Double(loads.count), isNear: 0.21, within: 0.06)
        check(Double(pairings.count) / 3000, isNear: 1.06, within: 0.03)
    }

    @Test func `a household is visited a little more than once a quarter`() throws {
        let register = try Self.sample.get()
        // Lines, because notes hold commas; headings do not count. Some notes hold line ends: none does.
        func lineCount(_ type: String) -> Int { (register.text[type] ?? "").split(separator: "\n").count - 1 }
        let visits = lineCount("Visit")
        let contacts = lineCount("Contact")
        check(Double(visits + contacts) / (3000 * 4), isNear: 1.14, within: 0.12)
        check(Double(contacts) / Double(visits + contacts), isNear: 0.12, within: 0.02)
    }
}
