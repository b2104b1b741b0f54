import Access
import Bytes
import Exchange
import Foundation
import HTTPService
import Model
import Query
import Settings
import Store
import StoreColumns
import Testing

/// Archives as a role of a masking profile sees the register.
@Suite struct `Masked archives` {
    /// A register of towns, houses and who lives there, its rules, and where archives are written.
    private struct Desk {
        static let sdl = """
            type Town @node(key: "code") {
              code: String!
              houses: [House!]! @inverse(of: "town")
              houseCount: Int! @derived(cel: "size(houses)")
            }
            type House @node(key: "number") {
              number: String!
              town: Town!
              owner: String! @personal(class: PII, mask: NAME, about: "NAME")
              phone: String @unique @personal(class: PII, mask: PHONE, about: "PHONE")
              pay: Decimal @personal(class: PII, mask: BAND, about: "PAY")
              ills: [Ill!] @personal(class: SPI, mask: BAND, about: "ILL")
              isPoor: Boolean @derived(cel: "pay < param('line')") @personal(class: NONE)
              next: House
            }
            type Setting @node(key: "name") @parameters(name: "name", value: "value")
              @parameter(name: "line", type: "Int", value: "3000", zh: "线") { name: String! value: String }
            enum Ill { COLD @masked(as: "ILL") COUGH @masked(as: "ILL") WELL }
            """
        static let access = """
            profiles:
              PART: {roles: [MASKED, TOWN]}
              OPEN: {roles: [OPEN]}
              LINES: {roles: [LINES]}
            roles:
              MASKED: {types: [Town, House, Setting], views: {NAME: masked, PHONE: masked, PAY: masked, ILL: masked}}
              TOWN:
                types: [Town, House, Setting]
                views: {NAME: full, PAY: full}
                claims: {town: strings}
                scopes: {House: town.code in claims.town}
              OPEN: {types: [Town]}
              LINES: {types: [Town, Setting]}
            """
        let model: Model
        let version: GraphVersion
        let profiles: ArchiveProfiles
        let files = MemoryFileSystem()
        let sources = [ModelSource(name: "homes.graphql", bytes: Array(sdl.utf8))]

        init() throws {
            model = try Model(sources: sources, digest: "whole")
            version = try Self.version(
                7, model,
                houses: """
                    1,A,张明远,13800001111,2500.00,COLD;COUGH,3
                    2,A,欧阳修,13900002222,12345.50,WELL,
                    3,B,"=O, Neil",,,,2

                    """)
            let settings = try AccessSettings(reading: Array(Self.access.utf8), file: "access.yaml")
            profiles = try ArchiveProfiles(settings, model, sources)
        }

