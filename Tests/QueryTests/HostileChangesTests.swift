import Query
import StoreColumns
import Testing

@Suite("Hostile changes")
struct HostileChangesTests {
    private let document = """
        mutation ($c: ChangesInput!, $id: ID) {
          applyChanges(changes: $c, changeId: $id) { applied problemCount counts { type added } problems { code row key field message } }
        }
        """
    private let desk: ChangingDesk

    init() throws { desk = try ChangingDesk(SmallRegister.make()) }

    @Test func `ten thousand rows are one version`() async throws {
        let rows = (0..<10_000).map { #"{"number":"N\#($0)","name":"n","teacher":"N\#(($0 + 1) % 10_000)"}"# }
        let report = try await desk.data(document, variables: #"{"c":{"players":{"upsert":[\#(rows.joined(separator: ","))]}}}"#)[
            "applyChanges"
        ]
        #expect(report.applied.bool == true)
        #expect(report.counts.description == #"[{"added":10000,"type":"Player"}]"#)
        #expect(desk.writer.versionCount == 2)
    }

    @Test func `ten thousand bad rows are counted all and listed to a thousand`() async throws {
        let rows = (0..<10_000).map { _ in #"{"number":"SAME","name":"n"}"# }
        let report = try await desk.data(document, variables: #"{"c":{"players":{"upsert":[\#(rows.joined(separator: ","))]}}}"#)[
            "applyChanges"
        ]
        #expect(report.applied.bool == false)
        #expect(report.problemCount.int == 9_999)
        #expect(report.problems.items.count == 1_000)
        #expect(report.problems[999].row.int == 1_000)
    }

    @Test func `ten thousand references to nothing end`() async throws {
        let writers = (0..<10_000).map { "\"X\($0)\"" }.joined(separator: ",")
        let report = try await desk.data(
            document, variables: #"{"c":{"songs":{"upsert":[{"band":"B1","title":"T","writers":[\#(writers)]}]}}}"#)[
                "applyChanges"]
        #expect(report.problems[0].code.string == "DANGLING_REFERENCE")
        #expect(report.problems[0].field.string == "writers")
    }

    @Test func `a list with more elements than fit is refused`() async throws {
        let writers = Array(repeating: "\"P1\"", count: 65_536).joined(separator: ",")
        let report = try await desk.data(
            document, variables: #"{"c":{"songs":{"upsert":[{"band":"B1","title":"T","writers":[\#(writers)]}]}}}"#)[
                "applyChanges"]
        #expect(report.problems[0].code.string == "WRONG_VALUE")
    }

    @Test(arguments: ["\\u0000", "\\ud83d\\ude00", "e\\u0301", "|", "\\\\", "\\\"", "\\n", ""])
    func `any text is a key and comes back as it was`(key: String) async throws {
        let report = try await desk.data(
            document, variables: #"{"c":{"players":{"upsert":[{"number":"\#(key)","name":"\#(key)"}]}}}"#)["applyChanges"]
        #expect(report.applied.bool == true)
        let again = try await desk.data(document, variables: #"{"c":{"players":{"delete":[{"number":"\#(key)"}]}}}"#)[
            "applyChanges"]
        #expect(again.applied.bool == true)
    }

    @Test func `a change id and overrides of any length are held against the text that came`() async throws {
        let id = String(repeating: "i", count: 10_000)
        let first = try await desk.data(
            document, variables: #"{"id":"\#(id)","c":{"players":{"upsert":[{"number":"A","name":"A"}]}}}"#)["applyChanges"]
        #expect(first.applied.bool == true)
        let other = try await desk.data(
            document, variables: #"{"id":"\#(id)","c":{"players":{"upsert":[{"number":"A","name":"B"}]}}}"#)["applyChanges"]
        #expect(other.problems[0].code.string == "CHANGE_ID_REUSED")
        #expect((other.problems[0].message.string ?? "").utf8.count < 300)
    }

    @Test func `as many changes as fields may be are applied in their order, one more is refused`() async throws {
        let fields = { (count: Int) in
            (0..<count).map {
                "f\($0): applyChanges(changes: {players: {upsert: [{number: \"P1\", name: \"\($0)\"}]}}) { version }"
            }
            .joined(separator: "\n")
        }
        let data = try await desk.data("mutation { \(fields(20)) }")
        for place in 0..<20 { #expect(data["f\(place)"].version.string == String(8 + place)) }
        #expect(try await desk.data(#"{ player(number: "P1") { name } }"#).player.name.string == "19")
        #expect(try await desk.answer("mutation { \(fields(21)) }").outcome == .beyondLimits)
    }
}
