import Expressions
import Foundation
import GraphQLSyntax
import GraphQLTypes
import GraphQLValidation
import Model
import Query
import Settings
import StoreColumns
import Testing

/// The roles that are shipped, with the model for each.
enum ShippedRoles {
    static let whole: Result<Model, any Error> = Result { try QueryTests.model(in: root.appending(path: "Schema/model")) }
    static let access: Result<AccessSettings, any Error> = Result {
        let file = root.appending(path: "Schema/access.yaml")
        return try AccessSettings(reading: Array(try Data(contentsOf: file)), file: "access.yaml")
    }
    static let models: Result<[String: Model], any Error> = Result {
        let (model, roles) = (try ShippedRoles.whole.get(), try ShippedRoles.access.get())
        return try Dictionary(
            uniqueKeysWithValues: roles.roles.map { role in
                (role.name.value, model.restricted(to: try RoleView(role, in: model, file: roles.file)))
            })
    }
}

/// Every role × every type × every field × what can be done with it, asked of the schema that each role has, against the table
/// that was written by hand.
@Suite struct `What roles may do` {
    let table: RoleTable
    let whole: Model
    let models: [String: Model]
    let access: AccessSettings

    init() throws {
        table = try RoleTable()
        whole = try ShippedRoles.whole.get()
        models = try ShippedRoles.models.get()
        access = try ShippedRoles.access.get()
    }

    // MARK: - The lists

    @Test func `the roles, their types and what they write are those of the table`() throws {
        #expect(access.roles.map(\.name.value).sorted() == table.roles.sorted())
        for role in access.roles {
            let name = role.name.value
            #expect(Set(role.types.map(\.value)) == table.types(name), "\(name)")
            #expect(role.seesRows == table.seesRows(name), "\(name)")
            #expect(Set(role.writes.map(\.value)) == table.written(name), "\(name)")
            let tables = role.cells.map { cells in
                let dimensions = cells.by.map { "[" + $0.map { $0.value.filter { $0 != " " } }.joined(separator: " ") + "]" }
                return ([cells.type.value] + dimensions + ["="] + cells.of.map(\.value)).joined(separator: " ")
            }
            #expect(tables.joined(separator: " ") == table.words("tables", of: name).joined(separator: " "), "\(name)")
            #expect(role.cells.allSatisfy { $0.each == nil }, "\(name)")
            #expect(role.reasonRequired.map(\.value) == table.words("reasons", of: name), "\(name)")
            #expect(role.claims.map(\.name.value) == table.words("claims", of: name), "\(name)")
            #expect(role.questions == .all && role.introspects && role.chinese != nil && role.english != nil, "\(name)")
            let cells = role.seesRows ? [] : ["\(role.minimumCell)"] + role.minimumCells.map { "\($0.name.value)=\($0.value)" }
            #expect(cells == table.words("cells", of: name), "\(name)")
        }
    }

    @Test func `the classes of data, and the fields of each, are those of the table`() throws {
        for type in whole.types {
            for field in type.fields {
                let known = table.personalFields["\(type.name).\(field.name)"]
                #expect((field.personal?.about ?? field.givenWith) == known?.about, "\(type.name).\(field.name)")
            }
        }
        for name in table.personalFields.keys {
            let parts = name.split(separator: ".").map(String.init)
            #expect(whole.type(named: parts[0])?.field(named: parts[1]) != nil, "\(name)")
        }
    }

    /// A scope is held against its own words: what it lets through is for the tests of rows.
    @Test func `the conditions on rows are those of the list`() throws {
        var lines: [String] = []
        for role in access.roles {
            for scope in role.scopes {
                let cel = scope.cel.value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                lines.append("\(role.name.value) \(scope.type.value): \(cel)")
            }
        }
        let list = try String(contentsOf: testFolder.appending(path: "Access/scopes.txt"), encoding: .utf8)
        let expected = list.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
        for line in Set(lines).symmetricDifference(expected).sorted() {
            Issue.record("only \(lines.contains(line) ? "in access.yaml" : "in the list"): \(line)")
        }
    }

    // MARK: - Cells

    /// What a role sees of a field, by the table: what is computed takes the least of what it reads.
    private func letters(_ role: String) -> [[String]] {
        let types = table.types(role)
        let reads = NaiveReads(whole)
        var known: [String: String] = [:]
        func personal(_ type: ModelType, _ field: ModelField) -> String {
            let name = "\(type.name).\(field.name)"
            if let letter = known[name] { return letter }
            known[name] = "F"
            var letter = table.letter(ofField: name, of: role)
            if field.personal == nil, !field.tellsOfNobody, letter == "F" {
                let order = ["-", "A", "M", "F"]
                for (other, position) in reads.reads(of: field, type) {
                    let read = personal(whole.types[other], whole.types[other].fields[position])
                    if let a = order.firstIndex(of: read), let b = order.firstIndex(of: letter), a < b { letter = read }
                }
                if letter == "M" { letter = "-" }
            }
            known[name] = letter
            return letter
        }
        return whole.types.map { type in
            type.fields.map { field in
                guard types.contains(type.name), reads.targets(of: field).allSatisfy({ types.contains(whole.types[$0].name) })
                else { return "-" }
                return personal(type, field)
            }
        }
    }

