import Expressions
import Foundation
import Model
import Query
import Settings
import StoreColumns
import Testing

/// What roles are answered, held against what is there.
@Suite struct `Answers to roles` {
    let table: RoleTable
    let whole: Desk
    let models: [String: Model]

    init() throws {
        table = try RoleTable()
        whole = try Sample.edistrict.desk(asOf: "2025-07-31")
        models = try ShippedRoles.models.get()
    }

    private func desk(_ role: String) throws -> Desk {
        Desk(try #require(models[role]), whole.version, asOf: whole.asOf)
    }

    private func leaves(_ type: ModelType) -> [ModelField] {
        type.fields.filter { field in
            switch field.source {
            case .column, .validColumn, .derived: field.view.isShown
            case .toOne, .toMany: false
            }
        }
    }

    @Test func `a field that is seen in full is answered as to anybody, a masked one by what its mask leaves`() throws {
        var (same, masked) = (0, 0)
        for role in ["DISTRICT_LEADER", "UNIT_LIAISON", "DEPT_CIVIL_AFFAIRS", "ARCHIVIST", "AUDITOR"] {
            let desk = try self.desk(role)
            for type in try #require(models[role]).seenTypes where whole.version[type.nodeType].liveRowCount > 0 {
                let fields = leaves(type)
                let question = "{ \(type.plural)(first: 20) { nodes { \(fields.map(\.name).joined(separator: " ")) } } }"
                let (own, all) = (try desk.data(question)[type.plural].nodes, try whole.data(question)[type.plural].nodes)
                for (row, original) in zip(own.items, all.items) {
                    for field in fields {
                        let (shown, stored) = (row[field.name], original[field.name])
                        guard case .masked(let mask) = field.view else {
                            #expect(shown.description == stored.description, "\(role) \(type.name).\(field.name)")
                            same += 1
                            continue
                        }
                        guard !stored.isNull else {
                            #expect(shown.isNull)
                            continue
                        }
                        masked += 1
                        check(shown, stored, mask, "\(role) \(type.name).\(field.name)")
                    }
                }
            }
        }
        print("answers: \(same) values the same, \(masked) masked")
        #expect(same > 1_000 && masked > 100)
    }

    private func check(_ shown: JSON, _ stored: JSON, _ mask: Personal.Mask, _ name: String) {
        guard stored.value is [Any] else {
            guard let text = shown.string else {
                Issue.record("\(name) is \(shown)")
                return
            }
            switch mask {
            case .year: #expect(stored.string.map { String($0.prefix(4)) } == text, "\(name)")
            case .band: #expect(text.contains("–"), "\(name)")
            case .area: #expect(stored.string?.hasPrefix(text.replacing("*", with: "")) == true, "\(name): \(text)")
            default: #expect(text != stored.string && text.contains("*"), "\(name): \(text)")
            }
            return
        }
        let classes = shown.items.compactMap(\.string)
        #expect(Set(classes).isSubset(of: ["HEALTHY", "ILL", "DISABLED"]) && !classes.isEmpty, "\(name): \(classes)")
    }

