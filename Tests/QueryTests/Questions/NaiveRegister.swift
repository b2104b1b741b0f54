import Foundation

/// The sample's files as rows of texts, and plain code over them: what the saved questions' answers are held against.
///
/// What counts is written out here from the rules, not taken from the model. ISO dates compare as texts; an empty end is open.
final class NaiveRegister {
    typealias Row = [String: String]

    let date: String
    private static let tables: Result<[String: [Row]], any Error> = Result {
        let names = try FileManager.default.contentsOfDirectory(atPath: Sample.folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try Sample.rows($0)) })
    }
    private let tables: [String: [Row]]
    private var indexes: [String: [String: [Row]]] = [:]

    init(on date: String) throws {
        self.date = date
        tables = try Self.tables.get()
    }

    // MARK: - Rows

    func rows(_ type: String) -> [Row] { tables[type] ?? [] }

    /// The rows of a type in which a column has a text.
    func rows(_ type: String, where column: String, is text: String) -> [Row] {
        let name = type + "." + column
        if indexes[name] == nil { indexes[name] = Dictionary(grouping: rows(type)) { $0[column] ?? "" } }
        return indexes[name]?[text] ?? []
    }

    func cadre(_ number: String) -> Row { rows("Cadre", where: "number", is: number).first ?? [:] }
    func household(_ number: String) -> Row { rows("Household", where: "number", is: number).first ?? [:] }
    func village(_ code: String) -> Row { rows("Village", where: "code", is: code).first ?? [:] }

    // MARK: - Time

    /// Whether a stretch of time, without its last day, holds the date.
    func holds(_ row: Row, from: String = "validFrom", to: String = "validTo") -> Bool {
        (row[from] ?? "") <= date && ((row[to] ?? "").isEmpty || date < row[to] ?? "")
    }

    func serves(_ membership: Row) -> Bool { holds(membership, from: "startDate", to: "endDate") }

    var year: Int { Int(date.prefix(4)) ?? 0 }
    private var month: Int { Int(date.dropFirst(5).prefix(2)) ?? 0 }
    private func monthText(_ month: Int) -> String { "\(year)-" + (month < 10 ? "0\(month)" : "\(month)") }

    /// The first day of the calendar quarter.
    var quarterStart: String { monthText((month - 1) / 3 * 3 + 1) + "-01" }
    /// The last day of it.
    var quarterEnd: String {
        let last = (month - 1) / 3 * 3 + 3
        return monthText(last) + (last == 6 || last == 9 ? "-30" : "-31")
    }
    var monthStart: String { monthText(month) + "-01" }

    func daysApart(_ from: String, _ to: String) -> Int { day(to) - day(from) }

    private func day(_ text: String) -> Int {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return days(parts[0], parts[1], parts[2])
    }

    // MARK: - Households

    func status(_ household: Row) -> String? {
        rows("HouseholdStatusPeriod", where: "household", is: household["number"] ?? "").filter { holds($0) }
            .max { $0["validFrom"] ?? "" < $1["validFrom"] ?? "" }?["status"]
    }

    func isRegistered(_ household: Row) -> Bool { ["POOR", "EXITED", "RETURNED"].contains(status(household) ?? "") }
    func isPoor(_ household: Row) -> Bool { ["POOR", "RETURNED"].contains(status(household) ?? "") }

    var registered: [Row] { rows("Household").filter { isRegistered($0) } }
    var poor: [Row] { rows("Household").filter { isPoor($0) } }

    func members(_ household: Row) -> [Row] {
        rows("Membership", where: "household", is: household["number"] ?? "").filter { holds($0) }
            .flatMap { rows("Person", where: "number", is: $0["person"] ?? "") }
    }

    func memberCount(_ households: [Row]) -> Int { households.reduce(0) { $0 + members($1).count } }

    func mainCause(_ household: Row) -> String? {
        rows("CauseAssignment", where: "household", is: household["number"] ?? "")
            .filter { $0["rank"] == "MAIN" && holds($0) }
            .max { $0["validFrom"] ?? "" < $1["validFrom"] ?? "" }?["cause"]
    }

    /// Cents a person in the year before, as verified, else as reported; half a cent is rounded up.
    func income(_ household: Row) -> Int? {
        let records = rows("IncomeRecord", where: "household", is: household["number"] ?? "").filter {
            $0["year"] == "\(year - 1)"
        }
        guard
            let record = records.first(where: { $0["kind"] == "VERIFIED" }) ?? records.first(where: { $0["kind"] == "REPORTED" }),
            let members = Int(record["memberCount"] ?? ""), members > 0,
            let wages = cents(record["wageIncome"]), let business = cents(record["businessIncome"]),
            let property = cents(record["propertyIncome"]), let transfers = cents(record["transferIncome"]),
            let cost = cents(record["businessCost"])
        else { return nil }
        let total = wages + business + property + transfers - cost
        return Int((Double(total) / Double(members) + 0.5).rounded(.down))
    }

    func cents(_ text: String?) -> Int? {
        guard let text, !text.isEmpty, let value = Decimal(string: text) else { return nil }
        return NSDecimalNumber(decimal: value * 100).intValue
    }

    func measures(_ household: Row) -> [Row] { rows("Measure", where: "household", is: household["number"] ?? "") }

    func isRunning(_ measure: Row) -> Bool {
        guard let started = measure["startedOn"], !started.isEmpty, started <= date else { return false }
        return (measure["finishedOn"] ?? "").isEmpty || measure["finishedOn"] ?? "" > date
    }

    /// The newest year's grade.
    func grades(_ household: Row) -> [String] {
        rows("LivingCondition", where: "household", is: household["number"] ?? "").compactMap { $0["housingSafety"] }
    }

    // MARK: - Visits and pairings

    func who(_ visit: Row) -> [String] { (visit["cadres"] ?? "").split { ";|,".contains($0) }.map(String.init) }

    /// Visits at home in the quarter up to the date that were not voided.
    func homeVisits(_ household: Row) -> [Row] {
        rows("Visit", where: "household", is: household["number"] ?? "").filter {
            $0["place"] == "AT_HOME" && $0["status"] != "VOIDED" && $0["date"] ?? "" >= quarterStart && $0["date"] ?? "" <= date
        }
    }

    func lastVisit(_ household: Row) -> String? {
        rows("Visit", where: "household", is: household["number"] ?? "")
            .filter { $0["status"] != "VOIDED" && $0["date"] ?? "" <= date }.compactMap { $0["date"] }.max()
    }

    var activePairings: [Row] { rows("Pairing").filter { holds($0) } }

    func pairings(of household: Row) -> [Row] {
        rows("Pairing", where: "household", is: household["number"] ?? "").filter { holds($0) }
    }

    /// Whether the quarter's visit of a pairing that holds on the date is owed and missing. (R56, R60, R61)
    func isUnmet(_ pairing: Row) -> Bool {
        let household = household(pairing["household"] ?? "")
        let status = status(household)
        let isHelped =
            status == "POOR" || status == "RETURNED" || status == "EXITED" && household["policyContinues"] == "true"
        guard isHelped, members(household).contains(where: { ($0["deceasedOn"] ?? "").isEmpty || $0["deceasedOn"] ?? "" > date })
        else { return false }
        let cadre = pairing["cadre"] ?? ""
        let same = rows("Pairing", where: "household", is: pairing["household"] ?? "").filter { $0["cadre"] == cadre }
        let isVisited = homeVisits(household).contains { visit in
            let day = visit["date"] ?? ""
            return who(visit).contains(cadre)
                && same.contains {
                    ($0["validFrom"] ?? "") <= day && (($0["validTo"] ?? "").isEmpty || day < $0["validTo"] ?? "")
                }
        }
        if isVisited { return false }
        let first = max(pairing["validFrom"] ?? "", quarterStart)
        let end = pairing["validTo"] ?? ""
        let covered =
            end.isEmpty || end > quarterEnd ? daysApart(first, quarterEnd) + 1 : daysApart(first, end)
        return covered >= 15
    }
}

// MARK: - Answers

extension JSON {
    /// A number without trailing zeros, a text; `null` else.
    var shown: String {
        if let string { return string }
        guard let number = value as? NSNumber else { return "null" }
        return Decimal(string: number.stringValue).map { NSDecimalNumber(decimal: $0).stringValue } ?? number.stringValue
    }
}

/// Values of an answer, one behind the other.
func line(_ values: JSON...) -> String { values.map(\.shown).joined(separator: " ") }

/// Cents as a number of yuan without trailing zeros.
func yuan(_ cents: Int) -> String { NSDecimalNumber(decimal: Decimal(cents) / 100).stringValue }

/// What is not there.
func orNull(_ text: String?) -> String { text.flatMap { $0.isEmpty ? nil : $0 } ?? "null" }
