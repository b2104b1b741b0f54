import Query
import QueryPlanning
import Testing

/// Answers as tables: the one list of a document, and the leaves of its rows.
@Suite struct `Tables` {
    private func shape(_ document: String, named name: String? = nil) throws -> TableShape {
        let desk = try Desk(SmallRegister.make())
        return try desk.service.tableShape(of: QueryRequest(document: Array(document.utf8)), viewer: .local, named: name)
    }

    private func rows(_ document: String, named name: String? = nil) throws -> [[TableCell]] {
        let desk = try Desk(SmallRegister.make())
        var request = QueryRequest(document: Array(document.utf8))
        request.isExport = true
        let answer = desk.service.answer(
            request, version: desk.version, asOf: desk.asOf, viewer: .local, budget: desk.service.makeBudget())
        #expect(answer.outcome == .data, "\(String(decoding: answer.body, as: UTF8.self))")
        var rows: [[TableCell]] = []
        try shape(document, named: name).forEachRow(of: answer.body) { rows.append($0) }
        return rows
    }

    @Test func `columns follow the selection, and single rows are flattened`() throws {
        let shape = try shape(
            "{ players { totalCount nodes { number who: name band { code } fee seenAt born height weight skills retired share songs { totalCount } } } }"
        )
        #expect(
            shape.columns.map(\.name) == [
                "number", "who", "band.code", "fee", "seenAt", "born", "height", "weight", "skills", "retired", "share",
                "songs.totalCount",
            ])
        #expect(
            shape.columns.map(\.kind) == [
                .text, .text, .text, .decimal(fractionDigits: 2), .dateTime, .date, .int, .float, .list, .boolean,
                .decimal(fractionDigits: nil), .int,
            ])
    }

    @Test func `cells are what the answer holds, nothing where it holds null`() throws {
        let rows = try rows(
            "{ players(orderBy: [{number: ASC}]) { nodes { number nickname band { code name } skills height } } }")
        #expect(rows.count == 5)
        #expect(
            rows[0] == [
                .text("P1"), .text("ace"), .text("B1"), .text("The \"Quoted\" 乐队"), .list([.text("KEYS"), .text("SINGING")]),
                .number("160"),
            ])
        #expect(rows[3] == [.text("P4"), .null, .null, .null, .null, .null])
        #expect(try self.rows("{ player(number: \"none\") { songs { nodes { title } } } }").isEmpty)
        #expect(
            try self.rows("{ players { groups(by: [{field: rank}]) { key { rank } aggregate { count sum { fee } } } } }").count
                == 4)
        #expect(try self.rows("{ players(first: 2) { edges { node { number } } } }") == [[.text("P1")], [.text("P2")]])
    }

    @Test func `what has no list, or several, or a list in its rows, is no table, and says what to do`() throws {
        for (document, name, word) in [
            ("{ player(number: \"P1\") { name } }", nil, "selects none"),
            ("{ players { nodes { name } } bands { nodes { name } } }", nil, "# table: players"),
            ("{ players { nodes { name } } bands { nodes { name } } }", "songs", "# table: songs"),
            ("{ bands { nodes { name songs { nodes { title } } } } }", nil, "bands.nodes.songs.nodes"),
        ] as [(String, String?, String)] {
            do throws(RequestError) {
                let desk = try desk()
                _ = try desk.service.tableShape(
                    of: QueryRequest(document: Array(document.utf8)), viewer: .local, named: name)
                Issue.record("\(document) is a table")
            } catch {
                #expect(
                    error.errors[0].code == .notTabular && error.errors[0].message.contains(word), "\(error.errors[0].message)")
            }
        }
        #expect(
            try shape("{ players { nodes { name } } bands { nodes { code } } }", named: "bands").columns.map(\.name) == ["code"])
    }

    private func desk() throws(RequestError) -> Desk {
        do {
            return try Desk(SmallRegister.make())
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