        static func version(_ number: UInt64, _ model: Model, houses: String) throws -> GraphVersion {
            let rows = [
                ("Town.csv", "code\nA\nB\n"), ("House.csv", "number,town,owner,phone,pay,ills,next\n" + houses),
                ("Setting.csv", "name,value\nline,2600\n"),
            ]
            return try RegisterArchive.load(
                rows.map { SourceFile(name: $0.0, bytes: Array($0.1.utf8)) }, model, number: number,
                publishedAt: try #require(Instant(isoText: "2026-11-21T08:00:00Z")), workers: 1)
        }

        func audience(_ profile: String, _ role: String? = nil, _ claims: [(name: String, value: String)] = []) throws
            -> ArchiveAudience
        {
            try profiles.audience(try #require(try profiles.masking(profile, role: role, claims: claims)))
        }

        func question(_ document: String) -> ArchivedAnswer {
            ArchivedAnswer(
                name: "q", document: Array(document.utf8), variables: Array("{}".utf8), asOf: version.publishedAt.day, body: [])
        }

        /// Asks as whoever the archive is for, and writes it.
        ///
        /// - Parameter newest: Where it is of an older version than that.
        func archive(
            _ audience: ArchiveAudience, _ document: String?, to path: String? = "/bag", newest: GraphVersion? = nil
        ) throws -> ArchiveReport {
            var terms = try audience.terms(of: version, asOf: version.publishedAt.day, newest: newest)
            if let document {
                var asked = question(document)
                let answer = try audience.answer(to: asked, of: version, newest: newest).get()
                #expect(answer.outcome == .data, "\(String(decoding: answer.body, as: UTF8.self))")
                asked.body = answer.body
                terms.answer = asked
                terms.proof = audience.proof(of: asked, version, workers: 1)
            }
            return try RegisterArchive.write(terms, to: path, on: files)
        }

        func text(_ name: String, of path: String = "/bag") throws -> String {
            String(decoding: try files.contents(of: path + "/" + name, limit: 1 << 20), as: UTF8.self)
        }
    }

    private let desk: Desk
    init() throws { desk = try Desk() }

    @Test func `hold the rows and texts that the role is shown, and say for whom`() throws {
        _ = try desk.archive(try desk.audience("PART", "MASKED"), nil)
        #expect(
            try desk.text("data/rows/House.csv") == """
                number,town,owner,phone,pay,ills,next
                1,A,张*远,138****1111,2000–3000,ILL,3
                2,A,欧阳*,139****2222,10000–20000,"",
                3,B,*,,,,2

                """)
        let info = try desk.text("bag-info.txt")
        #expect(info.contains("\nArchive-Format: 2\n") && info.contains("\nMasking-Profile: PART\nMasking-Role: MASKED\n"))
        #expect(info.contains("\nMasking-Rules-SHA256: \(ArchiveProfiles.digest(Desk.access))\n"))
        let archive = try OpenedArchive(try Bag.examine("/bag", on: desk.files))
        #expect(archive.masking == Masking(profile: "PART", role: "MASKED", rules: ArchiveProfiles.digest(Desk.access)))
        let columns = try desk.text("data/columns.csv")
        let readme = try desk.text("data/README.txt")
        #expect(!columns.contains("Decimal") && readme.contains("THE ROWS ARE MASKED"))
    }

    @Test func `hold no row that the role does not see, and no reference to one`() throws {
        _ = try desk.archive(try desk.audience("PART", "TOWN", [("town", "A")]), nil)
        #expect(try desk.text("data/rows/House.csv") == "number,town,owner,pay\n1,A,张明远,2500.00\n2,A,欧阳修,12345.50\n")
        #expect(try desk.text("bag-info.txt").contains("\nMasking-Claim: town=A\n"))
        #expect(try desk.text("data/rows/Town.csv") == "code\nA\nB\n")
        #expect(!(try desk.text("data/model/homes.graphql")).contains("houseCount"))
    }

    /// The register has its columns at other places than the model of what is shown.
    @Test func `tell the parameters as the register has them, whatever of it is shown`() throws {
        for (profile, role) in [("PART", "MASKED"), ("LINES", "LINES")] {
            let path = "/" + role
            _ = try desk.archive(try desk.audience(profile, role), nil, to: path)
            let lines = try desk.text("data/parameters.csv", of: path).split(separator: "\n")
            #expect(lines.count == 2 && lines.last?.hasPrefix("line,,2600,") == true, "\(role): \(lines)")
        }
        _ = try desk.archive(try desk.audience("OPEN"), nil)
        #expect(!desk.files.holds("/bag/data/parameters.csv"))
    }