    /// Fields for which a query is right, of those that are put into a document one a line.
    private func right(_ model: Model, _ type: ModelType, before: String, after: String, _ line: (ModelField) -> String?) throws
        -> Set<String>
    {
        var text = before + "\n"
        var names: [String?] = [nil]
        for (index, field) in type.fields.enumerated() {
            guard let asked = line(field) else { continue }
            text += "  f\(index): \(asked)\n"
            names.append(field.name)
        }
        text += after
        if names.count == 1 { return [] }
        let document = try parse(Source(text), limits: .schema)
        var options = ValidationOptions.default
        options.diagnostics = 10_000
        options.suggests = false
        do throws(ValidationErrors) {
            _ = try validate(document, against: model.schema, options: options)
            return Set(names.compactMap(\.self))
        } catch {
            let wrong = Set(error.diagnostics.flatMap { $0.locations.map(\.line) })
            // What is wrong before the fields is wrong for all of them.
            if wrong.contains(1) { return [] }
            return Set(names.enumerated().compactMap { wrong.contains($0.offset + 1) ? nil : $0.element })
        }
    }

    private func isEdge(_ field: ModelField) -> Bool {
        switch field.source {
        case .toOne, .toMany: true
        case .column, .validColumn, .derived: false
        }
    }

    /// A sort by the first key of a type, through references.
    private func keyOrder(_ type: ModelType) -> String {
        let field = type.fields[type.key[0]]
        guard case .toOne(_, let target) = field.source else { return "{\(field.name): ASC}" }
        return "{\(field.name): \(keyOrder(whole[target]))}"
    }

    private func order(_ field: ModelField) -> String {
        switch field.source {
        case .toOne(_, let target): "{\(field.name): \(keyOrder(whole[target]))}"
        case .toMany: "{\(field.name): {count: {order: ASC}}}"
        case .column, .validColumn, .derived: "{\(field.name): ASC}"
        }
    }

    private enum Cell: String, CaseIterable { case read, filter, sort, group, count, sum, least, cel, write }

    private func right(_ model: Model, _ type: ModelType, _ cell: Cell) throws -> Set<String> {
        let list = type.plural
        switch cell {
        case .read:
            return try right(model, type, before: "{ \(list) { nodes {", after: "} } }") {
                $0.name + (isEdge($0) ? " { __typename }" : "")
            }
        case .filter:
            return try right(model, type, before: "{", after: "}") { "\(list)(where: {\($0.name): {}}) { __typename }" }
        case .sort: return try right(model, type, before: "{", after: "}") { "\(list)(orderBy: [\(order($0))]) { __typename }" }
        case .group:
            return try right(model, type, before: "{ \(list) {", after: "} }") {
                "groups(by: [{field: \($0.name)}]) { __typename }"
            }
        case .count:
            return try right(model, type, before: "{ \(list) { aggregate {", after: "} } }") { "countDistinct { \($0.name) }" }
        case .sum: return try right(model, type, before: "{ \(list) { aggregate {", after: "} } }") { "sum { \($0.name) }" }
        case .least: return try right(model, type, before: "{ \(list) { aggregate {", after: "} } }") { "min { \($0.name) }" }
        case .cel:
            return Set(
                type.fields.filter { field in
                    let text: String
                    if case .toMany = field.source { text = "size(\(field.name)) > 0" } else { text = "has(\(field.name))" }
                    return (try? parseCEL(text, on: type.nodeType, in: model.askedRowTypes, expecting: .boolean)) != nil
                }.map(\.name))
        case .write:
            guard model.schema.type(named: "ChangesInput").map({ model.schema[$0].inputFieldIndex(named: list) != nil }) == true,
                let row = model.schema.type(named: type.name + "Row")
            else { return [] }
            return Set(type.fields.map(\.name).filter { model.schema[row].inputFieldIndex(named: $0) != nil })
        }
    }

