import Settings
import Testing

@Suite("Access settings") struct AccessSettingsTests {
    func read(_ text: String) throws(SettingsErrors) -> AccessSettings {
        try AccessSettings(reading: Array(text.utf8), file: "access.yaml")
    }

    func check(_ text: String, reports expected: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = #expect(throws: SettingsErrors.self, sourceLocation: sourceLocation) { try read(text) }
        #expect(errors?.problems.map(\.description) == expected, sourceLocation: sourceLocation)
    }

    @Test func `what a file says of a role holds, and the rest is not given`() throws {
        let access = try read(
            """
            sets: {places: [Area, Village]}
            roles:
              OFFICER:
                zh: 干部
                en: Officer
                types: [places, Person]
                views: {NAME: full, BANK: masked}
                fields: {Person.phone: none}
                claims: {area: string, units: strings}
                scopes: {places: "code == claims.area", Person: "true"}
                writes: Person
                reason-required: [ID]
                questions: [first, second]
                introspection: false
              analyst:
                rows: false
                types: Area
                cells:
                  Area: {by: [[parent: TOWN, code], "born: YEAR"], of: [size]}
                  Person: {each: home.owner}
                minimum-cell: 7
                minimum-cells: {HEALTH: 11, Area.code: 12}
              bare: {}
            """)
        let officer = try #require(access[role: "OFFICER"])
        #expect(officer.chinese == "干部" && officer.english == "Officer" && officer.seesRows && !officer.introspects)
        #expect(officer.types.map(\.value) == ["Area", "Village", "Person"])
        #expect(officer.views.map { "\($0.name.value) \($0.value)" } == ["NAME full", "BANK masked"])
        #expect(officer.fields.map { "\($0.name.value) \($0.value)" } == ["Person.phone none"])
        #expect(officer.claims.map { "\($0.name.value) \($0.kind)" } == ["area string", "units strings"])
        #expect(
            officer.scopes.map { "\($0.type.value): \($0.cel.value)" } == [
                "Area: code == claims.area", "Village: code == claims.area", "Person: true",
            ])
        #expect(officer.writes.map(\.value) == ["Person"] && officer.reasonRequired.map(\.value) == ["ID"])
        #expect(officer.questions == .only([Placed("first", line: 13), Placed("second", line: 13)]))
        #expect(officer.name.line == 3 && officer.types[2].line == 6)
        let analyst = try #require(access[role: "analyst"])
        #expect(!analyst.seesRows && analyst.minimumCell == 7 && analyst.minimumCells.map { $0.value } == [11, 12])
        #expect(analyst.cells.map(\.type.value) == ["Area", "Person"] && analyst.cells[1].each?.value == "home.owner")
        #expect(analyst.cells[0].by.map { $0.map(\.value) } == [["parent: TOWN", "code"], ["born: YEAR"]])
        #expect(
            analyst.cells[0].of.map(\.value) == ["size"] && analyst.cells[0].by[0][0].line == 19 && analyst.cells[1].by.isEmpty)
        let bare = try #require(access[role: "bare"])
        #expect(bare == RoleSettings(name: Placed("bare", line: 23)) && bare.questions == .all && bare.types.isEmpty)
        #expect(access[role: "OFFICERS"] == nil && access.roles.map(\.name.value) == ["OFFICER", "analyst", "bare"])
    }

    @Test func `whatever is not understood is told with its line, and what was meant`() {
        check(
            """
            roles:
              OFFICER:
                typos: [Area]
                views: {NAME: ful, ID: all}
                fields: {phone: none, Person.phone: masked}
                claims: {area: text}
                types: {Area: full}
                reason-required: {ID: true}
                rows: perhaps
              "bad name": {}
              local: {}
            """,
            reports: [
                "access.yaml:3: the role 'OFFICER' has no 'typos'; it has zh, en, rows, types, views, fields, scopes, claims, cells, "
                    + "minimum-cell, minimum-cells, writes, reason-required, archives, audit, questions, introspection. Did you mean 'types'?",
                "access.yaml:4: the view of 'NAME' is full or masked or aggregate or none; found 'ful'",
                "access.yaml:4: the view of 'ID' is full or masked or aggregate or none; found 'all'",
                "access.yaml:5: fields of the role 'OFFICER' names fields as Type.field; found 'phone'",
                "access.yaml:6: the claim 'area' is string or strings or int or ints or date or boolean; found 'text'",
                "access.yaml:7: types of the role 'OFFICER' is a list; found a mapping",
                "access.yaml:8: reason-required of the role 'OFFICER' is a list; found a mapping",
                "access.yaml:9: rows of the role 'OFFICER' is true or false; found 'perhaps'",
                "access.yaml:10: a role is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not 'local', who is asked for no key; found 'bad name'",
                "access.yaml:11: a role is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not 'local', who is asked for no key; found 'local'",
            ])
    }

    @Test func `what does not go together is refused`() {
        check(
            """
            sets: {all: [Area, Area]}
            roles:
              OFFICER:
                types: [all]
                writes: [Aera]
                scopes: {Area: "true", all: "true"}
                cells: {Area: {}}
              ANALYST:
                rows: false
                types: [Area]
                writes: [Area]
                minimum-cell: 4
                cells:
                  Area: {by: [[], [code: {x: y}]], off: [size]}
            """,
            reports: [
                "access.yaml:5: the role 'OFFICER' writes 'Aera', which is not among its types. Did you mean 'Area'?",
                "access.yaml:6: the role 'OFFICER' has two scopes for 'Area'",
                "access.yaml:6: the role 'OFFICER' has two scopes for 'Area'",
                "access.yaml:7: the role 'OFFICER' has 'cells', which is for roles without rows ('rows: false')",
                "access.yaml:11: the role 'ANALYST' sees no rows and has 'writes', which goes with rows",
                "access.yaml:12: minimum-cell of the role 'ANALYST' is a whole number from 5 to 1000000; found '4'",
                "access.yaml:14: the cells of 'Area' has no 'off'; it has each, by, of. Did you mean 'of'?",
                "access.yaml:14: a dimension of the cells of 'Area' has at least one level; found none",
                "access.yaml:14: a level of a dimension of the cells of 'Area' is a text; found a mapping",
                "access.yaml:14: a dimension of the cells of 'Area' has at least one level; found none",
            ])
        for text in ["", "roles: {}", "sets: {}"] {
            check(text, reports: ["access.yaml:1: an access file names roles; found none"])
        }
        check(
            "role: {A: {}}",
            reports: [
                "access.yaml:1: an access file has no 'role'; it has sets, subjects, audit-questions, profiles, roles. Did you mean 'roles'?",
                "access.yaml:1: an access file names roles; found none",
            ])
    }

    @Test func `a role that stands twice is refused, and so are more roles than anyone needs`() {
        check("roles:\n  A: {}\n  A: {}", reports: ["access.yaml:2: in the mapping that begins here a key stands twice: 'A'"])
        let many = (0...AccessSettings.maximumRoleCount).map { "  R\($0): {}" }.joined(separator: "\n")
        check("roles:\n" + many, reports: ["access.yaml:1: an access file has at most 100 roles; found 101"])
    }

    @Test func `profiles of archives name roles that see rows and state no reasons, and roles name profiles`() throws {
        let access = try read(
            """
            profiles:
              ARCHIVE: {zh: 档案, en: Keepers, roles: [A, B]}
              PUBLIC: {roles: A}
            roles:
              A: {types: [T], archives: [ARCHIVE, PUBLIC]}
              B: {types: [T]}
            """)
        #expect(access.profiles.map(\.name.value) == ["ARCHIVE", "PUBLIC"])
        #expect(access.profiles[0].roles.map(\.value) == ["A", "B"] && access.profiles[0].chinese == "档案")
        #expect(access.roles.map { $0.archives.map(\.value) } == [["ARCHIVE", "PUBLIC"], []])
        check(
            """
            profiles:
              INTERNAL: {roles: [A]}
              a b: {role: A}
              FIGURES: {roles: [C, D, E]}
            roles:
              A: {types: [T], archives: [OTHER]}
              C: {rows: false, types: [T]}
              D: {types: [T], reason-required: [ID]}
            """,
            reports: [
                "access.yaml:2: a profile is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not 'INTERNAL', which holds everything; found "
                    + "'INTERNAL'",
                "access.yaml:3: a profile is named by 1 to 64 of A-Z, a-z, 0-9, '_' and '-', and not 'INTERNAL', which holds everything; found "
                    + "'a b'",
                "access.yaml:3: the profile 'a b' has no 'role'; it has zh, en, roles. Did you mean 'roles'?",
                "access.yaml:3: the profile 'a b' names the roles as which archives are seen; found none",
                "access.yaml:4: the profile 'FIGURES' names 'C', which sees no rows, and so nothing to archive",
                "access.yaml:4: the profile 'FIGURES' names 'D', which states reasons, and an archive asks for none",
                "access.yaml:4: the profile 'FIGURES' names the role 'E', and there is none.",
                "access.yaml:6: archives of the role 'A' names the profile 'OTHER'; there are INTERNAL, a b, FIGURES",
            ])
    }
}