    /// The end of a right that was written later holds for the versions before it.
    @Test func `hold no row of an older version that has come to be hidden since`() throws {
        let audience = try desk.audience("PART", "TOWN", [("town", "A")])
        let document = "{ houses(orderBy: {number: ASC}) { nodes { number } totalCount } }"
        func check(_ houses: String, hold rows: [String], _ path: String) throws {
            let newest = houses.isEmpty ? nil : try Desk.version(8, desk.model, houses: houses)
            _ = try desk.archive(audience, document, to: path, newest: newest)
            #expect(
                try desk.text("data/rows/House.csv", of: path)
                    == "number,town,owner,pay\n" + rows.map { $0 + "\n" }.joined())
            let nodes = rows.map { "{\"number\":\"\($0.prefix(1))\"}" }.joined(separator: ",")
            #expect(
                try desk.text("data/question/answer.json", of: path)
                    .hasPrefix("{\"data\":{\"houses\":{\"nodes\":[\(nodes)],\"totalCount\":\(rows.count)}}"))
        }
        let (first, second) = ("1,A,张明远,2500.00", "2,A,欧阳修,12345.50")
        try check("", hold: [first, second], "/then")
        // The second has moved, and the third, which was hidden then, would be seen now.
        try check("1,A,张明远,,,,\n2,B,欧阳修,,,,\n3,A,Neil,,,,\n", hold: [first], "/moved")
        // What is gone is hidden from nobody.
        try check("1,A,张明远,,,,\n", hold: [first, second], "/gone")
    }

    @Test(arguments: ["MASKED", "TOWN", "OPEN"])
    func `read again under the model in them they are archived as the same bytes`(role: String) throws {
        let audience = try desk.audience(
            role == "OPEN" ? role : "PART", role, role == "TOWN" ? [("town", "B"), ("town", "A")] : [])
        let document = "{ towns { nodes { code } totalCount } }"
        let report = try desk.archive(audience, document)
        #expect(try desk.archive(audience, document, to: nil) == report)
        let archive = try OpenedArchive(try Bag.examine("/bag", on: desk.files))
        let sources = try desk.files.list("/bag/data/model").map {
            ModelSource(name: $0, bytes: try desk.files.contents(of: "/bag/data/model/\($0)", limit: 1 << 20))
        }
        let model = try Model(sources: sources, digest: "archived")
        #expect(model.masking == archive.masking)
        let version = try archive.load(model, workers: 1)
        let archived = try #require(archive.answer)
        #expect(try archived.asked(of: version, model, limits: QueryLimits()).body == archived.body)
        var terms = ArchiveTerms(model: model, modelFiles: sources, version: version, asOf: archive.asOf)
        terms.answer = archived
        #expect(try RegisterArchive.write(terms, to: "/again", on: desk.files) == report)
        // For nobody else, and under no other model.
        let own = ArchiveProfiles(of: model, files: sources, limits: QueryLimits())
        for profile in [nil, archive.masking?.profile] { #expect(try own.masking(profile) == nil) }
        #expect(throws: ArchiveError.self) { try own.masking(Masking.unmasked) }
    }

    @Test func `keep an answer only where it follows from what is in them, and name what does not`() throws {
        let masked = try desk.audience("PART", "MASKED")
        _ = try desk.archive(
            masked, "{ houses(orderBy: {number: DESC}) { nodes { number owner phone pay town { houseCount } } } }")
        #expect(try desk.text("data/question/answer.json").contains("张*远"))
        // A verdict on what is masked is told to the role; the rows in the archive do not say it.
        let verdict = #expect(throws: ArchiveError.self) {
            try desk.archive(masked, "{ houses { nodes { isPoor } } }", to: "/verdict")
        }
        #expect(
            verdict?.description.contains("isPoor") == true && verdict?.description.contains("does not follow") == true,
            "\(verdict as Any)")
        // A masked list is one text there.
        let list = #expect(throws: ArchiveError.self) { try desk.archive(masked, "{ houses { nodes { ills } } }", to: "/list") }
        #expect(list?.description.contains("does not follow") == true, "\(list as Any)")
        // A figure of all houses is told to whoever sees some.
        let town = try desk.audience("PART", "TOWN", [("town", "A")])
        let figure = #expect(throws: ArchiveError.self) {
            try desk.archive(town, "{ towns { nodes { code houseCount } } }", to: "/figure")
        }
        #expect(figure?.description.contains("houseCount") == true, "\(figure as Any)")
        for path in ["/verdict", "/list", "/figure", "/verdict.hearth-partial"] { #expect(!desk.files.holds(path), "\(path)") }
        // What is computed of what is there in full is.
        _ = try desk.archive(town, "{ houses { nodes { isPoor pay } totalCount } }", to: "/follows")
        #expect(try desk.text("data/question/answer.json", of: "/follows").contains("\"isPoor\":true"))
    }

    @Test func `whose rows answer otherwise than the role is answered are refused, whatever the reason`() throws {
        let audience = try desk.audience("PART", "MASKED")
        var terms = try audience.terms(of: desk.version, asOf: desk.version.publishedAt.day)
        var asked = desk.question("{ houses { totalCount } }")
        asked.body = Array(try audience.answer(to: asked, of: desk.version).get().body.reversed())
        terms.answer = asked
        terms.proof = audience.proof(of: asked, desk.version, workers: 1)
        for path in ["/bag", nil] {
            let error = #expect(throws: ArchiveError.self) { try RegisterArchive.write(terms, to: path, on: desk.files) }
            #expect(error?.description.contains("differ at byte 0") == true, "\(error as Any)")
        }
    }

    @Test func `are for whom the rules say: profile, role and claims that there are`() throws {
        let cases: [(String?, String?, [(name: String, value: String)], String)] = [
            ("PUBLIC", nil, [], "there is no masking profile 'PUBLIC'; there are INTERNAL, PART, OPEN, LINES"),
            ("PART", nil, [], "an archive for PART is seen as MASKED or TOWN; say as which"),
            ("PART", "OPEN", [], "an archive for PART is seen as MASKED or TOWN, not as 'OPEN'"),
            ("PART", "TOWN", [], "The claim 'town' is missing; without it no row may be shown."),
            ("OPEN", nil, [("town", "A")], "what OPEN sees does not depend on 'town'"),
            ("PART", "TOWN", [("town", "A\nMasking-Profile: X")], "a claim is a name and a value"),
            (nil, "OPEN", [], "INTERNAL holds everything, whoever sees it"),
        ]
        for (profile, role, claims, words) in cases {
            let error = #expect(throws: ArchiveError.self) { try desk.profiles.masking(profile, role: role, claims: claims) }
            #expect(error?.description.contains(words) == true, "\(error as Any)")
        }
        for profile in [nil, "INTERNAL"] { #expect(try desk.profiles.masking(profile) == nil) }
    }
}