    /// With `HEARTH_LONG_TESTS=1` all of them; else of each role a quarter of the types, of each type a quarter of the roles.
    @Test func `every field of every type is read, asked by and written as the table says, by every role`() throws {
        let isLong = ProcessInfo.processInfo.environment["HEARTH_LONG_TESTS"] == "1"
        var base: [String: Set<String>] = [:]
        for type in whole.types { for cell in Cell.allCases { base["\(type.name) \(cell)"] = try right(whole, type, cell) } }
        var counts: [String: Int] = [:]
        for (place, role) in table.roles.enumerated() {
            let model = try #require(models[role])
            let (letters, seesRows, written) = (self.letters(role), table.seesRows(role), table.written(role))
            func names(_ field: ModelField, of type: ModelType, in section: String) -> Bool {
                table.words(section, of: role).contains("\(type.name).\(field.name)")
            }
            for type in whole.types where isLong || (type.nodeType.index + place) % 4 == 0 {
                for cell in Cell.allCases {
                    let found = try right(model, type, cell)
                    for (position, field) in type.fields.enumerated() {
                        let letter = letters[type.nodeType.index][position]
                        let isThere = base["\(type.name) \(cell)"]?.contains(field.name) == true
                        var expected: Bool
                        switch cell {
                        case .read: expected = seesRows && (letter == "F" || letter == "M")
                        case .write: expected = written.contains(type.name) && letter == "F"
                        case .filter: expected = seesRows ? letter == "F" : names(field, of: type, in: "chosen")
                        case .group: expected = seesRows ? letter == "F" : names(field, of: type, in: "grouped")
                        case .count: expected = seesRows && letter == "F"
                        case .sum, .least: expected = seesRows ? letter == "F" : names(field, of: type, in: "summed")
                        case .sort, .cel: expected = seesRows && letter == "F"
                        }
                        if !seesRows, cell == .cel {
                            // There is no argument for it; names that are known there would tell nothing.
                            continue
                        }
                        // What is there for those who see no rows is seen by its class as figures at least.
                        if !seesRows, expected { #expect(letter == "F" || letter == "A", "\(role) \(type.name).\(field.name)") }
                        expected = expected && isThere
                        #expect(
                            found.contains(field.name) == expected,
                            "\(role) \(type.name).\(field.name) (\(letter)): \(cell) is \(expected ? "refused" : "possible")")
                        counts["\(cell) \(expected ? letter : "-")", default: 0] += 1
                    }
                }
            }
        }
        print(
            "cells of the matrix:", counts.values.reduce(0, +), counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    }

    @Test func `what is masked is a text, and the rest is of the type it always was`() throws {
        for role in table.roles where table.seesRows(role) {
            let (model, letters) = (try #require(models[role]), self.letters(role))
            for type in whole.types where table.types(role).contains(type.name) {
                let (own, base) = (try #require(model[type.nodeType].apiType), try #require(type.apiType))
                for (position, field) in type.fields.enumerated() {
                    let definition = model.schema[own].field(named: field.name)
                    let original = try #require(whole.schema[base].field(named: field.name))
                    guard let definition else { continue }
                    let (text, before) = (model.schema[definition.type.named].name, whole.schema[original.type.named].name)
                    let expected = letters[type.nodeType.index][position] == "M" ? "String" : before
                    #expect(text == expected, "\(role) \(type.name).\(field.name)")
                }
            }
        }
    }

    @Test func `a type that a role does not see is in no part of its schema`() throws {
        for role in table.roles {
            let model = try #require(models[role])
            for type in whole.types where !table.types(role).contains(type.name) {
                let suffixes = [
                    "", "Connection", "Edge", "Filter", "ListFilter", "OrderBy", "Aggregate", "Group", "Row", "Changes",
                ]
                let named = suffixes.map { type.name + $0 }.filter { model.schema.type(named: $0) != nil }
                #expect(named.isEmpty, "\(role): \(named)")
                #expect(model.type(named: type.name) == nil && model[type.nodeType].apiType == nil, "\(role) \(type.name)")
            }
        }
    }

    @Test func `who writes nothing has no mutation, and who sees no rows has neither rows nor ids`() throws {
        for role in table.roles {
            let model = try #require(models[role])
            #expect((model.schema.mutationType == nil) == table.written(role).isEmpty, "\(role)")
            let query = model.schema[try #require(model.schema.queryType)].fields.map(\.name)
            if table.seesRows(role) {
                #expect(query.contains("node") && query.contains("diff") && query.contains("explain"), "\(role)")
                continue
            }
            for name in ["node", "nodes", "search", "diff", "explain", "explainFailures", "explainRules"]
                + whole.types.map(\.singular)
            {
                #expect(!query.contains(name), "\(role) \(name)")
            }
            let text = model.schemaText
            for word in [
                "totalCount", "cursor", "nodes", "having", "cel:", "regex", "NumberBuckets", "ID!", "countDistinct", " or:",
                "not:",
                "neq:", "notIn:", "gt:", "between:", "some:", "rowCounts", "node(", "search(", "diff(", "explain", "Mutation",
            ] {
                #expect(!text.contains(word), "\(role) has '\(word)'")
            }
        }
    }
}
