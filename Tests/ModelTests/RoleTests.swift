import Expressions
import Foundation
import GraphQLTypes
import Model
import Settings
import StoreColumns
import Testing

/// The roles that are shipped.
func shippedAccess() throws -> AccessSettings {
    let file = root.appending(path: "Schema/access.yaml")
    return try AccessSettings(reading: Array(try Data(contentsOf: file)), file: "access.yaml")
}

@Suite struct `The shipped roles` {
    let access: AccessSettings
    let model: Model
    init() throws {
        access = try shippedAccess()
        model = try shippedModel()
    }

    @Test func `fit the model`() throws {
        #expect(access.roles.count == 21)
        for role in access.roles {
            do throws(SettingsErrors) {
                _ = try RoleView(role, in: model, file: access.file)
            } catch {
                Issue.record("\(error.description)")
            }
        }
    }

    /// Times are printed, not tested.
    @Test func `each has an API of its own, made when it is first asked for`() throws {
        let models = try RoleModels(access, in: model)
        for view in models.views {
            let clock = ContinuousClock()
            let start = clock.now
            let own = try #require(models[role: view.role.name.value])
            let time = clock.now - start
            print(
                "role \(view.role.name.value): \(own.schema.types.count) types, \(own.schemaText.utf8.count) bytes of SDL, made in \(time)"
            )
            #expect(own.types.count == model.types.count && own.catalog == model.catalog && own.digest == model.digest)
            #expect(models[role: view.role.name.value] === own)
        }
        #expect(models[role: "local"] == nil && models[role: "district_office"] == nil)
    }

    @Test func `figures of health need more rows than others, and so do rows that tell of it by being there`() throws {
        let view = try #require(try RoleModels(access, in: model).view(ofRole: "ANALYST"))
        func cell(_ path: String) throws -> Int {
            let parts = path.split(separator: ".").map(String.init)
            let type = try #require(model.type(named: parts[0]))
            var position: Int?
            if parts.count > 1 { position = type.position(of: parts[1]) }
            return view.minimumCell(of: position, in: type.nodeType)
        }
        #expect(try cell("Household") == 5 && cell("Person") == 5 && cell("IncomeRecord.wageIncome") == 5)
        #expect(try cell("Person.disabilityGrade") == 11 && cell("Person.selfPaidThisYear") == 11)
        #expect(try cell("MedicalExpense") == 11 && cell("MedicalExpense.total") == 11 && cell("HealthService") == 11)
    }

    @Test func `the whole model is as it was, whatever roles there are`() throws {
        let text = model.schemaText
        _ = try RoleModels(access, in: model)[role: "PUBLIC"]
        #expect(model.schemaText == text && model.view == nil && model.seenTypes.count == model.types.count)
        #expect(model.types.allSatisfy { type in type.apiType != nil && type.fields.allSatisfy { $0.view == .full } })
    }
}

@Suite struct `A role held against a model` {
    let model: Model
    init() throws { model = try library() }

    func view(_ role: String) throws -> RoleView {
        let access = try AccessSettings(reading: Array("roles:\n  ROLE: \(role)\n".utf8), file: "access.yaml")
        return try #require(try RoleModels(access, in: model).views.first)
    }