/// Archives that are ordered by whoever the rules let order them for a profile.
@Suite struct `Masked archives over HTTP` {
    private let files = MemoryFileSystem()
    private let json = ("Content-Type", "application/json")

    /// - Parameter scope: Which persons LOCAL sees; nil: all.
    private func content(scope: String? = nil) throws -> ServiceContent {
        try files.makeFolder("/archives")
        var content = PersonsContent.make(
            persons: 30, needsReason: false, questions: ["names": "{ persons(first: 2) { nodes { number name phone } } }"])
        let sources = [ModelSource(name: "persons.graphql", bytes: Array(PersonsContent.sdl.utf8))]
        let rules = """
            profiles:
              PART: {roles: LOCAL}
              OTHER: {roles: OPEN}
            """ + "\n"
            + PersonsContent.access.replacing(
                "    reason-required: ID",
                with: "    archives: PART\n"
                    + (scope.map { "    claims: {names: strings}\n    scopes: {Person: \($0)}\n" } ?? "")
                    + "  OPEN: {types: Person}")
        let settings = try AccessSettings(reading: Array(rules.utf8), file: "access.yaml")
        content.archivist = Archivist(
            folder: "/archives", modelFiles: sources,
            profiles: try ArchiveProfiles(settings, content.queries.model, sources, rules: ArchiveProfiles.digest(rules)),
            on: files)
        return content
    }

