import Foundation
import Query
import Testing

/// Every saved question, asked of the sample.
@Suite("Every saved question") struct EveryQuestionTests {
    /// What questions are asked with that cannot be asked without.
    static let given: [String: String] = [
        "village": "\"42011502101\"", "cadre": "\"C00001\"", "unit": "\"U001\"", "area": "\"420115000000\"", "year": "2016",
        "schoolYear": "2016", "on": "\"2016-08-31\"", "ordinal": "1", "person": "\"P000001\"", "period": "\"2016\"",
        "raisedBy": "\"2017-01-01\"", "household": "\"H00001\"", "line": "\"3000\"", "since": "\"2017-01-01\"",
        "startedBy": "\"2016-01-01\"", "from": "\"2017-01-01\"", "to": "\"2017-12-31\"", "during": "\"2017\"",
        "width": "\"1000\"", "town": "\"420115000000\"", "amount": "\"1000\"", "min": "1", "income": "\"3000\"",
        "step": "\"1000\"",
        "leftSince": "\"2016-01-01\"", "unseenSince": "\"2017-01-01\"", "before": "\"2017-01-01\"", "quarter": "\"2017-04-01\"",
    ]

    static var names: [String] {
        let folder = root.appending(path: "Schema/queries").path(percentEncoded: false)
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".graphql") }.sorted()
            .map { String($0.dropLast(8)) }
    }

    @Test func `there are as many as the register needs`() { #expect(Self.names.count >= 130) }

    /// What a question is asked with: a value for every variable that it cannot do without.
    static func variables(of text: String, given: [String: String] = given) throws -> String {
        let head = text.split(separator: "{").first.map(String.init) ?? ""
        var variables: [String] = []
        for part in head.components(separatedBy: "$").dropFirst() {
            guard let variable = part.components(separatedBy: ":").first, let type = part.components(separatedBy: "\n").first,
                type.contains("!"), !type.contains("=")
            else { continue }
            variables.append("\"\(variable)\": \(try #require(given[variable], "a value for $\(variable)"))")
        }
        return "{" + variables.joined(separator: ", ") + "}"
    }

    @Test(arguments: names) func `answers on the sample without an error`(name: String) throws {
        let text = try Sample.question(name)
        let answer = try Sample.desk(asOf: "2017-06-30").answer(text, variables: Self.variables(of: text))
        #expect(answer.outcome == .data, "\(String(decoding: answer.body.prefix(500), as: UTF8.self))")
    }
}
