import Exchange
import Foundation
import Model
import Query
import StoreColumns
import Testing

/// A register in which cases go their way: by mutation, and by files.
struct ProcedureDesk {
    static let shipped: Result<Model, any Error> = Result { try QueryTests.model(in: root.appending(path: "Schema/model")) }
    static let asOf = CivilDate(isoText: "2020-12-31")!

    let model: Model
    private(set) var version: GraphVersion

    /// What a change came to.
    struct Outcome: CustomStringConvertible {
        var isApplied: Bool
        /// `REASON step check`, of what is not merely reported.
        var faults: [String]
        var messages: [String]
        var description: String { "\(isApplied ? "applied" : "refused") \(messages.joined(separator: "\n"))" }
    }

    init(_ before: [WalkRow], model: Model? = nil) throws {
        self.model = try model ?? Self.shipped.get()
        version = GraphVersion.empty(catalog: self.model.catalog)
        let outcome = try apply(before)
        #expect(outcome.isApplied, "\(outcome)")
    }

    /// With the first steps of a walk taken.
    init(_ walk: Walk, steps count: Int) throws {
        try self.init(walk.before)
        guard count > 0 else { return }
        let outcome = try apply((0..<count).flatMap { walk.rows(ofStep: $0) })
        #expect(outcome.isApplied, "\(walk): \(outcome)")
    }

    static func files(_ rows: [WalkRow]) -> [SourceFile] {
        var types: [String] = []
        for row in rows where !types.contains(row.type) { types.append(row.type) }
        return types.map { type in
            let own = rows.filter { $0.type == type }
            var headings: [String] = []
            for row in own { for (name, _) in row.values where !headings.contains(name) { headings.append(name) } }
            let lines = own.map { row in headings.map { row[$0]?.cell ?? "" }.joined(separator: ",") }
            return SourceFile(
                name: type + ".csv", bytes: Array(([headings.joined(separator: ",")] + lines).joined(separator: "\n").utf8))
        }
    }

    /// Imports rows as files; where they are refused, nothing has changed.
    @discardableResult
    mutating func apply(
        _ rows: [WalkRow], overrides: [ChangeRequest.Override] = [], isDryRun: Bool = false
    ) throws -> Outcome {
        var terms = ImportTerms()
        terms.overrides = overrides
        terms.isDryRun = isDryRun
        let staged = Importer(model: model).read(Self.files(rows)).stage(
            terms, fingerprint: [], on: version, number: version.number + 1, publishedAt: Instant(microseconds: 0),
            asOf: Self.asOf)
        if let next = staged.version { version = next }
        let against = staged.report.problems.filter { $0.severity != .report }
        return Outcome(
            isApplied: staged.report.isApplied,
            faults: against.map { "\($0.reason ?? $0.code.rawValue) \($0.step ?? "-") \($0.check ?? "-")" },
            messages: against.map { "\($0.key ?? "-"): \($0.message)" })
    }

    /// As variables of a mutation.
    static func changes(_ rows: [WalkRow], _ model: Model) -> String {
        var types: [String] = []
        for row in rows where !types.contains(row.type) { types.append(row.type) }
        let lists = types.map { type in
            let own = rows.filter { $0.type == type }.map { row in
                "{" + row.values.map { "\"\($0.0)\":\($0.1.json)" }.joined(separator: ",") + "}"
            }
            return "\"\(model.type(named: type)?.plural ?? type)\":{\"upsert\":[\(own.joined(separator: ","))]}"
        }
        return "{\"changes\":{\(lists.joined(separator: ","))}}"
    }
}