    @Test func `are given to whoever may order them, and those that hold more are not there for him`() async throws {
        let audit = MemoryFileSystem()
        let keyed = KeyedServer()
        let file = try AuditFile("/audit", on: audit, fileByteLimit: 1 << 20, now: { keyed.clock.now })
        let auditor = Auditor(file, digests: AuditDigests(key: [UInt8](repeating: 5, count: 32)))
        try await keyed.run(content: try content(), auditor: auditor, roles: KnownRoles(["LOCAL"])) {
            [files, json] server async throws in
            let (local, editor) = (KeyedServer.bearer(KeyedServer.local), KeyedServer.bearer(KeyedServer.editor))
            func order(_ key: [(String, String)], _ body: String) async throws -> RawAnswer? {
                try await server.ask("POST", "/archives", [json] + key, body: body)
            }
            for body in ["{}", #"{"profile": "INTERNAL"}"#, #"{"profile": "OTHER"}"#] {
                #expect(try await order(local, body)?.status == 403, "\(body)")
            }
            for (body, words) in [
                (#"{"profile": "PART", "claims": {"a": "b"}}"#, "are those of the key"),
                (#"{"profile": "PART", "role": "OPEN"}"#, "not as 'OPEN'"),
            ] {
                let refused = try await order(local, body)
                #expect(refused?.status == 400 && refused?.text.contains(words) == true, "\(refused?.text ?? "")")
            }
            #expect(try await order(KeyedServer.bearer(KeyedServer.reader), #"{"profile": "PART"}"#)?.status == 403)
            #expect(try files.list("/archives") == [])

            #expect(try await order(editor, "{}")?.status == 201)
            let all = try #require(try files.list("/archives").first)
            let part = try await order(local, #"{"profile": "PART", "question": "names"}"#)
            #expect(part?.status == 201 && part?.text.contains("\"profile\":\"PART\"") == true, "\(part?.text ?? "")")
            let place = try #require(part?["location"])
            #expect(
                try await server.ask("GET", "/archives", local)?.text
                    == "{\"archives\":[{\"archive\":\"\(place.dropFirst(10))\"}]}")
            #expect(try await server.ask("GET", "/archives", editor)?.text.contains(all) == true)
            #expect(try await server.ask("GET", place, local)?.status == 200)
            for target in ["/archives/\(all)", "/archives/\(all).tar"] {
                #expect(try await server.ask("GET", target, local)?.status == 404, "\(target)")
                #expect(try await server.ask("GET", target, editor)?.status == 200, "\(target)")
            }
            let given = try #require(try await server.ask("GET", place + ".tar", local))
            #expect(given.status == 200)
            let sweep = Sweep((0..<30).map(PersonsContent.phone))
            #expect(sweep.hits(in: given.body) == [] && !TarFile.members(of: given.body).isEmpty)
            let whole = try #require(try await server.ask("GET", "/archives/\(all).tar", editor))
            #expect(sweep.hits(in: whole.body).count == 30)
            // What is masked for somebody else is not his either.
            #expect(try await order(editor, #"{"profile": "OTHER"}"#)?.status == 201)
            let other = try #require(try files.list("/archives").first { $0.contains("OTHER") })
            #expect(try await server.ask("GET", "/archives/\(other)", local)?.status == 404)
        }
        let told = try `What the audit is told`.lines(audit).filter { $0.contains("\"event\":\"archive\"") }
        #expect(told.contains { $0.contains("\"profile\":\"PART\",\"as\":\"LOCAL\"") }, "\(told)")
    }

    @Test func `of an older version hold nobody who has come to be hidden since`() async throws {
        try await TestServer.run(content: try content(scope: "name in claims.names")) { [files, json] server async throws in
            func archived(_ claims: String, version: Int) async throws -> String {
                let order =
                    #"{"profile": "PART", "role": "LOCAL", "version": "\#(version)", "question": "names", "claims": {\#(claims)}}"#
                let made = try await server.ask("POST", "/archives", [json], body: order)
                #expect(made?.status == 201, "\(made?.text ?? "")")
                let path = "/archives/" + (made?["location"]?.dropFirst(10) ?? "none")
                return try ["data/rows/Person.csv", "data/question/answer.json"]
                    .map { String(decoding: try files.contents(of: "\(path)/\($0)", limit: 1 << 20), as: UTF8.self) }.joined()
            }
            let (first, second, other) = (PersonsContent.name(1), PersonsContent.name(2), "欧阳修")
            let before = try await archived("\"names\": [\"\(first)\", \"\(second)\"]", version: 1)
            #expect(before.contains("N1,") && before.contains("N2,") && before.contains(#""number":"N2""#), "\(before)")
            let changed = try await server.ask(
                "POST", "/imports?name=Person.csv&dryRun=false", [("Content-Type", "text/csv")],
                body: "number,name\r\nN2,\(other)\r\n")
            #expect(changed?["data-version"] == "2", "\(changed?.text ?? "")")
            // Not the same order, which is there already: another claim makes it another archive.
            let after = try await archived("\"names\": [\"\(first)\", \"\(second)\", \"nobody\"]", version: 1)
            #expect(after.contains("N1,") && !after.contains("N2") && !after.contains(second), "\(after)")
        }
    }

    @Test func `are refused where the role is not answered the question, and leave nothing`() async throws {
        var content = try content()
        let shelf = QuestionShelf(
            SavedQuestions(
                files: [.init(name: "id", bytes: Array("{ persons(first: 1) { nodes { paper } } }".utf8))],
                model: content.queries.model, limits: QueryLimits()))
        content = ServiceContent(
            queries: content.queries, limits: content.limits, questions: shelf, store: content.store, writer: content.writer,
            today: content.today, schema: nil, pages: content.pages, archivist: content.archivist)
        try await TestServer.run(content: content) { [files, json] server async throws in
            let refused = try await server.ask(
                "POST", "/archives", [json], body: #"{"profile": "OTHER", "question": "id"}"#)
            #expect(
                refused?.text.hasPrefix(#"{"errors":[{"message":"The type 'Person' has no field 'paper'."#) == true,
                "\(refused?.text ?? "")")
            #expect(refused?.status == 422 && refused?["location"] == nil)
            #expect(try files.list("/archives") == [])
            #expect(
                try await server.ask("POST", "/archives", [json], body: #"{"profile": "PART", "question": "id"}"#)?.status == 201)
        }
    }
}

extension ArchiveProfiles {
    static func digest(_ rules: String) -> String { SHA256Digest(of: Array(rules.utf8).span).hexadecimal }

    /// As the command makes them of a file of rules.
    init(_ settings: AccessSettings, _ model: Model, _ files: [ModelSource], rules: String? = nil) throws {
        var roles: [String: Role] = [:]
        for name in settings.profiles.flatMap(\.roles).map(\.value) {
            let role = try #require(settings[role: name])
            let scopes = try RowScopes(
                role.scopes.map { ($0.type.value, $0.cel.value) }, claims: role.claims.map { ($0.name.value, ClaimKind.strings) },
                in: model)
            roles[name] = Role(view: try RoleView(role, in: model, file: settings.file), scopes: scopes)
        }
        self.init(
            settings.profiles.map { ($0.name.value, $0.roles.map(\.value)) }, roles: roles,
            writers: Dictionary(uniqueKeysWithValues: settings.roles.map { ($0.name.value, $0.archives.map(\.value)) }),
            rules: rules ?? Self.digest(`Masked archives`.rules), model: model, files: files, limits: QueryLimits())
    }
}

extension `Masked archives` {
    fileprivate static var rules: String { Desk.access }
}

extension MemoryFileSystem {
    fileprivate func holds(_ path: String) -> Bool { (try? exists(path)) == true }
}

extension ServiceContent {
    fileprivate init(
        queries: QueryService, limits: QueryLimits, questions: QuestionShelf, store: Store, writer: any ChangeWriter,
        today: @escaping @Sendable () -> CivilDate, schema: [UInt8]?, pages: Pages, archivist: Archivist?
    ) {
        self.init(
            queries: queries, limits: limits, questions: questions, store: store, writer: writer, today: today, schema: schema,
            pages: pages)
        self.archivist = archivist
    }
}