    func check(_ role: String, reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) { try view(role) }
        #expect(errors?.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `what the model does not have is told, with what was meant`() throws {
        let types = Set(model.types.map(\.name))
        #expect(types.isSuperset(of: ["Reader", "Book"]))
        check(
            "{types: [Reeder]}",
            reports: [
                "access.yaml:2: types of the role 'ROLE' names 'Reeder', and the model has no such type. Did you mean 'Reader'?"
            ])
        check(
            "{types: [Reader], views: {NAMES: full}}",
            reports: ["access.yaml:2: the role 'ROLE' names the class of data 'NAMES'; the model has OTHER."])
        check(
            "{types: [Reader], fields: {Reader.nam: none, Book.title: none}}",
            reports: [
                "access.yaml:2: fields of the role 'ROLE' names Reader.nam, and Reader has no field 'nam'. Did you mean 'name'?",
                "access.yaml:2: fields of the role 'ROLE' names Book.title, and Book is not among the role's types",
            ])
        check(
            "{types: [Reader], fields: {Reader.passport: masked}}",
            reports: ["access.yaml:2: the role 'ROLE' sees Reader.passport masked; its mask leaves nothing of it: say none"])
        check(
            "{types: [Reader], views: {OTHER: aggregate}}",
            reports: [
                "access.yaml:2: the role 'ROLE' sees rows, and of the class 'OTHER' figures only; that is for roles without rows ('rows: false')"
            ])
    }

    @Test func `a field is seen as is said of it, else of its class, else not at all`() throws {
        let type = try #require(model.type(named: "Reader"))
        func views(_ role: String) throws -> [String: FieldView] {
            let view = try self.view(role)
            return Dictionary(
                uniqueKeysWithValues: type.fields.indices.map { (type.fields[$0].name, view.view(of: $0, in: type.nodeType)) })
        }
        let none = try views("{types: [Reader]}")
        #expect(none["name"] == FieldView.none && none["phone"] == FieldView.none && none["passport"] == FieldView.none)
        let masked = try views("{types: [Reader], views: {OTHER: masked}, fields: {Reader.name: full}}")
        #expect(masked["name"] == .full && masked["phone"] == .masked(.phone) && masked["passport"] == FieldView.none)
        let full = try views("{types: [Reader], views: {OTHER: full}, fields: {Reader.phone: none}}")
        #expect(full["name"] == .full && full["phone"] == FieldView.none && full["passport"] == .full)
    }

    @Test
    func `what is computed is seen as the least of what it is made of, through others too, and nothing is computed of masks`()
        throws
    {
        let sdl = """
            type Person @node(key: "number") {
              number: String!
              name: String @personal(class: PII, mask: NAME, about: "NAME")
              born: Date @personal(class: PII, mask: YEAR, about: "BIRTH")
              wage: Int @personal(class: PII, mask: BAND, about: "INCOME")
              initial: String @derived(cel: "name")
              isGrown: Boolean @derived(cel: "yearOf(born) < 2000")
              isRich: Boolean @derived(cel: "isGrown && wage > 100")
              called: String @personal(class: NONE) @derived(cel: "name")
              verdict: Boolean @personal(class: NONE, about: "INCOME") @derived(cel: "wage > 5")
            }
            """
        let model = try Model(sources: [ModelSource(name: "persons.graphql", bytes: Array(sdl.utf8))], digest: "test")
        let type = try #require(model.type(named: "Person"))
        func seen(_ views: String) throws -> String {
            let access = try AccessSettings(
                reading: Array("roles: {ROLE: {types: [Person], views: {\(views)}}}".utf8), file: "access.yaml")
            let view = try RoleView(try #require(access[role: "ROLE"]), in: model, file: "access.yaml")
            return type.fields.indices.dropFirst(4).map { position in
                let shown = view.view(of: position, in: type.nodeType)
                return "\(type.fields[position].name) \(shown == .full ? "full" : shown == FieldView.none ? "none" : "\(shown)")"
            }.joined(separator: ", ")
        }
        #expect(
            try seen("NAME: full, BIRTH: full, INCOME: full")
                == "initial full, isGrown full, isRich full, called full, verdict full")
        #expect(
            try seen("NAME: masked, BIRTH: full") == "initial none, isGrown full, isRich none, called full, verdict none")
        #expect(
            try seen("BIRTH: masked, INCOME: full") == "initial none, isGrown none, isRich none, called full, verdict full")
        #expect(
            try seen("NAME: full, BIRTH: full, INCOME: masked")
                == "initial full, isGrown full, isRich none, called full, verdict none")
    }

    /// What cannot be made would end the process when it is first asked for.
    @Test func `any role makes a schema that is valid`() throws {
        var state: UInt64 = 0x5EED_ACCE
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        /// Levels of a type, some of them behind other rows, and some of what makes none.
        func levels(_ type: ModelType, depth: Int = 2) -> [String] {
            type.fields.flatMap { field -> [String] in
                guard next(3) > 0 else { return [] }
                switch field.source {
                case .toOne(_, let target) where depth > 0 && next(2) == 0:
                    return levels(model[target], depth: depth - 1).map { "\(field.name).\($0)" }
                case .column(_, .date), .column(_, .decimal): return ["\"\(field.name): YEAR\""]
                case .toMany, .column(_, .enumerationList): return next(20) == 0 ? [field.name] : []
                default: return [field.name]
                }
            }
        }
        var made = 0
        var without = 0
        for _ in 0..<600 {
            let types = model.types.filter { _ in next(3) > 0 }.map(\.name)
            let rows = next(2) == 0
            let words = rows ? ["full", "masked", "none"] : ["full", "aggregate", "none"]
            let fields = model.types.filter { types.contains($0.name) }.flatMap { type in
                type.fields.map { "\(type.name).\($0.name)" }
            }
            let said = fields.filter { _ in next(8) == 0 }.map { "\($0): \(["full", "none"][next(2)])" }
            var role = "{rows: \(rows), types: [\(types.joined(separator: ", "))], views: {OTHER: \(words[next(3)])}, "
            role += "fields: {\(said.joined(separator: ", "))}"
            if !rows {
                let cells = model.types.filter { types.contains($0.name) && next(2) == 0 }.map { type in
                    "\(type.name): {by: [\(levels(type).prefix(3).map { "[\($0)]" }.joined(separator: ", "))]}"
                }
                role += ", cells: {\(cells.joined(separator: ", "))}"
            }
            if rows { role += ", writes: [\(types.filter { _ in next(2) == 0 }.joined(separator: ", "))]" }
            role += "}"
            // Keys that are not seen, and dimensions that are none, are refused.
            guard let view = try? self.view(role) else { continue }
            let own = model.restricted(to: view)
            #expect(own.schema.type(named: "Query") != nil, "\(role)")
            made += 1
            if !rows, !view.cells.tables.isEmpty { without += 1 }
        }
        print("random roles: \(made) of 600 fit, \(without) of them with cells")
        #expect(made > 20 && without > 5)
    }
}