    /// Comparisons and explanations word values through the same.
    @Test func `as a text in a comparison, a field shows what the role sees of it`() throws {
        var counts: [String: Int] = [:]
        for role in ["DEPT_CIVIL_AFFAIRS", "UNIT_LIAISON", "ARCHIVIST"] {
            let model = try #require(models[role])
            for type in model.seenTypes {
                for field in type.fields {
                    guard let column = field.column else { continue }
                    for row in 0..<min(20, whole.version[type.nodeType].liveRowCount) {
                        let row = RowNumber(row)
                        let stored = ValueText.text(ofColumn: column, at: row, of: type.nodeType, in: whole.version)
                        let shown = model.shownText(of: field, column, at: row, of: type.nodeType, in: whole.version)
                        let name = "\(role) \(type.name).\(field.name)"
                        switch field.view {
                        case .full: #expect(shown == stored, "\(name)")
                        case .masked:
                            // A class may be called as one of its values, and an address may name no more than an area.
                            #expect(
                                stored == nil
                                    ? shown == nil
                                    : shown != nil && (shown != stored || ["health", "address"].contains(field.name)),
                                "\(name)")
                        case .aggregate, .none: #expect(shown == nil, "\(name)")
                        }
                        counts["\(field.view)".prefix(4).description, default: 0] += stored == nil ? 0 : 1
                    }
                }
            }
        }
        print("texts:", counts)
        #expect((counts["mask"] ?? 0) > 20)
    }

    // MARK: - What is asked by

    private func refuses(_ role: String, _ document: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let answer = try desk(role).answer(document)
        #expect(answer.outcome != .data, "\(role): \(document)", sourceLocation: sourceLocation)
    }

    @Test func `nobody asks by what he does not see in full, nor by a roundabout way`() throws {
        // The same is answered to whoever sees it.
        for document in [
            "{ persons(where: {idNumber: {startsWith: \"42\"}}) { totalCount } }",
            "{ persons(where: {cel: \"idNumber.startsWith('42')\"}) { totalCount } }",
            "{ persons(where: {household: {members: {some: {idNumber: {startsWith: \"42\"}}}}}) { totalCount } }",
            "{ persons(orderBy: [{idNumber: ASC}]) { totalCount } }",
            "{ persons { groups(by: [{field: idNumber}]) { key { idNumber } } } }",
            "{ persons { aggregate { countDistinct { idNumber } max { idNumber } } } }",
            "{ persons(where: {memberships: {aggregate: {where: {person: {idNumber: {isNull: false}}}, count: {gt: 0}}}}) { totalCount } }",
            "{ persons(orderBy: [{memberships: {count: {where: {person: {idNumber: {isNull: false}}}, order: ASC}}}]) { totalCount } }",
            "{ households(where: {cel: \"members.exists(m, m.idNumber == '1')\"}) { totalCount } }",
            "{ households(where: {cel: \"head.idNumber == '1'\"}) { totalCount } }",
            "{ households { groups(by: [{head: {field: idNumber}}]) { key { head { idNumber } } } } }",
        ] {
            _ = try whole.data(document)
            _ = try desk("DISTRICT_OFFICE").data(document)
            for role in ["DISTRICT_LEADER", "HELPER", "UNIT_LIAISON", "ARCHIVIST", "ANALYST", "PUBLIC"] {
                try refuses(role, document)
            }
        }
    }

    @Test func `a key of another type's row, an id and a fragment lead to nothing that is not seen`() throws {
        let expense = try whole.data("{ persons(first: 1) { nodes { id number } } }").persons.nodes.items[0]
        let id = try #require(expense["id"].string)
        let desk = try self.desk("PUBLIC")
        #expect(try desk.data("{ node(id: \"\(id)\") { id __typename } }").node.isNull)
        try refuses("PUBLIC", "{ node(id: \"\(id)\") { ... on Person { number } } }")
        #expect(try desk.data("{ meta { rowCounts { type } } }").meta["rowCounts"].items.count == 2)
        try refuses("PUBLIC", "{ search(text: \"a\") { nodes { ... on Household { number } } } }")
    }

    // MARK: - Rules

    @Test func `a rule is told to whoever sees all that it is made of, and to nobody else`() throws {
        let key = try #require(
            whole.data("{ households(first: 1) { nodes { number } } }").households.nodes.items[0]["number"].string)
        func ask(_ rule: String) -> String { "{ explain(rule: \"\(rule)\", key: \"\(key)\") { verdict text } }" }
        _ = try desk("TOWN_OFFICER").data(ask("Household.isOverLine"))
        // Health is seen masked.
        for role in ["TOWN_OFFICER", "HELPER"] {
            #expect(try desk(role).errors(ask("R140-cause-and-members"))[0].extensions.code.string == "FORBIDDEN", "\(role)")
        }
        _ = try desk("DISTRICT_OFFICE").data(ask("R140-cause-and-members"))
        // To whom a field is not there, a rule of its name is not either.
        let error = try desk("UNIT_LIAISON").errors(ask("Household.isOverLine"))[0]
        #expect(error.extensions.code.string == "BAD_USER_INPUT")
        #expect(error["message"].string?.contains("has no field 'isOverLine'") == true)
        let rules = try desk("UNIT_LIAISON").data("{ explainRules { name } }")["explainRules"].items.compactMap {
            $0["name"].string
        }
        #expect(!rules.contains("Household.isOverLine") && !rules.contains("R140-cause-and-members") && !rules.isEmpty)
    }
}
